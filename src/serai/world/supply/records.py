"""What somebody says about a supply network: who makes how much of a node, which firms, and what trades where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from serai.world.chains import Chain
from serai.world.classifications.countries import find

OTHERS, UNATTRIBUTED = "others", "unattributed"
"""The two kinds of unknown remainder. Of *others* none is larger than the smallest maker named; an *unattributed*
remainder may belong to anybody, the largest maker too."""

REMAINDERS: Mapping[str, str] = {
    **dict.fromkeys(("others", "other", "other countries", "rest of the world", "row"), OTHERS),
    **dict.fromkeys(("unattributed", "unknown", "various", "various countries", "various companies"), UNATTRIBUTED),
}
"""Texts in the place of a country, in lower case, and the remainder that they mean."""


class UnreadableSupply(ValueError):
    """A file of a supply network that cannot be used; the message names file and line and says what is wrong."""


class Grade(StrEnum):
    """How close a number stands to the product that it is said of."""

    STATED = "A"
    HEADING = "B"
    INDUSTRY = "C"
    ASSUMED = "D"


GRADES: Mapping[str, str] = {
    "A": "stated by a source about this very product",
    "B": "exports under a heading that is chiefly this product",
    "C": "the industry as a whole, or a heading that several nodes share",
    "D": "assumed",
}


@dataclass(frozen=True)
class ShareRow:
    """The part of a country in the world's supply of a node, as a source has it.

    `country` is an alpha-3 code, OTHERS or UNATTRIBUTED. `share` is None for a country whose number is withheld, which
    the unattributed remainder holds. `is_amount` says that `share` is an amount in `unit`, such as tonnes.
    """

    node: str
    country: str
    share: float | None
    grade: Grade
    year: int | None
    source: str
    unit: str = ""
    is_amount: bool = False


@dataclass(frozen=True)
class Provider:
    """Who makes a node: a firm with its country, a country, or several that nobody names.

    `country` is an alpha-3 code or UNATTRIBUTED; `share` that of the world's supply, None where nobody says.
    """

    node: str
    name: str
    country: str
    share: float | None = None
    is_firm: bool = True
    year: int | None = None
    source: str = ""
    grade: Grade = Grade.STATED


@dataclass(frozen=True)
class Trade:
    """What a country sends to another of what a node makes; to itself where `origin` is `destination`."""

    node: str
    origin: str
    destination: str
    value: float


@dataclass(frozen=True)
class Declared:
    """A chain with what its author says of it."""

    chain: Chain
    shares: tuple[ShareRow, ...] = field(default=(), repr=False)
    providers: tuple[Provider, ...] = field(default=(), repr=False)
    trade: tuple[Trade, ...] = field(default=(), repr=False)
    kinds: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """(kind, what it is a kind of)."""


def place_of(text: str) -> str | None:
    """The alpha-3 code of a country given by code or name, or the remainder that a text means; None for neither."""
    if remainder := REMAINDERS.get(text.strip().casefold()):
        return remainder
    country = find(text)
    return country.alpha3 if country else None
