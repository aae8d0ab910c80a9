"""The stored exposure of a firm with names and sentences in the reader's language: for its page and its paper."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.base.numbers import in_percent
from serai.expo.base.rows import among
from serai.expo.base.text import country_in_sentence, country_name, in_language
from serai.expo.fairs.edition.models import Participation
from serai.expo.insight.exposure.domain.results import KIND, MOST_ALTERNATIVES
from serai.expo.insight.exposure.domain.sources import inputs_of, title_of
from serai.expo.insight.supply.domain.stored_results import Stored, current_data
from serai.expo.meetings.matchmaking.domain.source_values import GRADES, Value, told_of
from serai.expo.offers.chains.models import Node

ORIGINS: Mapping[str, str | Promise] = {
    "declared": gettext_lazy("You declared where you buy it."),
    "need": gettext_lazy("You look for it at this fair. Where you buy it today is not declared: averages are shown."),
    "flow": gettext_lazy("Your firm's record says that you buy it. Where from is not declared: averages are shown."),
    "chain": gettext_lazy("What you make needs it. Where you buy it is not declared: averages are shown."),
}
WHY_NONE: Mapping[str, str | Promise] = {
    "nobody": gettext_lazy("No safer source at this fair, because no other exhibitor offers it here."),
    "dependent": gettext_lazy(
        "No safer source at this fair, because those who offer it are in the countries on which you depend already."
    ),
    "untold": gettext_lazy(
        "No safer source at this fair, because of no exhibitor here can it be told that it would lower your risk:"
        " the shares are known too roughly, or the difference is too small."
    ),
}


@dataclass(frozen=True)
class Alternative:
    """An exhibitor who would make an input safer, and what changes."""

    participation: Participation
    value: Value


@dataclass(frozen=True)
class Shown:
    """An input as it is shown: names, shares in per cent, and sentences."""

    title: str
    node: Node
    figures: Mapping[str, Any]
    origin: str | Promise
    basis: str | Promise
    world_basis: str
    failures: tuple[str, ...]
    stops: tuple[str, ...]
    uses: str
    alternatives: tuple[Alternative, ...]
    why_none: str | Promise
    more: int = 0
    is_open: bool = False
    world: tuple[tuple[str, float], ...] = field(default=())
    countries: tuple[tuple[str, float], ...] = field(default=())
    firms: tuple[tuple[str, str, float], ...] = field(default=())


@dataclass(frozen=True)
class Page:
    """All of a firm's exposure."""

    inputs: tuple[Shown, ...]
    unplaced: tuple[str, ...]
    not_known: tuple[str, ...]
    table: str


def page_of(participation: Participation, exposure: Stored) -> Page:
    """The exposure of a firm in the reader's language: four queries, however many inputs it has."""
    contents = exposure.data or {}
    found = contents.get("inputs", [])
    named = {pk for item in found for pk in (item["node"], *item["uses"])} | {*contents.get("not_known", [])}
    rows = {node.pk: node for node in Node.objects.filter(among("pk", named)).select_related("chain")}
    nodes = {pk: in_language(node.title).text for pk, node in rows.items()}
    chosen = {other["participation"] for item in found for other in item["alternatives"][:MOST_ALTERNATIVES]}
    others = Participation.objects.filter(among("pk", chosen), state=Participation.State.CONFIRMED)
    here = {other.pk: other for other in others.select_related("firm")}
    titles = {declared.pk: title_of(declared) for declared in inputs_of(participation)}
    country = participation.firm.country
    return Page(
        tuple(
            _shown(item, rows[item["node"]], nodes, here, country, is_first=number == 0)
            for number, item in enumerate(found)
            if item["node"] in rows
        ),
        tuple(titles[pk] for pk in contents.get("unplaced", []) if pk in titles),
        tuple(nodes[pk] for pk in contents.get("not_known", []) if pk in nodes),
        contents.get("table", ""),
    )


