"""What this room tells the registries: suggestions made daily, withdrawal, cloning."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import scope

from serai.expo.base.daily import daily
from serai.expo.fairs.edition.domain.clone import copied
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.jobs.domain import job
from serai.expo.meetings.matchmaking.domain.choice import curve_job, learn_job, place_job, value_curve_job
from serai.expo.meetings.matchmaking.domain.learned_weights import TooFewAnswersError
from serai.expo.meetings.matchmaking.domain.source_values import renewing
from serai.expo.meetings.matchmaking.domain.suggestions import suggest
from serai.expo.meetings.matchmaking.models import MatchingChoice, Suggestion
from serai.expo.participants.participation.domain.withdrawal import Leaving, ends

job("placing", title=_("Placing on the chains"))(place_job)
job("matching-curve", title=_("What a floor gives and costs"))(curve_job)
job("matching-value-curve", title=_("What the weight of sources costs and brings"))(value_curve_job)
job("matching-weights", title=_("Learning from the answers"), refusals=(TooFewAnswersError,))(learn_job)


@daily("suggest whom to meet")
def _suggest() -> None:
    for edition in Edition.objects.filter(state=Edition.State.PUBLISHED, ends_on__gte=timezone.localdate()):
        with scope(edition=edition):
            renewing.call(edition)
        suggest(edition)


def _suggestions(participation: Participation, _at: datetime) -> QuerySet[Suggestion]:
    return Suggestion.objects.filter(Q(participation=participation) | Q(partner=participation))


def _forget(leaving: Leaving, _found: list[Suggestion]) -> None:
    """The next day's suggestions are made without it."""
    _suggestions(leaving.participation, leaving.at).delete()


ends("suggestions", rows=_suggestions, end=_forget)

NOT_LEARNED: Mapping[str, Any] = {
    "learned": {},
    "learned_at": None,
    "curve": [],
    "curve_at": None,
    "value_curve": [],
    "value_curve_at": None,
}

copied(MatchingChoice, "timetable", anew=NOT_LEARNED)
