"""The supply of chains in the interface: who makes each node, what stops, and what the fair did.

World-wide for the chains that come with Serai, and at a fair beside what its exhibitors offer. Shares and losses are
from 0 to 1. What is not computed yet has the state "waiting".
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.answers import Moment, Texts, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import Room
from serai.expo.fairs.interface.domain.pagination import Listed
from serai.expo.insight.supply.domain import exposures, fair_difference
from serai.expo.insight.supply.domain.call_list import unanswered
from serai.expo.insight.supply.domain.fair_difference import NAMES
from serai.expo.insight.supply.domain.stored_results import Stored, stored
from serai.expo.offers.chains.domain.chain_maps import NodeStanding, standing
from serai.expo.offers.chains.domain.placements import chain_or_404
from serai.world.chains import BUILTIN, Chain, builtin_chains

room = Room(_("Supply of chains"))


class WorldChainShown(Schema):
    slug: str
    title: Texts
    summary: Texts
    nodes: int


class MakerShown(Schema):
    country: str
    share: float = Field(description="Of the world's supply of the node")


class AlternativeShown(Schema):
    country: str
    share: float
    makes: bool = Field(description="false: it could make it, by what it exports")
    density: float | None = Field(description="Share of related products that it exports with an advantage")


class LossShown(Schema):
    node: str
    title: Texts
    low: float = Field(description="Part of it that is missing if makers that nobody names make it all the same")
    high: float = Field(description="The same if they do not")


class NodeSupplyShown(Schema):
    code: str
    title: Texts
    makers: list[MakerShown]
    unknown: float = Field(description="Share of makers that no source names")
    single_source: bool = Field(description="One country makes 70 % or more")
    concentration_low: float = Field(description="Sum of the squared shares, 0 to 1, its lower bound")
    concentration_high: float
    grade: str = Field(description="How close the shares stand to the product; see /world/grades")
    year: int | None
    source: str
    if_largest_stops: list[LossShown] = Field(description="What of the end nodes is missing if the largest maker stops")
    alternatives: list[AlternativeShown]


class Computed(Schema):
    """What is computed in the background."""

    state: str = Field(description="done, or waiting while it is being computed: ask again in some seconds")
    problem: str = Field(description="Why there is none")
    computed_at: Moment | None


class ChainSupplyShown(Computed):
    slug: str
    title: Texts
    table: str = Field(description="World table that fills what no other source names")
    ends: list[str] = Field(description="Codes of the nodes for which the chain works")
    nodes: list[NodeSupplyShown]


class NodeHereShown(NodeSupplyShown):
    exhibitors: int = Field(description="How many offer it at the fair, more likely than not")
    countries: list[str] = Field(description="Of these exhibitors")
    needs: int
    unanswered: int = Field(description="Needs whose buyer has no meeting with anybody who offers it")


class ChainHereShown(ChainSupplyShown):
    nodes: list[NodeHereShown]  # type: ignore[assignment]  # each says more


class StopWanted(Schema):
    country: str = Field(pattern="^[A-Z]{2}$", description="The country that stops, as alpha-2 code")
    node: str = Field("", max_length=64, description="Only the makers of this node stop; else all nodes of the country")


class StopShown(Computed):
    country: str
    node: str
    definition: str
    unit: str
    table: str
    losses: list[LossShown]


class FairDifferenceShown(Schema):
    figure: str
    title: str
    definition: str
    unit: str
    before: float | None
    after: float | None
    change: float | None
    low: float | None = Field(description="Interval of the change; where it holds zero, no effect is told")
    high: float | None
    by_chance: float | None = Field(description="The change by as many links drawn at random from the suggestions")


class DidShown(Computed):
    chain: str = Field(description="Empty of all chains together")
    links: int = Field(description="Confirmed by both sides")
    claimed_links: int = Field(description="Claimed by one side; never added to the confirmed ones")
    inputs: int
    from_least_developed: int
    from_small_firms: int
    figures: list[FairDifferenceShown]


class DidWanted(Schema):
    chain: str = Field("", max_length=64, description="Slug of a chain; else of all together")


COUNTRY_STOPS = _("Part of each node that is missing when all makers in this country stop, without stocks.")
MAKERS_STOP = _("Part of each end node that is missing when the makers of one node in this country stop.")
PART = _("part of the supply, 0 to 1")


def computed(result: Stored) -> dict[str, Any]:
    """The fields of ``Computed``."""
    return {
        "state": "waiting" if result.is_awaited else "done",
        "problem": gettext(result.problem) if result.problem else "",
        "computed_at": result.computed_at,
    }


def _builtin(slug: str) -> Chain:
    """A chain that comes with Serai. Raises Http404."""
    if slug not in BUILTIN:
        raise Http404(gettext("There is no such chain."))
    return builtin_chains((slug,))[0]


def _losses(losses: Mapping[str, Any], titles: Mapping[str, Texts]) -> list[LossShown]:
    ranked = sorted(losses.items(), key=lambda pair: (-pair[1][1], pair[0]))
    return [LossShown(node=code, title=titles.get(code, {}), low=low, high=high) for code, (low, high) in ranked]


def _node(code: str, node: Mapping[str, Any], titles: Mapping[str, Texts]) -> dict[str, Any]:
    """The fields of a node's supply from the stored exposure."""
    plain = ("unknown", "single_source", "concentration_low", "concentration_high", "grade", "year", "alternatives")
    return {name: node[name] for name in plain} | {
        "code": code,
        "title": titles[code],
        "source": node["source"] or "",
        "makers": [{"country": country, "share": share} for country, share in node["makers"]],
        "if_largest_stops": _losses(node["if_largest_stops"], titles),
    }


