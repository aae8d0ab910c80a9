"""What this room tells the registries: pages of the desk, what ends with a withdrawal, how long it is kept, copying."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from serai.expo.base.audit.domain.erasure import mask_rows_of
from serai.expo.base.retention import kept
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.insight.exposure.domain import documents
from serai.expo.insight.exposure.domain.presentation import values_of_own_sources
from serai.expo.insight.exposure.domain.results import KIND, PAPER, results_of
from serai.expo.insight.exposure.models import DeclaredInput
from serai.expo.insight.supply.models import StoredResult
from serai.expo.meetings.matchmaking.domain.source_values import Value, own_values
from serai.expo.participants.desk.domain import entry
from serai.expo.participants.participation.domain.withdrawal import Leaving, ends
from serai.expo.people.account.models import User

__all__ = ["documents"]


@own_values.register
def _own_values(participation: Participation, user: User) -> Mapping[int, Value]:
    return values_of_own_sources(participation) if user.has_perm("expo.use_sources", participation) else {}


entry("own-exposure", "firm", title=_("Your exposure"), duty="sources", of_firm=True, order=70)
entry("own-sources", "firm", title=_("Your sources"), duty="sources", of_firm=True, order=71)


def _results(participation: Participation, _at: datetime) -> QuerySet[StoredResult]:
    return results_of(participation)


def _forget(leaving: Leaving, _rows: Sequence[StoredResult]) -> None:
    """What was computed goes. What the firm declared stays until its time, for its return."""
    results_of(leaving.participation).delete()


ends("exposure", rows=_results, end=_forget)


@kept(
    "sources",
    title=_("Sources that firms declare"),
    text=_("From where firms buy, which they alone see, with what follows from it."),
    days=180,
)
def _forget_sources(edition: Edition) -> int:
    mask_rows_of(edition, DeclaredInput)
    StoredResult.objects.filter(edition=edition, kind__in=(KIND, PAPER)).delete()
    return int(DeclaredInput.objects.filter(edition=edition).delete()[0])
