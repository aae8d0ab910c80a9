"""The columns of a list of booths."""

import re
from collections.abc import Mapping
from functools import cache

from django.utils.translation import gettext_lazy as _

from serai.expo.firms.record.domain import cells
from serai.expo.firms.record.domain.cells import UnreadableError, number_of
from serai.expo.site.imports.domain import amount_cells
from serai.expo.site.imports.domain.fields import Column, meaning, with_aliases, worded
from serai.expo.venue.halls.models import Booth, BoothBuild, BoothKind

LARGEST = 100_000

_SIZE = re.compile(r"\s*(\d[\d.,]*)\s*m?\s*(?:[x×*х]|by|mal|на)\s*(\d[\d.,]*)\s*(?:m|м|米)?\s*", re.IGNORECASE)
_WITH_UNIT = re.compile(r"\s*(\d[\d\s.,']*?)\s*(?:m|м|米|kw|квт|kg/m²|kg/m2|م)?\s*", re.IGNORECASE)


def length(cell: str) -> float:
    """A number of metres or kilowatts, with or without its unit; 3,25 and 3.25 are the same."""
    match = _WITH_UNIT.fullmatch(cell)
    try:
        number = float(match[1].replace(" ", "").replace(",", ".")) if match else -1.0
    except ValueError:
        number = -1.0
    if not 0 <= number < LARGEST:
        raise UnreadableError("not_a_number")
    return number


def size(cell: str) -> tuple[float, float]:
    """Width and depth in metres, as in '6 x 3 m'."""
    match = _SIZE.fullmatch(cell)
    if match is None:
        raise UnreadableError("not_measures")
    return length(match[1]), length(match[2])


def area(cell: str) -> float:
    """Square metres; half ones too."""
    match = re.fullmatch(r"\s*(\d[\d\s.,']*)\s*(?:m2|m²|㎡|sqm|qm|平方米|平米|м2|м²|م²)?\s*", cell.lower())
    number = number_of(match[1]) if match else None
    if number is None or not 0 < number < LARGEST:
        raise UnreadableError("not_an_area")
    return number


kind = meaning("booth_kinds", BoothKind.values)
"""Row, corner, head or island, in words or by the number of open sides."""

build = meaning("booth_builds", BoothBuild.values)
"""Raw space or shell scheme."""

state = meaning("booth_states", Booth.State.values)
"""Whether the booth is to be had."""


@cache
def booth_columns() -> Mapping[str, Column]:
    """All columns by key, in the order of the template."""
    code = cells.line(cells.LONGEST_CODE)
    # fmt: off
    columns = [
        worded("hall", code, _("Hall"), _("Its code. A hall that is not known is made; empty where there is one."),
               "H1"),
        worded("booth", code, _("Booth"), _("Its code. A booth that is not known is made."), "EXAMPLE", names=True),
        worded("width_m", length, _("Width in metres"), _("Along the aisle."), "6"),
        worded("depth_m", length, _("Depth in metres"), _("Away from the aisle."), "3"),
        worded("size", size, _("Width and depth"), _("In one cell, as in 6 x 3 m."), ""),
        worded("area_m2", area, _("Area, m²"), _("Where width and depth are not known."), ""),
        worded("kind", kind, _("Kind of booth"), _("Row, corner, head or island, or the number of open sides."),
               "corner"),
        worded("build", build, _("How it is built"), _("Raw space or shell scheme."), "shell"),
        worded("price", amount_cells.amount, _("Price"), _("As in 4500 or 4500 EUR."), "4500"),
        worded("currency", amount_cells.currency, _("Currency"), _("That of the terms of exhibiting."), ""),
        worded("power_kw", length, _("Power in kilowatts"), _("Connections at the booth."), "3"),
        worded("height_m", length, _("Height in metres"), _("Up to which may be built."), ""),
        worded("load_kg_m2", length, _("Floor load in kg/m²"), _("What the floor bears."), ""),
        worded("x_m", length, _("Place from the left in metres"), _("Without it booths are drawn in rows."), ""),
        worded("y_m", length, _("Place from the top in metres"), _("Without it booths are drawn in rows."), ""),
        worded("pavilion", cells.country, _("Country pavilion"), _("Only for firms of this country."), ""),
        worded("firm", cells.text, _("Exhibitor"), _("Who has it, by name or identifier; several with semicolons"
               " between."), ""),
        worded("state", state, _("State"), _("Available, reserved, contracted or blocked; empty: available."), ""),
    ]
    # fmt: on
    return with_aliases("booths", columns)