def _supply[S: ChainSupplyShown](
    kind: type[S], slug: str, title: Texts, titles: Mapping[str, Texts], more: Callable[[str], dict[str, Any]]
) -> S:
    """A chain with the supply of its nodes, and of each what ``more`` says by its code."""
    result = stored(None, exposures.KIND, slug)
    data = result.data or {"nodes": {}, "ends": [], "table": ""}
    nodes = [_node(code, node, titles) | more(code) for code, node in data["nodes"].items() if code in titles]
    told = {"slug": slug, "title": title, "table": data["table"], "ends": data["ends"], "nodes": nodes}
    return kind.model_validate(told | computed(result))


@room.list("/world/chains", _("Chains that come with Serai"), WorldChainShown)
def world_chains(_request: Call) -> Any:
    chains = builtin_chains(BUILTIN)
    return Listed(chains, lambda chain: shown(WorldChainShown, chain, nodes=len(chain.nodes)))


@room.get("/world/chains/{chain}", _("Who makes each node of a chain"), ChainSupplyShown)
def world_chain(_request: Call, chain: str) -> Any:
    """By country with share, grade, year and source; concentration; what stops with the largest maker; alternatives."""
    document = _builtin(chain)
    titles = {node.code: dict(node.title) for node in document.nodes}
    return _supply(ChainSupplyShown, chain, dict(document.title), titles, lambda _code: {})


@room.get("/world/chains/{chain}/stops", _("What is missing of a chain if a country stops"), StopShown)
def world_stops(_request: Call, chain: str, wanted: Query[StopWanted]) -> Any:
    """A scenario on a chain: a country stops with all that it makes, or with one node alone."""
    document = _builtin(chain)
    titles = {node.code: dict(node.title) for node in document.nodes}
    if wanted.node and wanted.node not in titles:
        raise Http404(gettext("This chain has no such node."))
    result = stored(None, exposures.STOPS_KIND if wanted.node else exposures.KIND, chain)
    data = result.data or {"stops": {}, "table": ""}
    by_country = data["stops"].get(wanted.node, {}) if wanted.node else data["stops"]
    return StopShown(
        country=wanted.country,
        node=wanted.node,
        definition=str(MAKERS_STOP if wanted.node else COUNTRY_STOPS),
        unit=str(PART),
        table=data["table"],
        losses=_losses(by_country.get(wanted.country, {}), titles),
        **computed(result),
    )


@room.get("/chains/{chain}/supply", _("Who makes each node, in the world and here"), ChainHereShown)
def chain_supply(_request: Call, edition: Edition, chain: str) -> Any:
    """The supply of each node in the world, beside exhibitors and needs at the fair."""
    row = chain_or_404(edition, chain)
    places = {place.node.code: place for place in standing(edition, row)}
    open_needs = unanswered(edition, row)
    titles = {code: dict(place.node.title) for code, place in places.items()}

    def here(code: str) -> dict[str, Any]:
        place: NodeStanding = places[code]
        return {
            "exhibitors": place.exhibitors,
            "countries": list(place.countries),
            "needs": place.needs,
            "unanswered": open_needs.get(code, 0),
        }

    return _supply(ChainHereShown, chain, dict(row.title), titles, here)


@room.get("/difference", _("What the fair did to its chains"), DidShown)
def difference(_request: Call, edition: Edition, wanted: Query[DidWanted]) -> Any:
    """Figures of buyers' inputs before and after the confirmed links, beside chance; claims are counted apart."""
    if wanted.chain:
        chain_or_404(edition, wanted.chain)
    result = stored(edition, fair_difference.KIND)
    data = result.data or {"chains": {}, "whole": None}
    did = (data["chains"].get(wanted.chain) if wanted.chain else data["whole"]) or {"figures": []}
    counted = ("links", "claimed_links", "inputs", "from_least_developed", "from_small_firms")
    return DidShown(
        chain=wanted.chain,
        figures=[_figure(row) for row in did["figures"]],
        **{name: did.get(name, 0) for name in counted},
        **computed(result),
    )


def _figure(row: Mapping[str, Any]) -> FairDifferenceShown:
    name = NAMES[row["figure"]]
    numbers = ("before", "after", "change", "low", "high", "by_chance")
    return FairDifferenceShown(
        figure=row["figure"],
        title=str(name.title),
        definition=str(name.text),
        unit=str(PART) if name.is_share else "",
        **{key: None if row[key] is None else row[key] * name.scale for key in numbers},
    )
