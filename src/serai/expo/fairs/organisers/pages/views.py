"""Becoming an organiser: the first owner of an instance, and who was invited."""

from allauth.account.views import request_login_code
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from serai.expo.base.submission import submitted, told_to
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.edition.rules.roles import EXPLAINED
from serai.expo.fairs.organisers.domain import first_start as domain
from serai.expo.fairs.organisers.domain import invitations as inviting
from serai.expo.fairs.organisers.pages.forms import FirstOwnerForm, JoinForm, OrganisationForm
from serai.expo.people.account.domain.accounts import account_of
from serai.expo.people.account.models import Organisation, User

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


@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """By the link of an invitation: sign in by a code that is sent to the invited address, and accept.

    Accepting is a POST, so that no mail program accepts by looking at the link.
    """
    invitation = inviting.invitation_of(token)
    if invitation is None:
        raise Http404(_("This invitation was accepted, taken back or has run out. Ask for a new one."))
    inviting.keep_opened(invitation)
    user = request.user if isinstance(request.user, User) else None
    form = JoinForm(request.POST if request.method == "POST" and user is None else None)
    if request.method == "POST" and user is not None:
        with told_to(request, inviting.InvitationRefusedError):
            inviting.accept(invitation, user=user)
            messages.success(request, _("You organise with them now."))
            return redirect(_first_desk(invitation.organisation))
    elif request.method == "POST" and form.is_valid():
        account_of(invitation.email, name=form.cleaned_data["name"])
        answer: HttpResponse = request_login_code(request)
        return answer
    page = {
        "invitation": invitation,
        "form": form,
        "rights": EXPLAINED[invitation.kind],
        "is_other": user is not None and not inviting.is_for(invitation, user),
    }
    return render(request, "fairs/organisers/join.html", page, status=400 if form.errors else 200)


def _first_desk(organisation: Organisation) -> str:
    """The desk of the organisation's latest fair; the front page without one."""
    edition = Edition.objects.filter(organisation=organisation).order_by("-starts_on").first()
    return reverse("organiser", args=[edition.slug]) if edition else reverse("home")


def _answers(request: HttpRequest) -> dict[str, str]:
    """What the form begins with: what was answered before signing in, else the organisation that waits."""
    waiting = domain.waiting_organisation()
    stored = {"organisation": in_language(waiting.name).text, "country": waiting.country} if waiting else {}
    return {**stored, **request.session.get(ANSWERS, {})}
