"""Make src/serai/world/data/series/completeness.csv again: in how many kinds of manufacturing each country takes part.

    SERAI_DATA=FOLDER python scripts/completeness.py

Counted from exports by HS heading of 2017 (UN Comtrade by way of the package economiccomplexity): the counts are facts
and are shipped, the matrix is not. Countries that export less than LEAST_EXPORTS are left out.
"""

import csv
from pathlib import Path

from serai.world.chains import BUILTIN, builtin_chains
from serai.world.completeness import completeness, manufacturing_classes, nodes_with_headings
from serai.world.trade import file_of_2017, read_exports

TARGET = Path(__file__).parents[1] / "src" / "serai" / "world" / "data" / "series" / "completeness.csv"


def main() -> None:
    exports = read_exports(file_of_2017())
    nodes = nodes_with_headings(
        (f"{chain.slug}/{node.code}", node.hs) for chain in builtin_chains(BUILTIN) for node in chain.nodes if node.hs
    )
    classes = manufacturing_classes()
    some, many = completeness(exports, classes, 0.01), completeness(exports, classes, 0.05)
    of_nodes = completeness(exports, nodes, 0.01)
    columns = {
        "exported": some.at_all,
        "one_percent": some.with_weight,
        "five_percent": many.with_weight,
        "advantage": some.with_advantage,
        "nodes_one_percent": of_nodes.with_weight,
        "nodes_advantage": of_nodes.with_advantage,
    }
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("country", *columns))
        writer.writerows(zip(exports.countries, *(values.tolist() for values in columns.values()), strict=True))
    print(f"{len(some.kinds)} classes, {len(of_nodes.kinds)} nodes, {len(exports.countries)} countries")


if __name__ == "__main__":
    main()
