"""A delegation's desk: its members, who lets the leader act for them, and the agenda of all."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.edition.pages.guards import UserRequest
from serai.expo.firms.identity.domain.redirects import leading
from serai.expo.meetings.agenda.domain import agenda_by_day
from serai.expo.meetings.meeting.domain.disclosure import showing
from serai.expo.participants.buyers.models import Delegation
from serai.expo.participants.delegations import domain as delegating
from serai.expo.participants.delegations.pages.views import member_of
from serai.expo.participants.participation.domain.representation import desks_of
from serai.expo.site.buyer_desk.pages.forms import DelegationForm, MemberForm


@login_required
@require_http_methods(["GET", "POST"])
def delegation(request: UserRequest) -> HttpResponse:
    """The delegation that one leads, those that ask to act for one's firm, and the agenda of all members."""
    led = Delegation.objects.filter(edition=request.edition, leader=request.user).first()
    act = request.POST.get("act", "")
    found_form = DelegationForm(request.POST if act == "found" else None)
    member_form = MemberForm(request.POST if act == "add" else None)
    if request.method == "POST":
        try:
            if _done(request, led, act, found_form, member_form):
                messages.success(request, _("Kept."))
                return redirect("delegation", request.edition.slug)
        except delegating.DelegationRefusedError as refusal:
            messages.error(request, str(refusal))
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
    """Whether something was done; a form with a fault is shown again."""
    if act == "found":
        if not found_form.is_valid():
            return False
        delegating.found(request.edition, request.user, **found_form.cleaned_data)
    elif act == "add" and led is not None:
        if not member_form.is_valid():
            return False
        said = member_form.cleaned_data
        delegating.add_member(
            led,
            by=request.user,
            name=said["name"],
            part=said["part"],
            participation=_participation(request, said["firm"]),
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


def _participation(request: UserRequest, identifier: str) -> Participation | None:
    if not identifier.strip():
        return None
    known = Participation.objects.filter(edition=request.edition, firm__identifier=leading(identifier))
    found = known.exclude(state__in=[Participation.State.CANCELLED, Participation.State.REJECTED]).first()
    if found is None:
        raise delegating.DelegationRefusedError(
            _("No firm with this identifier takes part; register it as a buyer first.")
        )
    return found
