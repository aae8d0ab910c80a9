"""Scorecards: the nine properties of a country, a group of countries, an industry or a chain, and what it is strong in.

There is no rank and no sum. What is not measured says why. Values of different tables are not joined, as their
countries and industries differ.
"""

from serai.world.scorecards.properties import (
    NO_TABLE,
    NO_VALUE,
    ONE_A_PROPERTY,
    Measured,
    Point,
    Row,
    code_of,
    measured,
    of_all,
    of_country,
    of_group,
    tables_at_hand,
)
from serai.world.scorecards.strengths import (
    Advantage,
    CouldMake,
    Makers,
    Makes,
    advantages_of,
    chains_of_the_package,
    export_advantages,
    makers_of_chains,
    nodes_in_reach,
    nodes_made,
    reach_at_hand,
)
from serai.world.scorecards.yearly import YEARLY, YearlyFigure, yearly, yearly_source

__all__ = [
    "NO_TABLE",
    "NO_VALUE",
    "ONE_A_PROPERTY",
    "YEARLY",
    "Advantage",
    "CouldMake",
    "Makers",
    "Makes",
    "Measured",
    "Point",
    "Row",
    "YearlyFigure",
    "advantages_of",
    "chains_of_the_package",
    "code_of",
    "export_advantages",
    "makers_of_chains",
    "measured",
    "nodes_in_reach",
    "nodes_made",
    "of_all",
    "of_country",
    "of_group",
    "reach_at_hand",
    "tables_at_hand",
    "yearly",
    "yearly_source",
]
