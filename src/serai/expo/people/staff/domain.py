"""Opening and closing the rights of staff."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.tasks.domain import queue
from serai.expo.people.account.models import User
from serai.expo.people.staff.models import StaffSession

MINUTES = 30


class StaffSessionRefusedError(ValueError):
    """Why the rights of staff are not opened: a sentence for the reader."""


@transaction.atomic
def open_staff_session(user: User, reason: str) -> StaffSession:
    """Give a superuser the rights of staff for MINUTES.

    Raises StaffSessionRefusedError for other users and without a reason.
    """
    if not (user.is_superuser and user.is_active):
        raise StaffSessionRefusedError(_("Only staff can open the rights of staff."))
    if not reason.strip():
        raise StaffSessionRefusedError(_("Write why: it is kept with all that you do until the end."))
    opened = StaffSession.objects.create(
        user=user, reason=reason.strip()[:300], ends_at=timezone.now() + timedelta(minutes=MINUTES)
    )
    record("staff_session.opened", opened, after=state(opened), user=user)
    return opened


@transaction.atomic
def close_staff_session(opened: StaffSession) -> None:
    """End a staff session that is still open."""
    if opened.is_open:
        opened.ended_at = timezone.now()
        opened.save(update_fields=["ended_at"])
        record("staff_session.closed", opened, user=opened.user)


@transaction.atomic
def try_tasks_again(opened: StaffSession) -> int:
    """Queue all tasks that were set aside. Returns how many."""
    names = sorted({task.task_name for task in queue.set_aside()})
    count = queue.try_again(list(queue.set_aside().values_list("pk", flat=True)))
    if count:
        record("tasks.tried_again", opened, after={"tasks": count, "names": names}, user=opened.user)
    return count


def current_staff_session(number: int, user: User) -> StaffSession | None:
    """The staff session under way, or None."""
    if not (user.is_superuser and user.is_active):
        return None
    return StaffSession.objects.filter(
        pk=number, user_id=user.pk, ended_at__isnull=True, ends_at__gt=timezone.now()
    ).first()
