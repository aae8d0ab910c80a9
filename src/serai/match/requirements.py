"""Requirements of a need for an offer, and of an offer for a need: a must cuts the pair, a wish changes the score.

A must that is known to be missed cuts the pair, with its reason. An unknown value does not cut, except for
certificates: a certificate that is a must has to be shown. Countries that a side excludes always cut.

A wish of a side counts 1 if it is met, -1 if it is missed and 0 if that is unknown; several certificates count by the
share that is shown. The mean, from -1 to 1, is the side's `Signal.WISHES`, and its weight bounds the effect of all
wishes together (serai.match.ranking). So one more wish met never lowers a score, and unknown wishes change nothing.
"""

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from serai.match.placing import Side

type Bits = NDArray[np.uint64]
type Integers = NDArray[np.int64]
type Floats = NDArray[np.float64]


class Requirement(StrEnum):
    """A value that one side may ask of the other."""

    CERTIFICATES = "certificates"
    QUANTITY = "quantity"
    LANGUAGES = "languages"
    COUNTRIES = "countries"
    PRICE = "price"
    DELIVERY = "delivery"
    MINIMUM_ORDER = "minimum_order"
    SIZE = "size"
    DEVELOPMENT = "development"
    INCOTERMS = "incoterms"
    AGREEMENTS = "agreements"


USUAL_MUSTS = frozenset({Requirement.CERTIFICATES, Requirement.QUANTITY, Requirement.LANGUAGES})
"""Requirements that are musts unless a side says otherwise; all others are wishes."""


@dataclass(frozen=True)
class Terms:
    """The terms of a need or of an offer: what it asks for and what it gives. A field left out is unknown.

    `certificates` are those that a need asks for and an offer shows. `quantity` is wanted by a need and deliverable by
    an offer in the same time, in `unit` (UN/CEFACT Recommendation 20), and compared in equal units only. A firm is in
    `country`, does not deal with firms of the countries `excluded`, and prefers those `wanted` (ISO 3166 alpha-2). The
    partner of a need has to speak one of its `languages`. A need pays at most `price` and an offer asks at least it, in
    `currency`; `days` are the latest delivery for a need and the delivery time of an offer; `order` is one order of a
    need and the least order of an offer, in `unit`. `size` is the size class of the firm, and `sizes` are those wanted.
    A later stage of `development` has a higher number. One of `incoterms` and of `agreements` has to be common. The
    requirements in `musts` cut.
    """

    certificates: frozenset[str] = frozenset()
    quantity: float | None = None
    unit: str = ""
    country: str = ""
    excluded: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    wanted: frozenset[str] = frozenset()
    price: float | None = None
    currency: str = ""
    days: float | None = None
    order: float | None = None
    size: str = ""
    sizes: frozenset[str] = frozenset()
    development: int | None = None
    incoterms: frozenset[str] = frozenset()
    agreements: frozenset[str] = frozenset()
    musts: frozenset[Requirement] = USUAL_MUSTS


# Comparisons


@dataclass(frozen=True)
class _Sets:
    """Met if one of the values asked for is given, or with `all_of` all of them; unknown if none is given."""

    asks: Callable[[Terms], frozenset[str]]
    gives: Callable[[Terms], frozenset[str]]
    all_of: bool = False


@dataclass(frozen=True)
class _Numbers:
    """Met if at least the value asked for is given; unknown if the two are not `of` one unit."""

    value: Callable[[Terms], float | None]
    of: Callable[[Terms], Hashable]
    sign: int = 1
    """-1 where less is better."""


_COMPARED: Mapping[Requirement, _Sets | _Numbers] = {
    Requirement.CERTIFICATES: _Sets(
        lambda terms: _folded(terms.certificates), lambda terms: _folded(terms.certificates), all_of=True
    ),
    Requirement.QUANTITY: _Numbers(lambda terms: terms.quantity, lambda terms: terms.unit),
    Requirement.LANGUAGES: _Sets(lambda terms: terms.languages, lambda terms: terms.languages),
    Requirement.COUNTRIES: _Sets(lambda terms: terms.wanted, lambda terms: frozenset({terms.country} - {""})),
    Requirement.PRICE: _Numbers(lambda terms: terms.price, lambda terms: (terms.currency, terms.unit), -1),
    Requirement.DELIVERY: _Numbers(lambda terms: terms.days, lambda _terms: "", -1),
    Requirement.MINIMUM_ORDER: _Numbers(lambda terms: terms.order, lambda terms: terms.unit),
    Requirement.SIZE: _Sets(lambda terms: terms.sizes, lambda terms: frozenset({terms.size} - {""})),
    Requirement.DEVELOPMENT: _Numbers(lambda terms: terms.development, lambda _terms: ""),
    Requirement.INCOTERMS: _Sets(lambda terms: terms.incoterms, lambda terms: terms.incoterms),
    Requirement.AGREEMENTS: _Sets(lambda terms: terms.agreements, lambda terms: terms.agreements),
}

