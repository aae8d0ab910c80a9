"""The world table that says which industries trade, where the chains are silent: the built-in one, or what is here.

A table that a publisher lets nobody hand on is not in the package; `serai world get` or SERAI_DATA brings it to the
machine, and then the organiser can choose it. A finer one knows more industries than the twenty built in.
"""

from collections.abc import Iterator
from functools import lru_cache

from serai.expo.meetings.matchmaking.models import MatchingChoice
from serai.match.trade_links import Industries, Link, industries_of, links
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
    """The links of the chains, and of the industries that trade by the table that was chosen."""
    return _trading(_Chains(chains), table_of(choice))


class _Chains:
    """Chains that are equal where what trades among them is: the same nodes with the same classes, and edges."""

    def __init__(self, chains: list[Chain]) -> None:
        self.chains = chains
        self.key = tuple(
            (chain.slug, tuple((node.code, node.isic) for node in chain.nodes), chain.edges) for chain in chains
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Chains) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@lru_cache(maxsize=8)
def _trading(chains: _Chains, table: str) -> tuple[Link, ...]:
    """The links are kept by all that they follow from, so that a page need not join each industry with each."""
    return links(chains.chains, None if table == NO_TABLE else _industries(table))
