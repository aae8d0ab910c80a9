"""Reading a badge at the door: the person, the kind, and whether it lets in."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from serai.expo.fairs.edition.domain.phases import closed_sentence
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.programme.badges.domain.documents import badge_of, country_of
from serai.expo.programme.badges.models import Badge, Kind

BUILDING = (Kind.EXHIBITOR, Kind.CO_EXHIBITOR, Kind.SERVICE, Kind.STAFF)
"""Kinds that are let in outside of the hours of the fair, to build up and take down."""


@dataclass(frozen=True)
class Reading:
    """The reading of a code: the badge, if any, and the reason why it does not let in, empty if it does."""

    badge: Badge | None
    why_not: str
    firm: str = ""
    country: str = ""


def read(edition: Edition, code: str, language: str) -> Reading:
    """Read a code that was scanned or typed. Saves nothing."""
    badge = badge_of(edition, code)
    if badge is None:
        return Reading(
            None, _("This code is of no badge of this fair, or of one that was lost and made anew. It does not let in.")
        )
    participation = badge.participation
    firm = shown_name(participation.firm, language) if participation else badge.affiliation
    why_not = _why_not(badge, participation) or (
        "" if badge.kind in BUILDING else closed_sentence(edition, Phase.Kind.FAIR)
    )
    return Reading(badge, why_not, firm, country_of(badge, language))


def _why_not(badge: Badge, participation: Participation | None) -> str:
    if badge.state == Badge.State.ASKED:
        return _("The organiser has not decided on this badge.")
    if badge.state == Badge.State.REFUSED:
        return _("This badge was refused: %s") % badge.reason
    if participation is not None and participation.state != Participation.State.CONFIRMED:
        return _("The firm does not take part: %s") % participation.get_state_display()
    return ""
