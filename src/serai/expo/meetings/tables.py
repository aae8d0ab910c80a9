"""The world table that says which industries trade, where the chains are silent: the built-in one, or what is here.

A table that a publisher lets nobody hand on is not in the package; `serai world get` or SERAI_DATA brings it to the
machine, and then the organiser can choose it. A finer one knows more industries than the twenty built in.
"""

from collections.abc import Iterator
from functools import lru_cache

from serai.expo.meetings.models import MatchingChoice
from serai.match.trading import Industries, Link, industries_of, links
from serai.world.chains import Chain

NO_TABLE = "none"
"""The choice of the chains alone."""


def tables_here() -> Iterator[tuple[str, str, int]]:
    """Name, title and year of the newest table of each publisher on this machine whose industries can be known."""
    from serai.world.readers import READERS  # reads what readers there are: only where a choice is shown

    for declared in READERS.values():
        year = next((year for year in sorted(declared.years, reverse=True) if declared.find(year)), None)
        if year is not None and declared.key not in INVENTED:
            yield f"{declared.key}/{year}", declared.title, year


INVENTED = frozenset({"leather"})
"""Tables of invented numbers."""


def table_of(choice: MatchingChoice) -> str:
    """The name of the table that holds; the built-in one where nothing is chosen, or where what was is here no more."""
    from serai.world.readers import DEFAULT_TABLE

    known = {name for name, _title, _year in tables_here()} | {NO_TABLE}
    return choice.table if choice.table in known else DEFAULT_TABLE


@lru_cache(maxsize=4)
def _industries(table: str) -> Industries:
    from serai.world.readers import read

    return industries_of(read(table))


def trading(chains: list[Chain], choice: MatchingChoice) -> tuple[Link, ...]:
    """The links of the chains, and of the industries that trade by the table that was chosen."""
    table = table_of(choice)
    return links(chains, None if table == NO_TABLE else _industries(table))
