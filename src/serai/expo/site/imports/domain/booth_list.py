"""A list of booths with their sizes, kinds, prices and places, and the firms that have them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext_lazy as _

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain import cells
from serai.expo.firms.record.domain.cells import UnreadableError, number_of
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.site.imports.domain import amount_cells
from serai.expo.site.imports.domain.amount_cells import Amount
from serai.expo.site.imports.domain.draft import Change, Draft, Drafting, Make, Remark
from serai.expo.site.imports.domain.fields import Column, meaning, with_aliases, worded
from serai.expo.site.imports.domain.identity import Participants, named, participants_of
from serai.expo.site.imports.domain.rows import Cells, annotator, details_of, notes_on, read_cells
from serai.expo.site.imports.domain.subject import Plan, RowPlan, Sent, rejected, state_of
from serai.expo.venue.contracts.domain.contracts import current_terms
from serai.expo.venue.halls.models import Booth, BoothBuild, BoothKind, Hall, Stand

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


_PLAIN = (
    "width_m",
    "depth_m",
    "kind",
    "build",
    "power_kw",
    "height_m",
    "load_kg_m2",
    "x_m",
    "y_m",
    "pavilion",
    "state",
)
USUAL_DEPTH = 3.0
"""Metres: the depth at which a booth is drawn of which only the area is known."""
USUAL_WIDTH = 60.0
"""Metres: how wide the rows of a hall are drawn whose width is not known."""
EDGE, AISLE = 2.0, 3.0
"""Metres between the wall and the first booth, and between two rows."""


@dataclass
class Floor:
    """What a row may name besides halls and booths, which the draft has."""

    currency: str
    exhibitors: Participants
    stands: dict[int, list[Stand]] = field(default_factory=lambda: defaultdict(list))
    """By ``id`` of the booth."""


def plan_booths(sent: Sent) -> Plan:
    """The plan of a list of booths, in a fixed number of queries."""
    draft, annotate = Draft(_halls_and_booths(sent.edition)), annotator(sent)
    floor = _load(sent.edition, draft)
    rows: dict[int, tuple[Booth, bool, Cells]] = {}
    plans: dict[int, RowPlan] = {}
    first_of: dict[int, int] = {}
    for row in sent.rows:
        read = read_cells(row, sent.header, sent.mapped, booth_columns())
        number = row[0]
        if isinstance(read, RowPlan):
            plans[number] = read
            continue
        notes = details_of(read.notes)
        code, hall_code = read.values.get("booth", ""), read.values.get("hall", "") or _only_hall(draft)
        if not (code and hall_code):
            plans[number] = rejected(number, "no_hall" if code else "no_booth", notes)
            continue
        booth, is_new = draft.take(number, _booth_named(hall_code, code, sent.edition, draft))
        if (first := first_of.setdefault(id(booth), number)) != number:
            plans[number] = rejected(number, "same_booth_as_row", {"first": first, **notes})
            continue
        draft.take(number, _fields(read, booth, floor))
        draft.take(number, _stands(read, booth, floor))
        rows[number] = booth, is_new, read
    draft.order_new_halls()
    _draw_in_rows({number: booth for number, (booth, _new, _read) in rows.items()}, draft)
    numbers = {id(booth): number for number, (booth, _new, _read) in rows.items()}
    for booth, other in _overlaps(draft):
        if row_number := numbers.get(id(booth)) or numbers.get(id(other)):
            beside = other if numbers.get(id(booth)) else booth
            draft.remarks[row_number].append(Remark("booth", "booth_overlaps", {"other": beside.label}))
    for number, (_booth, is_new, read) in rows.items():
        details = details_of(notes_on(number, read.notes, draft, annotate))
        plans[number] = RowPlan(number, state_of(number, draft, is_new=is_new), "", details)
    return Plan([plans[number] for number, _cells in sent.rows], draft)


def _only_hall(draft: Draft) -> str:
    """The code of the only hall; '1' where there is none yet."""
    return next(iter(draft.halls)) if len(draft.halls) == 1 else "" if draft.halls else "1"


def _booth_named(hall_code: str, code: str, edition: Edition, draft: Draft) -> Drafting[tuple[Booth, bool]]:
    """The booth of a row, and whether it is new. A hall is known by its code or its title."""
    titled = (other for other in draft.halls.values() if hall_code in other.title.values())
    hall = draft.halls.get(hall_code) or next(titled, None)
    if hall is None:
        hall = Hall(edition=edition, code=hall_code, order=len(draft.halls) + 1)
        yield Make(hall)
    if booth := draft.booths.get((hall.code, code)):
        return booth, False
    booth = Booth(edition=edition, hall=hall, code=code)
    yield Make(booth)
    return booth, True


def _fields(read: Cells, booth: Booth, floor: Floor) -> Drafting[None]:
    """What a row says of a booth."""
    values = read.values
    changes: dict[str, Any] = {name: values[name] for name in _PLAIN if name in values}
    if measures := values.get("size"):
        changes = {"width_m": measures[0], "depth_m": measures[1]} | changes
    area = values.get("area_m2")
    width, depth = changes.get("width_m") or booth.width_m, changes.get("depth_m") or booth.depth_m
    if area and not (width and depth):
        depth = depth or min(USUAL_DEPTH, area**0.5)
        width = width or area / depth
        changes |= {"width_m": round(width, 2), "depth_m": round(depth, 2)}
        yield Remark("area_m2", "drawn_by_area", {"width": round(width, 2), "depth": round(depth, 2)})
    elif area and width and depth and abs(width * depth - area) > 0.02 * area + 0.05:
        yield Remark("area_m2", "other_area", {"area": round(width * depth, 2)})
    if isinstance(price := values.get("price"), Amount):
        currency = values.get("currency") or price.currency
        if currency and currency != floor.currency:
            reason = "other_currency" if floor.currency else "no_currency_of_terms"
            yield Remark("price", reason, {"currency": floor.currency or currency})
        if not currency or currency == floor.currency or not floor.currency:
            amount = price.low if price.low is not None else price.high
            changes["price"] = amount.quantize(Decimal("0.01")) if amount is not None else None
    yield Change(booth, changes)


def _stands(read: Cells, booth: Booth, floor: Floor) -> Drafting[None]:
    """The firms that have the booth. One that is there already stays, and a booth of others is not given away."""
    parts = re.split(r"[;；\n]+", read.values.get("firm", ""))
    wanted: list[Participation] = []
    for name in filter(None, (part.strip() for part in parts)):
        participation = named(name, floor.exhibitors)
        if participation is None:
            yield Remark("firm", "no_such_exhibitor", {"name": name[:100]})
        elif participation.state == Participation.State.CANCELLED:
            yield Remark("firm", "cancelled")
        else:
            wanted.append(participation)
    there = floor.stands[id(booth)]
    others = [stand.participation for stand in there if stand.participation not in wanted]
    if wanted and others:
        shown = in_language(others[0].firm.name).text or others[0].firm.legal_name
        yield Remark("firm", "booth_of_another", {"name": shown})
        return
    for participation in wanted:
        if all(stand.participation != participation for stand in there):
            stand = Stand(edition=booth.edition, booth=booth, participation=participation)
            there.append(stand)
            yield Make(stand)


# Where it stands


def _draw_in_rows(booths: Mapping[int, Booth], draft: Draft) -> None:
    """Draw the booths of a size but without a place in rows, below what has a place in their hall."""
    waiting: dict[str, list[tuple[int, Booth]]] = defaultdict(list)
    for number, booth in booths.items():
        if booth.width_m and booth.depth_m and booth.x_m is None and booth.y_m is None:
            waiting[booth.hall.code].append((number, booth))
    for code, listed in waiting.items():
        hall = draft.halls[code]
        wide = hall.width_m or USUAL_WIDTH
        placed = [_rectangle(booth) for booth in _booths_of(hall, draft) if _is_placed(booth)]
        y = max((bottom for _x, _y, _right, bottom in placed), default=EDGE - AISLE) + AISLE
        x, deepest = EDGE, 0.0
        for number, booth in listed:
            width, depth = float(booth.width_m or 0), float(booth.depth_m or 0)
            if x > EDGE and x + width > wide - EDGE:
                x, y, deepest = EDGE, y + deepest + AISLE, 0.0
            if hall.depth_m and y + depth > hall.depth_m:
                draft.remarks[number].append(Remark("booth", "no_place_on_plan"))
                continue
            draft.take(number, _place(booth, round(x, 2), round(y, 2)))
            x, deepest = x + width, max(deepest, depth)


def _place(booth: Booth, x: float, y: float) -> Drafting[None]:
    yield Change(booth, {"x_m": x, "y_m": y})


def _booths_of(hall: Hall, draft: Draft) -> list[Booth]:
    return [booth for (code, _booth), booth in draft.booths.items() if code == hall.code]


def _is_placed(booth: Booth) -> bool:
    return None not in (booth.x_m, booth.y_m, booth.width_m, booth.depth_m)


def _rectangle(booth: Booth) -> tuple[float, float, float, float]:
    """Left, top, right and bottom in metres."""
    x, y = float(booth.x_m or 0), float(booth.y_m or 0)
    return x, y, x + float(booth.width_m or 0), y + float(booth.depth_m or 0)


def _overlaps(draft: Draft) -> Iterator[tuple[Booth, Booth]]:
    """Pairs of booths of a hall that overlap by more than a centimetre."""
    for hall in draft.halls.values():
        placed = sorted(
            ((_rectangle(booth), booth) for booth in _booths_of(hall, draft) if _is_placed(booth)), key=itemgetter(0)
        )
        reaching: list[tuple[tuple[float, float, float, float], Booth]] = []
        for rectangle, booth in placed:
            left, top, _right, bottom = rectangle
            reaching = [(before, other) for before, other in reaching if before[2] > left + 0.01]
            for (_left, other_top, _end, other_bottom), other in reaching:
                if other_top < bottom - 0.01 and top < other_bottom - 0.01:
                    yield booth, other
            reaching.append((rectangle, booth))


def _halls_and_booths(edition: Edition) -> list[Hall | Booth]:
    """What is stored, the halls first; booths refer to them."""
    halls = {hall.pk: hall for hall in Hall.objects.filter(edition=edition).order_by("order", "pk")}
    booths = list(Booth.objects.filter(edition=edition).order_by("pk"))
    for booth in booths:
        booth.hall, booth.edition = halls[booth.hall_id], edition
    return [*halls.values(), *booths]


def _load(edition: Edition, draft: Draft) -> Floor:
    terms = current_terms(edition)
    floor = Floor(terms.currency if terms else "", participants_of(edition, *EXHIBITING))
    booths = {booth.pk: booth for booth in draft.booths.values()}
    for stand in Stand.objects.filter(edition=edition).select_related("participation__firm"):
        stand.booth = booths[stand.booth_id]
        floor.stands[id(stand.booth)].append(stand)
    return floor
