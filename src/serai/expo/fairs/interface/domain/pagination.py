"""Pages of long answers, the parameters and values of calls, and ETags.

A cursor says where the next page begins, also if rows are added meanwhile.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema
from ninja.renderers import JSONRenderer
from pydantic import BeforeValidator, Field, StringConstraints, create_model

from serai.expo.base.filters import Asked, declared, plain
from serai.expo.fairs.interface.domain.problems import ProblemError

A_PAGE, MOST = 50, 200

type Texts = dict[str, str]
"""A text per language, as in ``{"en": "Separator film", "zh-hans": "隔膜"}``."""


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
    checked = StringConstraints(max_length=asked.most, pattern=_one_of(asked.choices))
    return Annotated[str, checked], Field("", description=asked.text, json_schema_extra=more)


def _one_of(choices: Sequence[str]) -> str | None:
    return f"^({'|'.join(map(re.escape, choices))})?$" if choices else None


def one_of(choices: Sequence[str], *, blank: bool = False) -> Any:
    """A text of a body that is one of ``choices``, or empty if ``blank``: ``Annotated[str, one_of(...)]``."""
    pattern = _one_of(choices) if blank else f"^({'|'.join(map(re.escape, choices))})$"
    return Field(pattern=pattern, json_schema_extra={"enum": [*([""] if blank else []), *choices]})


def filter_of[Filter](kind: type[Filter], wanted: Cut) -> Filter:
    """The filter that a call asks for."""
    given = {name: getattr(wanted, asked.name) for name, asked in declared(kind).items()}
    return kind(**{name: plain(value) if isinstance(value, str) else value for name, value in given.items()})


def shown[S: Schema](schema: type[S], row: Any, /, **derived: Any) -> S:
    """A row in a schema: each field is the row's attribute of that name, except the ``derived`` ones."""
    attributes = {name: getattr(row, name) for name in schema.model_fields if name not in derived}
    return schema.model_validate(attributes | derived)


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


# ETags


def tag_of(content: bytes) -> str:
    """The ETag of an answer."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def require_unchanged(request: HttpRequest, now: Schema) -> None:
    """Raise a problem 412 if the caller names with ``If-Match`` what it has read, and the row has changed since.

    ``now`` is the present answer, read in the transaction that changes the row.
    """
    tags = request.headers.get("if-match", "")
    if tags and tags.strip() != "*":
        content = JSONRenderer().render(request, now.model_dump(by_alias=True), response_status=200)
        tag = tag_of(content if isinstance(content, bytes) else content.encode())
        if tag not in (given.strip() for given in tags.split(",")):
            raise ProblemError(412, _("This has changed since you read it. Read it again; nothing was changed."))


# Values of calls

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[a-z0-9]{2,8})*$", max_length=16)]
Words = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=4000)]
Line = Annotated[str, StringConstraints(pattern=r"^[^\x00\r\n]*$", max_length=200)]
Slug = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$", max_length=50)]
_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = "[A-Za-z0-9_%+-]{1,40}"
Mail = Annotated[
    str, StringConstraints(pattern=rf"^{_ATOM}(\.{_ATOM})*@{_LABEL}(\.{_LABEL})*\.[A-Za-z]{{2,40}}$", max_length=254)
]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]*$", max_length=64)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
HsCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}([0-9]{2}([0-9]{2})?)?$")]
Amount = Annotated[float, Field(ge=0, le=1e12, description="Rounded to two places")]
Moment = Annotated[datetime, Field(description="ISO 8601 with the offset from UTC")]
GivenTexts = Annotated[dict[Language, Words], Field(json_schema_extra={"additionalProperties": False})]
Number = Annotated[int, Field(ge=1, le=2**63 - 1)]


def decimal(value: float | None, places: int = 2) -> Decimal | None:
    """A number of a call for a decimal column."""
    return None if value is None else Decimal(str(round(value, places)))


class Reasoned(Schema):
    """Why: told to those whom it concerns."""

    reason: Words = ""
