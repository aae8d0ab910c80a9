"""What people arrange for the timetable: its settings, sessions and interpreters, and when each member of an
exhibitor's team takes meetings.

For the timetable a participant is one party: it is away if nobody of its team is there, and holds as many meetings at
once as there are people in its thinnest session.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet

from serai.expo.base.audit.domain.entries import record, record_change, state
from serai.expo.base.audit.domain.words import in_words
from serai.expo.base.rows import made_once
from serai.expo.fairs.edition.domain.phases import days, slots
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.timetable.domain.grids import spans
from serai.expo.meetings.timetable.domain.relocation import places_follow
from serai.expo.meetings.timetable.models import (
    InterpreterPool,
    MeetingBlock,
    MeetingTerms,
    Presence,
    TimetableSettings,
)
from serai.expo.people.account.models import Role, User

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


NOON = time(12, 30)


@dataclass(frozen=True)
class Part:
    """A part of a day of the fair in which a person may be present."""

    begins: datetime
    ends: datetime

    @property
    def key(self) -> str:
        return self.begins.strftime("%Y%m%d%H%M")


def parts(edition: Edition) -> list[Part]:
    """Parts of all days: the organiser's sessions, or the halves of the meeting hours."""
    cuts = {NOON}
    for block in MeetingBlock.objects.filter(edition=edition):
        cuts |= {block.from_time, block.until_time}
    by_day: dict[int, list[tuple[datetime, datetime]]] = {}
    for slot in slots(edition):
        by_day.setdefault(slot.day, []).append((slot.starts_at, slot.ends_at))
    parts_: list[Part] = []
    for day in by_day.values():
        first, last = day[0][0], day[-1][1]
        inner = sorted(moment for cut in cuts if first < (moment := datetime.combine(first, cut, first.tzinfo)) < last)
        parts_ += [Part(begins, ends) for begins, ends in pairwise([first, *inner, last])]
    return parts_


@dataclass(frozen=True)
class Person:
    """A team member, whether it takes meetings, and the keys of the parts in which it is present."""

    user: User
    takes_meetings: bool
    there: frozenset[str]


def people(participation: Participation, parts_: Iterable[Part]) -> list[Person]:
    """The team, with the parts in which each member is present."""
    listed = list(parts_)
    presences = {presence_.user_id: presence_ for presence_ in Presence.objects.filter(participation=participation)}
    team = []
    for role in Role.objects.filter(firm_id=participation.firm_id).select_related("user").order_by("user__name", "pk"):
        presence = presences.get(role.user_id)
        away = spans(presence.away) if presence else []
        there = {part.key for part in listed if not any(b <= part.begins and part.ends <= e for b, e in away)}
        team.append(Person(role.user, presence is not None, frozenset(there)))
    return team


@made_once
def set_people(participation: Participation, there: Mapping[int, Iterable[str]], *, user: User) -> None:
    """Save which team members take meetings and when: keys of parts by primary key of the user.

    Users outside the team are ignored. The participant's terms of the timetable follow at once.
    """
    edition, parts_ = participation.edition, parts(participation.edition)
    team = set(Role.objects.filter(firm_id=participation.firm_id).values_list("user_id", flat=True))
    chosen = {pk: frozenset(keys) for pk, keys in there.items() if pk in team}
    for gone in Presence.objects.filter(participation=participation).exclude(user_id__in=chosen):
        record("presence.ended", gone, before=state(gone), user=user, edition=edition)
        gone.delete()
    rows = {row.user_id: row for row in Presence.objects.filter(participation=participation)}
    for pk, keys in chosen.items():
        presence = rows.get(pk)
        before = state(presence) if presence else None
        presence = presence or Presence(edition=edition, participation=participation, user_id=pk)
        presence.away = [[part.begins.isoformat(), part.ends.isoformat()] for part in parts_ if part.key not in keys]
        if before is None or state(presence) != before:
            presence.save()
            record("presence.kept", presence, before=before, after=state(presence), user=user, edition=edition)
    _tell_timetable(participation, chosen.values(), parts_, user)


def _tell_timetable(
    participation: Participation, there: Iterable[frozenset[str]], parts_: list[Part], user: User
) -> None:
    everyone = list(there)
    terms = terms_of(participation)
    ours = {(part.begins, part.ends) for part in parts_}
    # What the organiser has set within a part, such as a late arrival, stays.
    away = {span for span in spans(terms.away) if span not in ours}
    if everyone:
        counts = {part: sum(part.key in keys for keys in everyone) for part in parts_}
        away |= {(part.begins, part.ends) for part, count in counts.items() if not count}
        terms.people = max(1, min((count for count in counts.values() if count), default=1))
    terms.away = [[begins.isoformat(), ends.isoformat()] for begins, ends in sorted(away)]
    keep(terms, user=user)
