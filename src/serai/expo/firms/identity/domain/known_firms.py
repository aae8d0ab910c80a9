"""Known firms with all their names and numbers; a merged record counts as the firm it was merged into."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import batched
from typing import NamedTuple
from urllib.parse import urlsplit

from django.db.models import Q

from serai.expo.base.collation import fold
from serai.expo.firms.identity.domain.likeness import Record
from serai.expo.firms.identity.domain.name_words import NameKeys, keys_in_other_writings
from serai.expo.firms.record.domain.names import legal_form, name_key, written_names
from serai.expo.firms.record.models import Firm, FirmAlias, FirmIdentifier

SERAI = "serai"
"""The scheme of Serai's own identifier; the others are those of ``FirmIdentifier``."""

_CHUNK = 500


@dataclass(frozen=True)
class Candidate:
    """A known firm that may be the one looked for; ``similarity`` of the names from 0 to 1."""

    firm: int
    identifier: str
    name: str
    similarity: float


@dataclass(frozen=True)
class Known:
    """A firm as it is stored, with all its keys."""

    pk: int
    identifier: str
    country: str
    name: str
    keys: frozenset[str]
    identifiers: Mapping[str, frozenset[str]]
    address: str = ""
    website: str = ""
    names: tuple[str, ...] = ()
    """Its names as they are written."""
    cities: frozenset[str] = frozenset()

    def record(self) -> Record:
        """The fields of the firm that are compared."""
        pairs = [(scheme, value) for scheme, values in self.identifiers.items() for value in values]
        return Record(
            self.country,
            tuple(sorted(self.keys)),
            self.address,
            frozenset(pairs),
            host_of(self.website),
            legal_form(self.names),
            self.cities,
        )

    def candidate(self, similarity: float) -> Candidate:
        return Candidate(self.pk, self.identifier, self.name, similarity)


class _Row(NamedTuple):
    pk: int
    identifier: str
    country: str
    legal_name: str
    name: dict[str, str]
    name_key: str
    merged_into: int | None
    address: dict[str, str]
    website: str
    city: dict[str, str]


def load(countries: Iterable[str], numbers: Iterable[str] = ()) -> list[Known]:
    """The firms of the countries, and those that have one of the numbers, wherever they are; by primary key."""
    here = set(countries)
    rows = {row.pk: row for row in _rows(Q(country__in=here))}
    for batch in batched(sorted(set(numbers)), _CHUNK):
        rows |= {row.pk: row for row in _rows(Q(identifier__in=batch) | Q(pk__in=_with_number(batch)))}
    while missing := sorted({row.merged_into for row in rows.values() if row.merged_into} - rows.keys()):
        rows |= {row.pk: row for batch in batched(missing, _CHUNK) for row in _rows(Q(pk__in=batch))}
    own_numbers: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    keys: dict[int, set[str]] = defaultdict(set)

    def survivor(pk: int) -> _Row:
        row = rows[pk]
        while row.merged_into is not None:
            row = rows[row.merged_into]
        return row

    for row in rows.values():
        firm_key = survivor(row.pk)
        own_numbers[firm_key.pk][SERAI].add(row.identifier)
        if firm_key.country == row.country:
            keys[firm_key.pk].update((row.name_key, *keys_of((row.legal_name, *row.name.values()))))
    elsewhere = [row.pk for row in rows.values() if row.country not in here]
    relevant = Q(firm__country__in=here) | Q(firm__in=elsewhere)
    for pk, scheme, value in FirmIdentifier.objects.filter(relevant).values_list("firm", "scheme", "value"):
        own_numbers[survivor(pk).pk][scheme].add(value)
    for pk, key in FirmAlias.objects.filter(relevant).values_list("firm", "key"):
        keys[survivor(pk).pk].add(key)
    return [_known(row, keys[pk], own_numbers[pk]) for pk, row in sorted(rows.items()) if row.merged_into is None]


def keys_of(names: Iterable[str]) -> frozenset[str]:
    """The keys of names as they are stored, and of those that they hold in brackets."""
    return frozenset(name_key(written)[:300] for name in names if name for written in written_names(name))


def match_keys(names: Iterable[str]) -> NameKeys:
    """The keys of names, and those of the same names in another script or with generic words in another language.

    Two firms of a country have one name where what is sought for one is kept of the other.
    """
    keys = keys_of(names)
    return NameKeys(keys, keys) | keys_in_other_writings(keys)


def city_names(city: Mapping[str, str]) -> frozenset[str]:
    """A city as each language writes it, folded."""
    return frozenset(fold(text) for text in city.values() if text)


def said_address(address: Mapping[str, str]) -> str:
    """The address that is compared: in English if there is one, else in the first language."""
    return address.get("en") or next(iter(address.values()), "")


def host_of(website: str) -> str:
    """The host of a web site, without www."""
    return (urlsplit(website).hostname or "").removeprefix("www.")


def _rows(condition: Q) -> list[_Row]:
    return [_Row(*row) for row in Firm.objects.filter(condition).order_by("pk").values_list(*_Row._fields)]


def _with_number(numbers: Iterable[str]) -> list[int]:
    return list(FirmIdentifier.objects.filter(value__in=numbers).values_list("firm", flat=True))


def _known(row: _Row, keys: Iterable[str], numbers: Mapping[str, Iterable[str]]) -> Known:
    by_scheme = {scheme: frozenset(values) for scheme, values in numbers.items()}
    return Known(
        row.pk,
        row.identifier,
        row.country,
        row.legal_name,
        frozenset(keys),
        by_scheme,
        said_address(row.address),
        row.website,
        (row.legal_name, *row.name.values()),
        city_names(row.city),
    )
