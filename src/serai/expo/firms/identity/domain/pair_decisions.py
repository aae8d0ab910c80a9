"""Deciding on pairs of firms that may be one, each by itself: what cannot be done of one leaves the others done."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from serai.expo.fairs.edition.models import Edition
from serai.expo.firms.identity.domain.merges import MergeRefusedError, decide, merge, survivor_of
from serai.expo.firms.record.domain.shown_name import shown_name
from serai.expo.firms.record.models import Firm, FirmPair
from serai.expo.firms.record.rules import may_merge
from serai.expo.people.account.models import User

ANSWERS = frozenset({"one", "other", "apart"})
"""Merge into the first record, merge into the second one, keep them apart."""


@dataclass(frozen=True)
class Told:
    """What came of a pair: whether it was done, and a sentence in the reader's language."""

    done: bool
    sentence: str


def decide_each(pairs: Iterable[FirmPair], answer: str, *, user: User, edition: Edition) -> list[Told]:
    """Give all pairs one of the ANSWERS, each in a transaction of its own."""
    return [decide_pair(pair, answer, user=user, edition=edition) for pair in pairs]


@transaction.atomic
def decide_pair(pair: FirmPair, answer: str, *, user: User, edition: Edition) -> Told:
    """Merge the pair, or remember that it is two firms. Where that cannot be, nothing has changed and it is said why.

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
