"""Who stands at a booth: badges entered, changed, made anew after a loss, and removed."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.audit.domain import record, state
from serai.expo.badges.models import Badge
from serai.expo.editions.models import Participation
from serai.expo.people.models import User

MOST = 200


class BadgeRefusedError(ValueError):
    """Why a badge cannot be made, in the reader's language."""


@transaction.atomic
def keep_badge(badge: Badge, *, user: User) -> Badge:
    """Write a new or changed badge. Call inside of the scope. Raises BadgeRefusedError beyond MOST a participant."""
    before = None
    if badge._state.adding:
        if Badge.objects.filter(participation=badge.participation).count() >= MOST:
            raise BadgeRefusedError(_("At most %d badges are made for one participant; ask the organiser.") % MOST)
    else:
        before = state(Badge.objects.get(pk=badge.pk))
    badge.save()
    action = "badge.changed" if before else "badge.made"
    record(action, badge, before=before, after=state(badge), user=user, edition=badge.edition)
    return badge


@transaction.atomic
def make_anew(badge: Badge, *, user: User) -> None:
    """After a loss: the code that is printed on it answers no more, and a new one is printed."""
    before = state(badge)
    badge.serial += 1
    badge.printed_at = None
    badge.save(update_fields=["serial", "printed_at"])
    record("badge.made_anew", badge, before=before, after=state(badge), user=user, edition=badge.edition)


@transaction.atomic
def remove_badge(badge: Badge, *, user: User) -> None:
    """Delete a badge; leads that came of it stay with those who met the person."""
    record("badge.removed", badge, before=state(badge), user=user, edition=badge.edition)
    badge.delete()


def badges_of(participation: Participation) -> list[Badge]:
    """The badges of a participant in the order in which they were entered. Call inside of the scope."""
    return list(Badge.objects.filter(participation=participation).select_related("participation__firm", "edition"))


def note_printed(badges: list[Badge]) -> None:
    """Keep when the badges were last made into a file to print. Call inside of the scope."""
    Badge.objects.filter(pk__in=[badge.pk for badge in badges]).update(printed_at=timezone.now())
