"""The guard of a participant's own pages: for whom the reader acts, chosen where there are several."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import redirect

from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.edition.pages.guards import Guard, UserRequest
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.participants.participation.domain.representation import Acting, acting, desks_of

CHOSEN = "acting_for"


class ParticipantRequest(UserRequest):
    """A request by someone who acts for a participant of the edition. For types only."""

    desks: list[Participation]
    by: Acting


def _admit_participant(request: Any, _address: dict[str, Any]) -> None:
    desks = desks_of(request.user, request.edition)
    if not desks:
        raise PermissionDenied
    if asked := request.GET.get("as"):
        request.session[CHOSEN] = asked
    chosen = request.session.get(CHOSEN)
    own = next((desk for desk in desks if desk.firm.identifier == chosen), desks[0])
    request.desks = desks
    request.by = acting(request.user, own)


participant_required = Guard[ParticipantRequest](_admit_participant)
"""Lets in who acts for a participant. ``?as=<identifier of the firm>`` chooses among several and is remembered."""


def _admit_buyer(request: Any, address: dict[str, Any]) -> None:
    _admit_participant(request, address)
    request.desks = [desk for desk in request.desks if desk.kind not in EXHIBITING]
    if not request.desks:
        raise PermissionDenied
    if request.by.participation.kind in EXHIBITING:
        request.by = acting(request.user, request.desks[0])


buyer_required = Guard[ParticipantRequest](_admit_buyer)
"""Lets in who acts for a buyer, a delegation or the press, and for these only: exhibitors have another desk."""


def or_register(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Redirect a signed-in user who acts for nobody to the registration page."""

    @wraps(view)
    def led(request: Any, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not desks_of(request.user, request.edition):
            return redirect("buyer-desk", request.edition.slug)
        return view(request, *args, **kwargs)

    return led


def acting_among(request: ParticipantRequest, *sides: Participation) -> Acting | None:
    """The reader acting for one of these participants, preferably the chosen one; None if it acts for none."""
    keys = [side.pk for side in sides]
    if request.by.participation.pk in keys:
        return request.by
    own = next((desk for desk in request.desks if desk.pk in keys), None)
    return acting(request.user, own) if own else None
