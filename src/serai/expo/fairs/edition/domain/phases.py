"""Phases of a fair and what is open in each, its days, and the times of day in which people meet."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.rooms import load_hooks
from serai.expo.base.rows import made_once
from serai.expo.fairs.edition.models import Edition, Phase
from serai.expo.people.account.models import User
from serai.registry import Registry

type Span = tuple[datetime | None, datetime | None]

_followers: Registry[Callable[[Edition], None]] = Registry("follower of a phase")

OPENS: Mapping[str, Promise] = {
    Phase.Kind.APPLY: gettext_lazy("Applications open on %(when)s."),
    Phase.Kind.PROPOSALS: gettext_lazy("Sessions can be proposed from %(when)s."),
    Phase.Kind.PROFILE: gettext_lazy("Profiles and offers open for editing on %(when)s."),
    Phase.Kind.NEEDS: gettext_lazy("Needs can be stated from %(when)s."),
    Phase.Kind.WISHES: gettext_lazy("Wishes to meet can be given from %(when)s."),
    Phase.Kind.REQUESTS: gettext_lazy("Requests for meetings open on %(when)s."),
    Phase.Kind.TIMETABLE: gettext_lazy("The timetable of meetings can be seen from %(when)s."),
    Phase.Kind.FAIR: gettext_lazy("The fair opens on %(when)s."),
    Phase.Kind.OUTCOMES: gettext_lazy("Outcomes can be stated from %(when)s."),
    Phase.Kind.FOLLOW_UP: gettext_lazy("The follow-up opens on %(when)s."),
}
CLOSED: Mapping[str, Promise] = {
    Phase.Kind.APPLY: gettext_lazy("Applications closed on %(when)s."),
    Phase.Kind.PROPOSALS: gettext_lazy("Sessions could be proposed until %(when)s."),
    Phase.Kind.PROFILE: gettext_lazy("Profiles and offers closed for editing on %(when)s."),
    Phase.Kind.NEEDS: gettext_lazy("Needs could be stated until %(when)s."),
    Phase.Kind.WISHES: gettext_lazy("Wishes to meet could be given until %(when)s."),
    Phase.Kind.REQUESTS: gettext_lazy("Requests for meetings closed on %(when)s."),
    Phase.Kind.TIMETABLE: gettext_lazy("The timetable of meetings could be seen until %(when)s."),
    Phase.Kind.FAIR: gettext_lazy("The fair closed on %(when)s."),
    Phase.Kind.OUTCOMES: gettext_lazy("Outcomes could be stated until %(when)s."),
    Phase.Kind.FOLLOW_UP: gettext_lazy("The follow-up closed on %(when)s."),
}


class PhaseClosedError(Exception):
    """This part of the fair is closed: a sentence for the reader that says when it opens, or when it closed."""


class PhaseSpanError(ValueError):
    """A phase would close before it opens: a sentence that names it."""


@dataclass(frozen=True)
class Standing:
    """A phase at a moment: whether it is open, its dates, and the sentence for the reader if it is closed."""

    kind: str
    open: bool
    opens_at: datetime | None
    closes_at: datetime | None
    sentence: str

    @property
    def title(self) -> str:
        return str(Phase.Kind(self.kind).label)

    @property
    def is_set(self) -> bool:
        """Whether the organiser has given it dates."""
        return self.opens_at is not None or self.closes_at is not None


def is_open(edition: Edition, kind: str, at: datetime | None = None) -> bool:
    """Whether this part of the fair is open at a moment, by default now. It is open if no phase is set."""
    return standing(edition, kind, at).open


def closed_sentence(edition: Edition, kind: str, at: datetime | None = None) -> str:
    """Why it is closed, as in 'Requests for meetings open on March 12, 2026, 09:00.'; empty if it is open."""
    return standing(edition, kind, at).sentence


def require_open(
    edition: Edition, kind: str, at: datetime | None = None, *, refusal: type[Exception] = PhaseClosedError
) -> None:
    """Raise ``refusal``, with the sentence for the reader, unless this part of the fair is open."""
    if sentence := closed_sentence(edition, kind, at):
        raise refusal(sentence)


def require_open_somewhere(editions: Iterable[Edition], kind: str, at: datetime | None = None) -> None:
    """Raise PhaseClosedError, with the sentence of the last fair, if the phase is closed at every one of some fairs."""
    sentences = [closed_sentence(edition, kind, at) for edition in editions]
    if sentences and all(sentences):
        raise PhaseClosedError(sentences[-1])


def standing(edition: Edition, kind: str, at: datetime | None = None) -> Standing:
    """One phase at a moment, by one query."""
    with scope(edition=edition):
        return _standing(edition, kind, Phase.objects.filter(edition=edition, kind=kind).first(), at)


def standings(edition: Edition, at: datetime | None = None) -> dict[str, Standing]:
    """All phases at a moment by kind, in the order in which a fair goes through them, by one query."""
    with scope(edition=edition):
        phases = {phase.kind: phase for phase in Phase.objects.filter(edition=edition)}
    return {kind: _standing(edition, kind, phases.get(kind), at) for kind in Phase.Kind.values}


def _standing(edition: Edition, kind: str, phase: Phase | None, at: datetime | None) -> Standing:
    at = at or timezone.now()
    opens, closes = (phase.opens_at, phase.closes_at) if phase else (None, None)
    sentence = ""
    if opens is not None and at < opens:
        sentence = str(OPENS[kind]) % {"when": moment(edition, opens)}
    elif closes is not None and at >= closes:
        sentence = str(CLOSED[kind]) % {"when": moment(edition, closes)}
    return Standing(kind, not sentence, opens, closes, sentence)


def moment(edition: Edition, at: datetime) -> str:
    """A moment in the reader's language and in the time zone of the fair."""
    there = at.astimezone(ZoneInfo(edition.time_zone))
    return f"{date_format(there, 'DATE_FORMAT')}, {there:%H:%M}"


