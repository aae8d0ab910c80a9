"""Place every country on a grid of tiles: a map of the world without borders, each country as large as any other.

    python scripts/tile_grid.py

Writes src/serai/world/data/charts/tile_grid.csv. The coordinates are those of the tz database (public domain): the
mean of a country's time zones' cities. Each country takes one free tile; of all ways the one with the least total
squared displacement is taken, after crowded parts (Europe, the Caribbean) were given more room.
"""

import csv
import math
import re
from collections import defaultdict
from pathlib import Path

import numpy as np
import tzdata
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from serai.world.classifications.countries import countries

COLUMNS, ROWS = 30, 23
ROOM = 0.62
"""How much a place's rank among all counts beside the place itself: 0 draws a plain map, 1 an even spread."""
NO_CITY = {"BV": (-54.4, 3.4), "HM": (-53.1, 73.5)}
"""Two islands where nobody keeps the time."""
PACIFIC = -169.0
"""Degrees east where the map is cut: in the Bering Strait, so that no country is torn."""


def main() -> None:
    places = coordinates()
    codes = sorted(places)
    down, across = np.array([places[code] for code in codes]).T
    wanted = np.stack([spread(across) * (COLUMNS - 1), spread(down) * (ROWS - 1)], axis=1)
    tiles = np.stack(np.meshgrid(np.arange(COLUMNS), np.arange(ROWS), indexing="ij"), axis=-1).reshape(-1, 2)
    cost = ((wanted[:, None, :] - tiles[None, :, :]) ** 2).sum(axis=2)
    _, chosen = linear_sum_assignment(cost)
    target = Path(__file__).parents[1] / "src" / "serai" / "world" / "data" / "charts" / "tile_grid.csv"
    target.parent.mkdir(exist_ok=True)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["alpha2", "column", "row"])
        writer.writerows([code, *tiles[tile].tolist()] for code, tile in zip(codes, chosen, strict=True))
    shift = math.sqrt(cost[np.arange(len(codes)), chosen].mean())
    print(f"{target}: {len(codes)} countries, mean shift {shift:.2f} tiles")


def coordinates() -> dict[str, tuple[float, float]]:
    """How far south and how far east of the cut, in degrees, by alpha-2 code."""
    found: dict[str, list[tuple[float, float]]] = defaultdict(list, {code: [place] for code, place in NO_CITY.items()})
    table = Path(tzdata.__file__).parent / "zoneinfo" / "zone.tab"
    for line in table.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            code, place, *_rest = line.split("\t")
            latitude, longitude = (degrees(text) for text in re.findall(r"[+-]\d+", place))
            found[code].append((latitude, longitude))
    return {code: middle(np.array(found[code])) for code in countries()}


def middle(cities: NDArray[np.float64]) -> tuple[float, float]:
    """The mean of latitudes and longitudes (n, 2), the latter around the circle: 176 east and west are neighbours."""
    around = np.exp(1j * np.radians(cities[:, 1])).mean()
    return -float(cities[:, 0].mean()), (math.degrees(np.angle(around)) - PACIFIC) % 360


def degrees(text: str) -> float:
    """ISO 6709 degrees, minutes and perhaps seconds as a number: +394421 is 39.7392."""
    digits = text[1:]
    whole = len(digits) % 2 + 2
    minutes = int(digits[whole : whole + 2]) + (int(digits[whole + 2 :]) / 60 if len(digits) > whole + 2 else 0)
    return (1 if text[0] == "+" else -1) * (int(digits[:whole]) + minutes / 60)


def spread(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values from 0 to 1: their place between the outermost, mixed with their rank."""
    place = (values - values.min()) / (values.max() - values.min())
    rank = values.argsort().argsort() / (len(values) - 1)
    mixed = (1 - ROOM) * place + ROOM * rank
    return (mixed - mixed.min()) / (mixed.max() - mixed.min())


if __name__ == "__main__":
    main()
