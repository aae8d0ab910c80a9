"""Making and changing halls and booths, one by one, in rows, or many at once from a table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.audit.domain import entry, record, state
from serai.expo.audit.models import AuditEntry
from serai.expo.editions.models import Edition
from serai.expo.halls.models import Booth, Hall, Stand
from serai.expo.people.models import User

TOUCHING = 0.005
"""Metres: booths that share a wall may overlap by so much."""
MOST_BOOTHS = 5_000


class FloorError(ValueError):
    """A hall or a booth can't be so: a sentence that names it and says what to change."""


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
    """A booth as a table names it; what is None stays as it is."""

    hall: str
    code: str
    values: Mapping[str, object]
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
        hall.save()
        record("hall.set", hall, before=before, after=state(hall), user=user, edition=hall.edition)
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
        booth.save()
        record("booth.set", booth, before=before, after=state(booth), user=user, edition=booth.edition)
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
    edition: Edition, rows: Iterable[BoothRow], halls: Mapping[str, Mapping[str, object]], *, user: User | None = None
) -> tuple[int, int]:
    """Make and change halls and booths as a table says; what it doesn't name stays as it is.

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
        known = {(booth.hall.code, booth.code): booth for booth in Booth.objects.select_related("hall")}
        made, changed, entries = 0, 0, []
        for row in rows:
            booth = known.get((row.hall, row.code))
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
            known[row.hall, row.code] = booth
        AuditEntry.objects.bulk_create(entries, batch_size=500)
        for hall in known_halls.values():
            _check(hall, [booth for (code, _booth), booth in known.items() if code == hall.code])
    return made, changed


def _before(model: type[Hall] | type[Booth], number: int | None) -> dict[str, object] | None:
    found = model._default_manager.filter(pk=number).first() if number else None
    return state(found) if found else None


def _named(booth: Booth) -> dict[str, str]:
    return {"hall": booth.hall.code, "code": booth.code}


def _check(hall: Hall, booths: Sequence[Booth], only: Booth | None = None) -> None:
    """Raise FloorError where a booth stands outside of the hall or two (``only`` and another) overlap."""
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
        inside = x >= 0 and y >= 0
        inside = inside and (hall.width_m is None or right <= hall.width_m + TOUCHING)
        inside = inside and (hall.depth_m is None or far <= hall.depth_m + TOUCHING)
        if not inside:
            raise FloorError(_("Booth %(code)s stands outside of hall %(hall)s.") % _named(booth))
    pairs: Iterable[tuple[_Drawn, _Drawn]]
    if only is not None:
        pairs = [(one, other) for one in drawn if one[0] is only for other in drawn if other[0] is not only]
    else:
        pairs = _neighbours(drawn)
    for (one, x, y, right, far), (other, other_x, other_y, other_right, other_far) in pairs:
        wide = min(right, other_right) - max(x, other_x)
        deep = min(far, other_far) - max(y, other_y)
        if wide > TOUCHING and deep > TOUCHING:
            raise FloorError(
                _("Booths %(one)s and %(other)s of hall %(hall)s overlap.")
                % {"one": one.code, "other": other.code, "hall": hall.code}
            )


type _Drawn = tuple[Booth, float, float, float, float]


def _neighbours(drawn: Sequence[_Drawn]) -> Iterable[tuple[_Drawn, _Drawn]]:
    """The pairs whose spans of x overlap, found along x, so that a hall of thousands is checked at once."""
    ordered = sorted(drawn, key=lambda one: one[1])
    reaching: list[_Drawn] = []
    for one in ordered:
        reaching = [other for other in reaching if other[3] > one[1] + TOUCHING]
        yield from ((other, one) for other in reaching)
        reaching.append(one)


def _letters(number: int) -> str:
    """A, B ... Z, AA, AB ... for a row."""
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text
