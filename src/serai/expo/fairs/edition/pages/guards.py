"""The guards of the organiser's pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from serai.expo.fairs.edition.models import Edition
from serai.expo.people.account.models import User


class EditionRequest(HttpRequest):
    """A request for a page of an edition, as the edition middleware makes it. For types only."""

    edition: Edition


class UserRequest(EditionRequest):
    """A request for a page of an edition by someone who is signed in. For types only."""

    user: User


class OrganiserRequest(UserRequest):
    """A request for a page of an edition by one of its organisers. For types only."""


def organiser_required[**Rest](
    view: Callable[Concatenate[OrganiserRequest, Rest], HttpResponseBase],
) -> Callable[Concatenate[Any, Rest], HttpResponseBase]:
    """Let in organisers of ``request.edition``, send anonymous users to the sign-in page, and refuse everyone else."""

    @wraps(view)
    def guarded(request: Any, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.has_perm("expo.organise_edition", request.edition):
            raise PermissionDenied
        return view(cast(OrganiserRequest, request), *args, **kwargs)

    return guarded
