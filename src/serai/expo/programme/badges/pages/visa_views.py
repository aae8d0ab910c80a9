"""Letters of invitation for visas: the travellers for whom the reader makes them, and the form of a letter."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from serai.expo.base.downloads import PDF, download
from serai.expo.fairs.edition.domain.phases import today_at
from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.edition.pages.guards import UserRequest, user_required
from serai.expo.firms.identity.domain.redirects import leading
from serai.expo.participants.delegations.models import DelegationMember
from serai.expo.programme.badges.domain.visa_letters import invitation_pdf, members_of, participants_of
from serai.expo.programme.badges.pages.visa_forms import TravellerForm

MOST = 200


@user_required("GET")
def letters(request: UserRequest) -> HttpResponse:
    """Participants and members for whom the reader makes letters; an organiser names the firm."""
    organises = request.user.has_perm("expo.change_entrance", request.edition)
    participants = participants_of(request.user, request.edition)
    sought = request.GET.get("firm", "").strip()[:40]
    if organises:
        participants = participants.filter(firm__identifier=leading(sought.upper())) if sought else participants.none()
    members = members_of(request.user, request.edition)
    if organises:
        members = members.filter(letter=DelegationMember.Letter.WANTED)
    page = {"organises": organises, "sought": sought, "participants": participants[:MOST], "members": members[:MOST]}
    return render(request, "programme/badges/visa_letters.html", page)


@sensitive_post_parameters()
@user_required("GET", "POST")
def of_participant(request: UserRequest, number: int) -> HttpResponse:
    """A letter for a person of a participant."""
    participation = participants_of(request.user, request.edition).filter(pk=number).first()
    return _letter(request, participation, {})


@sensitive_post_parameters()
@user_required("GET", "POST")
def of_member(request: UserRequest, number: int) -> HttpResponse:
    """A letter for a member of a delegation, whose name and days are filled in."""
    member = members_of(request.user, request.edition).filter(pk=number).first()
    initial = {name: getattr(member, name) for name in ("name", "arrives_on", "leaves_on")} if member else {}
    return _letter(request, member, initial)


def _letter(request: UserRequest, of: Participation | DelegationMember | None, initial: dict[str, Any]) -> HttpResponse:
    if of is None:
        raise Http404(_("There is nobody here for whom you make letters of invitation."))
    over = today_at(request.edition) > request.edition.ends_on
    form = TravellerForm(request.edition, request.POST if request.method == "POST" and not over else None, initial)
    if form.is_valid():
        letter = invitation_pdf(of, form.traveller(), get_language() or "en", by=request.user)
        return download(letter, "invitation.pdf", PDF)
    page = {"form": form, "of": of, "over": over}
    return render(request, "programme/badges/visa_letter.html", page, status=400 if form.errors else 200)
