"""What a scenario and its result say in words, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from serai.expo.base.numbers import in_percent
from serai.expo.base.text import Text, in_language
from serai.expo.insight.lab.domain.runs import FAIR_LIMIT
from serai.expo.insight.lab.domain.scenarios import ON_FAIR, ON_TABLE, Written
from serai.expo.insight.supply.domain.stored_results import FAILED
from serai.expo.offers.chains.models import Chain, Node
from serai.world.classifications import countries
from serai.world.classifications.countries import alpha2

READY: Mapping[str, tuple[Text, Text]] = {
    "decoupling": (
        _("Decoupling of two blocs"),
        _("Delivering from one bloc to the other costs three times as much, which all but ends it."),
    ),
    "earthquake": (
        _("Earthquake in one economy"),
        _("A hundredth of an economy's productive capital is destroyed and rebuilt, mostly by construction."),
    ),
    "earthquake-and-closed-ports": (
        _("Earthquake that closes the ports"),
        _("A hundredth of an economy's capital is destroyed and rebuilt, and its ports stand still for two months."),
    ),
    "low-income-barrier": (
        _("Trade costs of some economies up by 10 %"),
        _("Trade with some economies, both ways, costs a tenth more."),
    ),
    "low-income-corridor": (
        _("Trade costs of some economies down by 10 %"),
        _("Trade with some economies, both ways, costs a tenth less."),
    ),
    "mineral-export-stop": (
        _("Export stop of metal ores"),
        _("Economies stop selling the products of their metal mines abroad, for good."),
    ),
    "mineral-shortage": (
        _("First weeks of a shortage of metal ores"),
        _("Metal mines stop overnight, and nobody has another source yet."),
    ),
    "new-mineral-source": (
        _("New source of metal ores"),
        _("Economies become a source of what metal mines make, and reach a tenth of what buyers spend."),
    ),
    "opening": (_("Opening between two blocs"), _("Delivering from one bloc to the other costs a tenth less.")),
    "port-closure": (
        _("Ports closed for two months"),
        _("Most of an economy's shipping and cargo handling stands still for two months and comes back in a month."),
    ),
    "tariff-on-all": (
        _("Ten-point tariff on everything"),
        _("Every economy adds ten points to its tariffs on everything from everywhere."),
    ),
}
"""Title and meaning of the ready scenarios."""

STRAITS: Mapping[str, Text] = {
    "bab-el-mandeb": _("Bab el-Mandeb"),
    "bosporus": _("Bosporus"),
    "dardanelles": _("Dardanelles"),
    "gibraltar": _("Strait of Gibraltar"),
    "malacca": _("Strait of Malacca"),
    "hormuz": _("Strait of Hormuz"),
    "panama": _("Panama Canal"),
    "suez": _("Suez Canal"),
    "sunda": _("Sunda Strait"),
}

HORIZONS: Mapping[str, Text] = {
    "ACCOUNTING": _("None: it counts who hangs on whom, and forecasts nothing."),
    "WEEKS": _("Days to weeks: nothing can be replaced yet."),
    "YEAR": _("About a year: some things are replaced."),
    "DECADE": _("Ten years: sources are chosen anew."),
}

STATUSES: Mapping[str, Text] = {
    "SOLVED": _("The equations of the model hold."),
    "NOT_CONVERGED": _("The equations of the model do not hold yet: the losses are those of the last step."),
}

LIMITS: Mapping[str, Text] = {
    FAIR_LIMIT: _("Firms of this fair are taken as the only makers of the nodes on which they stand, in equal parts."),
    "Nobody finds a new supplier, and no price changes; spare capacity and stocks are the chain's own numbers.": _(
        "Nobody finds a new supplier, and no price changes; spare capacity and stocks are the chain's own numbers."
    ),
    "Shares that nobody states are those of exports or of an industry; see the grade of each node.": _(
        "Shares that nobody states are those of exports or of an industry; see the grade of each node."
    ),
    "Stocks are not filled up again within the answer.": _("Stocks are not filled up again within the answer."),
}
"""Limits in the reader's language, as far as they are translated; others are shown in English."""

BOUND: Mapping[str, Text] = {"hit": _("the stop itself"), "": _("nothing")}


