"""Edits of a floor plan: booths, areas of tables and entrances are added, moved and removed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.people.account.models import User
from serai.expo.venue.floor.domain.floor_plan import TOUCHING, FloorError, remove_booth, save_booth
from serai.expo.venue.halls.models import Booth, Entrance, Hall

LEAST_M = 0.5
"""The shortest side of a booth that a split leaves."""

type State = dict[str, Any]


class Side(StrEnum):
    """The side of a booth that a split divides."""

    WIDTH = "width"
    DEPTH = "depth"


@dataclass(frozen=True)
class Change:
    """What a step changed: each booth before and after it by its primary key, None where it did not exist."""

    before: Mapping[int, State | None]
    after: Mapping[int, State | None]

    def plain(self) -> Sequence[Mapping[str, State | None]]:
        """For a session, which keeps JSON."""
        return [{str(key): value for key, value in states.items()} for states in (self.before, self.after)]

    @classmethod
    def of(cls, kept: Sequence[Mapping[str, State | None]]) -> "Change":
        """The change that was kept as ``plain``."""
        before, after = ({int(key): value for key, value in states.items()} for states in kept)
        return cls(before, after)


@transaction.atomic
def place(booth: Booth, x: float, y: float, width: float, depth: float, *, user: User | None) -> Change:
    """Move a booth, or give it another size. Raises FloorError where it does not fit or overlaps another."""
    with scope(edition=booth.edition):
        before = state(booth)
        booth.x_m, booth.y_m, booth.width_m, booth.depth_m = (round(metres, 3) for metres in (x, y, width, depth))
        save_booth(booth, user=user)
        return Change({booth.pk: before}, _states(booth.hall, [booth.pk]))


@transaction.atomic
def split(booth: Booth, side: Side, metres: float, *, user: User | None) -> Change:
    """Divide a booth so many metres along a side. The first part keeps its code and who stands there.

    The second part is like it and free, with the next letter at its code; a price is divided by area. Raises FloorError
    where a part would be too small.
    """
    x, y, width, depth = _drawn(booth)
    whole = width if side == Side.WIDTH else depth
    if not LEAST_M <= metres <= whole - LEAST_M:
        raise FloorError(
            _("Divide booth %(code)s between %(least)s and %(most)s m.")
            % {"code": booth.code, "least": LEAST_M, "most": round(max(whole - LEAST_M, LEAST_M), 2)}
        )
    with scope(edition=booth.edition):
        before = state(booth)
        second = Booth.objects.get(pk=booth.pk)
        second.pk, second.code = None, _free_code(booth)
        second.state, second.held_until, second.held_for = Booth.State.AVAILABLE, None, None
        if side == Side.WIDTH:
            booth.width_m, second.x_m, second.width_m = metres, round(x + metres, 3), round(width - metres, 3)
        else:
            booth.depth_m, second.y_m, second.depth_m = metres, round(y + metres, 3), round(depth - metres, 3)
        if booth.price is not None:
            share = round(booth.price * Decimal(str(metres / whole)), 2)
            booth.price, second.price = share, booth.price - share
        save_booth(booth, user=user)
        save_booth(second, user=user)
        return Change({booth.pk: before, second.pk: None}, _states(booth.hall, [booth.pk, second.pk]))


@transaction.atomic
def merge(booth: Booth, other: Booth, *, user: User | None) -> Change:
    """Make one booth of two that share a whole side. The booth where somebody stands is kept, else the first.

    Prices are added. Raises FloorError where they do not share a side, or somebody stands at both.
    """
    with scope(edition=booth.edition):
        if other.stands.exists() and not booth.stands.exists():
            booth, other = other, booth
        x, y, right, far = _union(booth, other)
        before: dict[int, State | None] = {booth.pk: state(booth), other.pk: state(other)}
        gone = other.pk
        prices = [price for price in (booth.price, other.price) if price is not None]
        remove_booth(other, user=user)
        booth.x_m, booth.y_m, booth.width_m, booth.depth_m = x, y, round(right - x, 3), round(far - y, 3)
        booth.price = sum(prices, Decimal(0)) if prices else None
        save_booth(booth, user=user)
        return Change(before, _states(booth.hall, [booth.pk, gone]))


@transaction.atomic
def take_back(hall: Hall, change: Change, *, user: User | None) -> None:
    """Bring the booths of a change back to how they were. Raises FloorError where one of them has changed since."""
    with scope(edition=hall.edition):
        now = {booth.pk: booth for booth in hall.booths.filter(pk__in=change.after)}
        found = _states(hall, change.after)
        for key, after in change.after.items():
            if found[key] != after:
                code = (after or change.before[key] or {}).get("code", "")
                raise FloorError(
                    _("Booth %(code)s has been changed since then, so this step can't be undone.") % {"code": code}
                )
        for key in [key for key, before in change.before.items() if before is None]:
            remove_booth(now[key], user=user)
        kept = [(now.get(key), before) for key, before in change.before.items() if before is not None]
        for booth, before in sorted(kept, key=lambda row: row[0] is None):  # those that are there make room first
            save_booth(_as_before(booth or Booth(edition=hall.edition), before), user=user)


def _states(hall: Hall, keys: Iterable[int]) -> dict[int, State | None]:
    """The booths with these primary keys as they are stored, None for those that do not exist."""
    stored = {booth.pk: state(booth) for booth in hall.booths.filter(pk__in=list(keys))}
    return {key: stored.get(key) for key in keys}


def _as_before(booth: Booth, before: State) -> Booth:
    for field in Booth._meta.concrete_fields:
        if field.name in before and field.name != "edition":
            try:
                setattr(booth, field.attname, field.to_python(before[field.name]))
            except ValidationError:  # pragma: no cover  what the trail keeps of a field, the field reads
                raise FloorError(_("This step can't be undone.")) from None
    return booth


def _drawn(booth: Booth) -> tuple[float, float, float, float]:
    """Place and size of a booth. Raises FloorError where they are not known."""
    drawn = (booth.x_m, booth.y_m, booth.width_m, booth.depth_m)
    if any(metres is None for metres in drawn):
        raise FloorError(_("Booth %(code)s has no place on the plan yet.") % {"code": booth.code})
    x, y, width, depth = (float(metres or 0) for metres in drawn)
    return x, y, width, depth


def _union(booth: Booth, other: Booth) -> tuple[float, float, float, float]:
    """The rectangle of two booths side by side. Raises FloorError where they share no whole side."""
    x, y, width, depth = _drawn(booth)
    other_x, other_y, other_width, other_depth = _drawn(other)
    left, right = min(x, other_x), max(x + width, other_x + other_width)
    near, far = min(y, other_y), max(y + depth, other_y + other_depth)
    beside = _alike(y, other_y) and _alike(depth, other_depth) and _alike(right - left, width + other_width)
    behind = _alike(x, other_x) and _alike(width, other_width) and _alike(far - near, depth + other_depth)
    if booth.pk == other.pk or not (beside or behind):
        raise FloorError(
            _("Booths %(one)s and %(other)s do not share a whole side.") % {"one": booth.code, "other": other.code}
        )
    return left, near, right, far


def _alike(one: float, other: float) -> bool:
    return abs(one - other) <= TOUCHING


def _free_code(booth: Booth) -> str:
    """The code with the first letter at its end that no booth of the hall has."""
    there = set(booth.hall.booths.values_list("code", flat=True))
    letters = (chr(ord("b") + number) for number in range(25))
    code = next((f"{booth.code}{letter}" for letter in letters if f"{booth.code}{letter}" not in there), "")
    if not code or len(code) > 64:
        raise FloorError(_("Booth %(code)s can't be divided once more. Give it another code.") % {"code": booth.code})
    return code


@transaction.atomic
def save_entrance(entrance: Entrance, *, user: User | None = None) -> Entrance:
    """Keep a new or changed entrance. Raises FloorError where its code is another's or it lies outside of the hall."""
    hall = entrance.hall
    with scope(edition=entrance.edition):
        stored = Entrance.objects.filter(pk=entrance.pk).first() if entrance.pk else None
        if hall.entrances.filter(code=entrance.code).exclude(pk=entrance.pk).exists():
            raise FloorError(
                _("Hall %(hall)s has an entrance '%(code)s' already.") % {"hall": hall.code, "code": entrance.code}
            )
        wide, deep = hall.width_m or entrance.x_m, hall.depth_m or entrance.y_m
        if not (0 <= entrance.x_m <= wide and 0 <= entrance.y_m <= deep):
            raise FloorError(
                _("Entrance %(code)s lies outside of hall %(hall)s.") % {"hall": hall.code, "code": entrance.code}
            )
        before = state(stored) if stored else None
        entrance.save()
        record("entrance.set", entrance, before=before, after=state(entrance), user=user, edition=entrance.edition)
    return entrance


@transaction.atomic
def remove_entrance(entrance: Entrance, *, user: User | None = None) -> None:
    """Take an entrance from the plan."""
    with scope(edition=entrance.edition):
        record("entrance.removed", entrance, before=state(entrance), user=user, edition=entrance.edition)
        entrance.delete()