_OF_BOTH = (Requirement.COUNTRIES, Requirement.SIZE, Requirement.INCOTERMS, Requirement.AGREEMENTS)
ASKED_BY: Mapping[Side, tuple[Requirement, ...]] = {
    Side.NEED: tuple(asked for asked in Requirement if asked is not Requirement.MINIMUM_ORDER),
    Side.OFFER: (Requirement.MINIMUM_ORDER, *_OF_BOTH),
}
"""The requirements that each side may have."""


def _asked(requirement: Requirement, asking: Terms) -> bool:
    compared = _COMPARED[requirement]
    return bool(compared.asks(asking)) if isinstance(compared, _Sets) else compared.value(asking) is not None


def _value(requirement: Requirement, asking: Terms, other: Terms) -> float:
    """1 if the requirement is met, -1 if it is missed, 0 if unknown; for certificates the share that is shown."""
    compared = _COMPARED[requirement]
    if isinstance(compared, _Sets):
        asks, gives = compared.asks(asking), compared.gives(other)
        if compared.all_of:
            return len(asks & gives) / len(asks)
        return 0.0 if not gives else 1.0 if asks & gives else -1.0
    least, given = compared.value(asking), compared.value(other)
    if least is None or given is None or compared.of(asking) != compared.of(other):
        return 0.0
    return 1.0 if compared.sign * least <= compared.sign * given else -1.0


def _least(requirement: Requirement) -> int:
    """The value from which a must is met: certificates have to be shown, others may be unknown."""
    return 1 if requirement is Requirement.CERTIFICATES else 0


# Musts


class CutKind(StrEnum):
    CERTIFICATE = "certificate"
    CAPACITY = "capacity"
    COUNTRY = "country"
    BUYER_COUNTRY = "buyer_country"
    LANGUAGE = "language"
    MUST = "must"
    """Another must of the need, by its `requirement`."""
    BUYER_MUST = "buyer_must"
    """A must of the offer, by its `requirement`."""


@dataclass(frozen=True)
class Cut:
    """Why an offer cannot meet a need; `what` is the certificate, the country, the languages or the quantity."""

    kind: CutKind
    what: str
    requirement: Requirement | None = None


def cuts(need: Terms, offer: Terms) -> tuple[Cut, ...]:
    """All reasons why this offer cannot meet this need; empty if it can."""
    return tuple(_cuts(need, offer))


def _cuts(need: Terms, offer: Terms) -> Iterator[Cut]:
    if offer.country in need.excluded:
        yield Cut(CutKind.COUNTRY, offer.country)
    if need.country in offer.excluded:
        yield Cut(CutKind.BUYER_COUNTRY, need.country)
    for side, asking, other in ((Side.NEED, need, offer), (Side.OFFER, offer, need)):
        for requirement in ASKED_BY[side]:
            if requirement not in asking.musts or not _asked(requirement, asking):
                continue
            if _value(requirement, asking, other) >= _least(requirement):
                continue
            if requirement is Requirement.CERTIFICATES:
                yield from (Cut(CutKind.CERTIFICATE, name) for name in _not_shown(need, offer))
            elif requirement is Requirement.QUANTITY:
                yield Cut(CutKind.CAPACITY, f"{need.quantity:,g} > {offer.quantity:,g} {need.unit}".rstrip())
            elif requirement is Requirement.LANGUAGES:
                yield Cut(CutKind.LANGUAGE, ", ".join(sorted(need.languages)))
            else:
                kind = CutKind.MUST if side is Side.NEED else CutKind.BUYER_MUST
                yield Cut(kind, _what(requirement, asking), requirement)


# Wishes


