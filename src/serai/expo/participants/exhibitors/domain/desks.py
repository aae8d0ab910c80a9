"""The exhibitors that have a desk, and the desks of a person."""

from django.db.models import QuerySet
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.people.account.models import User


def desks(edition: Edition) -> QuerySet[Participation]:
    """The participations that have a desk: exhibitors of any kind, from their application on."""
    return (
        Participation.objects.filter(edition=edition, kind__in=EXHIBITING)
        .exclude(state=Participation.State.CANCELLED)
        .select_related("firm", "section", "package", "lead__firm", "edition__organisation")
        .order_by("firm__sort_name", "pk")
    )


def desks_of(user: User, edition: Edition) -> QuerySet[Participation]:
    """The desks of the firms in which the user has a role."""
    return desks(edition).filter(firm__roles__user_id=user.pk)


def has_desk(user: User, edition: Edition) -> bool:
    """Whether the user has a desk at this fair. Error pages ask too, outside of the edition's scope."""
    with scope(edition=edition):
        return desks_of(user, edition).exists()
