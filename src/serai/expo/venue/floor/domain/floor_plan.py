"""The floor plan: halls, booths and meeting tables, changed one by one, in rows, or from a table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.base.audit.domain.entries import entry, record, record_all, state
from serai.expo.fairs.edition.models import Edition
from serai.expo.people.account.models import User
from serai.expo.venue.halls.domain.relocation import booths_renamed
from serai.expo.venue.halls.models import Booth, Hall, Stand, TableArea

TOUCHING = 0.005
"""Metres: booths that share a wall may overlap by so much."""
MOST_BOOTHS = 5_000


class FloorError(ValueError):
    """Why a hall, a booth or a table area is refused, in the reader's language."""


@dataclass(frozen=True)
class Grid:
    """Rows of like booths, counted from the hall's corner: how many, how large, and the aisles between the rows."""

    rows: int
    in_a_row: int
    width_m: float
    depth_m: float
    aisle_m: float
    margin_m: float = 2.0


@dataclass(frozen=True)
class BoothRow:
    """A booth in a row of a table; fields that are not named stay as they are."""

    hall: str
    code: str
    values: Mapping[str, object]
    number: int


@dataclass(frozen=True)
class TablesRow:
    """Meeting tables in a row of a table: their numbers and their rectangle."""

    hall: str
    first: int
    last: int
    values: Mapping[str, float]
    number: int


@transaction.atomic
def save_hall(hall: Hall, *, user: User | None = None) -> Hall:
    """Keep a new or changed hall. Raises FloorError where its code is another's or a booth no longer fits."""
    with scope(edition=hall.edition):
        before = _before(Hall, hall.pk)
        if Hall.objects.filter(edition=hall.edition, code=hall.code).exclude(pk=hall.pk).exists():
            raise FloorError(_("There is a hall '%s' already. Give this one another code.") % hall.code)
        if hall.pk:
            _check(hall, list(hall.booths.all()))
        labels = _labels(hall.booths.all()) if hall.pk else {}
        hall.save()
        record("hall.set", hall, before=before, after=state(hall), user=user, edition=hall.edition)
        booths_renamed(hall.edition, labels, by=user)
    return hall


@transaction.atomic
def save_booth(booth: Booth, *, user: User | None = None) -> Booth:
    """Keep a new or changed booth. Raises FloorError where it doesn't fit into its hall or overlaps another."""
    with scope(edition=booth.edition):
        before = _before(Booth, booth.pk)
        others = list(booth.hall.booths.exclude(pk=booth.pk))
        if any(other.code == booth.code for other in others):
            raise FloorError(_("Hall %(hall)s has a booth '%(code)s' already.") % _named(booth))
        _check(booth.hall, [*others, booth], only=booth)
        labels = _labels(Booth.objects.filter(pk=booth.pk))
        booth.save()
        record("booth.set", booth, before=before, after=state(booth), user=user, edition=booth.edition)
        booths_renamed(booth.edition, labels, by=user)
    return booth


@transaction.atomic
def remove_booth(booth: Booth, *, user: User | None = None) -> None:
    """Take a booth away. Raises FloorError while somebody stands there."""
    with scope(edition=booth.edition):
        if booth.stands.exists():
            raise FloorError(
                _("Somebody stands at booth %(code)s of hall %(hall)s. Give the firm another place first.")
                % _named(booth)
            )
        record("booth.removed", booth, before=state(booth), user=user, edition=booth.edition)
        booth.delete()


@transaction.atomic
def remove_hall(hall: Hall, *, user: User | None = None) -> None:
    """Take a hall and its booths away. Raises FloorError while somebody stands in it."""
    with scope(edition=hall.edition):
        if Stand.objects.filter(booth__hall=hall).exists():
            raise FloorError(_("Firms stand in hall %s. Give them other places first.") % hall.code)
        record("hall.removed", hall, before=state(hall), user=user, edition=hall.edition)
        hall.delete()


@transaction.atomic
def save_tables(area: TableArea, *, user: User | None = None) -> TableArea:
    """Keep a new or changed place of meeting tables. Raises FloorError where it doesn't fit or a table stands twice."""
    with scope(edition=area.edition):
        before = _before(TableArea, area.pk)
        _check_tables(area)
        _check(area.hall, list(area.hall.booths.all()), tables=[area])
        area.save()
        record("tables.set", area, before=before, after=state(area), user=user, edition=area.edition)
    return area


@transaction.atomic
def remove_tables(area: TableArea, *, user: User | None = None) -> None:
    """Take a place of meeting tables from the plan; the fair has as many tables as before."""
    with scope(edition=area.edition):
        record("tables.removed", area, before=state(area), user=user, edition=area.edition)
        area.delete()


