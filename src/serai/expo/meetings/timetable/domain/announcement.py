"""The timetable told by letter: one to each person, with what is new, moved and gone for that person since the last.

A meeting keeps which time and place its sides know of, so that what is told once is told once, however often this is
called, and what may not be read yet is told when the timetable opens.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.fairs.edition.domain.phases import standing
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.fairs.mailing.domain.letters import agenda_of, send_letters
from serai.expo.firms.record.domain.owners import people_of_firms
from serai.expo.firms.record.domain.shown_name import shown_name
from serai.expo.meetings.meeting.domain.disclosure import GIVEN
from serai.expo.meetings.meeting.domain.life import COMING, UNTOLD
from serai.expo.meetings.meeting.domain.notification import when
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.people.account.models import User

type News = tuple[Meeting, Participation]
"""A meeting and the side that the reader meets there."""


@transaction.atomic
def announce(edition: Edition, *, by: User | None = None, now: datetime | None = None) -> int:
    """Write to everybody whose meetings have another time or place than they know of, or none any more.

    ``by`` has made the change and is not written to. While the timetable may not be read nobody is, and a task comes
    back when it opens. Returns to how many, by a number of queries that does not grow with theirs.
    """
    at = now or timezone.now()
    # The worker may come while an organiser publishes: one after the other, so that nobody is written to twice.
    Edition.objects.select_for_update().filter(pk=edition.pk).first()
    phase = standing(edition, Phase.Kind.TIMETABLE, at)
    if not phase.open:
        announce_when_open(edition, now=at)
        return 0
    seated, gone = _seated(edition, at), _gone(edition, at)
    news = _by_person([*seated, *gone], edition, by)
    told = send_letters(edition, news, "timetable-told", lambda reader: _values(edition, news[reader]))
    seated.update(written_starts_at=F("starts_at"), written_place=F("place"))
    gone.update(written_starts_at=None, written_place="")
    return told


def announce_when_open(edition: Edition, *, now: datetime | None = None) -> None:
    """Let the worker tell the timetable: at once where it may be read, else when it opens, if it ever does."""
    phase = standing(edition, Phase.Kind.TIMETABLE, now)
    opens = None if phase.open else phase.opens_at
    if phase.open or (opens is not None and opens > (now or timezone.now())):
        later = announce_later.using(run_after=opens)
        transaction.on_commit(lambda: later.enqueue(edition.pk))


@task
def announce_later(edition_pk: int) -> int:
    """Tell what could not be read when it was published, by the worker. Returns to how many."""
    edition = Edition.objects.get(pk=edition_pk)
    with scope(edition=edition):
        return announce(edition)


def _seated(edition: Edition, at: datetime) -> QuerySet[Meeting]:
    """Meetings to come with a time or place that their sides have not been told of."""
    differs = Q(written_starts_at=None) | ~Q(written_starts_at=F("starts_at")) | ~Q(written_place=F("place"))
    told = Q(state=GIVEN) | Q(state=Meeting.State.CONFIRMED, written_starts_at__isnull=False)
    return _shown(Meeting.objects.filter(differs, told, edition=edition, starts_at__gt=at))


def _gone(edition: Edition, at: datetime) -> QuerySet[Meeting]:
    """Meetings that were to come, as their sides know, and that have no time any more."""
    return _shown(Meeting.objects.filter(edition=edition, state__in=UNTOLD, written_starts_at__gt=at))


def _shown(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    return meetings.select_related("host__firm", "guest__firm").defer("reasons").order_by("starts_at", "pk")


def _by_person(meetings: Iterable[Meeting], edition: Edition, by: User | None) -> dict[User, list[News]]:
    """What there is to tell each person, a meeting once, also to one who acts for both of its sides."""
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
    """The parts of the letter that have something in them, in the language that is current."""
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
