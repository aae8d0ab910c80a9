"""Possible duplicates: pairs of firms that share a number, a web site or part of a name, kept for a decision."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.db import transaction
from django.db.models import Q, QuerySet

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.identity.domain.blocks import LARGEST_BLOCK, in_blocks
from serai.expo.firms.identity.domain.known_firms import Known, host_of, load
from serai.expo.firms.identity.domain.likeness import Likeness, Record, likeness
from serai.expo.firms.identity.models import FirmPair
from serai.expo.firms.record.models import Firm


@dataclass(frozen=True)
class Possible:
    """Two known firms that may be one, the first entered first."""

    one: Known
    other: Known
    likeness: Likeness


def possible_pairs(firms: Sequence[Known], among: Collection[int] | None = None) -> list[Possible]:
    """Pairs of firms that may be one, most likely first. With ``among``, only pairs that contain one of these firms."""
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
    """Known firms that may be the record's firm, most likely first: from its country, or with one of its numbers."""
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
    """Pairs in this state that contain a firm of the edition, without firms that have been merged."""
    here = Participation.objects.filter(edition=edition).order_by().values("firm")
    pairs = FirmPair.objects.filter(Q(one__in=here) | Q(other__in=here), state=state)
    return pairs.filter(one__merged_into=None, other__merged_into=None).select_related("one", "other")


def _in_one_block(records: dict[int, Record]) -> set[tuple[int, int]]:
    """Pairs of primary keys, the smaller first, of firms that share a block."""
    return {
        (min(pair), max(pair))
        for members in in_blocks(records).values()
        if 1 < len(members) <= LARGEST_BLOCK
        for pair in combinations(members, 2)
    }


def record_of(
    country: str, names: Iterable[str], address: str = "", numbers: Iterable[tuple[str, str]] = (), website: str = ""
) -> Record:
    """The fields of a newly entered firm that are compared with known firms."""
    distinct_names = tuple(dict.fromkeys(name for name in names if name))
    return Record(country, distinct_names, address, frozenset(numbers), host_of(website))
