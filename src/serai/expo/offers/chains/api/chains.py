"""Chains, their links, and where the firms of a fair stand on them."""

from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.answers import Of, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import Room
from serai.expo.fairs.interface.domain.pagination import Cut, Listed
from serai.expo.fairs.interface.domain.values import Texts
from serai.expo.firms.identity.domain.redirects import leading
from serai.expo.offers.chains.domain.chain_maps import NodeStanding, chain_counts, standing
from serai.expo.offers.chains.domain.placements import chain_or_404, chains_of_edition
from serai.expo.offers.chains.domain.visibility import visible_to
from serai.expo.offers.chains.models import Chain, Edge, Placement

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
