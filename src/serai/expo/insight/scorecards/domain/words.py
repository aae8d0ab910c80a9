"""What a scorecard says in words: properties, indicators, figures by year, and why something is not measured."""

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from serai.expo.base.text import Text
from serai.expo.insight.scorecards.domain.cards import NO_INDUSTRY, NO_MEMBER
from serai.world.measures import INDICATORS
from serai.world.scorecards import NO_TABLE, NO_VALUE

SENSES: Mapping[int, Text] = {1: _("more is better"), -1: _("less is better"), 0: _("it depends")}

INDICATOR_NAMES: Mapping[str, Text] = {
    "S1": _("Concentration of foreign origins"),
    "S2": _("Dependence on the largest foreign origin"),
    "S3": _("Hidden exposure"),
    "S3.look_through": _("Foreign share, all tiers"),
    "S3.face_value": _("Foreign share, direct purchases"),
    "S3.inputs": _("Foreign share of inputs, all tiers"),
    "S3.sales": _("Foreign share of sales, all tiers"),
    "S4": _("Chains of others that pass through"),
    "S5": _("Imports that are strategic dependences"),
    "S6": _("Weight in the world"),
    "R1": _("Volatility that the network passes on"),
    "R3": _("Largest systemic risk of a firm"),
    "M1": _("Implied cost of trade"),
    "M2": _("Borders crossed"),
    "M2.tariffs": _("Tariffs paid tier by tier"),
    "M3": _("Logistics performance"),
    "M3.shipping": _("Connection by liner ships"),
    "M3.facilitation": _("Trade facilitation"),
    "M4": _("Closeness in the network"),
    "E1.1": _("Gains from trade, one sector"),
    "E1.2": _("Gains from trade, many sectors"),
    "E1.3": _("Gains from trade, monopolistic competition"),
    "E1.4": _("Gains from trade, with intermediates"),
    "E1.5": _("Gains from trade, every industry of every country"),
    "E3": _("Margins of trade and transport"),
    "O1": _("Exports in relation to value added"),
    "O2": _("Foreign share of final demand"),
    "O3": _("Own value added in exports"),
    "O4": _("Wall between blocs"),
    "O4.share": _("Trade across blocs"),
    "O5": _("Tariffs on imported inputs"),
    "I1": _("Part in the world's exports of value added"),
    "I1.LDC": _("Part of the least developed countries in exports of value added"),
    "I1.LDC.population": _("The same in relation to their population: least developed countries"),
    "I1.LLDC": _("Part of the landlocked developing countries in exports of value added"),
    "I1.LLDC.population": _("The same in relation to their population: landlocked developing countries"),
    "I1.SIDS": _("Part of the small island developing states in exports of value added"),
    "I1.SIDS.population": _("The same in relation to their population: small island developing states"),
    "I1.BRI": _("Part of the countries of the Belt and Road in exports of value added"),
    "I1.BRI.population": _("The same in relation to their population: countries of the Belt and Road"),
    "I2": _("Participation in global value chains"),
    "I2.backward": _("Backward participation: imported inputs in exports"),
    "I2.forward": _("Forward participation: own inputs in exports of others"),
    "I3": _("Breadth of markets"),
    "I4": _("Inequality between countries"),
    "B2": _("One-sided dependence"),
    "B4": _("Inequality of the gains from trade"),
    "G1.production": _("Emissions at home"),
    "G1.consumption": _("Emissions of what is used"),
    "G1.balance": _("Emissions exported less imported"),
    "G2": _("Emissions along the chain"),
    "G3": _("Emissions, adjusted for technology"),
    "G4": _("Emissions in imported inputs"),
    "D1": _("Information and communication in what is used"),
    "D2": _("Digital-intensive industries in what is used"),
    "D3": _("Research along the chain"),
    "D4": _("Economic complexity"),
    "D5": _("Classes of manufacturing with 1 % of world exports"),
    "D5.exported": _("Classes of manufacturing with any exports"),
    "D5.large": _("Classes of manufacturing with 5 % of world exports"),
    "D5.advantage": _("Classes of manufacturing with an advantage"),
    "D5.nodes": _("Nodes of chains with 1 % of world exports"),
    "D5.nodes.advantage": _("Nodes of chains with an advantage"),
    "D6": _("Part in the world's manufacturing, output"),
    "D6.value_added": _("Part in the world's manufacturing, value added"),
}
"""The names of the indicators that a scorecard shows."""

