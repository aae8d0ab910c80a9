"""What of badges ends with a participation: none of them lets in, as the door asks for a confirmed participant."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import ngettext

from serai.expo.badges.models import Badge
from serai.expo.editions.cancelling import ends
from serai.expo.editions.models import Participation


def _granted(one: Participation, _at: datetime) -> QuerySet[Badge]:
    return Badge.objects.filter(participation=one, state=Badge.State.GRANTED)


ends(
    "badges",
    rows=_granted,
    words=lambda count: ngettext("%d badge lets in no more.", "%d badges let in no more.", count) % count,
)
