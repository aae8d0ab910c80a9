"""A person's own account. Signing in and out are django-allauth's views, named in ``urls.py``."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from serai.expo.people.forms import EraseForm
from serai.expo.people.models import User
from serai.expo.people.privacy import ErasureRefusedError, erase, export_of


class UserRequest(HttpRequest):
    """A request by someone who is signed in. For types only."""

    user: User


@login_required
@require_http_methods(["GET", "POST"])
def account(request: UserRequest) -> HttpResponse:
    """What is kept of the reader, as a file, and erased for good by a POST with the password."""
    form = EraseForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            erase(request.user)
        except ErasureRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            logout(request)
            messages.success(request, _("Your account and all that was yours is erased."))
            return redirect("home")
    roles = request.user.roles.select_related("organisation", "firm")
    return render(request, "people/account.html", {"form": form, "roles": roles})


@login_required
def own_data(request: UserRequest) -> HttpResponse:
    """All that is kept of the reader, as one JSON file."""
    return JsonResponse(
        export_of(request.user),
        json_dumps_params={"ensure_ascii": False, "indent": 2},
        headers={"Content-Disposition": 'attachment; filename="my-data.json"'},
    )
