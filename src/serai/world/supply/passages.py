"""Straits and canals on the sea routes between countries, by a graph of the sea (grade D).

`passages.npz` holds for each pair of countries which passages the shortest sea route between their main ports goes
through; it is made by `scripts/supply/passages.py`. Neighbours that trade by land are not told apart.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from serai.world.arrays import Array


@cache
def _routes() -> tuple[tuple[str, ...], tuple[str, ...], NDArray[np.bool_]]:
    """Names of the passages, countries, and whether the route of a pair goes through each (passages, K, K)."""
    with (files("serai.world") / "data" / "supply" / "passages.npz").open("rb") as file, np.load(file) as read:
        names, countries = (tuple(str(text) for text in read[key]) for key in ("passages", "countries"))
        bits = np.unpackbits(read["bits"], count=len(names) * len(countries) ** 2)
    return names, countries, bits.reshape(len(names), len(countries), len(countries)).astype(bool)


def passages() -> tuple[str, ...]:
    """The names of the straits and canals."""
    return _routes()[0]


def through(countries: Sequence[str], strait: str) -> NDArray[np.bool_]:
    """Whether the sea route between two countries goes through a strait, shape (K, K); no for one that is not known.

    Raises KeyError for a strait that is not known.
    """
    names, covered, routes = _routes()
    if strait not in names:
        raise KeyError(f"There is no strait '{strait}'; there are {', '.join(names)}.")
    place = {country: number for number, country in enumerate(covered)}
    at = np.array([place.get(country, -1) for country in countries])
    inside = routes[names.index(strait)][np.ix_(at, at)]
    passes: NDArray[np.bool_] = inside & (at[:, None] >= 0) & (at >= 0)
    return passes


def closed(countries: Sequence[str], straits: Iterable[str], share: float) -> Array:
    """The part of the flow between two countries that is stopped when these straits lose `share` of their traffic."""
    stopped = np.zeros((len(countries), len(countries)), dtype=bool)
    for strait in straits:
        stopped |= through(countries, strait)
    return np.where(stopped, share, 0.0)
