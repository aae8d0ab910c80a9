"""The people of an organisation, their invitations, and its first start."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.views import request_login_code
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from serai.expo.base.field_form import country_choices
from serai.expo.base.rows import or_404, row_of
from serai.expo.base.submission import submitted, told_to
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.fairs.edition.rules.roles import AREAS, EXPLAINED, ROLES
from serai.expo.fairs.organisers import domain
from serai.expo.fairs.organisers.domain import LastOwnerError, change_role, organisers_of, remove
from serai.expo.people.account.domain.profile import account_of
from serai.expo.people.account.models import Organisation, Role, User
from serai.expo.people.account.pages.confirmation import ask_to_confirm
from serai.expo.people.account.pages.forms import RoleForm

KINDS = [(kind.value, kind.label) for kind in Role.IN_AN_ORGANISATION]


class InviteForm(forms.Form):
    """Whom to invite, and in which role."""

    email = forms.EmailField(label=_("Mail address"))
    kind = forms.ChoiceField(label=_("Role"), choices=KINDS, initial=Role.Kind.MANAGER)


class JoinForm(forms.Form):
    """The name of who accepts without an account."""

    name = forms.CharField(label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))


class OrganisationForm(forms.Form):
    """An organisation: its name and country."""

    organisation = forms.CharField(
        label=_("Name of your organisation"),
        max_length=200,
        help_text=_("The company, chamber or ministry that holds the fair."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    country = forms.ChoiceField(label=_("Country or region of your organisation"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["country"] = forms.ChoiceField(label=self.fields["country"].label, choices=country_choices())


class FirstOwnerForm(OrganisationForm):
    """The organisation, and who becomes its owner."""

    name = forms.CharField(label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Your mail address"),
        help_text=_("We send a code there, by which you sign in."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


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
        messages.success(request, gettext("You are the owner of your organisation here. Now make its first fair."))
        return redirect("new-edition")
    page = {"form": form, "signed_in": signed_in}
    return render(request, "fairs/organisers/first_start.html", page, status=400 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """By the link of an invitation: sign in by a code that is sent to the invited address, and accept.

    Accepting is a POST, so that no mail program accepts by looking at the link.
    """
    invitation = or_404(
        domain.invitation_of(token),
        gettext("This invitation was accepted, taken back or has run out. Ask for a new one."),
    )
    domain.keep_opened(invitation)
    user = request.user if isinstance(request.user, User) else None
    form = JoinForm(request.POST if request.method == "POST" and user is None else None)
    if request.method == "POST" and user is not None:
        with told_to(request, domain.InvitationRefusedError):
            domain.accept(invitation, user=user)
            messages.success(request, gettext("You organise with them now."))
            return redirect(_first_desk(invitation.organisation))
    elif request.method == "POST" and form.is_valid():
        account_of(invitation.email, name=form.cleaned_data["name"])
        answer: HttpResponse = request_login_code(request)
        return answer
    page = {
        "invitation": invitation,
        "form": form,
        "rights": EXPLAINED[invitation.kind],
        "is_other": user is not None and not domain.is_for(invitation, user),
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


@organiser_required("GET", "POST")
def organisers(request: OrganiserRequest) -> HttpResponse:
    """Who organises, who is invited, what each role may do; a POST invites somebody."""
    given = request.POST if request.method == "POST" else None
    form = InviteForm(
        given, initial={name: request.GET[name] for name in InviteForm.base_fields if name in request.GET}
    )
    if given is not None:
        typed = urlencode({name: given.get(name, "") for name in InviteForm.base_fields})
        if answer := ask_to_confirm(request, f"{request.path}?{typed}"):
            return answer

    def act() -> None:
        domain.invite(request.edition, **form.cleaned_data, by=request.user)

    if submitted(request, form, act, domain.InvitationRefusedError):
        messages.success(request, gettext("The invitation is on its way."))
        return redirect("organisers", request.edition.slug)
    organisation = request.edition.organisation
    context = {
        "form": form,
        "organisation": organisation,
        "people": [(role, RoleForm(role, Role.IN_AN_ORGANISATION)) for role in organisers_of(organisation)],
        "invitations": domain.invitations(organisation),
        "roles": [{"title": Role.Kind(kind).label, "text": EXPLAINED[kind]} for kind in ROLES],
        "areas": _areas(),
    }
    return render(request, "fairs/organisers/organisers.html", context, status=400 if form.errors else 200)


def _areas() -> list[tuple[Promise, list[str]]]:
    """Each area of work with what every role may do in it: ``changes``, ``reads`` or nothing."""
    return [
        (
            title,
            [
                "changes" if rights.may(area, change=True) else "reads" if rights.may(area) else ""
                for rights in ROLES.values()
            ],
        )
        for area, title in AREAS.items()
    ]


@organiser_required("POST")
def change(request: OrganiserRequest, number: int) -> HttpResponse:
    """Another role for an organiser, or the role taken away."""
    role = row_of(organisers_of(request.edition.organisation), number, gettext("There is no such organiser."))
    if answer := ask_to_confirm(request, reverse("organisers", args=[request.edition.slug])):
        return answer
    form = RoleForm(role, Role.IN_AN_ORGANISATION, request.POST)
    with told_to(request, LastOwnerError):
        if "remove" in request.POST:
            remove(role, by=request.user)
            messages.success(request, gettext("%s does not organise here any more.") % role.user)
        elif form.is_valid() and form.cleaned_data["kind"] != role.kind:
            change_role(role, form.cleaned_data["kind"], by=request.user)
            messages.success(
                request,
                gettext("%(person)s is now: %(role)s.") % {"person": role.user, "role": role.get_kind_display()},
            )
    if role.user == request.user:  # the own role may not open this page any more
        return redirect("organiser", request.edition.slug)
    return redirect("organisers", request.edition.slug)


@organiser_required("POST")
def invitation(request: OrganiserRequest, number: int) -> HttpResponse:
    """Send an invitation again, or take it back."""
    row = row_of(domain.invitations(request.edition.organisation), number, gettext("There is no such invitation."))
    with told_to(request, domain.InvitationRefusedError):
        if "withdraw" in request.POST:
            domain.withdraw(row, request.edition, by=request.user)
            messages.success(request, gettext("The invitation is taken back."))
        else:
            domain.send_again(row, request.edition, by=request.user)
            messages.success(request, gettext("The invitation is on its way again, with a new link."))
    return redirect("organisers", request.edition.slug)


urlpatterns = [
    path("organiser/organisers/", organisers, name="organisers"),
    path("organiser/organisers/<int:number>/", change, name="organiser-change"),
    path("organiser/organisers/invitations/<int:number>/", invitation, name="organiser-invitation"),
]
outside_of_editions = [
    path("first-start/<str:token>/", first_start, name="first-start"),
    path("organisers/join/<str:token>/", join, name="organiser-join"),
]
