"""A person's own account. Signing in and out are django-allauth's views, named in ``urls.py``."""

from collections.abc import Callable, Mapping
from functools import wraps

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST
from django_scopes import scopes_disabled

from serai.expo.base.files.domain import FileRefusedError
from serai.expo.base.files.models import Audience
from serai.expo.people.account.domain.consents import UnknownPurposeError, give, history, standings, withdraw
from serai.expo.people.account.domain.privacy import ErasureRefusedError, erase, export_of
from serai.expo.people.account.domain.profile import AUDIENCES, change_profile, remove_photo, set_photo, show_photo_to
from serai.expo.people.account.domain.sessions import end, end_others, places
from serai.expo.people.account.models import User
from serai.expo.people.account.pages.confirmation import require_confirmation
from serai.expo.people.account.pages.forms import EraseForm, ProfileForm

PHOTO_SEEN_BY: Mapping[str, str | Promise] = {
    Audience.PUBLIC: gettext_lazy("Everyone who may read my name"),
    Audience.PARTICIPANTS: gettext_lazy("Participants of the fairs of my firms"),
    Audience.FIRM: gettext_lazy("The people of my firms only"),
}


class UserRequest(HttpRequest):
    """A request by someone who is signed in. For types only."""

    user: User


def leaving_nothing(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Have the browser delete all data of this site after signing out: pages, leads, workers."""

    @wraps(view)
    def left(request: HttpRequest) -> HttpResponse:
        answer = view(request)
        if not request.user.is_authenticated:
            answer["Clear-Site-Data"] = '"cache", "storage"'
        return answer

    return left


@login_required
@require_http_methods(["GET", "POST"])
def account(request: UserRequest) -> HttpResponse:
    """The reader's account; a POST with the password, or a code where there is none, erases it for good."""
    form = EraseForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not request.user.has_usable_password():
            require_confirmation(request)
        try:
            erase(request.user)
        except ErasureRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            logout(request)
            messages.success(request, _("Your account and all that was yours is erased."))
            return redirect("home")
    roles = request.user.roles.select_related("organisation", "firm")
    with scopes_disabled():
        helped = list(request.user.acted_for_by.select_related("organiser", "edition")[:20])
    return render(request, "people/account/account.html", {"form": form, "roles": roles, "helped": helped})


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: UserRequest) -> HttpResponse:
    """The reader's name, languages and position."""
    if request.method == "POST" and "photo" in request.POST:
        return _photo(request)
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        change_profile(User.objects.get(pk=request.user.pk), form.cleaned_data, by=request.user)
        messages.success(request, _("Your profile is kept."))
        return redirect("profile")
    audiences = [(audience.value, PHOTO_SEEN_BY[audience]) for audience in AUDIENCES]
    return render(request, "people/account/profile.html", {"form": form, "audiences": audiences})


def _photo(request: UserRequest) -> HttpResponse:
    """Set the photo, choose who sees it, or delete it."""
    user, audience = User.objects.get(pk=request.user.pk), request.POST.get("audience", "")
    try:
        if request.POST["photo"] == "remove":
            remove_photo(user)
            messages.success(request, _("Your photo is deleted."))
        elif upload := request.FILES.get("file"):
            set_photo(user, upload, audience, request.POST.get("focus", ""))
            messages.success(request, _("Your photo is kept."))
        else:
            show_photo_to(user, audience, request.POST.get("focus", ""))
            messages.success(request, _("Your choice is kept."))
    except FileRefusedError as refusal:
        messages.error(request, str(refusal))
    return redirect("profile")


@login_required
@require_http_methods(["GET", "POST"])
def consents(request: UserRequest) -> HttpResponse:
    """What the reader agrees to, changed by a POST of the purpose and ``give`` or ``withdraw``."""
    if request.method == "POST":
        change = {"give": give, "withdraw": withdraw}.get(request.POST.get("say", ""))
        try:
            if change is None:
                raise UnknownPurposeError
            change(request.user, request.POST.get("purpose", ""))
        except UnknownPurposeError:
            messages.error(request, _("This was not understood. Nothing was changed."))
        else:
            messages.success(request, _("Your decision is kept."))
        return redirect("consents")
    return render(
        request,
        "people/account/consents.html",
        {"standings": standings(request.user), "history": history(request.user)[:100]},
    )


@login_required
def own_data(request: UserRequest) -> HttpResponse:
    """All data of the reader, as one JSON file."""
    return JsonResponse(
        export_of(request.user),
        json_dumps_params={"ensure_ascii": False, "indent": 2},
        headers={"Content-Disposition": 'attachment; filename="my-data.json"'},
    )


@login_required
@require_http_methods(["GET", "POST"])
def sessions(request: UserRequest) -> HttpResponse:
    """Where the reader is signed in; a POST ends all the others."""
    key = request.session.session_key
    if request.method == "POST":
        count = end_others(request.user, key)
        messages.success(request, ngettext("%d session is ended.", "%d sessions are ended.", count) % count)
        return redirect("usersessions_list")
    return render(request, "people/account/sessions.html", {"places": places(request.user, key)})


@login_required
@require_POST
def session_end(request: UserRequest, pk: int) -> HttpResponse:
    """End one of the reader's sessions. Ending the current one signs out."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    is_current = session.session_key == request.session.session_key
    end(session, user=request.user)
    if is_current:
        logout(request)
        return redirect("home")
    messages.success(request, _("The session is ended: whoever used it is signed out."))
    return redirect("usersessions_list")
