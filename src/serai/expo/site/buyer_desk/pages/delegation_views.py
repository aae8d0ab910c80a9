"""A delegation's desk: its members, requests to act for them, and the agenda of all."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from serai.expo.base.submission import told_to
from serai.expo.fairs.edition.pages.guards import UserRequest, user_required
from serai.expo.meetings.agenda.domain import agenda_by_day
from serai.expo.meetings.meeting.domain.disclosure import showing
from serai.expo.participants.delegations import domain as delegating
from serai.expo.participants.delegations.models import Delegation
from serai.expo.participants.delegations.pages.views import member_of
from serai.expo.participants.participation.domain.representation import desks_of
from serai.expo.site.buyer_desk.pages.forms import DelegationForm, MemberForm


@user_required("GET", "POST")
def delegation(request: UserRequest) -> HttpResponse:
    """The reader's delegation, requests to act for the reader's firm, and the agenda of all members."""
    led = Delegation.objects.filter(edition=request.edition, leader=request.user).first()
    act = request.POST.get("act", "")
    found_form = DelegationForm(request.POST if act == "found" else None)
    member_form = MemberForm(request.POST if act == "add" else None)
    if request.method == "POST":
        with told_to(request, delegating.DelegationRefusedError):
            if _done(request, led, act, found_form, member_form):
                messages.success(request, _("Saved."))
                return redirect("delegation", request.edition.slug)
    members = list(led.members.select_related("participation__firm")) if led else []
    may_read = showing(request.edition)
    theirs = [member.participation for member in members if member.participation and member.proxy_since]
    return render(
        request,
        "site/buyer_desk/delegation.html",
        {
            "delegation": led,
            "members": members,
            "days": agenda_by_day(theirs, request.edition, may_read) if theirs else [],
            "hidden": may_read.sentence,
            "asked": delegating.asked_to_let_act(request.user, request.edition),
            "desks": desks_of(request.user, request.edition),
            "found_form": found_form,
            "member_form": member_form,
            "zone": ZoneInfo(request.edition.time_zone),
        },
    )


def _done(
    request: UserRequest, led: Delegation | None, act: str, found_form: DelegationForm, member_form: MemberForm
) -> bool:
    """Do what was asked. Returns False if a form has errors."""
    if act == "found":
        if not found_form.is_valid():
            return False
        delegating.found(request.edition, request.user, **found_form.cleaned_data)
    elif act == "add" and led is not None:
        if not member_form.is_valid():
            return False
        given = member_form.cleaned_data
        delegating.add_member(
            led,
            by=request.user,
            name=given["name"],
            part=given["part"],
            participation=delegating.participant_of(request.edition, given["firm"]),
            journey=member_form.journey(),
        )
    elif act == "remove" and led is not None:
        delegating.remove_member(member_of(request, led.members.all()), by=request.user)
    elif act in ("let", "end"):
        asked = delegating.asked_to_let_act(request.user, request.edition)
        delegating.let_act(member_of(request, asked), by=request.user, let=act == "let")
    else:
        raise Http404
    return True
