"""Who stands at a booth: badges entered, changed, made anew after a loss, and removed."""

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.audit.domain import record, state
from serai.expo.badges.models import Badge
from serai.expo.editions.models import Edition, Participation
from serai.expo.exhibitors.rules import DUTIES
from serai.expo.packages.granting import PackageRefusedError, require_room
from serai.expo.people.models import Role, User

MOST = 200


class BadgeRefusedError(ValueError):
    """Why a badge cannot be made, in the reader's language."""


@transaction.atomic
def keep_badge(badge: Badge, *, user: User) -> Badge:
    """Write a new or changed badge. Call inside of the scope. Raises BadgeRefusedError beyond MOST a participant.

    Also where the package gives no more.
    """
    before = None
    if badge._state.adding:
        if Badge.objects.filter(participation=badge.participation).count() >= MOST:
            raise BadgeRefusedError(_("At most %d badges are made for one participant; ask the organiser.") % MOST)
        try:
            require_room(badge.participation, "badges")
        except PackageRefusedError as refusal:
            raise BadgeRefusedError(str(refusal)) from None
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


def visible_to(user: User | AnonymousUser, edition: Edition) -> QuerySet[Badge]:
    """All badges for an organiser, for others those of the exhibitors at whose desk they edit. Inside of the scope."""
    rows = Badge.objects.filter(edition=edition)
    if user.has_perm("expo.organise_edition", edition):
        return rows
    editing = [kind for kind, duties in DUTIES.items() if "edit" in duties]
    firms = Role.objects.filter(user_id=user.pk or 0, kind__in=editing, firm__isnull=False).values("firm")
    return rows.filter(participation__firm__in=firms)


def badges_of(participation: Participation) -> list[Badge]:
    """The badges of a participant in the order in which they were entered. Call inside of the scope."""
    return list(Badge.objects.filter(participation=participation).select_related("participation__firm", "edition"))


def to_print(edition: Edition) -> QuerySet[Badge]:
    """Badges of confirmed participants that have not been printed since they were made. Call inside of the scope."""
    return Badge.objects.filter(
        edition=edition, printed_at__isnull=True, participation__state=Participation.State.CONFIRMED
    )


@transaction.atomic
def note_printed(badges: list[Badge], *, user: User | None = None) -> None:
    """Keep when the badges were last made into a file to print, and who did it. Call inside of the scope."""
    now = timezone.now()
    Badge.objects.filter(pk__in=[badge.pk for badge in badges]).update(printed_at=now)
    for badge in badges:
        before = {"printed_at": badge.printed_at.isoformat() if badge.printed_at else None}
        after = {"printed_at": now.isoformat()}
        record("badge.printed", badge, before=before, after=after, user=user, edition=badge.edition)
