"""Whom a participant wants to meet: all its wishes on one page, and saying one wish."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from serai.expo.base.submission import back_or, told_to
from serai.expo.base.undo import tell_with_undo
from serai.expo.meetings.meeting.domain import wishes as wishing
from serai.expo.meetings.meeting.domain.wishes import partner_or_404
from serai.expo.meetings.meeting.models import Wish
from serai.expo.participants.participation.pages.guards import ParticipantRequest, participant_required


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
