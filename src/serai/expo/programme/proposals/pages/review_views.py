"""The organiser's pages of the call for proposals: the list with its scores, and one proposal with the decision."""

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from serai.expo.base.filters import read
from serai.expo.fairs.edition.domain.phases import standing
from serai.expo.fairs.edition.models import Phase
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.programme.proposals.domain import proposals as proposing
from serai.expo.programme.proposals.domain import reviews as reviewing
from serai.expo.programme.proposals.models import Proposal, ProposalReview
from serai.expo.programme.proposals.pages.forms import AcceptForm, DeclineForm, ReviewForm

PROPOSALS_A_PAGE = 50


@organiser_required
@require_GET
def proposals(request: OrganiserRequest) -> HttpResponse:
    """All proposals with their mean scores, narrowed by state, the newest or the best first."""
    wanted = read(reviewing.ProposalFilter, request.GET)
    found = reviewing.listed(proposing.visible_to(request.user, request.edition), wanted)
    page = {
        "page": Paginator(found, PROPOSALS_A_PAGE).get_page(request.GET.get("page")),
        "states": Proposal.State.choices,
        "wanted": wanted,
        "call": standing(request.edition, Phase.Kind.PROPOSALS),
        "closed": proposing.why_closed(request.edition),
        "zone": ZoneInfo(request.edition.time_zone),
    }
    return render(request, "programme/proposals/proposals.html", page)


@organiser_required
@require_GET
def proposal(request: OrganiserRequest, number: int) -> HttpResponse:
    return _shown(request, _proposal(request, number))


@require_POST
@organiser_required
def review(request: OrganiserRequest, number: int) -> HttpResponse:
    def keep(found: Proposal, given: Mapping[str, Any]) -> None:
        reviewing.review(found, given["score"], given["note"], by=request.user)

    found = _proposal(request, number)
    return _decide(request, found, "review", ReviewForm(request.POST), keep, _("Your review is kept."))


@require_POST
@organiser_required
def accept(request: OrganiserRequest, number: int) -> HttpResponse:
    def take(found: Proposal, given: Mapping[str, Any]) -> None:
        reviewing.accept(found, **given, by=request.user)

    found = _proposal(request, number)
    form = AcceptForm(request.edition, found, request.POST)
    said = _("The proposal is a session now. The public sees it with the next release.")
    return _decide(request, found, "accept", form, take, said)


@require_POST
@organiser_required
def decline(request: OrganiserRequest, number: int) -> HttpResponse:
    def refuse(found: Proposal, given: Mapping[str, Any]) -> None:
        reviewing.decline(found, given["reason"], by=request.user)

    said = _("The proposal is declined. Its proposer is told.")
    return _decide(request, _proposal(request, number), "decline", DeclineForm(request.POST), refuse, said)


def _decide(
    request: OrganiserRequest,
    found: Proposal,
    name: str,
    form: Form,
    act: Callable[[Proposal, Mapping[str, Any]], None],
    said: str,
) -> HttpResponse:
    """Act on the proposal by what the form gives, or show the page with what is wrong."""
    if form.is_valid():
        try:
            act(found, form.cleaned_data)
        except reviewing.ReviewRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, said)
            return redirect("proposal", request.edition.slug, found.pk)
    return _shown(request, found, **{name: form})


def _shown(request: OrganiserRequest, found: Proposal, **bound: Any) -> HttpResponse:
    reviews = list(ProposalReview.objects.filter(proposal=found).select_related("reviewer"))
    own = next((one for one in reviews if one.reviewer_id == request.user.pk), None)
    said = {"score": own.score, "note": own.note} if own else None
    page = {
        "proposal": found,
        "reviews": reviews,
        "review_form": bound.get("review") or ReviewForm(initial=said),
        "accept_form": bound.get("accept") or AcceptForm(request.edition, found),
        "decline_form": bound.get("decline") or DeclineForm(),
        "forums": proposing.forums_to_choose(request.edition).exists(),
        "zone": ZoneInfo(request.edition.time_zone),
    }
    return render(request, "programme/proposals/proposal.html", page, status=400 if bound else 200)


def _proposal(request: OrganiserRequest, number: int) -> Proposal:
    rows = reviewing.with_scores(proposing.visible_to(request.user, request.edition))
    found: Proposal | None = rows.select_related("session__room").filter(pk=number).first()
    if found is None:
        raise Http404(_("There is no such proposal."))
    return found
