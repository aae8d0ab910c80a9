"""What of the halls a reader may see: the plan, and who stands where."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, QuerySet

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.people.account.models import User
from serai.expo.venue.halls.models import Booth, Hall


def halls_visible_to(_user: User | AnonymousUser, edition: Edition) -> QuerySet[Hall]:
    """Every hall."""
    return Hall.objects.filter(edition=edition)


def booths_visible_to(_user: User | AnonymousUser, edition: Edition) -> QuerySet[Booth]:
    """Every booth with the confirmed exhibitors who stand there, in ``standing``."""
    there = Participation.objects.filter(
        kind__in=EXHIBITING, state=Participation.State.CONFIRMED, edition=edition
    ).select_related("firm")
    return (
        Booth.objects.filter(edition=edition)
        .select_related("hall")
        .prefetch_related(Prefetch("participations", there, to_attr="standing"))
    )
