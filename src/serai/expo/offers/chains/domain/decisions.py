"""Decisions of people about placements: taken one by one or several at once, and taken back."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.collisions import made_once
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.jobs.domain.jobs import start
from serai.expo.offers.chains.domain.placements import chains_of_edition, place_participation
from serai.expo.offers.chains.domain.unsure import Subject
from serai.expo.offers.chains.models import Node, PlacementDecision
from serai.expo.people.account.models import User

By = PlacementDecision.By


class DecisionError(ValueError):
    """Why this cannot be decided, in the reader's language."""


def decision_of(subject: Subject) -> PlacementDecision | None:
    """What was decided of a subject, if anything."""
    return PlacementDecision.objects.filter(**_of(subject)).select_related("node__chain").first()


def _of(subject: Subject) -> dict[str, object]:
    item = subject.item
    offer, need = (item, None) if item and subject.side == "offer" else (None, item)
    return {"participation": subject.participation, "offer": offer, "need": need}


@made_once
def decide(subject: Subject, node: Node | None, *, by: str, user: User | None) -> PlacementDecision:
    """Say at which node a subject stands, or that none of the fair's nodes is right, in place of an earlier decision.

    Its own placements follow at once. Raises DecisionError for a node that is not of the fair, and for what its firm
    itself has stated.
    """
    edition = subject.participation.edition
    if node is not None and node.chain_id not in {chain.pk for chain in chains_of_edition(edition)}:
        raise DecisionError(_("This node is on no chain of this fair. Choose one of those that are shown."))
    if subject.is_stated:
        raise DecisionError(_("The firm has named a node for this itself. Change it in the form of the offer or need."))
    decision = decision_of(subject)
    if decision is not None and (decision.node_id, decision.by) == (node.pk if node else None, by):
        return decision
    before = state(decision) if decision else None
    decision = decision or PlacementDecision(edition=edition, **_of(subject))
    decision.node, decision.by, decision.decided_by = node, by, user
    decision.save()
    record("placementdecision.made", decision, before=before, after=state(decision), user=user, edition=edition)
    place_participation(subject.participation)
    return decision


@transaction.atomic
def take_back(decision: PlacementDecision, *, user: User | None) -> None:
    """Forget a decision, and place what it was about as if it had never been."""
    edition = decision.edition
    record("placementdecision.removed", decision, before=state(decision), user=user, edition=edition)
    participation = decision.participation
    decision.delete()
    place_participation(participation)


def decide_all(
    edition: Edition, decided: Iterable[tuple[Subject, Node | None]], *, user: User
) -> list[PlacementDecision]:
    """Decide several at once as an organiser, and have all the rest placed by what they teach.

    All of them or none. Raises DecisionError.
    """
    with transaction.atomic():
        made = [decide(subject, node, by=By.ORGANISER, user=user) for subject, node in decided]
    if made:
        learn(edition, user=user)
    return made


def learn(edition: Edition, *, user: User | None) -> None:
    """Have everything placed anew by what stands decided now."""
    start(edition, "placing", user=user)