def in_words(texts: Mapping[str, Text], text: str) -> tuple[str, str]:
    """A text of the library in the reader's language, and the language where it is another."""
    return (str(texts[text]), "") if text in texts else (text, "en")


def problem_in_words(problem: str) -> str:
    """Why a run was refused or failed. The library's own sentences are English."""
    return gettext(FAILED) if problem == FAILED else problem


def country_list(labels: Any) -> str:
    """The names of countries by whatever code."""
    language = get_language() or "en"
    codes = [(label, alpha2(label)) for label in labels]
    return ", ".join(countries.name(code, language) if code else label for label, code in codes)


def title_of(scenario: Written) -> str:
    """What stops, in a line; for a ready scenario its title with the countries."""
    given = scenario.parameters
    if scenario.ready:
        about = given.get("countries") or given.get("exporters")
        if scenario.parameters.get("blocs"):
            about = None
            blocs = " / ".join(country_list(bloc) for bloc in given["blocs"])
            return f"{READY[scenario.ready][0]}: {blocs}"
        return f"{READY[scenario.ready][0]}: {country_list(about)}" if about else str(READY[scenario.ready][0])
    parts = [country_list(given["countries"])] if given.get("countries") else []
    if given.get("exporters"):
        parts.append(country_list(given["exporters"]))
    if given.get("nodes"):
        parts.append(", ".join(node_titles(scenario.chain, given["nodes"])))
    parts += [", ".join(str(STRAITS[strait]) for strait in given["straits"])] if given.get("straits") else []
    if given.get("firms"):
        count = len(given["firms"])
        parts.append(ngettext("%(count)d firm of the fair", "%(count)d firms of the fair", count) % {"count": count})
    what = "; ".join(parts)
    if scenario.on == ON_TABLE:
        return f"{KINDS[scenario.kind]}: {what}" if scenario.kind in KINDS else what
    return gettext("Stop: %(what)s") % {"what": what}


KINDS: Mapping[str, Text] = {
    "shortage": _("Output stops, first weeks"),
    "inventory": _("Output stops and comes back, day by day"),
    "export_stop": _("Exports stop for good"),
    "trade_cost": _("Trade costs change"),
    "tariff": _("Tariffs rise"),
    "extraction": _("What hangs on a country"),
}
"""What can happen on the world table."""


def facts_of(scenario: Written) -> list[tuple[str, str]]:
    """The scenario in facts: where, how much, how long."""
    given = scenario.parameters
    facts: list[tuple[str, str]] = []
    if scenario.chain:
        chain = Chain.objects.filter(slug=scenario.chain).first()
        where = in_language(chain.title).text if chain else scenario.chain
        facts.append(
            (
                gettext("Chain"),
                gettext("%(chain)s, firms of this fair") % {"chain": where} if scenario.on == ON_FAIR else where,
            )
        )
    if "share" in given or scenario.on != ON_TABLE:
        facts.append((gettext("Part that is lost"), in_percent(f"{100 * float(given.get('share', 1)):.0f}")))
    if "weeks" in given or scenario.on != ON_TABLE:
        weeks = given.get("weeks")
        words = (
            ngettext("%(count)d week", "%(count)d weeks", weeks) % {"count": weeks}
            if weeks
            else gettext("without stocks")
        )
        facts.append((gettext("How long"), words))
    if "days" in given:
        days = int(given["days"])
        facts.append((gettext("How long"), ngettext("%(count)d day", "%(count)d days", days) % {"count": days}))
    if "factor" in given:
        facts.append((gettext("Costs, new over old"), f"{given['factor']:g}"))
    if "added" in given:
        facts.append((gettext("Added to tariffs"), in_percent(f"{100 * given['added']:g}")))
    if given.get("horizon") == "pool":
        facts.append((gettext("Who is supplied"), gettext("all get the same part of what is left (months)")))
    return facts


def node_titles(chain: str, codes: Any) -> list[str]:
    """The titles of nodes of a chain."""
    titles = dict(Node.objects.filter(chain__slug=chain, code__in=list(codes)).values_list("code", "title"))
    return [in_language(titles[code]).text if code in titles else code for code in codes]
