"""Positions of a firm on the chains: confirmed or corrected by the firm, and checked by organisers.

The matcher guesses from codes and words. The firm confirms a guess, names another node, or says that it does not stand
there; an organiser of one of its fairs looks at it and says how. What the firm changes afterwards is checked no longer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_scopes import scope, scopes_disabled

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.rows import made_once
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.offers.chains.domain.placements import chains_of_edition, place_participation
from serai.expo.offers.chains.models import CONFIDENT, ChainPosition, Node, Placement
from serai.expo.people.account.models import User

State, Role = ChainPosition.State, ChainPosition.Role

GUESSED = "guessed"
HOW_SURE: Mapping[str, str | Promise] = {
    State.CHECKED: gettext_lazy("checked by an organiser"),
    State.CONFIRMED: gettext_lazy("confirmed by the firm"),
    State.LISTED: gettext_lazy("in the organiser's list"),
    GUESSED: gettext_lazy("guessed from codes and words"),
}
"""By whom it is known that a firm stands at a node, the surest first."""


class PositionError(ValueError):
    """Why this cannot be done, in the reader's language."""


@dataclass(frozen=True)
class Stands:
    """A node at which a firm stands, in which role, and by whom that is known (``HOW_SURE``)."""

    node: Node
    how_sure: str
    role: str = ""
    position: ChainPosition | None = None

    @property
    def words(self) -> str:
        return str(HOW_SURE[self.how_sure])


@made_once
def say(
    firm: Firm, node: Node, role: str, *, user: User | None, source: str = "firm", edition: Edition | None = None
) -> ChainPosition:
    """The firm says that it stands at a node, in a role. Raises PositionError for a role that there is not."""
    if role not in Role.values:
        raise PositionError(_("There is no such role. Choose one of the list."))
    return _put(firm, node, State.CONFIRMED, role, user=user, source=source, edition=edition)


@made_once
def deny(firm: Firm, node: Node, *, user: User | None, edition: Edition | None = None) -> ChainPosition:
    """The firm says that it does not stand at a node, so that it is not guessed there again."""
    position = firm.positions.filter(node=node).first()
    role = position.role if position else Role.MAKER.value
    return _put(firm, node, State.DENIED, role, user=user, source="firm", edition=edition)


@transaction.atomic
def take_away(position: ChainPosition, *, user: User | None, edition: Edition | None = None) -> None:
    """Forget what was said of a node; it may be guessed again."""
    record("chainposition.removed", position, before=state(position), user=user, edition=edition)
    firm = position.firm
    position.delete()
    _place(firm)


@transaction.atomic
def check(position: ChainPosition, edition: Edition, *, user: User, how: str) -> ChainPosition:
    """An organiser has looked at a position, and says how. Raises PositionError."""
    locked = _locked(position)
    if locked.state == State.DENIED:
        raise PositionError(_("The firm says that it does not stand there. Ask the firm first."))
    if not how.strip():
        raise PositionError(_("Say how it was checked: what was seen, where, when."))
    before = state(locked)
    locked.state, locked.checked_how = State.CHECKED, how.strip()[:300]
    locked.checked_by, locked.checked_at, locked.organisation = user, timezone.now(), edition.organisation
    locked.save()
    record("chainposition.checked", locked, before=before, after=state(locked), user=user, edition=edition)
    _place(locked.firm)
    return locked


@transaction.atomic
def uncheck(position: ChainPosition, edition: Edition, *, user: User) -> ChainPosition:
    """Take a check back: the position is what its firm said. Raises PositionError."""
    locked = _locked(position)
    if locked.state != State.CHECKED or locked.organisation_id != edition.organisation_id:
        raise PositionError(_("Only who checked a position takes the check back."))
    before = state(locked)
    locked.state = State.LISTED if locked.source == "workbook" else State.CONFIRMED
    locked.checked_by, locked.checked_at, locked.checked_how, locked.organisation = None, None, "", None
    locked.save()
    record("chainposition.unchecked", locked, before=before, after=state(locked), user=user, edition=edition)
    _place(locked.firm)
    return locked


