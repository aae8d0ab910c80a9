"""What the fair did to its chains, as a report shows it: before, after, the interval, chance, and what is claimed."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from serai.expo.base.numbers import in_percent, rounded
from serai.expo.base.text import apart, in_language
from serai.expo.insight.supply.domain.fair_difference import NAMES, rows_of
from serai.expo.results.report.domain.blocks import Block, Table, joined, with_unit

type Content = dict[str, Any]
type Row = Mapping[str, Any]

DIGITS = {True: (1, 2), False: (2, 3)}
"""Digits of shares, and of other figures, of which the fewest are taken that tell before from after."""

FURTHER = 2
"""Digits more than its level that the interval of a change may take."""


def digits_that_tell(before: float, after: float, *, is_share: bool, choices: Sequence[int]) -> int | None:
    """The fewest digits at which two values read differently; None where all of these leave them alike."""
    scale = 100 if is_share else 1
    return next((digits for digits in choices if round(scale * before, digits) != round(scale * after, digits)), None)


def level(value: float, digits: int, *, is_share: bool) -> str:
    """A value with so many digits, a share in per cent."""
    return in_percent(rounded(100 * value, digits)) if is_share else rounded(value, digits)


def effect_block(effect: Content, *, defines: bool = True) -> Block:
    """A chain, or all of them: how many links, and the figures of the sourcing; what they mean where it ``defines``."""
    links = effect["links"]
    counted = ngettext(
        "%(links)s new link of supply is confirmed by all its parties.",
        "%(links)s new links of supply are confirmed by all their parties.",
        links,
    ) % {"links": number_format(links, force_grouping=True)}
    further = _(
        "Across a border: %(borders)s. From least developed countries: %(developing)s. From micro and small firms: "
        "%(small)s. Not counted here, as one side only claims them: %(claimed)s."
    ) % {
        "claimed": effect["claimed_links"],
        "borders": effect["across_borders"],
        "developing": effect["from_least_developed"],
        "small": effect["from_small_firms"],
    }
    columns = [
        [_title(row) for row in effect["rows"]],
        *zip(*(_numbers(row) for row in effect["rows"]), strict=True),
    ]
    titles = (
        *(_("Figure"), _("Before"), _("After"), _("Interval of the change"), _("By chance")),
        _("With what is claimed only"),
    )
    shown = [place for place, column in enumerate(columns) if any(cell != NONE for cell in column)]
    table = Table(
        header=[titles[place] for place in shown],
        rows=list(zip(*(columns[place] for place in shown), strict=True)),
        numbers=tuple(range(1, len(shown))),
        widths=("1fr", *("auto" for _place in shown[1:])),
        means=_meaning(effect) if defines else "",
    )
    return Block(
        title=in_language(effect["title"]).text,
        sentences=(counted, further),
        tables=(table,) if effect["rows"] else (),
    )


def _meaning(effect: Content) -> str:
    """What the columns hold, of those that are shown."""
    by_chance = [_("By chance: as many links drawn at random from the suggestions.")]
    is_beside_chance = any(row["by_chance"] is not None for row in effect["rows"])
    return joined([in_language(effect["definition"]).text, *(by_chance if is_beside_chance else ())])


def _title(row: Row) -> str:
    """The name of a figure with its unit, and the part of the inputs on which it is measured if not all of them."""
    title = with_unit(in_language(row["title"]).text, str(NAMES[row["figure"]].unit))
    (words,) = rows_of([row])
    if not words.covered:
        return title
    return _("%(figure)s, measured on %(part)s of the inputs") % {"figure": title, "part": words.covered}


NONE = "–"


def _numbers(row: Row) -> tuple[str, str, str, str, str]:
    """Before, after, interval, by chance, and with the claimed links in the place of the confirmed."""
    name = NAMES[row["figure"]]
    choices = DIGITS[name.is_share]
    before, after = (row[key] * name.scale for key in ("before", "after"))
    digits = digits_that_tell(before, after, is_share=name.is_share, choices=choices)
    digits = choices[-1] if digits is None else digits
    claimed = None if row["claimed"] is None else row["claimed"] * name.scale
    told = [
        NONE if value is None else level(value, digits, is_share=name.is_share) for value in (before, after, claimed)
    ]
    points = name.scale * (100 if name.is_share else 1)
    low, high = ((row[key] or 0.0) * points for key in ("low", "high"))
    # An interval reads as one: with a digit more or two where its ends would look the same.
    finer = digits_that_tell(low, high, is_share=False, choices=range(digits, digits + FURTHER + 1))
    changes = [
        NONE if row[key] is None else apart(_signed(row[key] * points, digits if finer is None else finer))
        for key in ("low", "high", "by_chance")
    ]
    return told[0], told[1], apart(f"{changes[0]} … {changes[1]}"), changes[2], told[2]


def _signed(change: float, digits: int) -> str:
    """A change with its sign; of a share in percentage points."""
    size = round(abs(change), digits)
    return ("" if not size else "+" if change > 0 else "−") + rounded(size, digits)
