"""The team of a firm, managed by its owners, and the page on which an invitation is accepted."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from serai.expo.base.submission import told_in, told_to
from serai.expo.fairs.edition.pages.guards import UserRequest, user_required
from serai.expo.participants.exhibitors.pages import DeskRequest, desk_required
from serai.expo.participants.team import domain as joining
from serai.expo.participants.team.domain import invite_by_mail
from serai.expo.participants.team.models import TeamInvitation
from serai.expo.people.account.models import Role
from serai.expo.people.account.pages.forms import RoleForm

KINDS = [(kind.value, kind.label) for kind in Role.IN_A_FIRM]


class InviteForm(forms.Form):
    """Whom to ask, and as what."""

    email = forms.EmailField(label=gettext_lazy("Mail address"))
    kind = forms.ChoiceField(label=gettext_lazy("As"), choices=KINDS, initial=Role.Kind.SALES)


@desk_required("expo.manage_team", "GET", "POST")
def team(request: DeskRequest) -> HttpResponse:
    """Who is in the team, who is asked to join it, and a form to ask one more."""
    participation = request.participation
    form = InviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with told_in(form, joining.TeamRefusedError):
            invite_by_mail(participation, **form.cleaned_data, user=request.user, absolute=request.build_absolute_uri)
            messages.success(request, _("The invitation is sent."))
            return redirect("desk-team", request.edition.slug, participation.firm.identifier)
    roles = Role.objects.filter(firm=participation.firm).select_related("user").order_by("user__name", "pk")
    page = {
        "form": form,
        "roles": [(role, RoleForm(role, Role.IN_A_FIRM)) for role in roles],
        "invitations": joining.open_invitations(participation.firm),
        "seats_free": joining.seats_free(participation),
    }
    return render(request, "participants/team/team.html", page, status=400 if form.errors else 200)


@require_POST
@desk_required("expo.manage_team")
def change(request: DeskRequest, number: int) -> HttpResponse:
    """Another role for a member, or the member removed."""
    role = Role.objects.filter(firm=request.participation.firm, pk=number).select_related("user", "firm").first()
    if role is None:
        raise Http404(_("There is no such person in the team."))
    form = RoleForm(role, Role.IN_A_FIRM, request.POST)
    with told_to(request, joining.TeamRefusedError):
        if "remove" in request.POST:
            joining.remove(role, user=request.user)
        elif form.is_valid():
            joining.change_role(role, form.cleaned_data["kind"], user=request.user)
    return redirect("desk-team", request.edition.slug, request.participation.firm.identifier)


@require_POST
@desk_required("expo.manage_team")
def cancel(request: DeskRequest, number: int) -> HttpResponse:
    """Take an invitation back."""
    firm = request.participation.firm
    invitation = TeamInvitation.objects.filter(firm=firm, accepted_at__isnull=True, pk=number).first()
    if invitation is None:
        raise Http404(_("There is no such invitation."))
    joining.cancel(invitation, user=request.user)
    return redirect("desk-team", request.edition.slug, firm.identifier)


@user_required("GET", "POST")
def join(request: UserRequest, token: str) -> HttpResponse:
    """The invitation, by who has its link; joining is a POST, so that no mail program joins by looking at it."""
    invitation = joining.invitation_of(token)
    if invitation is None:
        raise Http404(_("This invitation has been accepted, taken back, or has run out."))
    if request.method == "POST":
        with told_to(request, joining.TeamRefusedError):
            joining.accept(invitation, user=request.user)
            messages.success(request, _("You are in the team."))
            return redirect("desk-list", request.edition.slug)
    return render(request, "participants/team/join.html", {"invitation": invitation})


urlpatterns = [
    path("desk/join/<str:token>/", join, name="team-join"),
    path("desk/<slug:identifier>/team/", team, name="desk-team"),
    path("desk/<slug:identifier>/team/<int:number>/", change, name="team-change"),
    path("desk/<slug:identifier>/team/invitations/<int:number>/cancel/", cancel, name="team-cancel"),
]
