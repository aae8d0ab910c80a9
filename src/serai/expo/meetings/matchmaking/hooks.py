"""What this room tells the registries: suggestions made daily, withdrawal, cloning."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from serai.expo.base.daily import daily
from serai.expo.fairs.edition.domain.clone import copied
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.matchmaking.domain.suggestions import suggest
from serai.expo.meetings.matchmaking.models import MatchingChoice, Suggestion
from serai.expo.participants.participation.domain.withdrawal import Leaving, ends


@daily("suggest whom to meet")
def _suggest() -> None:
    for edition in Edition.objects.filter(state=Edition.State.PUBLISHED, ends_on__gte=timezone.localdate()):
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
    "curve_asked_at": None,
}

copied(MatchingChoice, "timetable", anew=NOT_LEARNED)
