"""The entrances of halls, added and changed one by one."""

from django.db import transaction
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.people.account.models import User
from serai.expo.venue.floor.domain.floor_plan import FloorError
from serai.expo.venue.halls.models import Entrance


@transaction.atomic
def save_entrance(entrance: Entrance, *, user: User | None = None) -> Entrance:
    """Keep a new or changed entrance. Raises FloorError where its code is another's or it lies outside of the hall."""
    hall = entrance.hall
    with scope(edition=entrance.edition):
        stored = Entrance.objects.filter(pk=entrance.pk).first() if entrance.pk else None
        if hall.entrances.filter(code=entrance.code).exclude(pk=entrance.pk).exists():
            raise FloorError(
                _("Hall %(hall)s has an entrance '%(code)s' already.") % {"hall": hall.code, "code": entrance.code}
            )
        wide, deep = hall.width_m or entrance.x_m, hall.depth_m or entrance.y_m
        if not (0 <= entrance.x_m <= wide and 0 <= entrance.y_m <= deep):
            raise FloorError(
                _("Entrance %(code)s lies outside of hall %(hall)s.") % {"hall": hall.code, "code": entrance.code}
            )
        before = state(stored) if stored else None
        entrance.save()
        record("entrance.set", entrance, before=before, after=state(entrance), user=user, edition=entrance.edition)
    return entrance


@transaction.atomic
def remove_entrance(entrance: Entrance, *, user: User | None = None) -> None:
    """Take an entrance from the plan."""
    with scope(edition=entrance.edition):
        record("entrance.removed", entrance, before=state(entrance), user=user, edition=entrance.edition)
        entrance.delete()
