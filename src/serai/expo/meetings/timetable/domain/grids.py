"""The slots of a fair: those of its tables, and those of booths that receive for a time of their own."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from serai.expo.fairs.edition.domain.slots import Slot, slots
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.timetable.models import MeetingTerms, TimetableSettings
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.venue.halls.models import Stand

type Span = tuple[datetime, datetime]


def spans(kept: Iterable[Sequence[str]]) -> list[Span]:
    """Spans as they are kept, as times."""
    return [(datetime.fromisoformat(begins), datetime.fromisoformat(ends)) for begins, ends in kept]


def fullest(held: Sequence[tuple[datetime, datetime, int]], span: Span) -> int:
    """How many are taken at the fullest moment of the span, where each holds so many from when until when."""
    begins, ends = span
    moments = [begins, *(start for start, *_rest in held if begins < start < ends)]
    return max(sum(number for start, end, number in held if start <= moment < end) for moment in moments)


def receives_at(stand: Stand | None, terms: MeetingTerms | None) -> Stand | None:
    """The stand at which a host receives, None where it does at a table."""
    return None if terms is not None and terms.at_table else stand


def minutes_of(edition: Edition, settings: TimetableSettings, stand: Stand | None, terms: MeetingTerms | None) -> int:
    """How long a meeting with a host lasts: at its booth its own time, else that of all booths, else the fair's."""
    if receives_at(stand, terms) is None:
        return int(edition.meeting_minutes)
    own = terms.booth_minutes if terms is not None else None
    return int(own or settings.booth_minutes or edition.meeting_minutes)


def slots_of(host: Participation) -> tuple[Slot, ...]:
    """The slots in which a host receives. Call inside of the edition's scope."""
    edition = host.edition
    settings = TimetableSettings.objects.filter(edition=edition).first() or TimetableSettings(edition=edition)
    stand = Stand.objects.filter(participation=host).order_by("pk").first()
    terms = MeetingTerms.objects.filter(participation=host).first()
    return slots(edition, minutes_of(edition, settings, stand, terms))


def host_of(one: Participation, other: Participation) -> tuple[Participation, Participation]:
    """Host and guest of two: of an exhibitor and another the exhibitor is the host; of two alike, the first."""
    return (other, one) if one.kind not in EXHIBITING and other.kind in EXHIBITING else (one, other)


def all_slots(edition: Edition, minutes: Iterable[int], told: Iterable[Span] = ()) -> tuple[Slot, ...]:
    """The slots of all these lengths, and those of what was told at other times, in the order in which they begin."""
    found = {(slot.starts_at, slot.ends_at): slot for length in set(minutes) for slot in slots(edition, length)}
    day_of = {slot.starts_at.date(): slot.day for slot in found.values()}
    for begins, ends in told:
        if (begins, ends) in found or not found:
            continue
        local = begins.astimezone(next(iter(found.values())).starts_at.tzinfo).date()
        if local in day_of:
            found[begins, ends] = Slot(day_of[local], begins, ends)
    return tuple(sorted(found.values(), key=lambda slot: (slot.starts_at, slot.ends_at)))


def lengths(edition: Edition) -> set[int]:
    """Minutes of all kinds of slots that the fair has: of tables, of booths, and of booths of their own. In scope."""
    settings = TimetableSettings.objects.filter(edition=edition).first()
    own = MeetingTerms.objects.filter(edition=edition, booth_minutes__isnull=False, at_table=False)
    booths = {settings.booth_minutes} if settings and settings.booth_minutes else set()
    return {int(edition.meeting_minutes), *booths, *own.values_list("booth_minutes", flat=True).distinct()}  # type: ignore[arg-type]


def row_at(grid: Sequence[Slot], moment: datetime) -> int:
    """The first slot that begins then or later; how many there are where none does."""
    return next((row for row, slot in enumerate(grid) if slot.starts_at >= moment), len(grid))


def rows_by_minutes(edition: Edition, grid: Sequence[Slot], minutes: Iterable[int]) -> Mapping[int, frozenset[int]]:
    """For each length the rows of `grid` that are its slots."""
    row = {(slot.starts_at, slot.ends_at): number for number, slot in enumerate(grid)}
    return {
        length: frozenset(row[slot.starts_at, slot.ends_at] for slot in slots(edition, length))
        for length in set(minutes)
    }