def _shown(
    item: Mapping[str, Any],
    node: Node,
    nodes: Mapping[int, str],
    here: Mapping[int, Participation],
    country: str,
    *,
    is_first: bool,
) -> Shown:
    title = nodes[node.pk]
    is_declared = item["origin"] == "declared"
    alternatives = tuple(
        Alternative(here[other["participation"]], _value(item, other, node, country))
        for other in item["alternatives"][:MOST_ALTERNATIVES]
        if other["participation"] in here
    )
    return Shown(
        title=title,
        node=node,
        figures=item,
        origin=ORIGINS[item["origin"]],
        basis=gettext_lazy("stated by your firm") if is_declared else GRADES[item["grade"]],
        world_basis=_world_basis(item),
        failures=tuple(_failure(*failure) for failure in item["failures"]),
        stops=tuple(_stop(*stop) for stop in item["stops"]),
        uses=", ".join(nodes[pk] for pk in item["uses"] if pk in nodes),
        alternatives=alternatives,
        why_none=WHY_NONE.get(item["why_none"], ""),
        more=max(0, len(item["alternatives"]) - MOST_ALTERNATIVES),
        is_open=is_declared or is_first,
        world=tuple((country_name(code), share) for code, share in item["world"]),
        countries=tuple((country_name(code) or str(_("not known")), share) for code, share in item["countries"]),
        firms=tuple((country_name(code), firm, share) for code, firm, share in item["firms"] if firm),
    )


def values_of_own_sources(participation: Participation) -> dict[int, Value]:
    """By exhibitor what it changes for the firm as a source of what the firm declares: of several inputs that which it
    relieves most. Empty where nothing current is stored. Two queries."""
    exposure = current_data(participation.edition, KIND, str(participation.pk))
    if exposure is None:
        return {}
    declared = [item for item in exposure["inputs"] if item["origin"] == "declared" and item["alternatives"]]
    nodes = Node.objects.filter(among("pk", [item["node"] for item in declared])).select_related("chain").in_bulk()
    best: dict[int, tuple[float, Value]] = {}
    for item in declared:
        for other in item["alternatives"] if item["node"] in nodes else ():
            if other["relief"] > best.get(other["participation"], (0.0,))[0]:
                value = _value(item, other, nodes[item["node"]], participation.firm.country)
                best[other["participation"]] = other["relief"], value
    return {pk: value for pk, (_relief, value) in best.items()}


def _value(item: Mapping[str, Any], other: Mapping[str, Any], node: Node, country: str) -> Value:
    is_declared = item["origin"] == "declared"
    declared = {code for code, _firm, _share in item["firms"]}
    return Value(
        title=in_language(node.title).text,
        buyer=country,
        source=other["country"],
        figures=told_of(other["figures"]),
        grade=item["grade"],
        worst=item["stops"][0][0] if item["stops"] else "",
        largest=item["countries"][0][0] if item["countries"] else "",
        own=is_declared,
        chain=node.chain.slug,
        node=node.code,
        number=len(declared) + 1 if is_declared and other["country"] not in declared else 0,
    )


def _world_basis(item: Mapping[str, Any]) -> str:
    basis = str(GRADES[item["world_grade"]])
    year = item["world_year"]
    return _("%(basis)s, %(year)s") % {"basis": basis, "year": year} if year else basis


def _failure(kind: str, who: str, share: float) -> str:
    names = {"who": country_in_sentence(who) if kind == "country" else who, "share": in_percent(f"{100 * share:.0f}")}
    if kind == "country":
        return _("Single source: %(share)s comes from one country, %(who)s.") % names
    return _("Single source: %(share)s comes from one firm, %(who)s.") % names


def _stop(country: str, loss: float, weeks: float | None) -> str:
    names = {
        "country": country_in_sentence(country),
        "loss": in_percent(f"{100 * loss:.0f}"),
        "weeks": f"{weeks or 0:.0f}",
    }
    if weeks is None:
        return _("If %(country)s stops, %(loss)s of this input is missing.") % names
    return _("If %(country)s stops, %(loss)s of this input is missing; your stock lasts %(weeks)s weeks then.") % names
