"""The parts of a programme that an organiser edits, each under a word in its address."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from serai.expo.programme.sessions.models import Forum, Room, Session, Speaker


@dataclass(frozen=True)
class Kind:
    """What a part is called on a page where it is new, where it is edited, and in a list of its like."""

    model: type[Forum] | type[Room] | type[Session] | type[Speaker]
    new: str | Promise
    edit: str | Promise
    many: str | Promise


KINDS: Mapping[str, Kind] = {
    "session": Kind(Session, _("New session"), _("Edit the session"), _("Sessions")),
    "forum": Kind(Forum, _("New forum"), _("Edit the forum"), _("Forums")),
    "room": Kind(Room, _("New room"), _("Edit the room"), _("Rooms")),
    "speaker": Kind(Speaker, _("New speaker"), _("Edit the speaker"), _("Speakers")),
}
