"""Which known firms may be one: looked for in blocks of firms that have something in common, and kept as pairs."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.db import transaction
from django.db.models import Q, QuerySet

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.identity.domain.known_firms import Known, host_of, load
from serai.expo.firms.identity.domain.likeness import Likeness, Record, core, likeness
from serai.expo.firms.record.domain.romanisation import romanised
from serai.expo.firms.record.models import Firm, FirmPair

LARGEST_BLOCK = 60
"""A word that more firms of a country have says nothing of who they are."""

_HEAD = 4


@dataclass(frozen=True)
class Possible:
    """Two known firms that may be one, the first entered first."""

    one: Known
    other: Known
    likeness: Likeness


def possible_pairs(firms: Sequence[Known], among: Collection[int] | None = None) -> list[Possible]:
    """The pairs of firms that may be one, the likeliest first; with ``among`` only those with one of these firms."""
    firms_by_key = {firm.pk: firm for firm in firms}
    records = {firm.pk: firm.record() for firm in firms}
    pairs = []
    for first, other in sorted(_in_one_block(records)):
        if among is not None and first not in among and other not in among:
            continue
        judged = likeness(records[first], records[other])
        if judged.is_possible:
            pairs.append(Possible(firms_by_key[first], firms_by_key[other], judged))
    return sorted(pairs, key=lambda pair: -pair.likeness.probability)


def like(record: Record, *, most: int = 5) -> list[tuple[Known, Likeness]]:
    """The known firms of the record's country, or with one of its numbers, that may be it, the likeliest first."""
    firms = load([record.country], [value for _scheme, value in record.numbers])
    judged = [(firm, likeness(record, firm.record())) for firm in firms]
    return sorted((pair for pair in judged if pair[1].is_possible), key=lambda pair: -pair[1].probability)[:most]


@transaction.atomic
def look(edition: Edition) -> int:
    """Look for duplicates of the firms of an edition, and keep the pairs that are not known. Returns how many are new.

    What was decided of a pair stays.
    """
    here = set(Participation.objects.filter(edition=edition).values_list("firm", flat=True))
    countries = set(Firm.objects.filter(pk__in=here).values_list("country", flat=True))
    pairs = possible_pairs(load(countries), here)
    known_pairs = set(FirmPair.objects.values_list("one", "other"))
    new = [pair for pair in pairs if (pair.one.pk, pair.other.pk) not in known_pairs]
    FirmPair.objects.bulk_create(
        [
            FirmPair(
                one_id=pair.one.pk,
                other_id=pair.other.pk,
                probability=pair.likeness.probability,
                reasons=[list(reason) for reason in pair.likeness.reasons],
            )
            for pair in new
        ],
        batch_size=1_000,
        ignore_conflicts=True,
    )
    return len(new)


def pairs_of(edition: Edition, *, state: str = FirmPair.State.POSSIBLE) -> QuerySet[FirmPair]:
    """The pairs with a firm of the edition that are in a state, without those merged meanwhile. Call in its scope."""
    here = Participation.objects.filter(edition=edition).order_by().values("firm")
    pairs = FirmPair.objects.filter(Q(one__in=here) | Q(other__in=here), state=state)
    return pairs.filter(one__merged_into=None, other__merged_into=None).select_related("one", "other")


def _in_one_block(records: dict[int, Record]) -> set[tuple[int, int]]:
    """Pairs of primary keys, the smaller first, of firms that share a number, a site, a head or a rare word."""
    blocks: dict[tuple[str, str], list[int]] = defaultdict(list)
    for pk, record in records.items():
        for block in set(_blocks(record)):
            blocks[block].append(pk)
    return {
        (min(pair), max(pair))
        for members in blocks.values()
        if 1 < len(members) <= LARGEST_BLOCK
        for pair in combinations(members, 2)
    }


def _blocks(record: Record) -> Iterator[tuple[str, str]]:
    yield from record.numbers
    if record.host:
        yield "site", record.host
    yield from ((record.country, word) for word in _words(record))
    yield from ((record.country, f"head:{core(name)[:_HEAD]}") for name in record.names)


def _words(record: Record) -> set[str]:
    return {word for name in record.names for word in romanised(name).split() if len(word) > 1}


def record_of(
    country: str, names: Iterable[str], address: str = "", numbers: Iterable[tuple[str, str]] = (), website: str = ""
) -> Record:
    """What is compared of a firm that is being entered."""
    said = tuple(dict.fromkeys(name for name in names if name))
    return Record(country, said, address, frozenset(numbers), host_of(website))
