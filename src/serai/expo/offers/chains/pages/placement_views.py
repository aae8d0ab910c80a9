"""Where firms stand on the chains: the organiser's decisions about placements, and the positions that a firm says."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from serai.expo.base.numbers import number_of, numbers_of
from serai.expo.base.submission import tell_with_undo, told_to
from serai.expo.fairs.edition.domain.phases import closed_sentence
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required, user_required
from serai.expo.firms.record.models import Firm
from serai.expo.firms.verification.pages import edited_firm
from serai.expo.offers.chains.domain import decisions, positions
from serai.expo.offers.chains.domain.decisions import DecisionError, Likely, Subject
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.offers.chains.domain.positions import nodes_of
from serai.expo.offers.chains.models import ChainPosition, Node, PlacementDecision

A_PAGE = 10
"""Texts that a person decides in one go: about a screen of each, and a few seconds of reading."""
LATEST = 10
NONE = "none"
FIELD = "node-{}"


@dataclass(frozen=True)
class Asked:
    """A subject with its likeliest nodes, and what was decided of it."""

    subject: Subject
    likely: list[Likely]
    decision: PlacementDecision | None = None


# The firm


def own_items(edition: Edition, firm: Firm) -> list[Subject]:
    """The offers and needs of a firm at the fair that are placed, without those for which it has named a node."""
    participation = Participation.objects.filter(edition=edition, firm=firm).select_related("firm").first()
    if participation is None or participation.state == Participation.State.CANCELLED:
        return []
    return [subject for subject in decisions.subjects_of(participation) if not subject.is_stated]


def guesses(edition: Edition, firm: Firm, stands: set[int]) -> dict[str, Any]:
    """The likeliest nodes of the firm by its description, without where it `stands`, and those of each of its items."""
    own = own_items(edition, firm)
    participation = Participation.objects.filter(edition=edition, firm=firm).select_related("firm").first()
    described = [Subject(participation)] if participation and firm.description else []
    likely = decisions.likeliest(edition, [*described, *own])
    decided = {
        (row.offer_id, row.need_id): row
        for row in PlacementDecision.objects.filter(edition=edition, participation=participation).select_related(
            "node__chain"
        )
    }
    keys = {
        subject.key: (subject.item.pk, None) if subject.side == "offer" else (None, subject.item.pk)
        for subject in own
        if subject.item
    }
    return {
        "firm": [guess for subject in described for guess in likely[subject.key] if guess.node.pk not in stands],
        "items": [Asked(subject, likely[subject.key], decided.get(keys[subject.key])) for subject in own],
    }


def answer_of_item(request: Any, own: list[Subject]) -> str:
    """What the firm says of one of its `own` items, done, as a sentence; empty where it says nothing of an item.

    Raises DecisionError.
    """
    key = request.POST.get("item", "")
    if not key:
        return ""
    subject = next((subject for subject in own if subject.key == key), None)
    if subject is None:
        raise decisions.DecisionError(_("This offer or need is not there any more, or waits for its publication."))
    if "take_back" in request.POST:
        decision = decisions.decision_of(subject)
        if decision is not None:
            decisions.take_back(decision, user=request.user)
        return _("Taken back. It is guessed again.")
    node = _chosen(request.POST.get("node", ""), nodes_of(request.edition))
    decisions.decide(subject, node, by=decisions.By.FIRM, user=request.user)
    if node is None:
        return _("Kept: it stands on none of these nodes.")
    return _("Kept: it stands there. You can take this back below.")


def _chosen(answer: str, nodes: list[Node]) -> Node | None:
    """The node that an answer names, None for "none of these". Raises DecisionError for anything else."""
    if answer == NONE:
        return None
    node = next((node for node in nodes if str(node.pk) == answer), None)
    if node is None:
        raise decisions.DecisionError(_("Choose one of the nodes that are shown, or none of these."))
    return node


# The organiser


@organiser_required("GET", "POST")
def placement_queue(request: OrganiserRequest) -> HttpResponse:
    """What stands unsurely, to be decided several at once, and the latest decisions, to be taken back."""
    edition = request.edition
    if request.method == "POST":
        with told_to(request, decisions.DecisionError):
            if "take_back" in request.POST:
                messages.success(request, _taken_back(request))
            else:
                _decide(request)
        return redirect(request.get_full_path())
    nodes = Node.objects.filter(chain__in=chains_of_edition(edition))
    node = nodes.filter(pk=number_of(request.GET.get("node")) or 0).first()
    waiting = decisions.queue_at(edition, node.pk) if node else [key for key, _worth in decisions.queue(edition)]
    page = Paginator(waiting, A_PAGE).get_page(request.GET.get("page"))
    shown = decisions.subjects(edition, page)
    likely = decisions.likeliest(edition, list(shown.values()))
    latest = PlacementDecision.objects.filter(edition=edition).select_related(
        "participation__firm", "offer", "need", "node__chain", "decided_by"
    )
    return render(
        request,
        "offers/chains/placement_queue.html",
        {
            "page": page,
            "node": node,
            "asked": [Asked(subject, likely[key]) for key, subject in shown.items()],
            "waiting": len(waiting),
            "latest": latest[:LATEST],
            "decided": latest.count(),
        },
    )


def _decide(request: OrganiserRequest) -> None:
    """Decide what was chosen on the page; what nobody chose for is left in the queue."""
    prefix = FIELD.format("")
    answers = {
        key.removeprefix(prefix): str(value) for key, value in request.POST.items() if key.startswith(prefix) and value
    }
    subjects = decisions.subjects(request.edition, answers)
    nodes = nodes_of(request.edition)
    chosen = [(subject, _chosen(answers[key], nodes)) for key, subject in subjects.items()]
    if not chosen:
        raise decisions.DecisionError(_("Choose a node, or none of these, for at least one text."))
    made = decisions.decide_all(request.edition, chosen, user=request.user)
    sentence = ngettext(
        "%d text is decided. The others are placed anew by what this teaches.",
        "%d texts are decided. The others are placed anew by what this teaches.",
        len(made),
    )
    undo = [("take_back", str(decision.pk)) for decision in made]
    tell_with_undo(request, sentence % len(made), request.get_full_path(), *undo)


def _taken_back(request: OrganiserRequest) -> str:
    rows = PlacementDecision.objects.filter(edition=request.edition)
    made = list(rows.filter(pk__in=numbers_of(request.POST.getlist("take_back"))))
    if not made:
        raise Http404(_("There is no such decision."))
    for decision in made:
        decisions.take_back(decision, user=request.user)
    decisions.learn(request.edition, user=request.user)
    sentence = ngettext(
        "%d decision is taken back, and so is what it taught.",
        "%d decisions are taken back, and so is what they taught.",
        len(made),
    )
    return sentence % len(made)


POSITIONS_A_PAGE = 25


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
    page = Paginator(rows, POSITIONS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "offers/chains/position_list.html", {"page": page})
