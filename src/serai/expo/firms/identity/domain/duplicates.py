"""Likely duplicates of a fair: pairs of firms, and what was decided about each."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.identity.domain.comparison import LARGEST_BLOCK, in_blocks
from serai.expo.firms.identity.domain.known_firms import Known, host_of, load
from serai.expo.firms.identity.domain.likeness import Likeness, Record, likeness
from serai.expo.firms.identity.domain.merges import MergeRefusedError, decide, merge, survivor_of
from serai.expo.firms.identity.models import FirmPair
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.firms.record.models import Firm
from serai.expo.firms.record.rules import may_merge
from serai.expo.people.account.models import User


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


ANSWERS = frozenset({"one", "other", "apart"})
"""Merge into the first record, merge into the second one, keep them apart."""


@dataclass(frozen=True)
class Told:
    """Outcome of one decision: whether it was carried out, and a sentence in the reader's language."""

    done: bool
    sentence: str


def decide_each(pairs: Iterable[FirmPair], answer: str, *, user: User, edition: Edition) -> list[Told]:
    """Give all pairs one of the ANSWERS, each in a transaction of its own."""
    return [decide_pair(pair, answer, user=user, edition=edition) for pair in pairs]


@transaction.atomic
def decide_pair(pair: FirmPair, answer: str, *, user: User, edition: Edition) -> Told:
    """Merge the pair, or store that it is two firms. If that is refused, nothing changes and the outcome says why.

    A record that an earlier pair has merged stands for what it was merged into: three records of one firm are three
    pairs, and become one firm whatever their order.
    """
    locked = FirmPair.objects.select_for_update().get(pk=pair.pk)
    first, other = survivor_of(locked.one), survivor_of(locked.other)
    if first == other:
        sentence = _("%s: these have become one firm with another pair.") % _both(locked.one, locked.other)
        return Told(answer != "apart", sentence)
    if locked.state != FirmPair.State.POSSIBLE:
        return Told(False, _("%s: this pair is decided already.") % _both(first, other))
    if not may_merge(user, [first, other]):
        sentence = _(
            "%s: one of them takes part in another organiser's fair too, so only the staff of this site decides."
        )
        return Told(False, sentence % _both(first, other))
    if answer == "apart":
        decide(first, other, FirmPair.State.APART, user=user)
        return Told(True, _("%s are kept apart and will not be asked about again.") % _both(first, other))
    kept, gone = (other, first) if answer == "other" else (first, other)
    try:
        merge(kept, gone, user=user, edition=edition)
    except MergeRefusedError as refusal:
        return Told(False, f"{_both(first, other)}: {refusal}")
    sentence = _("%s is now part of %s. This can be taken back below.")
    return Told(True, sentence % (shown_name(gone), shown_name(kept)))


def _both(one: Firm, other: Firm) -> str:
    return f"{shown_name(one)} · {shown_name(other)}"
