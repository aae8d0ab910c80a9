"""The world table that tells which industries trade, for firms that the chains do not link.

The built-in table has twenty industries. The organiser can choose a finer one that `serai world get` or SERAI_DATA
brought to this machine.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from serai.expo.meetings.matchmaking.models import MatchingChoice
from serai.match.trade_links import Industries, Link, industries_of, links
from serai.world.chains import Chain

NO_TABLE = "none"
"""The choice of no table: only the chains count."""


def tables_here() -> Iterator[tuple[str, str, int]]:
    """Name, title and year of the newest table of each publisher on this machine."""
    from serai.world.readers import READERS  # reads what readers there are: only where a choice is shown

    for declared in READERS.values():
        year = next((year for year in sorted(declared.years, reverse=True) if declared.find(year)), None)
        if year is not None and declared.key not in INVENTED:
            yield f"{declared.key}/{year}", declared.title, year


INVENTED = frozenset({"leather"})
"""Tables with invented numbers."""


def table_of(choice: MatchingChoice) -> str:
    """Name of the chosen table; the built-in one if none was chosen or the chosen one is gone."""
    from serai.world.readers import DEFAULT_TABLE

    if choice.table == NO_TABLE:
        return NO_TABLE
    # Looking for all that might be here is a search of the disk on each page: so for nothing but what was chosen.
    is_here = choice.table and choice.table in {name for name, _title, _year in tables_here()}
    return choice.table if is_here else DEFAULT_TABLE


@lru_cache(maxsize=4)
def _industries(table: str) -> Industries:
    from serai.world.readers import read

    return industries_of(read(table))


def trading(chains: list[Chain], choice: MatchingChoice) -> tuple[Link, ...]:
    """Links of the chains, and of the industries that trade by the chosen table."""
    key = tuple((chain.slug, tuple((node.code, node.isic) for node in chain.nodes), chain.edges) for chain in chains)
    return _trading(_Chains(key, chains), table_of(choice))


@dataclass(frozen=True)
class _Chains:
    """Chains that are equal if they have the same nodes, classes and edges."""

    key: tuple[object, ...]
    chains: list[Chain] = field(compare=False)


@lru_cache(maxsize=8)
def _trading(chains: _Chains, table: str) -> tuple[Link, ...]:
    """Links, cached by all that they depend on."""
    return links(chains.chains, None if table == NO_TABLE else _industries(table))
