"""Who exhibits at an edition, and which participations a reader may see."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.participation.domain.representation import acted_for
from serai.expo.people.account.models import User

EXHIBITING = (Participation.Kind.EXHIBITOR, Participation.Kind.CO_EXHIBITOR, Participation.Kind.SERVICE)


def exhibitors(edition: Edition) -> QuerySet[Participation]:
    """Confirmed exhibitors, co-exhibitors and service providers: the public directory."""
    return Participation.objects.filter(edition=edition, kind__in=EXHIBITING, state=Participation.State.CONFIRMED)


def visible_to(user: User | AnonymousUser, edition: Edition) -> QuerySet[Participation]:
    """Participations that the user may see: all for an organiser; else exhibitors and those it acts for."""
    if user.has_perm("expo.read_people", edition):
        return Participation.objects.filter(edition=edition)
    public = Q(kind__in=EXHIBITING, state=Participation.State.CONFIRMED)
    return Participation.objects.filter(public | Q(pk__in=acted_for(user, edition).values("pk")), edition=edition)
