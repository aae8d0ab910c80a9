"""What this room tells the registries: pages of the desk, what ends with a withdrawal, how long it is kept, copying."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from serai.expo.base.audit.domain.erasure import mask_rows_of
from serai.expo.base.retention import kept
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.insight.exposure.models import DeclaredInput, ExposureResult
from serai.expo.participants.desk.domain.entries import entry
from serai.expo.participants.participation.domain.withdrawal import Leaving, ends

entry("own-exposure", "firm", title=_("Your exposure"), duty="sources", of_firm=True, order=70)
entry("own-sources", "firm", title=_("Your sources"), duty="sources", of_firm=True, order=71)


def _results(participation: Participation, _at: datetime) -> QuerySet[ExposureResult]:
    return ExposureResult.objects.filter(participation=participation)


def _forget(leaving: Leaving, _found: Sequence[ExposureResult]) -> None:
    """What was computed goes. What the firm declared stays until its time, for its return."""
    ExposureResult.objects.filter(participation=leaving.participation).delete()


ends("exposure", rows=_results, end=_forget)


@kept(
    "sources",
    title=_("Sources that firms declare"),
    text=_("From where firms buy, which they alone see, with what follows from it."),
    days=180,
)
def _forget_sources(edition: Edition) -> int:
    mask_rows_of(edition, DeclaredInput)
    ExposureResult.objects.filter(edition=edition).delete()
    return int(DeclaredInput.objects.filter(edition=edition).delete()[0])
