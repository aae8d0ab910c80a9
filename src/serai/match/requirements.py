"""Hard requirements: what a need demands that an offer cannot give cuts the pair, each with its reason.

What is not known does not cut, but for certificates: a certificate that is demanded has to be shown.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

type Bits = NDArray[np.uint64]
type Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Terms:
    """The terms of a need or of an offer. Of a need: what it demands; of an offer: what its firm can show.

    `certificates` by name; `quantity` a need wants and an offer can deliver in the same time, in `unit` (UN/CEFACT
    Recommendation 20), compared where the units are the same; the `country` of its firm and those `excluded`, with
    whose firms it does not deal (ISO 3166 alpha-2); `languages` of which a need's firm must find one and in which an
    offer's firm can talk.
    """

    certificates: frozenset[str] = frozenset()
    quantity: float | None = None
    unit: str = ""
    country: str = ""
    excluded: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()


class CutKind(StrEnum):
    CERTIFICATE = "certificate"
    CAPACITY = "capacity"
    COUNTRY = "country"
    BUYER_COUNTRY = "buyer_country"
    LANGUAGE = "language"


@dataclass(frozen=True)
class Cut:
    """Why an offer cannot meet a need; `what` is the certificate, the country, the languages or the quantity."""

    kind: CutKind
    what: str


def cuts(need: Terms, offer: Terms) -> tuple[Cut, ...]:
    """All reasons for which this offer cannot meet this need, none where it can."""
    return tuple(_cuts(need, offer))


def _cuts(need: Terms, offer: Terms) -> Iterator[Cut]:
    for missing in sorted(_folded(need.certificates) - _folded(offer.certificates)):
        yield Cut(CutKind.CERTIFICATE, min(name for name in need.certificates if _fold(name) == missing))
    wanted = 0.0 if need.quantity is None else need.quantity
    deliverable = np.inf if offer.quantity is None else offer.quantity
    if need.unit == offer.unit and wanted > deliverable:
        yield Cut(CutKind.CAPACITY, f"{wanted:,g} > {deliverable:,g} {need.unit}".rstrip())
    if offer.country in need.excluded:
        yield Cut(CutKind.COUNTRY, offer.country)
    if need.country in offer.excluded:
        yield Cut(CutKind.BUYER_COUNTRY, need.country)
    if need.languages and offer.languages and not need.languages & offer.languages:
        yield Cut(CutKind.LANGUAGE, ", ".join(sorted(need.languages)))


class Requirements:
    """The same rules on arrays, for many needs and offers at once: the terms of items by their rows, as bits."""

    def __init__(self, terms: Sequence[Terms]) -> None:
        known = {each: number for number, each in enumerate(dict.fromkeys(terms))}  # most items have the same
        self._row = np.array([known[each] for each in terms], dtype=np.int64)
        self._certificates = _bits([_folded(each.certificates) for each in known])
        countries = sorted({each.country for each in known} - {""})
        self._country = _bits([{each.country} - {""} for each in known], countries)
        self._excluded = _bits([each.excluded & set(countries) for each in known], countries)
        self._languages = _bits([each.languages for each in known])
        units = {unit: number for number, unit in enumerate(sorted({each.unit for each in known}))}
        self._unit = np.array([units[each.unit] for each in known], dtype=np.int64)
        self._quantity = np.array([np.nan if each.quantity is None else each.quantity for each in known])
        self._any = any(each.certificates or each.quantity or each.excluded or each.languages for each in known)

    def met(self, needs: Integers, offers: Integers) -> NDArray[np.bool_]:
        """Whether each of `offers` can meet each of `needs`: broadcasts, so (n, 1) and (m,) give (n, m)."""
        shape = np.broadcast_shapes(needs.shape, offers.shape)
        if not self._any:
            return np.ones(shape, dtype=np.bool_)
        needs, offers = self._row[needs], self._row[offers]
        met = ~_some(self._certificates[needs] & ~self._certificates[offers])
        met &= ~_some(self._excluded[needs] & self._country[offers])
        met &= ~_some(self._country[needs] & self._excluded[offers])
        asked, spoken = self._languages[needs], self._languages[offers]
        met &= ~(_some(asked) & _some(spoken)) | _some(asked & spoken)
        met &= ~((self._unit[needs] == self._unit[offers]) & (self._quantity[needs] > self._quantity[offers]))
        return met


def _fold(name: str) -> str:
    return " ".join(name.casefold().split())


def _folded(names: Collection[str]) -> frozenset[str]:
    return frozenset(map(_fold, names))


def _some(bits: Bits) -> NDArray[np.bool_]:
    return np.asarray(bits.any(axis=-1))


def _bits(sets: Sequence[Collection[str]], things: Sequence[str] | None = None) -> Bits:
    """(len(sets), words of 64 bits) one bit for each of the `things`, by default all that any of the sets has."""
    ordered = sorted(set().union(*sets)) if things is None else things
    number: Mapping[str, int] = {thing: n for n, thing in enumerate(ordered)}
    bits = np.zeros((len(sets), 1 + len(number) // 64), dtype=np.uint64)
    for row, own in enumerate(sets):
        for thing in own:
            word, bit = divmod(number[thing], 64)
            bits[row, word] |= np.uint64(1 << bit)
    return bits
