"""The preview of a copy of a fair: counts of each part, and the moved dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Model
from django.utils.functional import Promise
from django_scopes import scope

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.domain.cloning import PARTS, Plan
from serai.expo.fairs.edition.models import Edition
from serai.expo.results.exports.domain.record_titles import title_of

type Text = str | Promise


@dataclass(frozen=True)
class Part:
    """A part with its records: title, how many are copied, how many are left out."""

    title: Text
    records: Sequence[tuple[Text, int, int]]


@dataclass(frozen=True)
class Move:
    """A date or a moment that moves."""

    record: Text
    name: str
    before: date | datetime
    after: date | datetime

    @property
    def timed(self) -> bool:
        return isinstance(self.before, datetime)


@dataclass(frozen=True)
class Shown:
    """The preview of the copy."""

    days: int
    invited: int
    parts: Sequence[Part]
    moves: Sequence[Move]

    @property
    def left_out(self) -> bool:
        return any(left for part in self.parts for _title, _count, left in part.records)


def shown(edition: Edition, plan: Plan) -> Shown:
    """The plan in the reader's language."""
    parts = []
    for key, (title, _text) in PARTS.items():
        planned = [copied for copied in plan.planned if copied.part == key]
        if planned:
            records = [(title_of(copied.model.__name__), len(copied.rows), copied.left_out) for copied in planned]
            parts.append(Part(title, records))
    with scope(edition=edition):
        moves = [
            Move(title_of(copied.model), _name(copied.row), copied.before, copied.after) for copied in plan.moments
        ]
    return Shown(plan.days, plan.invited, parts, moves)


def _name(row: Model) -> str:
    """The name of a row: its title, kind or code, else its text."""
    if title := in_language(getattr(row, "title", None) or {}).text:
        return title
    if hasattr(row, "get_kind_display"):
        return str(row.get_kind_display())
    return str(getattr(row, "code", "") or row)
