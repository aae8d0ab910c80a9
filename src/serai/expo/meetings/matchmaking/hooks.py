"""What is done every day: the participants of each fair that is to come or under way are told whom to meet."""

from django.utils import timezone

from serai.expo.base.daily import daily
from serai.expo.fairs.edition.models import Edition
from serai.expo.meetings.matchmaking.domain.suggestions import suggest


@daily("suggest whom to meet")
def _suggest() -> None:
    for edition in Edition.objects.filter(state=Edition.State.PUBLISHED, ends_on__gte=timezone.localdate()):
        suggest(edition)
