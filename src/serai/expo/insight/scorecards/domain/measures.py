"""The indicators of each table of the world at hand, for all countries: computed once, and read by every scorecard."""

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext_noop

from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.supply.domain.stored import NotComputable, digest, needed, result
from serai.world.progress import Progress
from serai.world.readers import READERS, TableNotHere, read
from serai.world.scorecards import Measured, measured, tables_at_hand

KIND = "world-measures"
"""World-wide, by the name of a table."""

MEASURING = gettext_noop("Measuring the tables of the world")
"""What is told of the progress; who reads it need not know the names of tables."""


@result(KIND, fingerprint=lambda _edition, key: key)
def world_measures(_edition: Edition | None, name: str, progress: Progress) -> dict[str, Any]:
    """The fields of `serai.world.scorecards.Measured`."""
    progress(MEASURING, 0.1)
    try:
        table = read(name)
    except TableNotHere as error:
        raise NotComputable(str(error)) from None
    progress(MEASURING, 0.3)
    return asdict(measured(table, name))


def all_measured(progress: Progress) -> list[Measured]:
    """The indicators of all tables at hand, the earliest year first. For tasks: the first time it takes seconds."""
    names = tables_at_hand()
    tables = []
    for place, name in enumerate(names):
        progress(MEASURING, place / len(names))
        tables.append(as_measured(needed(None, KIND, name)))
    return tables


def as_measured(data: dict[str, Any]) -> Measured:
    """What was stored, as the library knows it."""
    values = {
        symbol: {country: (value[0], value[1], value[2]) for country, value in of_country.items()}
        for symbol, of_country in data["values"].items()
    }
    return Measured(**data | {"values": values, "countries": tuple(data["countries"])})


def tables_print() -> str:
    """What changes when another table, or another year, comes to this machine."""
    return digest(tables_at_hand(), sorted(READERS))
