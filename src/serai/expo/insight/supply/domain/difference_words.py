"""What a fair did, in figures with their names: before, after, the interval of the change, and beside it chance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from serai.expo.base.numbers import in_percent, rounded
from serai.expo.insight.supply.domain.map_layers import percent

type Text = str | Promise

WHOLE = 0.995
"""Part of the inputs from which a figure is told as one of all of them: it would read as 100 %."""


@dataclass(frozen=True)
class FigureName:
    """A figure of a difference: its name, what it means, whether it is a share; ``sense`` is 1 where more is better."""

    title: Text
    text: Text
    is_share: bool
    sense: int
    scale: float = 1.0
    """What the figure of the library is multiplied by to be in the unit of the text."""
    unit: Text = ""
    """Where it is neither a share nor a plain number."""


NAMES: Mapping[str, FigureName] = {
    "single": FigureName(
        _("Inputs with a single source country"),
        _("Share of buyers' inputs of which one country brings 70 % or more."),
        is_share=True,
        sense=-1,
    ),
    "effective": FigureName(
        _("Source countries of an input"),
        _("Effective number of source countries, mean over the inputs: 1 over the sum of the squared shares."),
        is_share=False,
        sense=1,
    ),
    "worst": FigureName(
        _("Worst loss by the stop of one country"),
        _("Part of an input that is missing when the country stops whose stop takes most, mean over the inputs."),
        is_share=True,
        sense=-1,
    ),
    "inclusive": FigureName(
        _("From least developed, landlocked and small island countries"),
        _("Their share in what buyers use of an input, mean over the inputs."),
        is_share=True,
        sense=1,
    ),
    "green": FigureName(
        _("Emissions embodied in a unit"),
        _("Kilograms of CO2 equivalent a US dollar of what the input's industry makes, by the mix of countries, mean."),
        is_share=False,
        sense=-1,
        scale=1_000,
        unit=_("kg CO2 for each US$"),
    ),
}


@dataclass(frozen=True)
class FigureRow:
    """A figure as it is told. ``verdict`` is 1 for better, -1 for worse, 0 where the interval holds zero; the change
    beside chance is told where there were suggestions. ``covered`` is the part of the inputs on which it is measured,
    in per cent, empty where that is all of them."""

    name: FigureName
    before: str
    after: str
    change: str
    interval: str
    by_chance: str
    verdict: int
    covered: str = ""


def rows_of(figures: Sequence[Mapping[str, Any]]) -> list[FigureRow]:
    """The figures that are measured, as rows."""
    return [
        _row(NAMES[row["figure"]], row) for row in figures if row["before"] is not None and row["after"] is not None
    ]


def difference_told(
    did: Mapping[str, Any],
    titles: Mapping[tuple[str, str], Mapping[str, str]],
    outcomes: Mapping[int, Any] | None = None,
) -> dict[str, Any]:
    """What the template of a difference needs: of one chain or of several, with the titles of nodes by chain and code;
    ``outcomes`` by number name the parties, for organisers only."""
    moved = [
        {**link, "title": titles[link["chain"], link["node"]], "outcome_row": (outcomes or {}).get(link["outcome"])}
        for link in did["most_moved"]
        if (link["chain"], link["node"]) in titles
    ]
    return {
        "did": {**did, "most_moved": moved},
        "rows": rows_of(did["figures"]),
        "claimed_rows": rows_of(did["claimed_figures"]),
    }


def _row(name: FigureName, row: Mapping[str, Any]) -> FigureRow:
    low, high = row["low"] or 0.0, row["high"] or 0.0
    told = low > 0 or high < 0
    chance, covered = row["by_chance"], row.get("covered", 1.0)
    return FigureRow(
        name=name,
        before=_value(name, row["before"]),
        after=_value(name, row["after"]),
        change=_signed(name, row["change"]),
        interval=f"{_signed(name, low)} … {_signed(name, high)}",
        by_chance="" if chance is None else _signed(name, chance),
        verdict=(1 if row["change"] > 0 else -1) * name.sense if told else 0,
        covered="" if covered >= WHOLE else percent_with_a_digit(covered),
    )


def _value(name: FigureName, value: float) -> str:
    return percent_with_a_digit(value) if name.is_share else rounded(value * name.scale, 2)


def _signed(name: FigureName, value: float) -> str:
    """A change with its sign; of shares in percentage points."""
    size = round(abs(value) * (100 if name.is_share else name.scale), 1 if name.is_share else 3)
    sign = "" if not size else "+" if value > 0 else "−"
    return sign + rounded(size, 1 if name.is_share else 3)


def percent_with_a_digit(share: float) -> str:
    """A share in per cent with one digit where it is small."""
    return percent(share) if share >= 0.0995 or share == 0 else in_percent(rounded(100 * share, 1))
