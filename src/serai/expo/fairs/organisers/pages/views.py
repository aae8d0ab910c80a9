"""The first owner of an instance."""

from allauth.account.views import request_login_code
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from serai.expo.base.submission import submitted
from serai.expo.base.text import in_language
from serai.expo.fairs.organisers.domain import first_start as domain
from serai.expo.fairs.organisers.pages.forms import FirstOwnerForm, OrganisationForm
from serai.expo.people.account.domain.accounts import account_of
from serai.expo.people.account.models import User

ANSWERS = "first-start"
"""Where the session keeps what was answered before signing in."""


@never_cache
@require_http_methods(["GET", "POST"])
def first_start(request: HttpRequest, token: str) -> HttpResponse:
    """By the link of the console: name the organisation, sign in by a code, become its owner."""
    try:
        domain.check(token)
    except domain.LinkEndedError as refusal:
        raise Http404(str(refusal)) from None
    given = request.POST if request.method == "POST" else None
    signed_in = isinstance(request.user, User)
    form = (OrganisationForm if signed_in else FirstOwnerForm)(given, initial=_answers(request))

    def act() -> None:
        answers = form.cleaned_data
        if isinstance(request.user, User):
            domain.found(token, name=answers["organisation"], country=answers["country"], user=request.user)
        else:
            account_of(answers["email"], name=answers["name"])
            request.session[ANSWERS] = {name: answers[name] for name in ("organisation", "country")}

    if submitted(request, form, act, domain.LinkEndedError):
        if not signed_in:
            # As on the page of that name: a code by mail, and back here.
            answer: HttpResponse = request_login_code(request)
            return answer
        request.session.pop(ANSWERS, None)
        messages.success(request, _("You are the owner of your organisation here. Now make its first fair."))
        return redirect("new-edition")
    page = {"form": form, "signed_in": signed_in}
    return render(request, "fairs/organisers/first_start.html", page, status=400 if form.errors else 200)


def _answers(request: HttpRequest) -> dict[str, str]:
    """What the form begins with: what was answered before signing in, else the organisation that waits."""
    waiting = domain.waiting_organisation()
    stored = {"organisation": in_language(waiting.name).text, "country": waiting.country} if waiting else {}
    return {**stored, **request.session.get(ANSWERS, {})}
