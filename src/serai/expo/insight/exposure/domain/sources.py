"""The inputs of a participant, and what its firm declares of them: from whom it buys them, and how long its stock
lasts.

Inputs are what it declares and needs, what its firm buys, and what its products are made of.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.record.models import Flow
from serai.expo.insight.exposure.models import DeclaredInput, PresentSource
from serai.expo.offers.chains.domain.positions import nodes_of
from serai.expo.offers.chains.models import CONFIDENT, Edge, Node, Placement
from serai.expo.offers.market.models import Need
from serai.expo.people.account.models import User

MOST_INPUTS, MOST_SOURCES = 200, 12
WHOLE = Decimal(100)


class SourcesRefusedError(ValueError):
    """Why what is said of sources can't be kept, in the reader's language."""


@dataclass(frozen=True)
class Source:
    """A source as it is declared: a country by its alpha-2 code, a firm where it is named, a share in per cent."""

    country: str
    firm: str
    share: Decimal | None = None


@dataclass(frozen=True)
class Said:
    """What a firm says of one input."""

    sources: tuple[Source, ...]
    stock_weeks: Decimal | None = None
    volume: Decimal | None = None
    unit: str = ""


type Subject = Node | Need
"""What an input is: a link of a chain, or a need of the firm."""


def key_of(subject: Subject) -> str:
    """How forms and tables name it: ``node-12``, ``need-7``."""
    return f"{subject._meta.model_name}-{subject.pk}"


def subjects_of(participation: Participation) -> dict[str, tuple[Subject, str, str]]:
    """By key the needs of the participant, then the links of the fair's chains; with the group's and its own title."""
    needs = Need.objects.filter(participation=participation).order_by("pk")
    found: dict[str, tuple[Subject, str, str]] = {
        key_of(need): (need, _("Your needs"), in_language(need.title).text) for need in needs
    }
    for node in nodes_of(participation.edition):
        found[key_of(node)] = (node, in_language(node.chain.title).text, in_language(node.title).text)
    return found


def inputs_of(participation: Participation) -> QuerySet[DeclaredInput]:
    """The inputs that a participant has declared, with what they are and their sources: three queries."""
    rows = DeclaredInput.objects.filter(participation=participation)
    return rows.select_related("node__chain", "need", "edition").prefetch_related("sources")


def title_of(row: DeclaredInput) -> str:
    """What an input is called, in the reader's language."""
    subject = row.node or row.need
    return in_language(subject.title).text if subject else ""


def with_shares(sources: Sequence[Source]) -> tuple[Source, ...]:
    """The sources with a share each: what is left of the whole is shared equally by those that state none.

    Raises SourcesRefusedError where there are none or too many, or they are more than the whole.
    """
    if not sources:
        raise SourcesRefusedError(_("Name at least one source: its country is enough."))
    if len(sources) > MOST_SOURCES:
        raise SourcesRefusedError(_("Name the %d largest sources at most.") % MOST_SOURCES)
    stated = sum((source.share for source in sources if source.share is not None), Decimal(0))
    silent = sum(source.share is None for source in sources)
    if stated > WHOLE:
        raise SourcesRefusedError(_("The shares add up to %s per cent. Correct them to 100 at most.") % stated)
    if silent and stated >= WHOLE:
        raise SourcesRefusedError(_("The shares that you state are the whole, so nothing is left for the others."))
    rest = ((WHOLE - stated) / silent).quantize(Decimal("0.01")) if silent else None
    return tuple(
        source if source.share is not None else Source(source.country, source.firm, rest) for source in sources
    )


@transaction.atomic
def declare(participation: Participation, subject: Subject, said: Said, *, user: User | None) -> DeclaredInput:
    """Keep what a firm says of an input, in place of what it said before. Raises SourcesRefusedError."""
    sources = with_shares(said.sources)
    which = {"node": subject} if isinstance(subject, Node) else {"need": subject}
    rows = DeclaredInput.objects.select_for_update().filter(participation=participation)
    row = rows.filter(**which).first()
    if row is None and rows.count() >= MOST_INPUTS:
        raise SourcesRefusedError(_("You have declared %d inputs; that is the most.") % MOST_INPUTS)
    before = _whole_state(row) if row else None
    row = row or DeclaredInput(edition=participation.edition, participation=participation, **which)
    row.stock_weeks, row.volume, row.unit = said.stock_weeks, said.volume, said.unit
    row.said_by, row.said_at = user, timezone.now()
    row.save()
    row.sources.all().delete()
    PresentSource.objects.bulk_create(
        PresentSource(
            edition=participation.edition, input=row, country=source.country, firm=source.firm, share=source.share or 0
        )
        for source in sources
    )
    record("sources.declared", row, before=before, after=_whole_state(row), user=user, edition=participation.edition)
    return row


def declare_all(
    participation: Participation, rows: Iterable[tuple[Subject, Said]], *, user: User | None
) -> list[DeclaredInput]:
    """Keep several inputs, all or none of them. Raises SourcesRefusedError."""
    with transaction.atomic():
        return [declare(participation, subject, said, user=user) for subject, said in rows]