EXPLAINED: Mapping[str, Text] = {
    "S1": _("How concentrated the foreign origins of the value in final demand are, seen through all tiers."),
    "R1": _("How much of the ups and downs of single industries reaches the whole economy."),
    "M1": _("The cost of trade with partners that explains how little they trade, as a tariff on top of the price."),
    "E1.2": _("The part of real income that would be lost without any trade, at an elasticity of 5; interval 3 to 8."),
    "O2": _("The part of foreign value added in final demand, seen through all tiers."),
    "I2": _("The part of gross exports that crosses at least two borders."),
    "B2": _("How one-sided dependence on partners is: 0 is mutual, 1 is all on one side."),
    "G2": _("Emissions along the whole chain for each unit of final demand."),
    "D1": _("Value added by information and communication industries anywhere in a unit of final demand."),
}
"""What the indicator of each property says that is shown first."""

YEARLY_NAMES: Mapping[str, Text] = {
    "political_stability": _("Political stability"),
    "logistics_performance": _("Logistics performance"),
    "liner_shipping_connectivity": _("Connection by liner ships"),
    "container_traffic": _("Containers through ports, for each person"),
    "regulatory_quality": _("Quality of regulation"),
    "trade_to_gdp": _("Trade in goods in relation to GDP"),
    "tariffs": _("Tariffs, weighted by trade"),
    "agreement_partners": _("Partners of trade agreements"),
    "emission_intensity": _("Emissions for each unit of GDP"),
    "broadband": _("Fixed broadband"),
    "research": _("Spending on research"),
    "high_technology": _("High technology in exports of goods"),
}

UNITS: Mapping[str, Text] = {
    "1": "",
    "-2.5 to 2.5": _("-2.5 to 2.5"),
    "1 to 5": _("1 to 5"),
    "0 to 2": _("0 to 2"),
    "index": _("index"),
    "index, as the extension says": _("index"),
    "per person": _("for each person"),
    "per 100 people": _("for each 100 people"),
    "% of GDP": _("% of GDP"),
    "countries": _("countries"),
    "classes": _("classes"),
    "nodes": _("nodes"),
    "crossings": _("crossings"),
    "visits a chain": _("visits for each chain"),
    "1 (tariff equivalent)": _("as a tariff"),
    "standard deviations": _("standard deviations"),
    "kg CO2 per US$": _("kg CO2 for each US$"),
    "unit of the extension": _("Mt CO2"),
    "unit of the extension per unit of money": _("kg CO2 for each US$"),
}
"""Units by how the library writes them. Emissions are those of EDGAR in the tables at hand."""

SHARES = frozenset({"1"})
"""Units whose values are shown as percentages where they lie between 0 and 1."""

NEEDS: Mapping[str, Text] = {
    "tariff": _("The tables at hand hold no tariffs."),
    "systemic_risk": _("It needs a network of firms; the tables at hand hold industries."),
    "trade_facilitation": _("The tables at hand hold no indicators of trade facilitation."),
    "bloc": _("It needs blocs of countries, and none are given."),
    "research": _("The tables at hand hold no spending on research by industry."),
    "emissions": _("The tables at hand hold no emissions."),
    "population": _("The tables at hand hold no population."),
}
"""Why an indicator is not measured that needs an extension of the table."""

REASONS: Mapping[str, Text] = {
    NO_TABLE: _("No table at hand has this country. The figures by year below may have it."),
    NO_VALUE: _("The table gives no value here: something that it divides by is zero or not known."),
    NO_MEMBER: _("This group had no member on the opening day of the fair."),
    NO_INDUSTRY: _("The table of the world does not have this industry."),
    "It is a property of a whole economy, not of some of its products.": _(
        "It is a property of a whole economy, not of some of its products."
    ),
}


def reason_in_words(symbol: str, reason: str) -> tuple[str, str]:
    """Why an indicator is not measured, in the reader's language, with the language where it is another."""
    if reason in REASONS:
        return str(REASONS[reason]), ""
    needs = INDICATORS[symbol].needs if symbol in INDICATORS else ()
    if "extension" in reason and needs and needs[0] in NEEDS:
        return str(NEEDS[needs[0]]), ""
    if symbol == "D4":
        return gettext("It needs exports by product, and none are at hand on this machine."), ""
    if "too coarse" in reason:
        return gettext("The industries of the table at hand are too coarse for it."), ""
    if reason.startswith("No country of the table"):
        return gettext("No country of the table is a member of this group."), ""
    return reason, "en"


def name_of(symbol: str) -> tuple[str, str]:
    """The name of an indicator or a figure by year, with its language where that is not the reader's."""
    words = INDICATOR_NAMES.get(symbol) or YEARLY_NAMES.get(symbol)
    return (str(words), "") if words else (INDICATORS[symbol].name.capitalize(), "en")
