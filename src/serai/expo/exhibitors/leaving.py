"""What of a chain leader ends with its participation: its co-exhibitors stand for themselves, and are told."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import ngettext

from serai.expo.editions.cancelling import Leaving, ends
from serai.expo.editions.models import Participation
from serai.expo.exhibitors.co_exhibitors import part, take_back
from serai.expo.exhibitors.models import CoExhibitorInvitation


def _led(one: Participation, _at: datetime) -> QuerySet[Participation]:
    return one.co_exhibitors.select_related("firm", "edition", "lead__firm").order_by("pk")


def _part(leaving: Leaving, found: list[Participation]) -> None:
    for one in found:
        part(one, user=leaving.user, by=leaving.participation)


def _invitations(one: Participation, _at: datetime) -> QuerySet[CoExhibitorInvitation]:
    return CoExhibitorInvitation.objects.filter(leader=one, state=CoExhibitorInvitation.State.SENT)


def _take_back(leaving: Leaving, found: list[CoExhibitorInvitation]) -> None:
    for one in found:
        take_back(one, user=leaving.user)


ends(
    "co-exhibitors",
    rows=_led,
    end=_part,
    words=lambda count: (
        ngettext(
            "%d co-exhibitor stands for itself from then on, and is told.",
            "%d co-exhibitors stand for themselves from then on, and are told.",
            count,
        )
        % count
    ),
)
ends("invitations", rows=_invitations, end=_take_back)
