"""Inviting and reminding as jobs: letters of a segment are written in parts."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.jobs.domain import Ended, start
from serai.expo.fairs.jobs.models import Job
from serai.expo.participants.invitations.domain import invitations
from serai.expo.participants.invitations.models import DeskInvitation
from serai.expo.people.account.models import User
from serai.world.progress import Progress


def start_inviting(edition: Edition, narrow: Mapping[str, Any], *, kind: str, consent: str, user: User) -> Job:
    """Have all of a segment invited who may be written to."""
    invitations.require_can_invite(edition, user)
    given = {"filters": dict(narrow), "role": kind, "consent": consent}
    return start(edition, "desk-invitations", user=user, page=_page(edition), **given)


def start_reminding(edition: Edition, *, user: User) -> Job:
    """Have all reminded who were invited and have not joined."""
    invitations.require_can_invite(edition, user)
    return start(edition, "desk-reminders", user=user, page=_page(edition))


def invite(job: Job, progress: Progress) -> Ended:
    """Invite a segment. Done again, it writes to those whom it had not written to."""
    given = job.given
    with scope(edition=job.edition):
        before = DeskInvitation.objects.filter(edition=job.edition, sent_at__gte=job.asked_at).count()
        expected = max(invitations.reach(job.edition, given["filters"], consent=bool(given["consent"])).to_write, 1)
        try:
            count = invitations.invite_segment(
                job.edition,
                given["filters"],
                kind=given["role"],
                consent=given["consent"],
                user=job.asked_by,
                progress=lambda done: progress("", done / expected),
            )
        except invitations.InvitationRefusedError:
            if not before:
                raise
            count = 0
    return _ended(job.edition, before + count)


def remind_all(job: Job, progress: Progress) -> Ended:
    """Remind who has not joined, unless this job has done so before its worker was killed."""
    progress("", 0.1)
    with scope(edition=job.edition):
        waiting = DeskInvitation.objects.filter(edition=job.edition, sent_at__lt=job.asked_at)
        due = list(waiting.values_list("pk", flat=True))
        count = invitations.remind(job.edition, user=job.asked_by, due=due)
    return _ended(job.edition, count)


def _ended(edition: Edition, count: int) -> Ended:
    sentence = ngettext("%d letter is on its way.", "%d letters are on their way.", count) % count
    return Ended(sentence, _page(edition), count)


def _page(edition: Edition) -> str:
    return reverse("desk-invitations", args=[edition.slug])
