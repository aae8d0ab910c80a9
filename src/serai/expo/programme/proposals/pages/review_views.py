"""The organiser's pages of the call for proposals: the list with its scores, and one proposal with the decision."""

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from serai.expo.base.filters import read
from serai.expo.base.rows import row_of
from serai.expo.base.submission import told_in
from serai.expo.fairs.edition.domain.phases import standing
from serai.expo.fairs.edition.models import Phase
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.programme.proposals.domain import reviews
from serai.expo.programme.proposals.domain.proposals import forums_to_choose, visible_to
from serai.expo.programme.proposals.models import Proposal, ProposalReview
from serai.expo.programme.proposals.pages.forms import AcceptForm, DeclineForm, ReviewForm
from serai.expo.programme.sessions.domain.call_for_proposals import why_closed

PROPOSALS_A_PAGE = 50

ACTS: Mapping[str, tuple[Callable[..., object], Promise]] = {
    "review": (reviews.review, gettext_lazy("Your review is kept.")),
    "accept": (
        reviews.accept,
        gettext_lazy("The proposal is a session now. The public sees it with the next release."),
    ),
    "decline": (reviews.decline, gettext_lazy("The proposal is declined. Its proposer is told.")),
}
"""What an organiser does with a proposal, by the word in the address. Each takes the fields of its form."""


@organiser_required("GET")
def proposals(request: OrganiserRequest) -> HttpResponse:
    """All proposals with their mean scores, narrowed by state, the newest or the best first."""
    wanted = read(reviews.ProposalFilter, request.GET)
    rows = reviews.listed(visible_to(request.user, request.edition), wanted)
    page = {
        "page": Paginator(rows, PROPOSALS_A_PAGE).get_page(request.GET.get("page")),
        "states": Proposal.State.choices,
        "wanted": wanted,
        "call": standing(request.edition, Phase.Kind.PROPOSALS),
        "closed": why_closed(request.edition),
        "zone": ZoneInfo(request.edition.time_zone),
    }
    return render(request, "programme/proposals/proposals.html", page)


@organiser_required("GET")
def proposal(request: OrganiserRequest, number: int) -> HttpResponse:
    return _page(request, _proposal(request, number))


@require_POST
@organiser_required
def decide(request: OrganiserRequest, number: int, act: str) -> HttpResponse:
    """Review, accept or decline a proposal, or show the page with the errors of the form."""
    row = _proposal(request, number)
    form = _forms(request, row, {act: request.POST})[act]
    function, success = ACTS[act]
    if form.is_valid():
        with told_in(form, reviews.ReviewRefusedError):
            function(row, **form.cleaned_data, by=request.user)
            messages.success(request, str(success))
            return redirect("proposal", request.edition.slug, row.pk)
    return _page(request, row, {act: form})


def _forms(request: OrganiserRequest, row: Proposal, sent: Mapping[str, Any], own: Any = None) -> dict[str, Form]:
    """The form of each act, bound to the data that was sent for it."""
    return {
        "review": ReviewForm(sent.get("review"), initial=own),
        "accept": AcceptForm(request.edition, row, sent.get("accept")),
        "decline": DeclineForm(sent.get("decline")),
    }


def _page(request: OrganiserRequest, row: Proposal, bound: Mapping[str, Form] | None = None) -> HttpResponse:
    all_reviews = list(ProposalReview.objects.filter(proposal=row).select_related("reviewer"))
    own = next((review for review in all_reviews if review.reviewer_id == request.user.pk), None)
    forms = _forms(request, row, {}, {"score": own.score, "note": own.note} if own else None) | dict(bound or {})
    page = {
        "proposal": row,
        "reviews": all_reviews,
        "forums": forums_to_choose(request.edition).exists(),
        "zone": ZoneInfo(request.edition.time_zone),
        **{f"{act}_form": form for act, form in forms.items()},
    }
    return render(request, "programme/proposals/proposal.html", page, status=400 if bound else 200)


def _proposal(request: OrganiserRequest, number: int) -> Proposal:
    rows = reviews.with_scores(visible_to(request.user, request.edition)).select_related("session__room")
    row: Proposal = row_of(rows, number, _("There is no such proposal."))
    return row
