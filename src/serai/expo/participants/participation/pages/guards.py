"""The guard of a participant's own pages: for whom the reader acts, chosen where there are several."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import redirect

from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.edition.pages.guards import UserRequest
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.participants.participation.domain.representation import Acting, acting, desks_of

CHOSEN = "acting_for"


class ParticipantRequest(UserRequest):
    """A request by someone who acts for a participant of the edition. For types only."""

    desks: list[Participation]
    by: Acting


def participant_required[**Rest](
    view: Callable[Concatenate[ParticipantRequest, Rest], HttpResponseBase],
) -> Callable[Concatenate[Any, Rest], HttpResponseBase]:
    """Let in who acts for a participant; send who is not signed in to sign in; refuse everyone else.

    ``?as=<identifier of the firm>`` chooses among several and is remembered.
    """

    @wraps(view)
    def guarded(request: Any, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        desks = desks_of(request.user, request.edition)
        if not desks:
            raise PermissionDenied
        if asked := request.GET.get("as"):
            request.session[CHOSEN] = asked
        chosen = request.session.get(CHOSEN)
        own = next((desk for desk in desks if desk.firm.identifier == chosen), desks[0])
        request.desks = desks
        request.by = acting(request.user, own)
        return view(cast(ParticipantRequest, request), *args, **kwargs)

    return guarded


def buyer_required[**Rest](
    view: Callable[Concatenate[ParticipantRequest, Rest], HttpResponseBase],
) -> Callable[Concatenate[Any, Rest], HttpResponseBase]:
    """Let in who acts for a buyer, a delegation or the press, and for these only: exhibitors have another desk."""

    @participant_required
    @wraps(view)
    def guarded(request: ParticipantRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        request.desks = [desk for desk in request.desks if desk.kind not in EXHIBITING]
        if not request.desks:
            raise PermissionDenied
        if request.by.participation.kind in EXHIBITING:
            request.by = acting(request.user, request.desks[0])
        return view(request, *args, **kwargs)

    return guarded


def or_register(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Lead who is signed in and acts for nobody yet to where one registers."""

    @wraps(view)
    def led(request: Any, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not desks_of(request.user, request.edition):
            return redirect("buyer-desk", request.edition.slug)
        return view(request, *args, **kwargs)

    return led


def acting_among(request: ParticipantRequest, *sides: Participation) -> Acting | None:
    """The reader acting for one of these: the one chosen where it is among them; None where it is none of its own."""
    keys = [side.pk for side in sides]
    if request.by.participation.pk in keys:
        return request.by
    own = next((desk for desk in request.desks if desk.pk in keys), None)
    return acting(request.user, own) if own else None
