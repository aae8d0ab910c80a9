"""Pages of long answers, and the parameters that choose among them.

A cursor says where the next page begins, also if rows are added meanwhile.
"""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import BeforeValidator, Field, StringConstraints, create_model

from serai.expo.base.filters import Asked, declared, plain
from serai.expo.fairs.interface.domain.answers import either
from serai.expo.fairs.interface.domain.problems import ProblemError

A_PAGE, MOST = 50, 200


class Page[Item](Schema):
    """A page of a long answer. ``next`` is the cursor of the following page, null at the end."""

    items: list[Item]
    next: str | None = None


class Cut(Schema):
    """Which page of a long answer."""

    cursor: str = Field(default="", max_length=100, description="'next' of the page before")
    limit: int = Field(default=A_PAGE, ge=1, le=MOST)


def asked_by[C: Cut](filter_: type[Any]) -> Callable[[type[C]], type[C]]:
    """Parameters of a list: those of the page, and the filter as it is declared for the pages too."""

    def make(cut: type[C]) -> type[C]:
        fields: dict[str, Any] = {asked.name: _parameter(asked) for asked in declared(filter_).values()}
        return create_model(cut.__name__, __base__=cut, __doc__=cut.__doc__, **fields)

    return make


def _parameter(asked: Asked) -> tuple[Any, Any]:
    if asked.kind is bool:
        return bool, Field(False, description=asked.text)
    if asked.kind is date:
        return Annotated[date | None, BeforeValidator(lambda given: given or None)], Field(None, description=asked.text)
    if asked.kind is int:
        bounded = Annotated[int, Field(ge=0, le=asked.most), BeforeValidator(lambda given: given or 0)]
        return bounded, Field(0, description=asked.text)
    more: dict[str, Any] = {"enum": ["", *asked.choices]} if asked.choices else {}
    checked = StringConstraints(max_length=asked.most, pattern=either(asked.choices))
    return Annotated[str, checked], Field("", description=asked.text, json_schema_extra=more)


def filter_of[Filter](kind: type[Filter], wanted: Cut) -> Filter:
    """The filter that a call asks for."""
    given = {name: getattr(wanted, asked.name) for name, asked in declared(kind).items()}
    return kind(**{name: plain(value) if isinstance(value, str) else value for name, value in given.items()})


@dataclass(frozen=True)
class Listed:
    """Rows of a list, and how each is shown."""

    rows: QuerySet[Any] | Sequence[Any]
    show: Callable[[Any], Any]


def page_of(rows: QuerySet[Any] | Sequence[Any], show: Callable[[Any], Any], cut: Cut) -> dict[str, Any]:
    """A page: of a query set by its primary keys, of any other list in its order.

    Raises a problem 422 for a foreign cursor.
    """
    begin, limit = _begin(cut.cursor), cut.limit
    if isinstance(rows, QuerySet):
        following = list(rows.order_by("pk").filter(pk__gt=begin)[: limit + 1])
        after = following[limit - 1].pk if len(following) > limit else None
    else:
        following = list(rows[begin : begin + limit + 1])
        after = begin + limit if len(following) > limit else None
    return {"items": [show(row) for row in following[:limit]], "next": None if after is None else _cursor(after)}


def _cursor(number: int) -> str:
    return base64.urlsafe_b64encode(f"after {number}".encode()).decode().rstrip("=")


def _begin(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _space, digits = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(" ")
        number = int(digits)
        if word != "after" or not 0 <= number < 2**63 or _cursor(number) != cursor:
            raise ValueError
    except (ValueError, binascii.Error):
        raise ProblemError(422, _("This cursor is none of ours: take it from 'next' of the page before.")) from None
    return number
