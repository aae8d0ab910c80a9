"""Write who exports the headings of the built-in chains and who could: relatedness.csv.gz and reach.npz of data/supply.

    SERAI_DATA=... python -m scripts.supply.relatedness

From exports by country and HS heading of 2017 (UN Comtrade, by way of the package economiccomplexity): derived, rounded
numbers. The first has for each heading the twelve largest exporters that have an advantage in it, and the twelve
countries of the largest density of the others, with their advantage. The second has the density of every country that
exports 10 million US$ or more, in per cent, and whether it has an advantage. The world, and how close products are, is
always that of the countries of a thousand million US$ and more: few goods say little of what is made together.
"""

import csv
import gzip
import io
from pathlib import Path

import numpy as np

from serai.world.arrays import ratio
from serai.world.chains import BUILTIN, builtin_chains
from serai.world.trade import Exports, file_of_2017, read_exports

FOLDER = Path(__file__).parents[2] / "src/serai/world/data/supply"
TARGET = FOLDER / "relatedness.csv.gz"
MOST = 12
LEAST_EXPORTS = 1e7
"""US$ a year from which a country has a reach."""


def main() -> None:
    exports = read_exports(file_of_2017())
    headings = sorted({heading for chain in builtin_chains(BUILTIN) for node in chain.nodes for heading in node.hs})
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["heading", "country", "advantage", "density"])
    for heading in headings:
        if heading not in exports.products:
            continue
        column = exports.products.index(heading)
        advantage, density = exports.advantage[:, column], exports.density[:, column]
        able = np.flatnonzero(advantage >= 1)
        now = able[np.argsort(-np.nan_to_num(exports.share[able, column]))][:MOST]
        others = np.flatnonzero(advantage < 1)
        could = others[np.argsort(-density[others])][:MOST]
        for row in [*now.tolist(), *could.tolist()]:
            writer.writerow([heading, exports.countries[row], f"{advantage[row]:.2g}", f"{density[row]:.2f}"])
    with TARGET.open("wb") as file, gzip.GzipFile(fileobj=file, mode="wb", mtime=0, filename="") as packed:
        packed.write(text.getvalue().encode())
    _write_reach(exports, read_exports(file_of_2017(), at_least=LEAST_EXPORTS), headings)


def _write_reach(large: Exports, all_exports: Exports, headings: list[str]) -> None:
    shown = [heading for heading in headings if heading in large.products]
    columns = [large.products.index(heading) for heading in shown]
    size = all_exports.values.sum(axis=1, keepdims=True) / large.values.sum()
    able = np.nan_to_num(ratio(ratio(all_exports.values, large.values.sum(axis=0)), size)) >= 1
    proximity = large.proximity[:, columns]
    density = np.nan_to_num(ratio(able @ proximity, proximity.sum(axis=0)))
    np.savez_compressed(
        FOLDER / "reach.npz",
        countries=np.array(all_exports.countries),
        headings=np.array(shown),
        is_able=np.packbits(able[:, columns], axis=1),
        density=np.round(100 * density).astype(np.uint8),
    )


if __name__ == "__main__":
    main()
