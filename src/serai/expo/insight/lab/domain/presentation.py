"""A result as it is shown: pictures with their words, tables, the map of its chain, and what has to stand beside
them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from serai.expo.base.numbers import in_percent
from serai.expo.base.text import country_name, in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.lab.domain.scenarios import ON_TABLE, Written, written
from serai.expo.insight.lab.domain.words import (
    BOUND,
    HORIZONS,
    LIMITS,
    STATUSES,
    facts_of,
    in_words,
    title_of,
)
from serai.expo.insight.lab.models import LabRun
from serai.expo.insight.pictures.domain import Line, Point, line_chart, short, tile_map
from serai.expo.insight.supply.domain import layouts
from serai.expo.insight.supply.domain.chain_map import ChainMap, chain_map
from serai.expo.insight.supply.domain.map_layers import LAYERS, ChainFacts, Layer
from serai.expo.insight.supply.domain.stored_results import name_of_industry, stored
from serai.expo.offers.chains.domain.chain_maps import standing
from serai.expo.offers.chains.models import Chain
from serai.world.classifications.titles import industry_titles

MOST_COUNTRIES, MOST_IN_WORDS = 25, 5


@dataclass(frozen=True)
class Shown:
    """A run that is done, as its page shows it."""

    run: LabRun
    scenario: Written
    title: str
    facts: list[tuple[str, str]]
    headline: str
    map: str
    map_in_words: str
    over_time: str
    countries: list[dict[str, Any]]
    nodes: list[dict[str, Any]]
    industries: list[dict[str, Any]]
    bound: list[tuple[str, int]]
    horizon: str
    status: str
    limits: list[tuple[str, str]]
    result: Mapping[str, Any]


def shown(run: LabRun) -> Shown:
    """The words and pictures of a result."""
    scenario, result = written(run.scenario), run.result
    assert result is not None
    values = {row["country"]: 100 * row["share"] for row in result["countries"] if row["country"]}
    told = "; ".join(f"{_name(row)} {share_text(row['share'])}" for row in result["countries"][:MOST_IN_WORDS])
    title = title_of(scenario)
    return Shown(
        run,
        scenario,
        title,
        facts_of(scenario),
        headline_of(scenario, result),
        tile_map(values, title, told, legend=_map_legend(scenario)),
        told,
        _over_time(title, result["over_time"], share=scenario.on != ON_TABLE),
        [row | {"name": _name(row), "text": share_text(row["share"])} for row in result["countries"][:MOST_COUNTRIES]],
        [_node(row) for row in result.get("nodes", [])],
        [
            row
            | {
                "title": industry_titles(row["label"], name_of_industry(row)),
                "text": share_text(row["share"]),
                "loss_text": money_text(row["loss"], result["unit"]),
            }
            for row in result.get("industries", [])
        ],
        [(_held_by(word, titles), count) for word, count, titles in result["bound"]],
        str(HORIZONS[result["horizon"]]),
        str(STATUSES[result["status"]]),
        [in_words(LIMITS, limit) for limit in result["limits"]],
        result,
    )


def share_text(share: float) -> str:
    """A share as a percentage with its sign: a loss without one, a gain with a minus."""
    return f"\u2066{in_percent(f'{100 * share:.3g}')}\u2069"  # from left to right, so that the sign stays in front


def money_text(value: float, unit: str) -> str:
    """An amount of a table in billions of US$, where its unit is a million of them."""
    if not unit.endswith("US$ million"):
        return f"{short(value)} {unit}"
    return _("%(amount)s billion US$") % {"amount": f"{float(f'{value / 1000:.3g}'):,g}"}


def headline_of(scenario: Written, result: Mapping[str, Any]) -> str:
    """The answer in a sentence."""
    if scenario.on == ON_TABLE:
        values = {
            "total": money_text(abs(result["total"]), result["unit"]),
            "share": share_text(abs(result["share_of_world"])),
        }
        if result["total"] < 0:
            return _("The world gains %(total)s of value added, %(share)s of all.") % values
        return _("The world loses %(total)s of value added, %(share)s of all.") % values
    values = {"low": share_text(result["end_low"]), "high": share_text(result["end_high"])}
    if values["low"] == values["high"]:
        return _("At worst %(low)s of the chain's end products are missing, as a mean over them.") % values
    return (
        _(
            "At worst %(low)s to %(high)s of the chain's end products are missing, as a mean over them. "
            "The range says what makers do that nobody names."
        )
        % values
    )


def _map_legend(scenario: Written) -> str:
    if scenario.on == ON_TABLE:
        return _("Value added lost, of each country's own")
    return _("What is missing of a country's own supply of end products")


def _name(row: Mapping[str, Any]) -> str:
    """The name of a country of a result; a rest of the world, or makers that nobody names, in words."""
    return country_name(row["country"]) or _("Rest of the world")


def _node(row: Mapping[str, Any]) -> dict[str, Any]:
    return dict(row) | {
        "low": share_text(row["loss_low"]),
        "high": share_text(row["loss_high"]),
        "held": _held_by(row["held_by"], row["held_by_titles"]),
        "survives": None if row["weeks_to_survive"] is None else f"{row['weeks_to_survive']:.0f}",
    }


def _held_by(word: str, titles: Sequence[Mapping[str, str]]) -> str:
    """What held makers back: the inputs of which any one serves, or the library's own word."""
    return " / ".join(in_language(title).text for title in titles) or in_words(BOUND, word)[0]


def _over_time(title: str, path: Mapping[str, Any] | None, *, share: bool) -> str:
    """The losses by step as a chart; empty where the model has no time."""
    if not path or len(path["steps"]) < 2:
        return ""
    lines = [_line(_("World"), path["steps"], path["world"], 0)]
    lines += [
        _line(_name(row), path["steps"], row["values"], place)
        for place, row in enumerate(path["countries"][:4], start=1)
    ]
    worst = max(range(len(path["world"])), key=lambda place: abs(path["world"][place]))
    step, value = path["steps"][worst], short(path["world"][worst], percent=share)
    words = (
        _("The loss is largest in week %(step)d: %(value)s.")
        if path["step"] == "week"
        else _("The loss is largest on day %(step)d: %(value)s.")
    )
    return line_chart(lines, title, words % {"step": step, "value": value}, percent=share)


def _line(name: str, steps: Sequence[int], values: Sequence[float], place: int) -> Line:
    return Line(name, tuple(Point(step, value, value, value) for step, value in zip(steps, values, strict=True)), place)


def lines_of(result: Mapping[str, Any]) -> list[str]:
    """The names of the lines of the chart over time, in the order of their colours."""
    path = result["over_time"]
    return [_("World"), *(_name(row) for row in path["countries"][:4])] if path else []


def compared(runs: Sequence[Shown]) -> list[tuple[str, list[str]]]:
    """The countries that lose most in any of several results, with the loss in each."""
    by_run = [{row["label"]: row for row in run.result["countries"]} for run in runs]
    labels = {
        label: max(abs(rows[label]["share"]) for rows in by_run if label in rows) for rows in by_run for label in rows
    }
    ranked = sorted(labels, key=lambda label: -labels[label])[:MOST_COUNTRIES]
    first = [next(rows[label] for rows in by_run if label in rows) for label in ranked]
    return [
        (
            _name(row),
            [share_text(rows[row["label"]]["share"]) if row["label"] in rows else in_percent("0") for rows in by_run],
        )
        for row in first
    ]


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
