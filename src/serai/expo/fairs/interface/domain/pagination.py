"""Long answers come in pages; a cursor says where the next one begins, whatever is added meanwhile."""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.utils.functional import Promise
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

    cursor: str = Field("", max_length=100, description="'next' of the page before")
    limit: int = Field(A_PAGE, ge=1, le=MOST)


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
        return Annotated[date | None, BeforeValidator(lambda said: said or None)], Field(None, description=asked.text)
    if asked.kind is int:
        bounded = Annotated[int, Field(ge=0, le=asked.most), BeforeValidator(lambda said: said or 0)]
        return bounded, Field(0, description=asked.text)
    more: dict[str, Any] = {"enum": ["", *asked.choices]} if asked.choices else {}
    checked = StringConstraints(max_length=asked.most, pattern=_one_of(asked.choices))
    return Annotated[str, checked], Field("", description=asked.text, json_schema_extra=more)


def _one_of(choices: Sequence[str]) -> str | None:
    return f"^({'|'.join(map(re.escape, choices))})?$" if choices else None


def one_of(choices: Sequence[str], *, blank: bool = False) -> Any:
    """Of a text in a body, ``Annotated[str, one_of(...)]``: one of ``choices``, or with ``blank`` an empty one."""
    pattern = _one_of(choices) if blank else f"^({'|'.join(map(re.escape, choices))})$"
    said: Any = {"enum": [*([""] if blank else []), *choices]}
    return Field(pattern=pattern, json_schema_extra=said)


def filter_of[Filter](kind: type[Filter], wanted: Cut) -> Filter:
    """The filter that a call asks for."""
    given = {name: getattr(wanted, asked.name) for name, asked in declared(kind).items()}
    return kind(**{name: plain(said) if isinstance(said, str) else said for name, said in given.items()})


def shown[S: Schema](schema: type[S], row: Any, /, **derived: Any) -> S:
    """A row as a schema shows it: each field from the row's attribute of that name, but for those given."""
    plain_ones = {name: getattr(row, name) for name in schema.model_fields if name not in derived}
    return schema.model_validate(plain_ones | derived)


def row_of[Row: Model](rows: QuerySet[Row], number: int, missing: Promise | str) -> Row:
    """The row of this number among ``rows``. Raises Http404, which says ``missing``.

    Of a number larger than any that a column holds Django asks the database nothing.
    """
    found = rows.filter(pk=number).first()
    if found is None:
        raise Http404(missing)
    return found


def page_of[Row: Model](
    rows: QuerySet[Row], show: Callable[[Row], Any], *, cursor: str = "", limit: int = A_PAGE
) -> dict[str, Any]:
    """A page of ``rows`` in the order of their primary keys. Raises a problem 422 where the cursor is none of ours."""
    found = list(rows.order_by("pk").filter(pk__gt=_begin(cursor))[: limit + 1])
    more = len(found) > limit
    kept = found[:limit]
    return {"items": [show(row) for row in kept], "next": _cursor(kept[-1].pk) if more else None}


def slice_of[Row](
    rows: Sequence[Row], show: Callable[[Row], Any], *, cursor: str = "", limit: int = A_PAGE
) -> dict[str, Any]:
    """A page of what has an order of its own and is not in the database, or not by its primary key."""
    begin = _begin(cursor)
    more = len(rows) > begin + limit
    return {
        "items": [show(row) for row in rows[begin : begin + limit]],
        "next": _cursor(begin + limit) if more else None,
    }


def _cursor(number: int) -> str:
    return base64.urlsafe_b64encode(f"after {number}".encode()).decode().rstrip("=")


def _begin(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _space, number = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(" ")
        found = int(number)
        if word != "after" or not 0 <= found < 2**63 or _cursor(found) != cursor:
            raise ValueError
    except (ValueError, binascii.Error):
        raise ProblemError(422, _("This cursor is none of ours: take it from 'next' of the page before.")) from None
    return found


# Whether what the caller has read is still so


def tag_of(content: bytes) -> str:
    """The ETag of an answer."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def require_unchanged(request: HttpRequest, now: Schema) -> None:
    """Raise a problem 412 where the caller says with ``If-Match`` what it has read, and that is not so any more.

    ``now`` is what reading the thing answers at this moment, inside of the transaction that changes it.
    """
    known = request.headers.get("if-match", "")
    if known and known.strip() != "*":
        content = JSONRenderer().render(request, now.model_dump(by_alias=True), response_status=200)
        tag = tag_of(content if isinstance(content, bytes) else content.encode())
        if tag not in (one.strip() for one in known.split(",")):
            raise ProblemError(412, _("This has changed since you read it. Read it again; nothing was changed."))


# What is given


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
    """A number of the call as the database keeps it."""
    return None if value is None else Decimal(str(round(value, places)))


class Reasoned(Schema):
    """Why: told to those whom it concerns."""

    reason: Words = ""
