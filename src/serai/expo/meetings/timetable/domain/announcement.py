"""Letters about the timetable: one to each person, with the meetings that are new, moved or gone since the last letter.

A meeting stores the time and place that its sides know. So each change is told once, however often this is called, and
a change that is still hidden is told when the timetable opens.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.tasks import task
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.fairs.edition.domain.phases import standing
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.fairs.mailing.domain.letters import agenda_of, letters_to, send_letters
from serai.expo.fairs.mailing.domain.outbox import enqueue
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.firms.record.domain.visibility import people_of_firms
from serai.expo.meetings.meeting.domain.life import COMING, GIVEN, UNTOLD
from serai.expo.meetings.meeting.domain.notification import when
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.people.account.models import User

type News = tuple[Meeting, Participation]
"""A meeting and the side that the reader meets there."""

WORDED = ("pk", "state", "starts_at", "place", "written_starts_at")
"""What a letter says of a meeting."""


def announce(edition: Edition, *, by: User | None = None, now: datetime | None = None) -> int:
    """Write to everybody whose meetings have another time or place than they know, or none any more.

    ``by`` made the change and gets no letter. While the timetable is hidden nobody gets one, and a task sends them when
    it opens. Returns the number of letters. The number of queries is fixed.
    """
    at = now or timezone.now()
    if not standing(edition, Phase.Kind.TIMETABLE, at).open:
        announce_when_open(edition, now=at)
        return 0
    seated, gone = _seated(edition, at), _gone(edition, at)
    # The letters are put into words before the transaction, since nobody can write beside it.
    meetings = [*seated, *gone]
    worded = [tuple(getattr(meeting, name) for name in WORDED) for meeting in meetings]
    news = _by_person(meetings, edition, by)
    mails = letters_to(edition, news, "timetable-told", lambda reader: _values(edition, news[reader]))
    with transaction.atomic():
        # Of two who come at once one waits here, so that nobody is written to twice.
        Edition.objects.select_for_update().filter(pk=edition.pk).first()
        if [*seated.values_list(*WORDED), *gone.values_list(*WORDED)] == worded:
            told = enqueue(edition, mails)
            seated.update(written_starts_at=F("starts_at"), written_place=F("place"))
            gone.update(written_starts_at=None, written_place="")
            return told
    return announce(edition, by=by, now=now)  # a meeting has changed or was told meanwhile


def announce_when_open(edition: Edition, *, now: datetime | None = None) -> None:
    """Let the worker send the letters: now if the timetable may be read, or when it opens, if it ever does."""
    phase = standing(edition, Phase.Kind.TIMETABLE, now)
    opens = None if phase.open else phase.opens_at
    if phase.open or (opens is not None and opens > (now or timezone.now())):
        announce_later.using(run_after=opens).enqueue(edition.pk)


@task
def announce_later(edition_pk: int, by_pk: int | None = None) -> int:
    """Send the letters about what was published, or was hidden then. Returns the number of letters."""
    edition = Edition.objects.get(pk=edition_pk)
    with scope(edition=edition):
        return announce(edition, by=User.objects.filter(pk=by_pk).first() if by_pk else None)


def tell_places(edition: Edition, changed: Iterable[tuple[Meeting, str]]) -> None:
    """Notify the people of both sides of meetings that have another place, with the former place of each.

    Each reader gets one letter, with each meeting once, even if the reader acts for both sides.
    """
    former_place = dict(changed)
    news = _by_person(former_place, edition, None)
    zone = ZoneInfo(edition.time_zone)

    def values(reader: User) -> Mapping[str, object]:
        told = sorted(news[reader], key=lambda pair: (str(pair[0].starts_at), pair[0].pk))
        return {"meetings": "\n".join(_line(meeting, other, former_place[meeting], zone) for meeting, other in told)}

    send_letters(edition, news, "meeting-places", values)


def _line(meeting: Meeting, other: Participation, before: str, zone: ZoneInfo) -> str:
    assert meeting.starts_at is not None
    begins = meeting.starts_at.astimezone(zone)
    return _("%(day)s, %(time)s, %(other)s: %(place)s (before: %(before)s)") % {
        "day": date_format(begins, "MONTH_DAY_FORMAT"),
        "time": f"{begins:%H:%M}",
        "other": shown_name(other.firm),
        "place": meeting.place or _("not known yet"),
        "before": before or "–",
    }


def _seated(edition: Edition, at: datetime) -> QuerySet[Meeting]:
    """Meetings to come whose time or place its sides do not know yet."""
    differs = Q(written_starts_at=None) | ~Q(written_starts_at=F("starts_at")) | ~Q(written_place=F("place"))
    told = Q(state=GIVEN) | Q(state=Meeting.State.CONFIRMED, written_starts_at__isnull=False)
    return _shown(Meeting.objects.filter(differs, told, edition=edition, starts_at__gt=at))


def _gone(edition: Edition, at: datetime) -> QuerySet[Meeting]:
    """Meetings that lost a time which their sides know."""
    return _shown(Meeting.objects.filter(edition=edition, state__in=UNTOLD, written_starts_at__gt=at))


def _shown(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    return meetings.select_related("host__firm", "guest__firm").defer("reasons").order_by("starts_at", "pk")


def _by_person(meetings: Iterable[Meeting], edition: Edition, by: User | None) -> dict[User, list[News]]:
    """The news of each person, each meeting once, even for a person who acts for both sides."""
    of_firm: dict[int, list[tuple[Meeting, Participation]]] = defaultdict(list)
    for meeting in meetings:
        meeting.edition = edition
        of_firm[meeting.host.firm_id].append((meeting, meeting.guest))
        of_firm[meeting.guest.firm_id].append((meeting, meeting.host))
    if not of_firm:
        return {}
    news_of: dict[User, list[News]] = {}
    for person, firms in people_of_firms(of_firm).items():
        if by is None or person.pk != by.pk:
            news: dict[int, News] = {}
            for meeting, other in (side for firm in firms for side in of_firm[firm]):
                news.setdefault(meeting.pk, (meeting, other))
            news_of[person] = list(news.values())
    return news_of


def _values(edition: Edition, news: Iterable[News]) -> Mapping[str, object]:
    """The parts of the letter that have something in them, in the current language."""
    new, moved, gone = [], [], []
    for meeting, other in news:
        name = shown_name(other.firm)
        if meeting.state not in COMING:
            gone.append(name)
        elif meeting.written_starts_at is None:
            new.append(f"{when(meeting)} · {name}")
        else:
            moved.append(f"{when(meeting)} · {name}")
    parts = (
        (_("New:"), new),
        (_("At another time or place:"), moved),
        (_("Without a time now:"), gone),
    )
    text = "\n\n".join("\n".join((title, *(f"- {line}" for line in lines))) for title, lines in parts if lines)
    return {"meetings": text, "agenda": agenda_of(edition)}
