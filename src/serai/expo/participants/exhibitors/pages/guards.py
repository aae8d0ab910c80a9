"""The guard of the desk's pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext as _

from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.edition.pages.guards import UserRequest
from serai.expo.firms.identity.domain.redirects import leading
from serai.expo.firms.record.rules import ORGANISERS_DUTIES, duties_in
from serai.expo.participants.exhibitors.domain.desks import desks


class DeskRequest(UserRequest):
    """A request for a page of an exhibitor's desk by someone who may see it. For types only."""

    participation: Participation
    duties: frozenset[str]  # what the reader may do here, for the links of the page


def desk_required[**Rest](
    permission: str,
) -> Callable[
    [Callable[Concatenate[DeskRequest, Rest], HttpResponseBase]], Callable[Concatenate[Any, Rest], HttpResponseBase]
]:
    """Find the desk of ``identifier`` in the address and let in who has ``permission`` for it.

    Who is not signed in is sent to the sign-in page, and everyone else is refused.
    """

    def guard(
        view: Callable[Concatenate[DeskRequest, Rest], HttpResponseBase],
    ) -> Callable[Concatenate[Any, Rest], HttpResponseBase]:
        @wraps(view)
        def guarded(request: Any, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            identifier = str(kwargs.pop("identifier"))
            desk = desks(request.edition).filter(firm__identifier=leading(identifier)).first()
            if desk is None:
                raise Http404(_("No exhibitor of this fair has this identifier."))
            if not request.user.has_perm(permission, desk):
                raise PermissionDenied
            request.participation = desk
            request.duties = duties_in(request.user, desk.firm_id)
            if request.user.has_perm("expo.organise_edition", request.edition):
                request.duties |= ORGANISERS_DUTIES
            return view(cast(DeskRequest, request), *args, **kwargs)

        return guarded

    return guard