def _check_tables(area: TableArea) -> None:
    """Raise FloorError where an area overlaps another of its hall, or names a table that stands there or is not."""
    if area.last < area.first:
        raise FloorError(_("The last table comes before the first. Write the lower number first."))
    if area.last > area.edition.meeting_tables:
        raise FloorError(
            _("The fair has %(count)d meeting tables, and there is no table %(number)d. Let the fair have more first.")
            % {"count": area.edition.meeting_tables, "number": area.last}
        )
    for other in TableArea.objects.filter(edition=area.edition).exclude(pk=area.pk).select_related("hall"):
        if other.first <= area.last and area.first <= other.last:
            raise FloorError(
                _("Table %(number)d stands in hall %(hall)s already.")
                % {"number": max(other.first, area.first), "hall": other.hall.code}
            )
        if other.hall_id == area.hall_id and _overlap(_rectangle(area), _rectangle(other)):
            raise FloorError(
                _("Tables %(one)s and %(other)s of hall %(hall)s overlap.")
                % {"one": area.label, "other": other.label, "hall": area.hall.code}
            )


@transaction.atomic
def lay_out(hall: Hall, grid: Grid, *, user: User | None = None) -> int:
    """Draw rows of booths back to back in pairs with an aisle between the pairs, coded A01, A02 ... row by row.

    Returns how many were made. Raises FloorError where the hall has booths already, or where they don't fit.
    """
    with scope(edition=hall.edition):
        empty = not hall.booths.exists()
    if not empty:
        raise FloorError(_("Hall %s has booths already. Rows are drawn into an empty hall only.") % hall.code)
    if grid.rows * grid.in_a_row > MOST_BOOTHS:
        raise FloorError(_("That would be more than %d booths.") % MOST_BOOTHS)
    made = []
    for row in range(grid.rows):
        pair, second = divmod(row, 2)
        y = grid.margin_m + pair * (2 * grid.depth_m + grid.aisle_m) + second * grid.depth_m
        for place in range(grid.in_a_row):
            x = grid.margin_m + place * grid.width_m
            made.append(
                Booth(
                    edition=hall.edition,
                    hall=hall,
                    code=f"{_letters(row)}{place + 1:02d}",
                    x_m=round(x, 3),
                    y_m=round(y, 3),
                    width_m=grid.width_m,
                    depth_m=grid.depth_m,
                )
            )
    _check(hall, made)
    with scope(edition=hall.edition):
        Booth.objects.bulk_create(made, batch_size=500)
        record("hall.laid_out", hall, after={"booths": len(made)}, user=user, edition=hall.edition)
    return len(made)


@transaction.atomic
def set_booths(
    edition: Edition,
    rows: Iterable[BoothRow],
    halls: Mapping[str, Mapping[str, object]],
    tables: Iterable[TablesRow] = (),
    *,
    user: User | None = None,
) -> tuple[int, int]:
    """Make and change halls, booths and places of tables as a table says; what it doesn't name stays as it is.

    A place of tables is known by its first table.

    Returns how many booths were made and how many changed. Raises FloorError at the first fault, and then nothing has
    changed.
    """
    with scope(edition=edition):
        known_halls = {hall.code: hall for hall in Hall.objects.filter(edition=edition)}
        for code, values in halls.items():
            hall = known_halls.get(code) or Hall(edition=edition, code=code, title={"en": code})
            before = state(hall) if hall.pk else None
            for name, value in values.items():
                setattr(hall, name, value)
            if before is None or state(hall) != before:
                hall.save()
                record("hall.set", hall, before=before, after=state(hall), user=user, edition=edition)
            known_halls[code] = hall
        known_booths = {(booth.hall.code, booth.code): booth for booth in Booth.objects.select_related("hall")}
        made, changed, entries = 0, 0, []
        for row in rows:
            booth = known_booths.get((row.hall, row.code))
            before = state(booth) if booth else None
            booth = booth or Booth(edition=edition, hall=known_halls[row.hall], code=row.code)
            for name, value in row.values.items():
                setattr(booth, name, value)
            try:
                booth.clean_fields(exclude=["held_for"])
            except ValidationError as error:
                raise FloorError(
                    _("Row %(row)d: %(why)s") % {"row": row.number, "why": " ".join(error.messages)}
                ) from None
            if before is not None and state(booth) == before:
                continue
            made, changed = made + (before is None), changed + (before is not None)
            booth.save()
            entries.append(entry("booth.set", booth, before=before, after=state(booth), user=user, edition=edition))
            known_booths[row.hall, row.code] = booth
        record_all(entries)
        for hall in known_halls.values():
            _check(hall, [booth for (code, _booth), booth in known_booths.items() if code == hall.code])
        for given in tables:
            _set_tables(edition, known_halls[given.hall], given, user)
    return made, changed


def _set_tables(edition: Edition, hall: Hall, row: TablesRow, user: User | None) -> None:
    area = TableArea.objects.filter(edition=edition, first=row.first).first()
    before = state(area) if area else None
    area = area or TableArea(edition=edition, first=row.first)
    area.edition, area.hall, area.last = edition, hall, row.last
    for name, value in row.values.items():
        setattr(area, name, value)
    try:
        area.clean_fields()
        if before is None or state(area) != before:
            save_tables(area, user=user)
    except ValidationError as error:
        raise FloorError(_("Row %(row)d: %(why)s") % {"row": row.number, "why": " ".join(error.messages)}) from None
    except FloorError as error:
        raise FloorError(_("Row %(row)d: %(why)s") % {"row": row.number, "why": error}) from None


