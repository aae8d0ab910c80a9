"""Where countries lie and how large they are: great circles between main cities, and GDP.

CEPII's simple distance (Mayer and Zignago 2011, GeoDist): great circles between the most populated cities, and
.67 sqrt(area / pi) inside of a country.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from serai.world.arrays import Array, Indices, frozen
from serai.world.readers.country_series import country_codes
from serai.world.table import WorldTable

EARTH_RADIUS = 6371.0
"""km."""

LEAST_DISTANCE = 10.0
"""km; islands of a few square kilometres are nearer to themselves than trade can tell."""


@dataclass(frozen=True, eq=False)
class Places:
    """Countries by alpha-3 code with `latitude` and `longitude` (N,) in degrees, `internal` (N,) in km, `landlocked`
    (N,) and `gdp` (N,) in US$ billion, 0 where it is not known."""

    countries: tuple[str, ...]
    latitude: Array
    longitude: Array
    internal: Array
    landlocked: tuple[bool, ...]
    gdp: Array

    def of(self, values: Array, countries: Sequence[str], without: float) -> Array:
        """The values of these countries in their order, and `without` for one that is not here."""
        place = {country: number for number, country in enumerate(self.countries)}
        return np.array([values[place[country]] if country in place else without for country in countries])


@cache
def places() -> Places:
    """All countries of the file places.csv."""
    text = (files("serai.world") / "data" / "supply" / "places.csv").read_text(encoding="utf-8")
    read = list(csv.DictReader(text.splitlines()))

    def column(name: str) -> Array:
        return frozen(np.array([float(row[name] or 0) for row in read]))

    return Places(
        tuple(row["country"] for row in read),
        column("latitude"),
        column("longitude"),
        column("internal_km"),
        tuple(row["landlocked"] == "1" for row in read),
        column("gdp"),
    )


def distances(countries: Sequence[str]) -> Array:
    """Distance between countries in km, shape (K, K); NaN where a country is not known."""
    all_places = places()
    latitude, longitude, internal = (
        all_places.of(values, countries, np.nan)
        for values in (all_places.latitude, all_places.longitude, all_places.internal)
    )
    phi, theta = np.radians(latitude), np.radians(longitude)
    unit = np.stack([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)], axis=1)
    apart = EARTH_RADIUS * np.arccos(np.clip(unit @ unit.T, -1, 1))
    np.fill_diagonal(apart, internal)
    least: Array = np.maximum(apart, LEAST_DISTANCE)
    return least


def in_table(table: WorldTable, countries: Sequence[str]) -> Indices:
    """Where these countries, by alpha-3 code, stand among those of a table, shape (K,); -1 for one that it lacks."""
    place = {code: number for number, code in enumerate(country_codes(table))}
    return np.array([place.get(country, -1) for country in countries], dtype=np.intp)
