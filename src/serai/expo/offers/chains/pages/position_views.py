"""A firm's page of its positions on the chains, and the organiser's list of what firms say."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from serai.expo.base.numbers import number_of
from serai.expo.base.submission import told_to
from serai.expo.base.undo import tell_with_undo
from serai.expo.fairs.edition.domain.phases import closed_sentence
from serai.expo.fairs.edition.models import Phase
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required, user_required
from serai.expo.firms.record.models import Firm
from serai.expo.firms.verification.pages.claim_views import edited_firm
from serai.expo.offers.chains.domain import positions
from serai.expo.offers.chains.domain.decisions import DecisionError
from serai.expo.offers.chains.models import ChainPosition, Node
from serai.expo.offers.chains.pages.decision_views import answer_of_item, guesses, own_items

A_PAGE = 25


@user_required("GET", "POST")
def firm_positions(request: Any, identifier: str) -> HttpResponse:
    """The firm confirms, corrects and names where it stands."""
    firm = edited_firm(request, identifier)
    nodes = positions.nodes_of(request.edition)
    closed = closed_sentence(request.edition, Phase.Kind.PROFILE)
    if request.method == "POST" and not closed:
        with told_to(request, positions.PositionError, DecisionError):
            own = own_items(request.edition, firm)
            if sentence := answer_of_item(request, own):
                if "take_back" in request.POST:
                    messages.success(request, sentence)
                else:
                    undo = (("item", request.POST["item"]), ("take_back", "1"))
                    tell_with_undo(request, sentence, request.path, *undo)
            else:
                messages.success(request, _answer(request, firm, nodes))
        return redirect("firm-positions", request.edition.slug, firm.identifier)
    stands, denied = positions.stands(firm, request.edition), positions.denied(firm)
    return render(
        request,
        "offers/chains/positions.html",
        {
            "firm": firm,
            "stands": stands,
            "denied": denied,
            "guesses": guesses(
                request.edition, firm, {*(row.node.pk for row in stands), *(row.node_id for row in denied)}
            ),
            "nodes": nodes,
            "roles": ChainPosition.Role.choices,
            "closed": closed,
        },
    )


def _answer(request: Any, firm: Firm, nodes: list[Node]) -> str:
    key = request.POST.get("node", "")
    node = next((node for node in nodes if str(node.pk) == key), None)
    if node is None:
        raise positions.PositionError(_("Choose a node of a chain of this fair."))
    answer, role = request.POST.get("answer"), request.POST.get("role", "")
    if answer == "deny":
        positions.deny(firm, node, user=request.user)
        return _("Kept: your firm does not stand there, and will not be guessed there.")
    if answer == "forget":
        for position in firm.positions.filter(node=node):
            positions.take_away(position, user=request.user)
        return _("What you said of this node is forgotten.")
    positions.say(firm, node, role, user=request.user)
    return _("Your position is kept; the chain map shows it as confirmed by the firm.")


@organiser_required("GET", "POST")
def position_list(request: OrganiserRequest) -> HttpResponse:
    """What the firms of the fair say of their positions, to be looked at."""
    rows = positions.positions_of(request.edition)
    if request.method == "POST":
        key = request.POST.get("number", "")
        position = get_object_or_404(rows, pk=number_of(key) or 0)
        with told_to(request, positions.PositionError):
            if request.POST.get("answer") == "uncheck":
                positions.uncheck(position, request.edition, user=request.user)
                messages.success(request, _("The check is taken back."))
            else:
                positions.check(position, request.edition, user=request.user, how=request.POST.get("how", ""))
                messages.success(request, _("Kept as checked."))
        return redirect("position-list", request.edition.slug)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "offers/chains/position_list.html", {"page": page})
