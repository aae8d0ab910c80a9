"""What this room tells the registries: desk, cloning, moved phases, withdrawal, the letter of the timetable."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_scopes import scope

from serai.expo.fairs.edition.domain.changes import edition_changed
from serai.expo.fairs.edition.domain.clone import copied
from serai.expo.fairs.edition.domain.phases import follows
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.fairs.jobs.domain import job
from serai.expo.fairs.mailing.domain.kinds import letter
from serai.expo.meetings.meeting.domain.life import UNTOLD, of_either
from serai.expo.meetings.meeting.domain.notification import AGENDA, agenda_line
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.timetable.domain.announcement import announce_when_open
from serai.expo.meetings.timetable.domain.drafts import TimetableRefusedError
from serai.expo.meetings.timetable.domain.publication import make, publish
from serai.expo.meetings.timetable.domain.relocation import places_follow
from serai.expo.meetings.timetable.models import InterpreterPool, MeetingBlock, TimetableSettings
from serai.expo.participants.participation.domain.withdrawal import Leaving, ends
from serai.expo.people.account.models import User
from serai.expo.venue.halls.domain.relocation import Relocated, booths_relabelled, hosts_relocated
from serai.expo.venue.halls.models import Booth

job("timetable", title=gettext_lazy("The timetable"), refusals=(TimetableRefusedError,))(make)
job(
    "timetable-publication",
    title=gettext_lazy("Publishing the timetable"),
    refusals=(TimetableRefusedError,),
    atomic=True,
)(publish)

copied(TimetableSettings, "timetable")
copied(MeetingBlock, "timetable")
copied(InterpreterPool, "interpreters")


follows(Phase.Kind.TIMETABLE, announce_when_open)


@hosts_relocated.register
def _move_meetings(edition: Edition, participations: Collection[int], by: User | None) -> Relocated:
    followed = places_follow(edition, participations, by=by)
    return Relocated(len(followed.moved), len(followed.without))


@booths_relabelled.register
def _rename_places(
    edition: Edition, former_labels: Mapping[Booth, str], hosts: Collection[int], by: User | None
) -> Relocated:
    renamed = {former: booth.label for booth, former in former_labels.items()}
    followed = places_follow(edition, hosts, renamed=renamed, by=by)
    return Relocated(len(followed.moved), len(followed.without))


def _seated_untold(participation: Participation, _at: datetime) -> QuerySet[Meeting]:
    return Meeting.objects.filter(of_either(participation), state__in=UNTOLD, starts_at__isnull=False)


def _unseat(leaving: Leaving, _found: list[Meeting]) -> None:
    """Unseat draft meetings that nobody knows of."""
    _seated_untold(leaving.participation, leaving.at).update(starts_at=None, ends_at=None, place="", run=None)


ends("seats", rows=_seated_untold, end=_unseat)

letter(
    "timetable-told",
    title=gettext_lazy("The timetable of meetings is told or changed"),
    when=gettext_lazy(
        "Once to each person whose meetings are new, moved or without a time, when a timetable is published, when it "
        "opens to the participants, and with each change on the day."
    ),
    places={
        "meetings": (
            gettext_lazy("what is new, moved and without a time, by lines"),
            "- 2026-11-28, 10:00-10:30 · T12 · Huanghe Cells",
        )
    }
    | AGENDA,
    needed=("meetings",),
    words=lambda: (_("Your meetings at %s: what is new") % "{fair}", "{meetings}\n\n" + agenda_line()),
)


@edition_changed.register
def move_meetings(edition: Edition, before: Mapping[str, Any], user: User | None) -> None:
    """Move meetings to other places where the number of meeting tables has changed."""
    if edition.meeting_tables != before["meeting_tables"]:
        with scope(edition=edition):
            places_follow(edition, by=user)


letter(
    "meeting-places",
    title=gettext_lazy("Meetings are held elsewhere"),
    when=gettext_lazy("To the people of both firms where the host has another booth or none, a letter each."),
    places={
        "meetings": (
            gettext_lazy("the meetings, one a line, with the place and the one before"),
            "28 November, 10:00, Huanghe Cells: W1 A02 (W1 A01)",
        )
    },
    needed=("meetings",),
    words=lambda: (
        _("{fair}: another place for meetings of yours"),
        _("Dear {name},\n\nthese meetings keep their time and are held at another place:\n\n{meetings}\n\n{link}"),
    ),
)
