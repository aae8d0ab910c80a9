"""Invitations on the organiser's desk, and the page that the link in a letter opens."""

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.views import request_login_code
from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from serai.expo.base.filters import read
from serai.expo.base.forms import FilterForm
from serai.expo.base.rows import paged
from serai.expo.base.submission import told_in, told_to
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.edition.pages.guards import EditionRequest, OrganiserRequest, organiser_required
from serai.expo.fairs.jobs.pages import follow
from serai.expo.fairs.mailing.domain.segments import segments_visible_to
from serai.expo.participants.invitations.domain import acceptance
from serai.expo.participants.invitations.domain import invitations as domain
from serai.expo.participants.invitations.domain.invitations import KINDS, InvitationFilter, InvitationRefusedError
from serai.expo.participants.invitations.domain.jobs import start_inviting, start_reminding
from serai.expo.participants.invitations.models import DeskInvitation, ReminderPlan
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.people.account.models import User


class InviteForm(forms.Form):
    """The segment, what its contact persons become, and where consent comes from that is not known."""

    segment = forms.ChoiceField(label=gettext_lazy("Segment"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("As"),
        choices=[(kind.value, kind.label) for kind in KINDS],
        help_text=gettext_lazy(
            "The first of a firm is best its owner. Of a firm that has an owner everybody else is a member."
        ),
    )
    consent = forms.CharField(
        label=gettext_lazy("Source of consent where none is known"),
        required=False,
        max_length=200,
        help_text=gettext_lazy(
            "Such as: contract of participation. It is kept with each person, with today's date. Left empty, nobody"
            " without a source of consent is written to."
        ),
    )

    def __init__(self, user: User, edition: Edition, data: Any = None) -> None:
        super().__init__(data)
        self.segments = {str(segment.pk): segment for segment in segments_visible_to(user, edition)}
        field = self.fields["segment"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", gettext_lazy("everyone")),
            *((key, segment.name) for key, segment in self.segments.items()),
        ]

    def filters(self) -> dict[str, Any]:
        segment = self.segments.get(self.cleaned_data["segment"])
        return dict(segment.filters) if segment else {}


class PlanForm(forms.Form):
    """After how many days who has not joined is reminded."""

    days = forms.CharField(
        label=gettext_lazy("Remind after so many days"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("Numbers with commas between them, such as 7, 14. Empty: never by itself."),
    )

    def clean_days(self) -> list[int]:
        written = self.cleaned_data["days"].replace(";", ",").replace("،", ",").split(",")
        try:
            return [int(part) for part in written if part.strip()]
        except ValueError:
            raise forms.ValidationError(gettext_lazy("Write whole numbers of days, such as 7, 14.")) from None


@organiser_required("GET", "POST")
def invitations(request: OrganiserRequest) -> HttpResponse:
    """All invitations with what became of each, narrowed; a POST reminds, or keeps when to remind."""
    plan = ReminderPlan.objects.filter(edition=request.edition).first()
    initial = {"days": ", ".join(map(str, plan.days))} if plan else {}
    form = PlanForm(request.POST if "days" in request.POST else None, initial=initial)
    if request.method == "POST" and "remind" in request.POST:
        with told_to(request, InvitationRefusedError):
            return follow(start_reminding(request.edition, user=request.user))
        return redirect("desk-invitations", request.edition.slug)
    if form.is_bound and form.is_valid():
        with told_in(form, InvitationRefusedError, field="days"):
            domain.set_plan(request.edition, form.cleaned_data["days"], user=request.user)
            messages.success(request, _("It is saved."))
            return redirect("desk-invitations", request.edition.slug)
    wanted = read(InvitationFilter, request.GET)
    counts = domain.counts(request.edition)
    page = {
        "page": paged(request, domain.invitations(request.edition, wanted)),
        "filter_form": FilterForm(wanted, always=("q", "state", "kind")),
        "counts": [(state, label, counts[state]) for state, label in DeskInvitation.State.choices],
        "total": sum(counts.values()),
        "waiting": counts[DeskInvitation.State.SENT] + counts[DeskInvitation.State.OPENED],
        "form": form,
    }
    return render(request, "participants/invitations/invitations.html", page, status=400 if form.errors else 200)


@organiser_required("GET", "POST")
def invite(request: OrganiserRequest) -> HttpResponse:
    """Whom a letter would reach and whom not, by segment; a POST has the letters written."""
    given = request.POST if request.method == "POST" else request.GET if "kind" in request.GET else None
    form = InviteForm(request.user, request.edition, given)
    reach = None
    if form.is_bound and form.is_valid():
        kind, consent = form.cleaned_data["kind"], form.cleaned_data["consent"]
        if request.method == "POST":
            with told_in(form, InvitationRefusedError):
                started = start_inviting(request.edition, form.filters(), kind=kind, consent=consent, user=request.user)
                return follow(started)
        reach = domain.reach(request.edition, form.filters(), consent=bool(consent.strip()))
    page = {"form": form, "reach": reach}
    return render(request, "participants/invitations/invite.html", page, status=400 if form.errors else 200)


@organiser_required("POST")
def act(request: OrganiserRequest, number: int) -> HttpResponse:
    """Send one invitation again, or mark that its letter came back."""
    row = get_object_or_404(domain.invitations(request.edition), pk=number)
    with told_to(request, InvitationRefusedError):
        if "bounced" in request.POST:
            domain.bounced(request.edition, row.contact.email, _("Marked by hand."), user=request.user)
            messages.success(request, _("It is marked: nothing more is written to this address."))
        else:
            domain.send_again(row, user=request.user)
            messages.success(request, _("A new link is on its way; the old one answers no more."))
    return redirect("desk-invitations", request.edition.slug)


@never_cache
@require_http_methods(["GET", "POST"])
def join(request: EditionRequest, token: str) -> HttpResponse:
    """The page of the link. Looking at it changes nothing but that it was opened; the button on it joins."""
    invitation = acceptance.invitation_of(request.edition, token)
    if invitation is None:
        raise Http404(_("This link has been used, or a newer letter has replaced it. Sign in with your mail address."))
    program = request.headers.get("user-agent", "")
    if request.method == "GET":
        acceptance.opened(invitation, program)
    elif "again" in request.POST:
        sent = acceptance.send_another(invitation)
        told = _("A new link is on its way.") if sent else _("A link was sent just now. Look into your mailbox.")
        messages.info(request, told)
        return redirect("edition", request.edition.slug)
    elif acceptance.is_good(invitation):
        return _join(request, invitation, program)
    own = isinstance(request.user, User) and acceptance.owns_the_address(request.user, invitation)
    page = {
        "invitation": invitation,
        "is_good": acceptance.is_good(invitation),
        "other": request.user if isinstance(request.user, User) and not own else None,
        "by_code": not own and not acceptance.proves_by_itself(invitation, program),
    }
    return render(request, "participants/invitations/join.html", page)


def _join(request: Any, invitation: DeskInvitation, program: str) -> HttpResponse:
    """Join whoever is signed in; else sign the reader in by the link, or send a code to its mailbox."""
    here = request.path
    if isinstance(request.user, User):
        with told_to(request, InvitationRefusedError):
            participation = acceptance.join(invitation, user=request.user)
            messages.success(request, _("This is your desk. You act for your firm now."))
            return redirect(_desk(participation))
        return redirect(here)
    if not acceptance.proves_by_itself(invitation, program):
        # As on the page of that name: a code by mail, and back here.
        request.POST = request.POST.copy()
        request.POST["email"], request.POST["next"] = acceptance.account_for(invitation, proved=False).email, here
        answer: HttpResponse = request_login_code(request)
        return answer
    with told_to(request, InvitationRefusedError), transaction.atomic():
        user = acceptance.account_for(invitation, proved=True)
        participation = acceptance.join(invitation, user=user)
        record_authentication(request, user, method="code", email=user.email)
        messages.success(request, _("This is your desk. You act for your firm now."))
        signed_in: HttpResponse = perform_login(
            request, Login(user=user, email=user.email, redirect_url=_desk(participation))
        )
        return signed_in
    return redirect(here)


def _desk(participation: Participation) -> str:
    slug = participation.edition.slug
    if participation.kind in EXHIBITING:
        return reverse("desk", args=[slug, participation.firm.identifier])
    return reverse("buyer-desk", args=[slug]) + f"?as={participation.firm.identifier}"


urlpatterns = [
    path("organiser/invitations/", invitations, name="desk-invitations"),
    path("organiser/invitations/invite/", invite, name="desk-invite"),
    path("organiser/invitations/<int:number>/", act, name="desk-invitation-act"),
    path("invited/<str:token>/", join, name="desk-invitation"),
]
