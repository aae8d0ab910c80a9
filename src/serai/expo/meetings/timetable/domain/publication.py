"""What publishing a draft changes, publishing it to both sides of every meeting, and the jobs that make and publish
a timetable.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_scopes import scope

from serai.expo.base.audit.domain.entries import entry, record, record_all
from serai.expo.base.audit.models import AuditEntry
from serai.expo.base.rows import among
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.jobs.domain import Ended
from serai.expo.fairs.jobs.models import Job
from serai.expo.meetings.meeting.domain.life import COMING, UNTOLD
from serai.expo.meetings.meeting.models import Meeting, MeetingEvent
from serai.expo.meetings.timetable.domain.announcement import announce_later
from serai.expo.meetings.timetable.domain.candidates import save
from serai.expo.meetings.timetable.domain.drafts import NoWishesError, TimetableRefusedError, make_timetable
from serai.expo.meetings.timetable.domain.relocation import places_follow
from serai.expo.meetings.timetable.models import TimetableRun
from serai.expo.people.account.models import User
from serai.world.progress import Progress


class NothingToPublishError(Exception):
    """The edition has no draft of a timetable."""


@dataclass(frozen=True)
class Difference:
    """A meeting that a draft changes: new, moved or gone."""

    meeting: Meeting
    what: str
    """new, moved, gone"""
    starts_at: datetime | None
    place: str
    why_not: str


def differences(run: TimetableRun) -> list[Difference]:
    """Changes that publishing the draft would make, in order of time."""
    related = ("host__firm", "guest__firm")
    rows = []
    if not run.live:
        new = Meeting.objects.filter(edition=run.edition, run=run, state__in=UNTOLD, starts_at__isnull=False)
        rows = [Difference(row, "new", row.starts_at, row.place, "") for row in new.select_related(*related)]
    for meeting in _changeable(run).select_related(*related):
        begins, _ends, place, why_not = run.changes[str(meeting.pk)]
        what = "gone" if begins is None else "new" if meeting.state in UNTOLD else "moved"
        rows.append(Difference(meeting, what, datetime.fromisoformat(begins) if begins else None, place, why_not))
    return sorted(rows, key=lambda row: (str(row.starts_at or row.meeting.starts_at), row.meeting.pk))


def _changeable(run: TimetableRun) -> QuerySet[Meeting]:
    """Meetings that the run may change: on the day those told or open, otherwise only told ones."""
    states = (*COMING, *UNTOLD) if run.live else (Meeting.State.SCHEDULED,)
    of_run = among("pk", map(int, run.changes))
    return Meeting.objects.filter(of_run, edition=run.edition, state__in=states, locked=False)


def publish_timetable(edition: Edition, *, by: User | None = None) -> TimetableRun:
    """Publish the latest draft: its new meetings become scheduled, the others are moved or dropped.

    A dropped meeting becomes a wish again, with the reason. A task writes the letters. Raises NothingToPublishError,
    also to the second of two who publish at once.
    """
    with transaction.atomic(), scope(edition=edition):
        drafts = TimetableRun.objects.filter(edition=edition, state=TimetableRun.State.DRAFT, live=False)
        run = drafts.select_for_update().first()
        if run is None:
            raise NothingToPublishError
        TimetableRun.objects.filter(edition=edition, state=TimetableRun.State.PUBLISHED).update(
            state=TimetableRun.State.REPLACED
        )
        told = apply(run, by=by)
        announce_later.enqueue(edition.pk, by.pk if by else None)
        record("timetable.published", run, after={"told": told}, user=by, edition=edition)
        return run


def apply(run: TimetableRun, *, by: User | None) -> int:
    """Apply the seats and changes of a run, with audit entries. Returns how many were told. Needs a transaction."""
    run.state = TimetableRun.State.PUBLISHED
    run.save(update_fields=["state"])
    # Booths may have been given anew since it was made: a draft is put right before anybody is told of it.
    places_follow(run.edition, by=by)
    entries: list[AuditEntry] = []
    changed: list[Meeting] = []
    for meeting in _changeable(run):
        before = _standing(meeting)
        begins, ends, place, why_not = run.changes[str(meeting.pk)]
        meeting.run, meeting.place, meeting.why_not, meeting.why_not_told = run, place, why_not, why_not
        meeting.starts_at = datetime.fromisoformat(begins) if begins else None
        meeting.ends_at = datetime.fromisoformat(ends) if ends else None
        # Who had confirmed a time has not confirmed another.
        meeting.state = Meeting.State.SCHEDULED if begins else Meeting.State.WISHED
        action = "meeting.unseated" if begins is None else "meeting.moved" if before["starts_at"] else "meeting.seated"
        entries.append(entry(action, meeting, before=before, after=_standing(meeting), user=by, edition=run.edition))
        changed.append(meeting)
    save(changed, ["run", "why_not", "why_not_told", "starts_at", "ends_at", "place", "state"])
    record_all(entries)
    places_follow(run.edition, {moved.host_id for moved in changed}, by=by, tell=False)
    _write_down(run.edition, changed, by)
    of_run = Meeting.objects.filter(edition=run.edition, run=run, state__in=UNTOLD)
    of_run.update(why_not_told=F("why_not"))
    fresh = of_run.filter(starts_at__isnull=False)
    return fresh.update(state=Meeting.State.SCHEDULED) + len(changed)


def _write_down(edition: Edition, changed: Sequence[Meeting], by: User | None) -> None:
    """Add to the history which meetings have another time, and which have none."""
    kinds = {True: MeetingEvent.Kind.MOVED, False: MeetingEvent.Kind.UNSEATED}  # by whether it has a time
    events = [
        MeetingEvent(
            edition=edition,
            meeting=meeting,
            user=by,
            kind=kinds[meeting.starts_at is not None],
            starts_at=meeting.starts_at,
        )
        for meeting in changed
    ]
    MeetingEvent.objects.bulk_create(events, batch_size=500)


def _standing(meeting: Meeting) -> dict[str, str | None]:
    times = {
        name: at.isoformat() if at else None
        for name, at in (("starts_at", meeting.starts_at), ("ends_at", meeting.ends_at))
    }
    return times | {"place": meeting.place, "state": meeting.state, "why_not": meeting.why_not}


def changes_by_kind(run: TimetableRun) -> dict[str, int]:
    """Number of meetings that a draft seats anew, moves and drops."""
    new = Meeting.objects.filter(edition=run.edition, run=run, state__in=UNTOLD, starts_at__isnull=False)
    gone = sum(change[0] is None for change in run.changes.values())
    return {"new": new.count(), "moved": len(run.changes) - gone, "gone": gone}


SECONDS = 20.0
"""Seconds that the solver may work where nobody names others."""


def make(job: Job, progress: Progress) -> Ended:
    """Make a draft. Doing it twice makes two, of which the second replaces the first."""
    try:
        made = make_timetable(job.edition, by=job.asked_by, progress=progress, **job.given)
    except NoWishesError:
        sentence = _("There is no wish to meet yet and no match along a chain, so there is nothing to seat.")
        raise TimetableRefusedError(sentence) from None
    sentence = ngettext("%d meeting has been seated.", "%d meetings have been seated.", made.placed) % made.placed
    with_buyer = made.proof["with_buyer"]
    sentence += " " + ngettext("%d of them is with a buyer.", "%d of them are with a buyer.", with_buyer) % with_buyer
    return Ended(sentence, made=made.pk)


def publish(job: Job, progress: Progress) -> Ended:
    """Publish the draft, in one transaction with the end of the job."""
    progress(_("Publishing the timetable"), 0.0)
    try:
        published = publish_timetable(job.edition, by=job.asked_by)
    except NothingToPublishError:
        raise TimetableRefusedError(_("There is no draft to publish. Make the timetable first.")) from None
    sentence = _("The timetable has been published. Its meetings keep their time from now on.")
    return Ended(sentence, made=published.pk)