class State(StrEnum):
    """Whether a wish is met."""

    MET = "met"
    MISSED = "missed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Wish:
    """A wish of one side, its state with the other, and the value asked for in `what`, "" if the name says enough."""

    requirement: Requirement
    state: State
    what: str = ""


def wishes(asking: Terms, other: Terms, side: Side) -> tuple[Wish, ...]:
    """The wishes of a need or of an offer, as `side` says, in the order of `Requirement`.

    Certificates that are shown and those that are not are two wishes.
    """
    return tuple(_wishes(asking, other, side))


def _wishes(asking: Terms, other: Terms, side: Side) -> Iterator[Wish]:
    for requirement in ASKED_BY[side]:
        if requirement in asking.musts or not _asked(requirement, asking):
            continue
        if requirement is Requirement.CERTIFICATES:
            missing = _not_shown(asking, other)
            shown = sorted(asking.certificates - missing)
            if shown:
                yield Wish(requirement, State.MET, ", ".join(shown))
            if missing:
                yield Wish(requirement, State.UNKNOWN, ", ".join(sorted(missing)))
        else:
            value = _value(requirement, asking, other)
            state = State.MET if value > 0 else State.MISSED if value < 0 else State.UNKNOWN
            yield Wish(requirement, state, _what(requirement, asking))


def _what(requirement: Requirement, asking: Terms) -> str:
    """The value asked for in figures, names and codes, which are the same in every language; "" for others."""
    if requirement is Requirement.QUANTITY:
        return f"{asking.quantity:,g} {asking.unit}".rstrip()
    if requirement is Requirement.PRICE:
        return f"{asking.price:,g} {asking.currency}".rstrip()
    if requirement is Requirement.MINIMUM_ORDER:
        return f"{asking.order:,g} {asking.unit}".rstrip()
    if requirement in (Requirement.LANGUAGES, Requirement.COUNTRIES, Requirement.INCOTERMS):
        compared = _COMPARED[requirement]
        assert isinstance(compared, _Sets)
        return ", ".join(sorted(compared.asks(asking)))
    return ""


def _not_shown(asking: Terms, other: Terms) -> frozenset[str]:
    """The certificates asked for that the other does not show, each once, as they are written."""
    missing = _folded(asking.certificates) - _folded(other.certificates)
    spelt = {_fold(name): name for name in sorted(asking.certificates, reverse=True)}
    return frozenset(spelt[name] for name in missing)


# Musts and wishes on arrays


class Requirements:
    """The same rules on arrays, for many needs and offers at once: the terms of items by their rows."""

    def __init__(self, terms: Sequence[Terms]) -> None:
        number = {item_terms: n for n, item_terms in enumerate(dict.fromkeys(terms))}  # most items have the same terms
        distinct = tuple(number)
        self._row = np.array([number[item_terms] for item_terms in terms], dtype=np.int64)
        self._terms = distinct
        self._musts: dict[Requirement, NDArray[np.bool_]] = {}
        self._wished: dict[Requirement, NDArray[np.bool_]] = {}
        for requirement in Requirement:
            asked = np.array([_asked(requirement, item_terms) for item_terms in distinct], dtype=np.bool_)
            must = np.array([requirement in item_terms.musts for item_terms in distinct], dtype=np.bool_)
            self._musts[requirement], self._wished[requirement] = asked & must, asked & ~must
        self._made: dict[Requirement, _SetColumns | _NumberColumns] = {}
        countries = sorted({item_terms.country for item_terms in distinct} - {""})
        self._country = _bits([{item_terms.country} - {""} for item_terms in distinct], countries)
        self._excluded = _bits([item_terms.excluded & set(countries) for item_terms in distinct], countries)
        self.any_musts = bool(self._excluded.any()) or any(bool(must.any()) for must in self._musts.values())
        self.any_wishes = any(bool(wished.any()) for wished in self._wished.values())

    def met(self, needs: Integers, offers: Integers) -> NDArray[np.bool_]:
        """Whether each of `offers` can meet each of `needs`: broadcasts, so (n, 1) and (m,) give (n, m)."""
        met = np.ones(np.broadcast_shapes(needs.shape, offers.shape), dtype=np.bool_)
        needs, offers = self._row[needs], self._row[offers]
        for own, other in ((needs, offers), (offers, needs)):
            if self._excluded[own].any():
                met &= ~_some(self._excluded[own] & self._country[other])
        for side, asking, other in ((Side.NEED, needs, offers), (Side.OFFER, offers, needs)):
            for requirement in ASKED_BY[side]:
                must = self._musts[requirement][asking]
                if must.any():
                    value = self._value(requirement, asking, other)
                    met &= ~(must & (value < _least(requirement)))
        return met

    def wishes(self, asking: Integers, others: Integers, side: Side) -> Floats:
        """The mean over the wishes of each of `asking`, from -1 all missed to 1 all met by the other; NaN without
        wishes.

        Broadcasts as `met`. `side` says whether those who ask are needs or offers.
        """
        shape = np.broadcast_shapes(asking.shape, others.shape)
        if not self.any_wishes:
            return np.full(shape, np.nan)
        total = np.zeros(shape)
        asking, others = self._row[asking], self._row[others]
        number = np.zeros(asking.shape, dtype=np.int64)
        for requirement in ASKED_BY[side]:
            wished = self._wished[requirement][asking]
            if wished.any():
                total += np.where(wished, self._value(requirement, asking, others), 0.0)
                number += wished
        return np.where(number > 0, total / np.maximum(number, 1), np.nan)

    def _value(self, requirement: Requirement, asking: Integers, other: Integers) -> Floats:
        if requirement not in self._made:  # few are asked for at all
            self._made[requirement] = _columns(_COMPARED[requirement], self._terms)
        return self._made[requirement].value(asking, other)


