"""Whether the fair calls for proposals of sessions."""

from django.utils.translation import gettext as _

from serai.expo.fairs.edition.domain.phases import standing, today_at
from serai.expo.fairs.edition.models import Edition, Phase


def why_closed(edition: Edition) -> str:
    """Why nobody can propose a session now, as a sentence; empty while the call is open."""
    if today_at(edition) > edition.ends_on:
        return _("The fair is over; no sessions are proposed to it any more.")
    call = standing(edition, Phase.Kind.PROPOSALS)
    # Without dates there is no call, unlike phases that every fair has.
    return call.sentence if call.is_set else _("This fair has not called for proposals.")
