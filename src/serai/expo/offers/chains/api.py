"""The chains of a fair with the firms on them, and the chains of the organiser's organisation.

An organisation's chains are read as files, written as new versions, compared and taken back.
"""

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.answers import Code, Number, Of, Slug, Texts, require_unchanged, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import DECIDE, ORGANISE, Room
from serai.expo.fairs.interface.domain.pagination import Cut, Listed
from serai.expo.firms.identity.domain.merges import leading
from serai.expo.offers.chains.domain import own_chains as domain
from serai.expo.offers.chains.domain.chain_edits import Change, differences
from serai.expo.offers.chains.domain.chain_maps import NodeStanding, chain_counts, standing
from serai.expo.offers.chains.domain.own_chains import copy_builtin
from serai.expo.offers.chains.domain.placements import chain_or_404, chains_of_edition, visible_to
from serai.expo.offers.chains.models import Chain, ChainVersion, Edge, Placement
from serai.world.chains import BUILTIN, ChainError

room = Room(_("Chains"))


class ChainShown(Schema):
    slug: str
    title: Texts
    summary: Texts
    exhibitors: int = Field(description="How many stand on it")


class NodeShown(Schema):
    code: str
    stage: str
    title: Texts
    position: str = Field(description="upstream, midstream, downstream or service")
    hs: list[str]
    isic: list[str]
    exhibitors: int = Field(description="How many offer it, more likely than not")
    countries: list[str] = Field(description="Of these exhibitors")
    needs: int
    suppliers: list[str] = Field(description="Codes of the links whose products go into it")
    users: list[str] = Field(description="Codes of the links into whose products it goes")


class ChainInFull(ChainShown):
    nodes: list[NodeShown]


class PlacementShown(Schema):
    firm: Annotated[str, Of("participation.firm.identifier")]
    side: str = Field(description="offer or need")
    offer: Annotated[int | None, Of("offer_id")] = Field(
        description="null too where what the firm itself can make is placed"
    )
    need: Annotated[int | None, Of("need_id")]
    chain: Annotated[str, Of("node.chain.slug")]
    node: Annotated[str, Of("node.code")]
    confidence: float = Field(description="0 to 1: how sure the placing is")
    evidence: list[list[str]] = Field(
        description="Pairs of kind and what: a code or a word that led there; of a plant the number of its row"
    )
    confirmed: bool = Field(description="Set by a person")


class PlacementsWanted(Cut):
    """Of a chain, of a link, of a firm."""

    chain: str = Field("", max_length=64, description="Slug of a chain")
    node: str = Field("", max_length=64, description="Code of a link")
    firm: str = Field("", max_length=64, description="Identifier of a firm")
    side: str = Field("", pattern="^(offer|need)?$", json_schema_extra={"enum": ["", "offer", "need"]})


@room.list("/chains", _("Chains"), ChainShown)
def chains(_request: Call, edition: Edition) -> Any:
    counts = chain_counts(edition)

    def show(row: Chain) -> ChainShown:
        return shown(ChainShown, row, exhibitors=counts.get(row.slug, 0))

    return Listed(chains_of_edition(edition), show)


@room.get("/chains/{chain}", _("A chain"), ChainInFull)
def chain_(_request: Call, edition: Edition, chain: str) -> Any:
    """Its links with their neighbours, and how many exhibitors stand on each."""
    row = chain_or_404(edition, chain)
    edges = list(Edge.objects.filter(supplier__chain=row).values_list("supplier__code", "user__code"))
    nodes = [_node(place, edges) for place in standing(edition, row)]
    return shown(ChainInFull, row, exhibitors=chain_counts(edition).get(row.slug, 0), nodes=nodes)


def _node(place: NodeStanding, edges: list[tuple[str, str]]) -> NodeShown:
    return NodeShown(
        code=place.node.code,
        stage=place.node.stage.code,
        title=place.node.title,
        position=place.node.stage.position,
        hs=place.node.hs,
        isic=place.node.isic,
        exhibitors=place.exhibitors,
        countries=list(place.countries),
        needs=place.needs,
        suppliers=[supplier for supplier, user in edges if user == place.node.code],
        users=[user for supplier, user in edges if supplier == place.node.code],
    )


@room.list("/placements", _("Positions on the chains"), PlacementShown)
def placements(request: Call, edition: Edition, wanted: Query[PlacementsWanted]) -> Any:
    """Of what you may see under its firm's name, with how sure each placing is and what led there."""
    conditions = {
        "node__chain__slug": wanted.chain,
        "node__code": wanted.node,
        "participation__firm__identifier": leading(wanted.firm) if wanted.firm else "",
        "side": wanted.side,
    }
    given = {name: value.replace("\0", "") for name, value in conditions.items() if value}
    rows = visible_to(request.user, edition).filter(**given).select_related("participation__firm", "node__chain")
    return Listed(rows, _placement)


def _placement(row: Placement) -> PlacementShown:
    return shown(PlacementShown, row, evidence=[[str(part) for part in pair] for pair in row.evidence])


own_chains_room = Room(_("Own chains"), domain.ChainRefusedError, ChainError)


class OwnChainShown(Schema):
    slug: str
    title: Texts
    copied_from: str = Field(description="Slug of the built-in chain of which it is a copy, or empty")
    version: int = Field(description="Number of its newest version")
    in_use: bool = Field(description="Whether that version is finished; else fairs go on with the last that was")


