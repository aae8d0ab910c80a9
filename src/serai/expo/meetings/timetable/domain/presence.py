"""When each member of an exhibitor's team takes meetings, and what the timetable derives from it.

For the timetable a participant is one party: it is away if nobody of its team is there, and holds as many meetings at
once as there are people in its thinnest session.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from itertools import pairwise

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.collisions import made_once
from serai.expo.fairs.edition.domain.slots import slots
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.timetable.domain.arrangements import keep, terms_of
from serai.expo.meetings.timetable.domain.grids import spans
from serai.expo.meetings.timetable.models import MeetingBlock, Presence
from serai.expo.people.account.models import Role, User

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
