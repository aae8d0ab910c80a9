"""Pictures of the world: static charts, each with its data and with its meaning in words for readers who cannot see it.

Drawn with Altair (the extra `charts`) and rendered without a browser, so that a picture is the same on paper, on a page
without JavaScript and in a notebook. Countries are named in the reader's language; no picture has a border or a flag.
"""

from serai.world.charts.chain import chain_origins
from serai.world.charts.chain_map import ChainMap, chain_map
from serai.world.charts.dependence import dependence_bars, dependence_map
from serai.world.charts.losses import losses_bars, losses_map, losses_over_time, welfare_against_risk, what_bound
from serai.world.charts.picture import Picture
from serai.world.charts.properties import properties_over_time
from serai.world.charts.tiles import tile_map

__all__ = [
    "ChainMap",
    "Picture",
    "chain_map",
    "chain_origins",
    "dependence_bars",
    "dependence_map",
    "losses_bars",
    "losses_map",
    "losses_over_time",
    "properties_over_time",
    "tile_map",
    "welfare_against_risk",
    "what_bound",
]
