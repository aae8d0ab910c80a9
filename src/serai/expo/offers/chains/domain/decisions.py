"""Decisions of people about placements, taken one by one or several at once, and taken back.

The queue holds what stands unsurely, with its likeliest nodes: first what is most worth a person's look.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.revisions import by_revision
from serai.expo.base.rows import made_once
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.jobs.domain import start
from serai.expo.offers.chains.domain.chain_maps import offers_placed
from serai.expo.offers.chains.domain.placed_items import description_of, item_key, items_of, learned_from, placed_key
from serai.expo.offers.chains.domain.placements import as_world_chain, chains_of_edition, place_participation
from serai.expo.offers.chains.models import CONFIDENT, Chain, Node, Placement, PlacementDecision
from serai.expo.offers.market.models import PUBLISHED, MarketItem, Need, Offer
from serai.expo.people.account.models import User
from serai.match import placing
from serai.match.decisions import worth
from serai.match.evidence import EvidenceKind

MOST_LIKELY = 5
"""Nodes that a person chooses from."""
LEAST = 0.01
"""Least chance of a node that is among them."""
UNSURE = (0.2, 0.8)
"""Between these chances it is not clear whether a placement is right."""


@dataclass(frozen=True)
class Likely:
    """A node at which a text may stand, how likely, and the words, codes and the sentence that led there."""

    node: Node
    confidence: float
    words: tuple[str, ...]
    sentence: str


@dataclass(frozen=True)
class Subject:
    """What is placed: an offer or a need, or without an item the description of the firm."""

    participation: Participation
    item: MarketItem | None = None

    @property
    def key(self) -> str:
        """How the matcher knows it."""
        return item_key(self.item) if self.item else f"firm-{self.participation.pk}"

    @property
    def side(self) -> str:
        return Placement.Side.NEED.value if isinstance(self.item, Need) else Placement.Side.OFFER.value

    @property
    def texts(self) -> Sequence[Mapping[str, str]]:
        """Title and text, or the description, each in its languages."""
        if self.item:
            return [text for text in (self.item.title, self.item.summary, self.item.text) if text]
        return [self.participation.firm.description]

    @property
    def is_stated(self) -> bool:
        """Whether its firm itself has named a node for it."""
        return self.item is not None and self.item.node_id is not None


def likeliest(edition: Edition, subjects: Collection[Subject]) -> dict[str, list[Likely]]:
    """The likeliest nodes of each subject, by its key, the surest first, corrected by what was decided at the fair."""
    chains = chains_of_edition(edition)
    items = [
        items_of([subject.item])[0] if subject.item else description_of(subject.participation) for subject in subjects
    ]
    placed = placing.place(
        items,
        [as_world_chain(chain) for chain in chains],
        floor=LEAST,
        per_item=MOST_LIKELY,
        decisions=learned_from(edition) if items else (),
    )
    nodes = _nodes(chains)
    found: dict[str, list[Likely]] = {subject.key: [] for subject in subjects}
    for placement in placed:
        words = tuple(
            evidence.what if evidence.kind == EvidenceKind.WORDS else f"{evidence.kind.upper()} {evidence.what}"
            for evidence in placement.evidence
            if evidence.kind in (EvidenceKind.WORDS, EvidenceKind.HS, EvidenceKind.ISIC)
        )
        sentence = next((part.what for part in placement.evidence if part.kind == EvidenceKind.SENTENCE), "")
        node = nodes[placement.chain, placement.node]
        found[placement.item].append(Likely(node, placement.confidence, words, sentence))
    return found


def _nodes(chains: Iterable[Chain]) -> dict[tuple[str, str], Node]:
    nodes = Node.objects.filter(chain__in=list(chains)).select_related("chain")
    return {(node.chain.slug, node.code): node for node in nodes}


def subjects_of(participation: Participation) -> list[Subject]:
    """The offers and the needs of a participant that are placed."""
    items = [item for model in (Offer, Need) for item in model.objects.filter(PUBLISHED, participation=participation)]
    return [Subject(participation, item) for item in items]


def queue(edition: Edition) -> list[tuple[str, float]]:
    """The keys of all that stands unsurely and that nobody has decided, with what a look is worth, the most first."""
    return by_revision("unsure", [edition], lambda: _queue(edition))


def _queue(edition: Edition) -> list[tuple[str, float]]:
    rows = list(Placement.objects.filter(edition=edition).order_by("pk"))
    firms: dict[tuple[int, str], set[int]] = defaultdict(set)
    for row in rows:
        if row.confidence >= CONFIDENT:
            firms[row.node_id, row.side].add(row.participation_id)
    decided = {placed_key(row) for row in PlacementDecision.objects.filter(edition=edition)}
    surest: dict[str, Placement] = {}
    for row in rows:
        key = placed_key(row)
        if key not in surest or surest[key].confidence < row.confidence:
            surest[key] = row
    unsure = [
        (key, row)
        for key, row in surest.items()
        if row.position_id is None and UNSURE[0] <= row.confidence <= UNSURE[1] and key not in decided
    ]
    other = {Placement.Side.OFFER: Placement.Side.NEED, Placement.Side.NEED: Placement.Side.OFFER}
    gain = worth(
        np.array([row.confidence for _key, row in unsure]),
        np.array([len(firms[row.node_id, row.side] - {row.participation_id}) for _key, row in unsure]),
        np.array([len(firms[row.node_id, other[Placement.Side(row.side)]]) for _key, row in unsure]),
    )
    keys = [key for key, _row in unsure]
    return sorted(zip(keys, gain.tolist(), strict=True), key=lambda pair: (-pair[1], pair[0]))


def queue_at(edition: Edition, node: int) -> list[str]:
    """The keys of all offers and firms that stand at a node with less than half confidence and that nobody has decided,
    the likeliest first: also those that stand surely elsewhere, or so unsurely that the whole queue leaves them out."""
    rows = (
        offers_placed(edition).filter(node=node, position=None, confidence__lt=CONFIDENT).order_by("-confidence", "pk")
    )
    decided = {placed_key(row) for row in PlacementDecision.objects.filter(edition=edition)}
    return [key for key in dict.fromkeys(map(placed_key, rows)) if key not in decided]


def subjects(edition: Edition, keys: Iterable[str]) -> dict[str, Subject]:
    """The subjects of these keys that are there, in their order, by a fixed number of queries."""
    wanted: dict[str, set[int]] = {"offer": set(), "need": set(), "firm": set()}
    asked = [key for key in keys if (kind := key.partition("-")[0]) in wanted and key.partition("-")[2].isdigit()]
    for key in asked:
        kind, _dash, number = key.partition("-")
        wanted[kind].add(int(number))
    found: dict[str, Subject] = {}
    for name, model in (("offer", Offer), ("need", Need)):
        rows = model.objects.filter(edition=edition, pk__in=wanted[name]).select_related("participation__firm")
        found |= {f"{name}-{row.pk}": Subject(row.participation, row) for row in rows}
    firms = Participation.objects.filter(edition=edition, pk__in=wanted["firm"]).select_related("firm")
    found |= {f"firm-{row.pk}": Subject(row) for row in firms}
    return {key: found[key] for key in asked if key in found}


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