def _before(model: type[Hall] | type[Booth] | type[TableArea], number: int | None) -> dict[str, object] | None:
    row = model._default_manager.filter(pk=number).first() if number else None
    return state(row) if row else None


def _labels(booths: QuerySet[Booth]) -> dict[int, str]:
    """The saved labels of booths, by primary key, before their code or hall changes."""
    # The related manager of a hall would give it to its booths as it is about to be, and not as it is kept.
    kept = Booth.objects.filter(pk__in=booths.values("pk")).select_related("hall")
    return {booth.pk: booth.label for booth in kept}


def _named(booth: Booth) -> dict[str, str]:
    return {"hall": booth.hall.code, "code": booth.code}


def _check(
    hall: Hall, booths: Sequence[Booth], only: Booth | None = None, tables: Sequence[TableArea] | None = None
) -> None:
    """Raise FloorError where a booth stands outside of the hall or two (``only`` and another) overlap.

    The same for `tables`, those that stand in the hall where none are given.
    """
    drawn = [
        (booth, booth.x_m, booth.y_m, booth.x_m + booth.width_m, booth.y_m + booth.depth_m)
        for booth in booths
        if booth.x_m is not None and booth.y_m is not None and booth.width_m is not None and booth.depth_m is not None
    ]
    for booth, x, y, right, far in drawn:
        if only is not None and booth is not only:
            continue
        if right <= x or far <= y:
            raise FloorError(_("Booth %(code)s of hall %(hall)s needs a width and a depth above 0.") % _named(booth))
        if not _within(hall, (x, y, right, far)):
            raise FloorError(_("Booth %(code)s stands outside of hall %(hall)s.") % _named(booth))
    there = tables if tables is not None else list(TableArea._base_manager.filter(hall=hall)) if hall.pk else []
    _check_beside(hall, there, [first for first in drawn if only is None or first[0] is only])
    pairs: Iterable[tuple[_Drawn, _Drawn]]
    if only is not None:
        pairs = [(first, other) for first in drawn if first[0] is only for other in drawn if other[0] is not only]
    else:
        pairs = _neighbours(drawn)
    for (first, x, y, right, far), (other, other_x, other_y, other_right, other_far) in pairs:
        if _overlap((x, y, right, far), (other_x, other_y, other_right, other_far)):
            raise FloorError(
                _("Booths %(one)s and %(other)s of hall %(hall)s overlap.")
                % {"one": first.code, "other": other.code, "hall": hall.code}
            )


def _check_beside(hall: Hall, tables: Sequence[TableArea], drawn: Sequence["_Drawn"]) -> None:
    """Raise FloorError where tables stand outside of the hall or on a booth."""
    for area in tables:
        named = {"tables": area.label, "hall": hall.code}
        if not _within(hall, _rectangle(area)):
            raise FloorError(_("Tables %(tables)s stand outside of hall %(hall)s.") % named)
        for booth, *spans in drawn:
            if _overlap(_rectangle(area), (spans[0], spans[1], spans[2], spans[3])):
                raise FloorError(
                    _("Booth %(code)s and tables %(tables)s of hall %(hall)s overlap.") % (named | {"code": booth.code})
                )


type _Rectangle = tuple[float, float, float, float]
"""Left, near, right and far, in metres."""


def _rectangle(area: TableArea) -> _Rectangle:
    return area.x_m, area.y_m, area.x_m + area.width_m, area.y_m + area.depth_m


def _within(hall: Hall, what: _Rectangle) -> bool:
    x, y, right, far = what
    inside = x >= 0 and y >= 0
    inside = inside and (hall.width_m is None or right <= hall.width_m + TOUCHING)
    return inside and (hall.depth_m is None or far <= hall.depth_m + TOUCHING)


def _overlap(first: _Rectangle, second: _Rectangle) -> bool:
    wide = min(first[2], second[2]) - max(first[0], second[0])
    deep = min(first[3], second[3]) - max(first[1], second[1])
    return wide > TOUCHING and deep > TOUCHING


type _Drawn = tuple[Booth, float, float, float, float]


def _neighbours(drawn: Sequence[_Drawn]) -> Iterable[tuple[_Drawn, _Drawn]]:
    """The pairs whose spans of x overlap, found along x, so that a hall of thousands is checked at once."""
    ordered = sorted(drawn, key=lambda booth: booth[1])
    reaching: list[_Drawn] = []
    for booth in ordered:
        reaching = [other for other in reaching if other[3] > booth[1] + TOUCHING]
        yield from ((other, booth) for other in reaching)
        reaching.append(booth)


def _letters(number: int) -> str:
    """A, B ... Z, AA, AB ... for a row."""
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text
