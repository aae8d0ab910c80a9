"""The guard of the desk's pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.edition.pages.guards import UserRequest
from serai.expo.firms.identity.domain.redirects import leading
from serai.expo.participants.exhibitors.rules import ORGANISERS_DUTIES, duties_in
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.people.account.models import User


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
            found = desks(request.edition).filter(firm__identifier=leading(identifier)).first()
            if found is None:
                raise Http404(_("No exhibitor of this fair has this identifier."))
            if not request.user.has_perm(permission, found):
                raise PermissionDenied
            request.participation = found
            request.duties = duties_in(request.user, found.firm_id)
            if request.user.has_perm("expo.organise_edition", request.edition):
                request.duties |= ORGANISERS_DUTIES
            return view(cast(DeskRequest, request), *args, **kwargs)

        return guarded

    return guard


def desks(edition: Edition) -> QuerySet[Participation]:
    """The participations that have a desk: exhibitors of any kind, from their application on. Inside of the scope."""
    return (
        Participation.objects.filter(edition=edition, kind__in=EXHIBITING)
        .exclude(state=Participation.State.CANCELLED)
        .select_related("firm", "section", "package", "lead__firm", "edition__organisation")
        .order_by("firm__sort_name", "pk")
    )


def desks_of(user: User, edition: Edition) -> QuerySet[Participation]:
    """The desks of the firms in which the user has a role. Call inside of the scope."""
    return desks(edition).filter(firm__roles__user_id=user.pk)


def has_desk(user: User, edition: Edition) -> bool:
    """Whether the user has a desk at this fair. Error pages ask too, outside of the edition's scope."""
    with scope(edition=edition):
        return desks_of(user, edition).exists()
