"""Halls and booths: rows run from upstream in the west to downstream in the east, aisles between them.

The halls are rectangles of 125 by 100 metres, eight of them, which makes the 100,000 m² of the published figure.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from serai.expo.fairs.edition.models import Edition, Participation, Section
from serai.expo.site.demonstration.domain.content import read
from serai.expo.site.demonstration.domain.entrants import Entrant
from serai.expo.venue.halls.models import Booth, Entrance, Hall, Stand, TableArea
from serai.world.chains import Position

WIDTH_M, DEPTH_M = 125.0, 100.0
AISLE_M = 3.0
MARGIN_M = 2.0
CROSSINGS_M = (41.0, 81.0)
"""Where aisles cross the rows, from south to north."""

LARGE_M2, SMALL_M2 = 100, 18
"""The least area of a booth in a deep row, and the largest of one in a shallow row."""

FITNESS = {
    "deep": ("deep", "usual", "shallow"),
    "usual": ("usual", "shallow", "deep"),
    "shallow": ("shallow", "usual", "deep"),
}
"""Depths of rows, the most suitable first."""

OF_MEETINGS = "E3"
"""The hall of the meeting tables."""

STREET_M, YARD_M = 20.0, 15.0
"""Between the western and the eastern halls, and between halls of one side."""

DOORS = (
    ("1", 0.0, 45.5, {"en": "West entrance", "zh-hans": "西入口", "ar": "المدخل الغربي"}),
    ("2", WIDTH_M, 45.5, {"en": "East entrance", "zh-hans": "东入口", "ar": "المدخل الشرقي"}),
    ("3", 42.5, DEPTH_M, {"en": "South entrance", "zh-hans": "南入口", "ar": "المدخل الجنوبي"}),
)
"""The entrances of each hall, at the ends of aisles."""

ORDER = (Position.UPSTREAM, Position.MIDSTREAM, Position.DOWNSTREAM, Position.SERVICE)


@dataclass
class Row:
    """A row of booths: its letter, edge and depth, and how far it is taken."""

    letter: str
    y_m: float
    depth_m: float
    taken_m: float = MARGIN_M
    booths: int = 0


def halls(edition: Edition, sections: Mapping[str, Section]) -> list[Hall]:
    """The halls, those of the sections first."""
    return [
        Hall(
            edition=edition,
            code=row["code"],
            title=dict(sections[row["chain"]].title if "chain" in row else row["title"]),
            section=sections.get(row.get("chain", "")),
            width_m=WIDTH_M,
            depth_m=DEPTH_M,
            site_x_m=0.0 if row["code"].startswith("W") else WIDTH_M + STREET_M,
            site_y_m=(int(row["code"][1:]) - 1) * (DEPTH_M + YARD_M),
            order=number,
        )
        for number, row in enumerate(read("edition.toml")["halls"], start=1)
    ]


def tables(built: Iterable[Hall]) -> list[TableArea]:
    """The meeting tables in rows, in the hall of the meetings."""
    place = {"x_m": 10.0, "y_m": 12.0, "width_m": 70.0, "depth_m": 60.0}
    return [
        TableArea(edition=hall.edition, hall=hall, first=1, last=hall.edition.meeting_tables, **place)
        for hall in built
        if hall.code == OF_MEETINGS
    ]


def entrances(built: Iterable[Hall]) -> list[Entrance]:
    """The entrances of each hall."""
    return [
        Entrance(edition=hall.edition, hall=hall, code=code, title=title, x_m=x, y_m=y)
        for hall in built
        for code, x, y, title in DOORS
    ]


def stands(hall: Hall, entrants: Iterable[Entrant]) -> Iterator[Stand]:
    """A booth for each entrant that has an area, in the order of the chain, with its co-exhibitors."""
    entrants = list(entrants)
    led: dict[int, list[Participation]] = defaultdict(list)
    for entrant in entrants:
        if entrant.participation.lead:
            led[id(entrant.participation.lead)].append(entrant.participation)
    rows = _rows()
    for entrant in sorted((entrant for entrant in entrants if entrant.participation.area_m2), key=_place_in_chain):
        area = entrant.participation.area_m2 or 0
        row = next(row for row in _by_fitness(rows, area) if _end(row, area) <= WIDTH_M - MARGIN_M)
        x, width = _edge(row, area), area / row.depth_m
        row.taken_m = x + width
        row.booths += 1
        booth = Booth(
            edition=hall.edition,
            hall=hall,
            code=f"{hall.code}-{row.letter}{row.booths:02}",
            x_m=round(x, 2),
            y_m=row.y_m,
            width_m=round(width, 2),
            depth_m=row.depth_m,
            **_laid_on(area),
        )
        for participation in (entrant.participation, *led[id(entrant.participation)]):
            yield Stand(edition=hall.edition, booth=booth, participation=participation)


def _laid_on(area: int) -> Mapping[str, Any]:
    """The equipment of a booth of this area."""
    if area >= LARGE_M2:
        every = ["water", "air", "internet", "three_phase", "hanging"]
        return {"power_kw": 60.0, "equipment": every, "height_m": 6.0, "load_kg_m2": 3000.0}
    if area <= SMALL_M2:
        return {"power_kw": 3.0, "equipment": ["internet"], "height_m": 2.5, "load_kg_m2": 1500.0}
    return {"power_kw": 15.0, "equipment": ["internet", "three_phase"], "height_m": 4.5, "load_kg_m2": 1500.0}


def _by_fitness(rows: Mapping[str, list[Row]], area: int) -> list[Row]:
    """The rows of the depth that suits a booth of this area, the emptiest first; then the others."""
    kinds = FITNESS["deep" if area >= LARGE_M2 else "shallow" if area <= SMALL_M2 else "usual"]
    return [row for kind in kinds for row in sorted(rows[kind], key=lambda row: row.taken_m)]


def _end(row: Row, area: int) -> float:
    return _edge(row, area) + area / row.depth_m


def _edge(row: Row, area: int) -> float:
    """The start of a booth of this area in the row: after the booths before it, and not across an aisle."""
    x = row.taken_m
    for crossing in CROSSINGS_M:
        if x < crossing + AISLE_M and x + area / row.depth_m > crossing:
            x = crossing + AISLE_M
    return x


def _place_in_chain(entrant: Entrant) -> tuple[int, int, str]:
    trade = entrant.trade
    return ORDER.index(trade.position), trade.layer, trade.key


def _rows() -> dict[str, list[Row]]:
    """Deep rows in the middle, usual ones beside them, and shallow ones along the walls."""
    kinds = ("shallow", "usual", "usual", "deep", "usual", "deep", "usual", "usual", "shallow")
    depths = {"shallow": 3.0, "usual": 6.0, "deep": 18.0}
    rows: dict[str, list[Row]] = {kind: [] for kind in depths}
    y = MARGIN_M
    for letter, kind in zip("ABCDEFGHJ", kinds, strict=True):
        rows[kind].append(Row(letter, y, depths[kind]))
        y += depths[kind] + AISLE_M
    return rows
