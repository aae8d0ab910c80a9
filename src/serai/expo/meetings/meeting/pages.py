"""Whom a participant wants to meet: all its wishes on one page, saying one wish, and the template tags that offer a
wish or a request beside a firm.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import template
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from serai.expo.base.submission import back_or, tell_with_undo, told_to
from serai.expo.base.text import isolated
from serai.expo.fairs.edition.models import Participation
from serai.expo.meetings.meeting.domain import wishes as wishing
from serai.expo.meetings.meeting.domain.life import PartnerStatus, partner_statuses
from serai.expo.meetings.meeting.domain.permission import Permits, closed_to_requests, not_provided, permits
from serai.expo.meetings.meeting.domain.wishes import may_be_wished, may_know, partner_or_404
from serai.expo.meetings.meeting.models import Wish
from serai.expo.participants.participation.domain.representation import desks_of
from serai.expo.participants.participation.pages.guards import CHOSEN, ParticipantRequest, participant_required


@participant_required("GET")
def wishes(request: ParticipantRequest) -> HttpResponse:
    """All wishes of the participant."""
    own_wishes = list(wishing.wishes_of(request.by.participation))
    return render(
        request,
        "meetings/meeting/wishes.html",
        {
            "own": request.by.participation,
            "groups": [
                (strength, [wish for wish in own_wishes if wish.strength == strength]) for strength in Wish.Strength
            ],
            "said": len(own_wishes),
        },
    )


@participant_required("POST")
def wish(request: ParticipantRequest, identifier: str) -> HttpResponse:
    """Set or delete one wish; returns to the page from which it was sent."""
    other = partner_or_404(request.by, identifier)
    strength = request.POST.get("strength", "")
    before = wishing.strength_of(request.by, other)
    undo = (request.path, ("strength", before), ("next", request.POST.get("next", "")))
    with told_to(request, wishing.WishRefusedError):
        if strength in Wish.Strength:
            wishing.wish(request.by, other, Wish.Strength(strength))
            tell_with_undo(request, _("Kept. The other side does not see it."), *undo)
        else:
            wishing.take_back(request.by, other)
            tell_with_undo(request, _("Withdrawn."), *undo)
    return back_or(request, "my-wishes", request.edition.slug)


register = template.Library()


register.filter(isolated)


@register.inclusion_tag("meetings/meeting/wish_buttons.html", takes_context=True)
def wish_buttons(context: template.Context, other: Participation, name: str = "", chooses: str = "") -> dict[str, Any]:
    """The buttons of a wish and of a request to meet. Empty for a reader who takes no part in the fair.

    If the rules do not let the reader ask, it says so and offers only 'no thanks' and undoing a former wish. Where a
    request waits or a meeting is agreed, it says that instead of asking again. With ``chooses`` the firm can be chosen
    for the form of ``ask_several``; "chosen" means that it is chosen already. All is read once a page.
    """
    request: HttpRequest = context["request"]
    if not request.user.is_authenticated:
        return {}
    reader = _reader(request)
    if reader is None or not may_know(reader.own, other):
        return {}
    own = reader.own
    strength_said, may_wish = reader.wishes.get(other.pk, ""), may_be_wished(own, other, reader.permitted)
    status = reader.statuses.get(other.pk, "")
    may_ask = may_wish and not status and not reader.closed and strength_said != Wish.Strength.NO_THANKS
    return {
        "own": own,
        "other": other,
        "name": name,
        "said": strength_said,
        "status": status,
        "may_ask": may_ask,
        "chooses": chooses,
        "is_chosen": chooses == "chosen",
        "why_not": "" if may_wish else not_provided(),
        "strengths": [
            (strength, label)
            for strength, label in Wish.Strength.choices
            if may_wish or strength in (strength_said, Wish.Strength.NO_THANKS)
        ],
        "edition": context["edition"],
        "csrf_token": context["csrf_token"],
        "back": request.get_full_path(),
    }


@register.inclusion_tag("meetings/meeting/ask_several.html", takes_context=True)
def ask_several(context: template.Context) -> dict[str, Any]:
    """The form that asks the firms chosen on the page. Empty where the reader can ask nobody."""
    request: HttpRequest = context["request"]
    reader = _reader(request) if request.user.is_authenticated else None
    if reader is None:
        return {}
    return {
        "own": reader.own,
        "closed": reader.closed,
        "edition": context["edition"],
        "csrf_token": context["csrf_token"],
        "back": request.get_full_path(),
    }


@dataclass(frozen=True)
class Reader:
    """For whom the reader of a page acts, and how far it is with its partners. Read once a page."""

    own: Participation
    wishes: Mapping[int, str]
    permitted: Permits
    statuses: Mapping[int, PartnerStatus]
    closed: str


def _reader(request: Any) -> Reader | None:
    if not hasattr(request, "_reader_of_wishes"):
        desks = desks_of(request.user, request.edition)
        chosen = request.session.get(CHOSEN)
        own = next((desk for desk in desks if desk.firm.identifier == chosen), desks[0] if desks else None)
        request._reader_of_wishes = (
            None
            if own is None
            else Reader(
                own,
                dict(Wish.objects.filter(wisher=own).values_list("wished_id", "strength")),
                permits(request.edition),
                partner_statuses(own),
                closed_to_requests(request.edition),
            )
        )
    reader: Reader | None = request._reader_of_wishes
    return reader


urlpatterns = [
    path("meetings/wishes/", wishes, name="my-wishes"),
    path("meetings/wishes/<slug:identifier>/", wish, name="wish"),
]
