"""Settings of the timetable, sessions, interpreters and presence, each change with an audit entry."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet

from serai.expo.base.audit.domain.changes import record_change
from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.audit.domain.words import in_words
from serai.expo.base.collisions import made_once
from serai.expo.fairs.edition.domain.slots import days
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.timetable.domain.grids import spans
from serai.expo.meetings.timetable.domain.relocation import places_follow
from serai.expo.meetings.timetable.models import InterpreterPool, MeetingBlock, MeetingTerms, TimetableSettings
from serai.expo.people.account.models import User

type Arrangement = TimetableSettings | MeetingBlock | MeetingTerms | InterpreterPool | Meeting


@made_once
def keep(row: Arrangement, *, user: User | None = None) -> None:
    """Save a row that a form has changed."""
    model = type(row)
    old = model._default_manager.filter(pk=row.pk).first() if row.pk else None
    before = state(old) if old is not None else None
    row.save()
    if isinstance(row, MeetingTerms) and row.at_table != (old.at_table if isinstance(old, MeetingTerms) else False):
        places_follow(row.edition, [row.participation_id], by=user)
    record(f"{model._meta.model_name}.kept", row, before=before, after=state(row), user=user, edition=row.edition)


@transaction.atomic
def take_away(row: MeetingBlock | InterpreterPool, *, user: User | None = None) -> None:
    """Delete a session or a pool of interpreters."""
    record(f"{row._meta.model_name}.taken_away", row, before=state(row), user=user, edition=row.edition)
    row.delete()


type Cell = tuple[date, time, time]
"""A day, and when a session of it begins and ends."""


def cells(edition: Edition, blocks: Sequence[MeetingBlock]) -> list[list[Cell]]:
    """The sessions of each day, or the meeting hours as one session if there are none."""
    spans_of_day = [(block.from_time, block.until_time) for block in blocks] or [
        (edition.meetings_from, edition.meetings_until)
    ]
    dates = [edition.starts_on + timedelta(days=number) for number in range(days(edition))]
    return [[(day, begins, ends) for begins, ends in spans_of_day] for day in dates]


def is_there(edition: Edition, terms: MeetingTerms, cell: Cell) -> bool:
    """Whether the participant is there for at least a part of the session."""
    begins, ends = _span(edition, cell)
    return not any(start <= begins and ends <= end for start, end in spans(terms.away))


@transaction.atomic
def set_presence(
    edition: Edition,
    terms: MeetingTerms,
    there: Mapping[Cell, bool],
    *,
    most: int,
    least: int,
    user: User | None = None,
) -> None:
    """Save when the participant is there, and how many meetings it is promised and may have."""
    absent = sorted(_span(edition, cell) for cell, present in there.items() if not present)
    asked = {_span(edition, cell) for cell in there}
    # What is away within a session only, such as a late arrival of the day, is kept while the session is not cleared.
    kept = [span for span in spans(terms.away) if span not in asked]
    terms.away = [[begins.isoformat(), ends.isoformat()] for begins, ends in sorted({*absent, *kept})]
    keep(terms, user=user)
    participation = terms.participation
    if (participation.meetings_minimum, participation.meetings_maximum) != (least, most):
        record_change(
            "participation.meetings_limited", participation, user=user, meetings_minimum=least, meetings_maximum=most
        )


def terms_of(participation: Participation) -> MeetingTerms:
    """The terms of a participant, or unsaved defaults."""
    terms = MeetingTerms.objects.filter(participation=participation).first()
    return terms or MeetingTerms(edition=participation.edition, participation=participation)


def _span(edition: Edition, cell: Cell) -> tuple[datetime, datetime]:
    zone = ZoneInfo(edition.time_zone)
    day, begins, ends = cell
    return datetime.combine(day, begins, zone), datetime.combine(day, ends, zone)


def history(meeting: Meeting) -> list[Any]:
    """Audit entries of a meeting with what each changed in words, the latest first."""
    from serai.expo.base.audit.models import AuditEntry

    rows = AuditEntry.objects.filter(object_type="meeting", object_id=str(meeting.pk)).select_related("user")
    entries = rows.order_by("-pk")[:100]
    worded = in_words([(entry.object_type, entry.before, entry.after) for entry in entries])
    return list(zip(entries, worded, strict=True))


def confirmed_by_name(edition: Edition, query: str) -> QuerySet[Participation]:
    """Confirmed participations whose firm has ``query`` in its name, all if it is blank, by name."""
    confirmed = Participation.objects.filter(edition=edition, state=Participation.State.CONFIRMED)
    if name := query.strip()[:100]:
        confirmed = confirmed.filter(Q(firm__legal_name__icontains=name) | Q(firm__name__icontains=name))
    return confirmed.select_related("firm").order_by("firm__sort_name", "pk")
