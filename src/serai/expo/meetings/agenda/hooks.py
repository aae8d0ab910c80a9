"""What this room tells the programme: sessions that take people away from announced meetings."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.base.rows import among
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.meetings.timetable.domain.availability import colliding
from serai.expo.participants.desk.domain import entry
from serai.expo.programme.sessions.domain.conflicts import Conflict, other_conflicts
from serai.expo.programme.sessions.models import Session


@other_conflicts.register
def conflicts_with_meetings(edition: Edition) -> Iterator[Conflict]:
    """Sessions whose speakers, guests or hosts have an announced meeting at the same time."""
    meetings = colliding(edition)
    for session in Session.objects.filter(among("pk", meetings), edition=edition):
        sentence = _("“%s” takes people whom meetings need at the same time.") % in_language(session.title).text
        yield Conflict((session,), sentence, tuple(meetings[session.pk]))


entry("agenda", "meetings", title=gettext_lazy("Agenda"), duty="meet", order=15)