class OwnChainInFull(OwnChainShown):
    content: str = Field(description="The chain as its file, in TOML")
    unfinished: list[str] = Field(description="What it still needs before fairs can use it")
    hints: list[str] = Field(description="What would make it better")


class VersionShown(Schema):
    number: int
    kind: str = Field(description="new, copy, edit, file, call or return")
    source: str = Field(description="The file, the chain or the version that it came from")
    in_use: bool
    made_at: datetime
    made_by: Annotated[str | None, Of("made_by.name")]


class ChangeShown(Schema):
    of: str = Field(description="chain, stage, node or edge")
    code: str
    how: str = Field(description="added, removed or changed")
    fields: list[list[str]] = Field(description="Name of a field, its text before, its text after")


class VersionsCompared(Schema):
    old: Number = Field(1, description="Number of the earlier version")
    new: Number | None = Field(None, description="Number of the later version; by default the newest")


class Copy(Schema):
    chain: Slug = Field(description="Slug of a built-in chain")


class ChainGiven(Schema):
    content: str = Field(max_length=domain.MOST_BYTES, description="The whole chain as a file in TOML")
    moves: dict[Code, Code] = Field(
        default_factory=dict,
        description="Code of a removed link -> of the one to which its firms go; others are placed by their texts",
        json_schema_extra={"additionalProperties": False},
    )


class VersionWanted(Schema):
    number: Number


def _own(edition: Edition, slug: str) -> Chain:
    row = domain.own_chains(edition).filter(slug=slug).first()
    if row is None:
        raise Http404(_("The organisation has no such chain."))
    return row


def _fields(version: ChainVersion) -> dict[str, Any]:
    return {"version": version.number, "in_use": version.in_use}


def _in_full(row: Chain) -> OwnChainInFull:
    standing = domain.standing(row)
    hints = {"unfinished": list(standing.unfinished), "hints": list(standing.missing)}
    return shown(OwnChainInFull, row, content=standing.version.content, **hints, **_fields(standing.version))


@own_chains_room.list("/own-chains", _("Own chains"), OwnChainShown, scope=ORGANISE)
def own_chains(_request: Call, edition: Edition) -> Any:
    """The chains that the organisation of the fair writes itself."""
    rows = domain.own_chains(edition).filter(versions__isnull=False).distinct().prefetch_related("versions")
    return Listed(rows, lambda row: shown(OwnChainShown, row, **_fields(row.versions.all()[0])))


@own_chains_room.post("/own-chains", _("Copy a built-in chain"), OwnChainInFull, scope=DECIDE)
def copy_chain(request: Call, edition: Edition, given: Copy) -> Any:
    """The copy takes the place of the built-in chain at the fair, and every firm stays where it stands."""
    if given.chain not in BUILTIN:
        raise domain.ChainRefusedError(_("There is no built-in chain “%s”.") % given.chain)
    return _in_full(copy_builtin(edition, given.chain, user=request.user))


@own_chains_room.get("/own-chains/{own_chain}", _("An own chain"), OwnChainInFull, scope=ORGANISE)
def own_chain(_request: Call, edition: Edition, own_chain: str) -> Any:
    return _in_full(_own(edition, own_chain))


@own_chains_room.put("/own-chains/{own_chain}", _("Write an own chain"), OwnChainInFull, scope=DECIDE)
def write_own_chain(request: Call, edition: Edition, own_chain: Slug, given: ChainGiven) -> Any:
    """A new chain, or a new version of one; the same content again changes nothing. Firms are placed anew by a job."""
    document = domain.read_file(given.content.encode(), own_chain, name=f"{own_chain}.toml")
    row = domain.own_chains(edition).filter(slug=own_chain).first()
    if row is None:
        return _in_full(domain.begin(edition, document, ChainVersion.Kind.CALL, user=request.user))
    require_unchanged(request, _in_full(row))
    kind, user = ChainVersion.Kind.CALL, request.user
    domain.save_version(row, document, kind, user=user, edition=edition, moves=given.moves)
    return _in_full(row)


@own_chains_room.list("/own-chains/{own_chain}/versions", _("Versions of an own chain"), VersionShown, scope=ORGANISE)
def own_chain_versions(_request: Call, edition: Edition, own_chain: str) -> Any:
    return _own(edition, own_chain).versions.select_related("made_by")


@own_chains_room.get(
    "/own-chains/{own_chain}/differences", _("What differs between two versions"), list[ChangeShown], scope=ORGANISE
)
def own_chain_differences(_request: Call, edition: Edition, own_chain: str, wanted: Query[VersionsCompared]) -> Any:
    row = _own(edition, own_chain)
    old, new = (
        domain.document_of(_version(row, number)) for number in (wanted.old, wanted.new or domain.newest(row).number)
    )
    return [_change(change) for change in differences(old, new)]


def _change(change: Change) -> ChangeShown:
    return shown(ChangeShown, change, fields=[list(field) for field in change.fields])


def _version(row: Chain, number: int) -> ChainVersion:
    version = row.versions.select_related("chain").filter(number=number).first()
    if version is None:
        raise Http404(_("This chain has no such version."))
    return version


@own_chains_room.post(
    "/own-chains/{own_chain}/return", _("Take an earlier version back into use"), OwnChainInFull, scope=DECIDE
)
def return_own_chain(request: Call, edition: Edition, own_chain: str, given: VersionWanted) -> Any:
    row = _own(edition, own_chain)
    _version(row, given.number)
    domain.take_back(row, given.number, user=request.user, edition=edition)
    return _in_full(row)
