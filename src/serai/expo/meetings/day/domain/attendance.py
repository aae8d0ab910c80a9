"""Attendance: a meeting counts as held once both sides are known to be there; notes and colleagues sent.

Each side has a short code on its page, also as a QR code. Entering the other side's code proves that it is there.
Confirming on one's own page says that one's own side is there.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import state
from serai.expo.base.rows import made_once
from serai.expo.fairs.edition.domain.phases import require_open
from serai.expo.fairs.edition.models import Participation, Phase
from serai.expo.meetings.meeting.domain.life import COMING, K, MeetingRefusedError, across, happened, lock, move
from serai.expo.meetings.meeting.models import Meeting, MeetingNote
from serai.expo.participants.participation.domain.representation import Acting, trace
from serai.expo.people.account.models import User

BEFORE = timedelta(minutes=30)
AFTER = timedelta(hours=24)
"""The sides can confirm a meeting from half an hour before it begins to a day after it ends."""

PATIENCE = timedelta(minutes=10)
"""How long after the beginning a side has to wait before it reports a no-show."""

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Characters that nobody confuses when they are read aloud: without 0, O, 1, I and L."""


def code_of(meeting: Meeting, side: Participation) -> str:
    """The code of a side: six characters, different for each meeting."""
    digest = salted_hmac("serai.meeting.side", f"{meeting.pk}:{side.pk}", algorithm="sha256").digest()
    number = int.from_bytes(digest[:8])
    return "".join(ALPHABET[number // len(ALPHABET) ** place % len(ALPHABET)] for place in range(6))


def arrived_at(meeting: Meeting, side: Participation) -> datetime | None:
    """When the side was first known to be there."""
    return meeting.host_arrived_at if meeting.host_id == side.pk else meeting.guest_arrived_at


def can_be_confirmed(meeting: Meeting, now: datetime | None = None) -> bool:
    """Whether the meeting can be confirmed now."""
    at = now or timezone.now()
    if meeting.starts_at is None or meeting.state not in (*COMING, Meeting.State.MISSED):
        return False
    return meeting.starts_at - BEFORE <= at <= (meeting.ends_at or meeting.starts_at) + AFTER


def require_fair(meeting: Meeting, at: datetime) -> None:
    """Raises MeetingRefusedError unless the fair is open now, or was open when the meeting began."""
    require_open(meeting.edition, Phase.Kind.FAIR, min(at, meeting.starts_at or at), refusal=MeetingRefusedError)


@transaction.atomic
def confirm(meeting: Meeting, by: Acting, *, now: datetime | None = None) -> None:
    """Confirm that one's own side is there. Raises MeetingRefusedError."""
    _arrive(meeting, by, by.participation, now or timezone.now())


@transaction.atomic
def scan(meeting: Meeting, by: Acting, code: str, *, now: datetime | None = None) -> None:
    """Enter the other side's code, which proves that it is there. Raises MeetingRefusedError for a wrong code."""
    other = across(meeting, by.participation)
    given = "".join(character for character in code.upper() if character.isalnum())
    if constant_time_compare(given, code_of(meeting, by.participation)):
        raise MeetingRefusedError(_("This is your own code. Enter the one on the other side's page."))
    if not constant_time_compare(given, code_of(meeting, other)):
        raise MeetingRefusedError(_("This is not the code of the other side. Look at the meeting on its page again."))
    _arrive(meeting, by, other, now or timezone.now())


def _arrive(meeting: Meeting, by: Acting, side: Participation, at: datetime) -> None:
    lock(meeting.host, meeting.guest)
    meeting.refresh_from_db()
    if meeting.state == Meeting.State.HELD:
        return
    require_fair(meeting, at)
    if not can_be_confirmed(meeting, at):
        raise MeetingRefusedError(_("A meeting can be confirmed from half an hour before it begins until a day after."))
    before = state(meeting)
    if arrived_at(meeting, side) is None:
        if meeting.host_id == side.pk:
            meeting.host_arrived_at = at
        else:
            meeting.guest_arrived_at = at
        meeting.save()
        happened(K.ARRIVED, by, meeting=meeting)
        trace("meeting.arrived", meeting, by, before=before)
    if meeting.host_arrived_at and meeting.guest_arrived_at:
        move(meeting, Meeting.State.HELD, K.HELD, by)


@transaction.atomic
def report_missed(meeting: Meeting, by: Acting, *, now: datetime | None = None) -> None:
    """Report that the other side has not come. Raises MeetingRefusedError.

    If the other side's arrival is known, only the organiser can say what happened.
    """
    at = now or timezone.now()
    lock(meeting.host, meeting.guest)
    meeting.refresh_from_db()
    require_fair(meeting, at)
    if meeting.state not in COMING or not can_be_confirmed(meeting, at):
        raise MeetingRefusedError(_("This cannot be reported of this meeting now."))
    assert meeting.starts_at is not None
    if at < meeting.starts_at + PATIENCE:
        raise MeetingRefusedError(_("Wait ten minutes from the beginning before you report it."))
    if arrived_at(meeting, across(meeting, by.participation)):
        raise MeetingRefusedError(
            _("The other side has confirmed that it is there. Confirm the meeting, or ask the desk.")
        )
    if arrived_at(meeting, by.participation) is None:
        if meeting.host_id == by.participation.pk:
            meeting.host_arrived_at = at
        else:
            meeting.guest_arrived_at = at
    move(meeting, Meeting.State.MISSED, K.MISSED, by)


@made_once
def keep_note(
    meeting: Meeting,
    by: Acting,
    *,
    rating: int | None,
    note: str = "",
    next_step: str = "",
    next_step_on: object = None,
    owner: User | None = None,
    done: bool = False,
) -> MeetingNote:
    """Save the side's private note on the meeting. Raises MeetingRefusedError."""
    if rating is not None and meeting.state != Meeting.State.HELD:
        raise MeetingRefusedError(_("A meeting can be rated when both sides have confirmed that it was held."))
    existing = MeetingNote.objects.filter(meeting=meeting, side=by.participation).first()
    before = state(existing) if existing else None
    kept = existing or MeetingNote(edition=by.edition, meeting=meeting, side=by.participation)
    for field, value in {
        "rating": rating,
        "note": note.strip(),
        "next_step": next_step.strip(),
        "next_step_on": next_step_on,
        "owner": owner,
    }.items():
        setattr(kept, field, value)
    kept.done_at = (kept.done_at or timezone.now()) if done else None
    kept.save()
    trace("meeting.noted", kept, by, before=before)
    return kept


@transaction.atomic
def assign(meeting: Meeting, by: Acting, person: User | None) -> list[Meeting]:
    """Choose who goes to the meeting. Returns that person's other meetings at the same time. Raises
    MeetingRefusedError.
    """
    if person is not None and person not in colleagues(by.participation):
        raise MeetingRefusedError(_("Only people of your own firm can be sent."))
    if meeting.state not in COMING:
        raise MeetingRefusedError(_("This meeting has no time to come, so nobody need be sent."))
    before = state(meeting)
    if meeting.host_id == by.participation.pk:
        meeting.host_person = person
    else:
        meeting.guest_person = person
    meeting.save(update_fields=["host_person", "guest_person"])
    happened(K.ASSIGNED, by, meeting=meeting)
    trace("meeting.assigned", meeting, by, before=before)
    if person is None:
        return []
    return [
        other
        for other in Meeting.objects.filter(edition=by.edition, state__in=COMING, starts_at__lt=meeting.ends_at)
        .filter(ends_at__gt=meeting.starts_at)
        .exclude(pk=meeting.pk)
        if person.pk in (other.host_person_id, other.guest_person_id)
    ]


def colleagues(participation: Participation) -> list[User]:
    """The people of a participant's firm."""
    return list(User.objects.filter(roles__firm_id=participation.firm_id, is_active=True).order_by("name", "email"))