@dataclass(frozen=True)
class _SetColumns:
    asks: Bits
    gives: Bits
    all_of: bool

    def value(self, asking: Integers, other: Integers) -> Floats:
        asks, gives = self.asks[asking], self.gives[other]
        if self.all_of:
            return np.asarray(_count(asks & gives) / np.maximum(_count(asks), 1))
        return np.where(_some(gives), np.where(_some(asks & gives), 1.0, -1.0), 0.0)


@dataclass(frozen=True)
class _NumberColumns:
    value_: Floats
    unit: Integers

    def value(self, asking: Integers, other: Integers) -> Floats:
        least, given = self.value_[asking], self.value_[other]
        known = (self.unit[asking] == self.unit[other]) & ~np.isnan(least) & ~np.isnan(given)
        return np.where(known, np.where(least <= given, 1.0, -1.0), 0.0)


def _columns(compared: _Sets | _Numbers, terms: Sequence[Terms]) -> _SetColumns | _NumberColumns:
    if isinstance(compared, _Sets):
        asks, gives = (
            [compared.asks(item_terms) for item_terms in terms],
            [compared.gives(item_terms) for item_terms in terms],
        )
        things = sorted(set().union(*asks))
        return _SetColumns(_bits(asks, things), _bits(gives, things, other=True), compared.all_of)
    values = [compared.value(item_terms) for item_terms in terms]
    units = {unit: number for number, unit in enumerate(dict.fromkeys(compared.of(item_terms) for item_terms in terms))}
    return _NumberColumns(
        np.array([np.nan if value is None else compared.sign * value for value in values], dtype=np.float64),
        np.array([units[compared.of(item_terms)] for item_terms in terms], dtype=np.int64),
    )


def _fold(name: str) -> str:
    return " ".join(name.casefold().split())


def _folded(names: Collection[str]) -> frozenset[str]:
    return frozenset(map(_fold, names))


def _some(bits: Bits) -> NDArray[np.bool_]:
    return np.asarray(bits.any(axis=-1))


def _count(bits: Bits) -> Integers:
    return np.asarray(np.bitwise_count(bits).sum(axis=-1), dtype=np.int64)


def _bits(sets: Sequence[Collection[str]], things: Sequence[str], *, other: bool = False) -> Bits:
    """(len(sets), words of 64 bits) one bit for each of the `things`; with `other` one more bit for all others."""
    number: Mapping[str, int] = {thing: n for n, thing in enumerate(things)}
    bits = np.zeros((len(sets), 1 + len(number) // 64), dtype=np.uint64)
    for row, own in enumerate(sets):
        for thing in own:
            if other or thing in number:
                word, bit = divmod(number.get(thing, len(number)), 64)
                bits[row, word] |= np.uint64(1 << bit)
    return bits
