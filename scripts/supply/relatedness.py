"""Write `world/data/supply/relatedness.csv.gz`: who exports the headings of the built-in chains, and who could.

    SERAI_DATA=... python -m scripts.supply.relatedness

From exports by country and HS heading of 2017 (UN Comtrade, by way of the package economiccomplexity): derived, rounded
numbers, for each heading the twelve largest exporters that have an advantage in it, and the twelve countries of the
largest density of the others.
"""

import csv
import gzip
import io
from pathlib import Path

import numpy as np

from serai.world.chains import BUILTIN, builtin_chains
from serai.world.trade import file_of_2017, read_exports

TARGET = Path(__file__).parents[2] / "src/serai/world/data/supply/relatedness.csv.gz"
MOST = 12


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


if __name__ == "__main__":
    main()
