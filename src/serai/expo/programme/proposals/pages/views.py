"""The call for proposals: the form to propose a session, and what the reader has proposed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from serai.expo.fairs.edition.pages.guards import UserRequest
from serai.expo.programme.proposals.domain import proposals as proposing
from serai.expo.programme.proposals.models import Proposal
from serai.expo.programme.proposals.pages.forms import ProposalForm


@login_required
@require_GET
def mine(request: UserRequest) -> HttpResponse:
    """What the reader has proposed, with what became of it."""
    page = {
        "proposals": proposing.own_proposals(request.user, request.edition),
        "closed": proposing.why_closed(request.edition),
    }
    return render(request, "programme/proposals/my_proposals.html", page)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: UserRequest) -> HttpResponse:
    """The call, with the form to propose a session."""
    form = ProposalForm(request.edition, request.user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            proposing.submit(request.edition, form.said(), by=request.user)
        except proposing.NotProposedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your session is proposed. The organiser decides."))
            return redirect("my-proposals", request.edition.slug)
    return _shown(request, form)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: UserRequest, number: int) -> HttpResponse:
    """Say it anew, until the organiser has decided."""
    found = _own(request, number)
    if found.state != Proposal.State.SUBMITTED:
        return redirect("my-proposals", request.edition.slug)
    form = ProposalForm(request.edition, request.user, request.POST if request.method == "POST" else None, found)
    if request.method == "POST" and form.is_valid():
        try:
            proposing.change(found, form.said(), by=request.user)
        except proposing.NotProposedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kept."))
            return redirect("my-proposals", request.edition.slug)
    return _shown(request, form, found)


@login_required
@require_POST
def withdraw(request: UserRequest, number: int) -> HttpResponse:
    try:
        proposing.withdraw(_own(request, number), by=request.user)
    except proposing.NotProposedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The proposal is withdrawn."))
    return redirect("my-proposals", request.edition.slug)


def _shown(request: UserRequest, form: ProposalForm, proposal: Proposal | None = None) -> HttpResponse:
    wrong = bool(form.errors) or any(one.errors for one in form.speakers)
    page = {
        "form": form,
        "proposal": proposal,
        "closed": proposing.why_closed(request.edition),
        "wrong": wrong,
    }
    return render(request, "programme/proposals/propose.html", page, status=400 if wrong else 200)


def _own(request: UserRequest, number: int) -> Proposal:
    found = proposing.own_proposals(request.user, request.edition).filter(pk=number).first()
    if found is None:
        raise Http404(_("There is no such proposal."))
    return found