def hours(edition: Edition, begins: datetime, ends: datetime) -> str:
    """A day with two times, in the reader's language and in the time zone of the fair."""
    zone = ZoneInfo(edition.time_zone)
    begins, ends = begins.astimezone(zone), ends.astimezone(zone)
    return f"{date_format(begins, 'DATE_FORMAT')}, {begins:%H:%M}–{ends:%H:%M}"


def today_at(edition: Edition, now: datetime | None = None) -> date:
    """Today's date in the time zone of the fair."""
    return (now or timezone.now()).astimezone(ZoneInfo(edition.time_zone)).date()


def follows(kind: str, do: Callable[[Edition], None]) -> None:
    """Declare a function that is called when the dates of a phase of this kind have changed."""
    _followers.add(kind, do)


@made_once
def set_phases(edition: Edition, spans: Mapping[str, Span], *, user: User | None = None) -> int:
    """Set when each kind of phase opens and closes. A kind without dates has no phase; kinds not named stay.

    Returns how many changed. Raises PhaseSpanError if a phase would close before it opens, and changes nothing.
    """
    for kind, (opens, closes) in spans.items():
        if opens is not None and closes is not None and closes <= opens:
            raise PhaseSpanError(_("%(phase)s: give an end after the beginning.") % {"phase": Phase.Kind(kind).label})
    with scope(edition=edition):
        phases = {phase.kind: phase for phase in Phase.objects.select_for_update().filter(edition=edition)}
        moved = [kind for kind, span in spans.items() if _set(edition, kind, phases.get(kind), span, user)]
        load_hooks()
        for kind in moved:
            if kind in _followers:
                _followers[kind](edition)
    return len(moved)


def _set(edition: Edition, kind: str, phase: Phase | None, span: Span, user: User | None) -> bool:
    if span == ((phase.opens_at, phase.closes_at) if phase else (None, None)):
        return False
    before = state(phase) if phase else None
    if span == (None, None) and phase is not None:
        record("phase.removed", phase, before=before, user=user, edition=edition)
        phase.delete()
        return True
    phase = phase or Phase(edition=edition, kind=kind)
    phase.opens_at, phase.closes_at = span
    phase.save()
    record("phase.set", phase, before=before, after=state(phase), user=user, edition=edition)
    return True


@dataclass(frozen=True)
class Slot:
    """A time in which meetings can be held."""

    day: int  # 0 is the first day of the edition
    starts_at: datetime
    ends_at: datetime


def visible_to(user: User | AnonymousUser) -> QuerySet[Edition]:
    """Every edition that is published or closed, and the drafts of the user's own organisations."""
    public = ~Q(state=Edition.State.DRAFT)
    if not user.is_authenticated or user.without_organising:
        return Edition.objects.filter(public)
    if user.is_superuser and user.staff_session is not None:
        return Edition.objects.all()
    mine = user.roles.filter(organisation__isnull=False).values("organisation")
    return Edition.objects.filter(public | Q(organisation__in=mine))


def days(edition: Edition) -> int:
    """How many days the edition lasts."""
    return (edition.ends_on - edition.starts_on).days + 1


def slots(edition: Edition, minutes: int | None = None) -> tuple[Slot, ...]:
    """The slots of meetings, day by day in the edition's time zone, of `minutes` or the edition's own length."""
    return tuple(_slots(edition, timedelta(minutes=minutes or edition.meeting_minutes)))


def _slots(edition: Edition, length: timedelta) -> Iterator[Slot]:
    zone = ZoneInfo(edition.time_zone)
    for day in range(days(edition)):
        date = edition.starts_on + timedelta(days=day)
        start = datetime.combine(date, edition.meetings_from, zone)
        end = datetime.combine(date, edition.meetings_until, zone)
        while start + length <= end:
            yield Slot(day, start, start + length)
            start += length


def texts(*mappings: Mapping[str, str]) -> Iterable[str]:
    """All texts of some mappings from language to text, each once."""
    return dict.fromkeys(text for mapping in mappings for text in mapping.values())


class Period(StrEnum):
    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


@dataclass(frozen=True)
class FairDay:
    """The date at the place of a fair, against its first and its last day."""

    period: Period
    days_to_go: int
    """Until the first day; 0 on it, negative after it."""
    number: int
    """1 on the first day; only meaningful during the fair."""
    of: int
    """How many days the fair has."""


def fair_day(edition: Edition, now: datetime | None = None) -> FairDay:
    """Which day it is for the fair, in its time zone; by default now."""
    today = today_at(edition, now)
    if today < edition.starts_on:
        period = Period.BEFORE
    elif today <= edition.ends_on:
        period = Period.DURING
    else:
        period = Period.AFTER
    to_go = (edition.starts_on - today).days
    return FairDay(period, to_go, 1 - to_go, (edition.ends_on - edition.starts_on).days + 1)


def later_editions(edition: Edition) -> QuerySet[Edition]:
    """Published fairs of the same organiser that begin after this one has ended, the next one first."""
    later = Edition.objects.filter(organisation=edition.organisation_id, state=Edition.State.PUBLISHED)
    return later.filter(starts_on__gt=edition.ends_on).order_by("starts_on", "pk")
