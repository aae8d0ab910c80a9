"""The map of a chain with what a scenario takes of each node."""

from dataclasses import dataclass

from django.utils.translation import get_language_bidi

from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.lab.domain.presentation import Shown
from serai.expo.insight.supply.domain import layouts
from serai.expo.insight.supply.domain.chain_map import ChainMap, chain_map
from serai.expo.insight.supply.domain.map_layers import LAYERS, ChainFacts, Layer
from serai.expo.insight.supply.domain.stored import stored
from serai.expo.offers.chains.domain.chain_maps import standing
from serai.expo.offers.chains.models import Chain


@dataclass(frozen=True)
class LossMap:
    """The map, its chain, and the layer whose steps its colours are."""

    map: ChainMap
    chain: Chain
    layer: Layer
    mirrored: bool


def loss_map(edition: Edition, shown: Shown) -> LossMap | None:
    """The map of the scenario's chain; None on the world table, and while the layout of the chain is not there."""
    chain = Chain.objects.filter(slug=shown.scenario.chain).first()
    layout = stored(None, layouts.KIND, chain.slug) if chain else None
    if chain is None or layout is None or layout.data is None:
        return None
    places = {place.node.code: place for place in standing(edition, chain)}
    losses = {row["node"]: (row["loss_low"], row["loss_high"]) for row in shown.result.get("nodes", [])}
    facts = ChainFacts(places=places, unanswered={}, stops=losses)
    layer, mirrored = LAYERS["loss"], get_language_bidi()
    drawn = chain_map(layout.data, chain.stages.all(), facts, layer, right_to_left=mirrored)
    return LossMap(drawn, chain, layer, mirrored)