@transaction.atomic
def withdraw(row: DeclaredInput, *, user: User | None) -> None:
    """Forget what a firm said of an input."""
    before = _whole_state(row)
    record("sources.withdrawn", row, before=before, user=user, edition=row.edition)
    row.delete()


def _whole_state(row: DeclaredInput) -> dict[str, object]:
    """The row with its sources, so that the trail tells that they changed; it masks what they are."""
    sources = row.sources.order_by("pk").values_list("country", "firm", "share")
    return state(row, whole=True) | {"sources": [[country, firm, str(share)] for country, firm, share in sources]}


MOST = 24
"""Inputs that a page shows: those declared first, then needs, flows and what products are made of."""


class Origin(StrEnum):
    """Why something is taken for an input."""

    DECLARED = "declared"
    NEED = "need"
    FLOW = "flow"
    CHAIN = "chain"


@dataclass(frozen=True)
class Input:
    """An input at a link of a chain. ``sources`` are (country, firm, share from 0 to 1), empty where not declared."""

    node: int
    chain: str
    code: str
    origin: Origin
    need: int | None = None
    declared: int | None = None
    stock_weeks: float | None = None
    sources: tuple[tuple[str, str, float], ...] = ()
    uses: tuple[int, ...] = ()
    """The links that the firm makes and that need this input."""


@dataclass(frozen=True)
class Inputs:
    """The inputs that a model can look at, and the declared ones that stand on no link of the fair's chains."""

    known: tuple[Input, ...]
    unplaced: tuple[int, ...]


def inputs_at_links(participation: Participation) -> Inputs:
    """The inputs of a participant, each link once, in the order of MOST."""
    nodes = {node.pk: node for node in nodes_of(participation.edition)}
    needed, made = _placed(participation, nodes)
    used_by = _used_by(made, nodes)
    found: dict[int, Input] = {}
    unplaced = []
    for row in inputs_of(participation):
        place = row.node_id or needed.get(row.need_id or 0)
        if place is not None and place in nodes:
            found.setdefault(place, _declared(row, nodes[place], used_by.get(place, ())))
        else:
            unplaced.append(row.pk)
    guessed: list[tuple[int, Origin, int | None]] = [(node, Origin.NEED, need) for need, node in needed.items()]
    guessed += [(node, Origin.FLOW, None) for node in _bought(participation, nodes)]
    guessed += [(node, Origin.CHAIN, None) for node in used_by]
    for node, origin, need in guessed:
        found.setdefault(node, _input(nodes[node], origin, used_by.get(node, ()), need))
    return Inputs(tuple(found.values())[:MOST], tuple(unplaced))


def _placed(participation: Participation, nodes: Mapping[int, Node]) -> tuple[dict[int, int], list[int]]:
    """The link of each need that has one, and the links of what the participant offers."""
    rows = Placement.objects.filter(participation=participation, node__in=list(nodes)).order_by("-confidence", "pk")
    needed: dict[int, int] = {}
    made: list[int] = []
    for node, need, confidence in rows.values_list("node_id", "need_id", "confidence"):
        if need:
            needed.setdefault(need, node)
        elif confidence >= CONFIDENT:
            made.append(node)
    return needed, made


def _used_by(made: Collection[int], nodes: Mapping[int, Node]) -> dict[int, tuple[int, ...]]:
    """By link that what is made needs, the links of what is made."""
    edges = Edge.objects.filter(user__in=made).order_by("user", "supplier__order")
    used_by: defaultdict[int, list[int]] = defaultdict(list)
    for supplier, user in edges.values_list("supplier_id", "user_id"):
        if supplier in nodes:
            used_by[supplier].append(user)
    return {supplier: tuple(users) for supplier, users in used_by.items()}


def _input(node: Node, origin: Origin, uses: tuple[int, ...], need: int | None = None) -> Input:
    return Input(node.pk, node.chain.slug, node.code, origin, need=need, uses=uses)


def _declared(row: DeclaredInput, node: Node, uses: tuple[int, ...]) -> Input:
    return Input(
        node.pk,
        node.chain.slug,
        node.code,
        Origin.DECLARED,
        need=row.need_id,
        declared=row.pk,
        stock_weeks=None if row.stock_weeks is None else float(row.stock_weeks),
        sources=tuple((source.country, source.firm, float(source.share) / 100) for source in row.sources.all()),
        uses=uses,
    )


def _bought(participation: Participation, nodes: Mapping[int, Node]) -> Iterator[int]:
    """The links of what the firm says it buys, by the heading of the Harmonized System."""
    bought = Flow.objects.filter(
        firm=participation.firm_id, direction=Flow.Direction.INPUT, scheme=Flow.Scheme.HS
    ).values_list("code", flat=True)
    headings = {code[:4] for code in bought if len(code) >= 4}
    for pk, node in nodes.items():
        if headings.intersection(code[:4] for code in node.hs):
            yield pk
