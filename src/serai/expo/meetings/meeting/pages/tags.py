"""Template tags that offer a signed-in participant to wish for a firm and to ask it for a meeting."""

from typing import Any

from django import template
from django.http import HttpRequest

from serai.expo.fairs.edition.models import Participation
from serai.expo.meetings.meeting.domain.permission import Permits, not_provided, permits
from serai.expo.meetings.meeting.domain.wishes import may_be_wished, may_know
from serai.expo.meetings.meeting.models import Wish
from serai.expo.participants.participation.domain.representation import desks_of
from serai.expo.participants.participation.pages.guards import CHOSEN

register = template.Library()


@register.filter
def isolated(text: str) -> str:
    """Isolates a name from a sentence of another direction, so that its full stop stays at its own end."""
    return f"\u2068{text}\u2069"


@register.inclusion_tag("meetings/meeting/wish_buttons.html", takes_context=True)
def wish_buttons(context: template.Context, other: Participation, name: str = "") -> dict[str, Any]:
    """The buttons of a wish and of a request to meet. Empty for a reader who takes no part in the fair.

    If the rules do not let the reader ask, it says so and offers only 'no thanks' and undoing a former wish. Wishes and
    rules are read once a page.
    """
    request: HttpRequest = context["request"]
    if not request.user.is_authenticated:
        return {}
    own, wishes, permitted = _own(request)
    if own is None or not may_know(own, other):
        return {}
    strength_said, may_ask = wishes.get(other.pk, ""), may_be_wished(own, other, permitted)
    return {
        "own": own,
        "other": other,
        "name": name,
        "said": strength_said,
        "may_ask": may_ask,
        "why_not": "" if may_ask else not_provided(),
        "strengths": [
            (strength, label)
            for strength, label in Wish.Strength.choices
            if may_ask or strength in (strength_said, Wish.Strength.NO_THANKS)
        ],
        "edition": context["edition"],
        "csrf_token": context["csrf_token"],
        "back": request.get_full_path(),
    }


def _own(request: Any) -> tuple[Participation | None, dict[int, str], Permits]:
    read = getattr(request, "_own_wishes", None)
    if read is None:
        desks = desks_of(request.user, request.edition)
        chosen = request.session.get(CHOSEN)
        own = next((desk for desk in desks if desk.firm.identifier == chosen), desks[0] if desks else None)
        strengths = dict(Wish.objects.filter(wisher=own).values_list("wished_id", "strength")) if own else {}
        read = request._own_wishes = (own, strengths, permits(request.edition) if own else Permits((), {}))
    answer: tuple[Participation | None, dict[int, str], Permits] = read
    return answer
