"""The call for proposals: the form to propose a session, and the reader's own proposals."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from serai.expo.base.rows import row_of
from serai.expo.base.submission import told_in, told_to
from serai.expo.fairs.edition.pages.guards import UserRequest, user_required
from serai.expo.programme.proposals.domain import proposals
from serai.expo.programme.proposals.domain.proposals import NotProposedError
from serai.expo.programme.proposals.models import Proposal
from serai.expo.programme.proposals.pages.forms import ProposalForm
from serai.expo.programme.sessions.domain.call_for_proposals import why_closed


@user_required("GET")
def mine(request: UserRequest) -> HttpResponse:
    """The reader's proposals, with the answers to them."""
    page = {"proposals": proposals.own_proposals(request.user, request.edition), "closed": why_closed(request.edition)}
    return render(request, "programme/proposals/my_proposals.html", page)


@user_required("GET", "POST")
def edit(request: UserRequest, number: int | None = None) -> HttpResponse:
    """The form to propose a session, or to change a proposal on which the organiser has not decided."""
    proposal = None if number is None else _own(request, number)
    if proposal and proposal.state != Proposal.State.SUBMITTED:
        return redirect("my-proposals", request.edition.slug)
    form = ProposalForm(request.edition, request.user, request.POST if request.method == "POST" else None, proposal)
    if request.method == "POST" and form.is_valid():
        with told_in(form, NotProposedError):
            if proposal:
                proposals.change(proposal, form.content(), by=request.user)
            else:
                proposals.submit(request.edition, form.content(), by=request.user)
            messages.success(
                request, _("Saved.") if proposal else _("Your session is proposed. The organiser decides.")
            )
            return redirect("my-proposals", request.edition.slug)
    wrong = bool(form.errors) or any(speaker.errors for speaker in form.speakers)
    page = {"form": form, "proposal": proposal, "closed": why_closed(request.edition), "wrong": wrong}
    return render(request, "programme/proposals/propose.html", page, status=400 if wrong else 200)


@user_required("POST")
def withdraw(request: UserRequest, number: int) -> HttpResponse:
    proposal = _own(request, number)
    with told_to(request, NotProposedError):
        proposals.withdraw(proposal, by=request.user)
        messages.success(request, _("The proposal is withdrawn."))
    return redirect("my-proposals", request.edition.slug)


def _own(request: UserRequest, number: int) -> Proposal:
    rows = proposals.own_proposals(request.user, request.edition)
    return row_of(rows, number, _("There is no such proposal."))