def stands(firm: Firm, edition: Edition) -> list[Stands]:
    """Where the firm stands on the chains of an edition, said or guessed, in the order of the chains."""
    chains = {chain.pk: order for order, chain in enumerate(chains_of_edition(edition))}
    positions = {position.node_id: position for position in firm.positions.select_related("node__chain", "node__stage")}
    places = {
        pk: Stands(position.node, position.state, position.get_role_display(), position)
        for pk, position in positions.items()
        if position.state != State.DENIED
    }
    guessed = Placement.objects.filter(
        edition=edition, participation__firm=firm, side=Placement.Side.OFFER, position=None, confidence__gte=CONFIDENT
    )
    for row in guessed.select_related("node__chain", "node__stage"):
        if row.node_id not in positions:
            places.setdefault(row.node_id, Stands(row.node, GUESSED))
    here = [position for position in places.values() if position.node.chain_id in chains]
    return sorted(here, key=lambda position: (chains[position.node.chain_id], position.node.order))


def denied(firm: Firm) -> QuerySet[ChainPosition]:
    """The nodes at which the firm says that it does not stand."""
    return firm.positions.filter(state=State.DENIED).select_related("node__chain")


def positions_of(edition: Edition) -> QuerySet[ChainPosition]:
    """The positions that firms of the edition state, unchecked ones first."""
    here = Participation.objects.filter(edition=edition).exclude(state=Participation.State.CANCELLED).order_by()
    positions = ChainPosition.objects.filter(firm__in=here.values("firm"), node__chain__in=chains_of_edition(edition))
    return (
        positions.exclude(state=State.DENIED)
        .select_related("firm", "node__chain", "said_by", "checked_by", "organisation")
        .order_by("checked_at", "firm__sort_name", "pk")
    )


def nodes_of(edition: Edition) -> list[Node]:
    """The nodes of the edition's chains, in their order."""
    chains = chains_of_edition(edition)
    order = {chain.pk: number for number, chain in enumerate(chains)}
    nodes = Node.objects.filter(chain__in=chains).select_related("chain", "stage")
    return sorted(nodes, key=lambda node: (order[node.chain_id], node.order))


def surest(states: Iterable[str | None]) -> str:
    """The surest of the states of one firm at one node; None counts as a guess."""
    sources = [state or GUESSED for state in states]
    return min(sources, key=[*HOW_SURE].index)


def _put(
    firm: Firm, node: Node, new_state: str, role: str, *, user: User | None, source: str, edition: Edition | None
) -> ChainPosition:
    locked = ChainPosition.objects.select_for_update().filter(firm=firm, node=node).first()
    if locked is not None and (locked.state, locked.role) == (new_state, role):
        return locked
    if locked is not None and (locked.state, new_state, locked.role) == (State.CHECKED, State.CONFIRMED, role):
        return locked  # the firm repeats what has been checked
    before = state(locked) if locked else None
    position = locked or ChainPosition(firm=firm, node=node)
    position.state, position.role, position.source = new_state, role, source
    position.said_by, position.said_at = user, timezone.now()
    position.checked_by, position.checked_at, position.checked_how, position.organisation = None, None, "", None
    position.save()
    action = "chainposition.denied" if new_state == State.DENIED else "chainposition.said"
    record(action, position, before=before, after=state(position), user=user, edition=edition)
    _place(firm)
    return position


def _locked(position: ChainPosition) -> ChainPosition:
    locked = ChainPosition.objects.select_for_update().select_related("firm").filter(pk=position.pk).first()
    if locked is None:
        raise PositionError(_("This has been taken away meanwhile. Look at it anew."))
    return locked


def _place(firm: Firm) -> None:
    """Place the firm anew at every fair that is not over."""
    with scopes_disabled():
        open_ones = Participation.objects.filter(firm=firm).exclude(edition__state="closed").select_related("edition")
        participations = list(open_ones)
    for participation in participations:
        with scope(edition=participation.edition):
            place_participation(participation)


def node_choices(edition: Edition) -> list[tuple[str, object]]:
    """Choices of a form: no node, then the nodes of each chain of the edition, in the reader's language."""
    chains = chains_of_edition(edition)
    of_chain: dict[int, list[tuple[str, str]]] = {chain.pk: [] for chain in chains}
    for node in Node.objects.filter(chain__in=of_chain):
        of_chain[node.chain_id].append((str(node.pk), str(in_language(node.title))))
    return [("", "—"), *((str(in_language(chain.title)), of_chain[chain.pk]) for chain in chains)]
