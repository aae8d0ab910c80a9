"""Answers of operations: with an ETag, and values as the interface writes them."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache, reduce
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema
from ninja.renderers import JSONRenderer
from pydantic import Field, StringConstraints

from serai.expo.fairs.interface.domain.problems import ProblemError


@dataclass(frozen=True)
class Of:
    """Where a field of a schema is read in the row: ``firm: Annotated[str, Of("participation.firm.identifier")]``.

    It is null where something on the way is None.
    """

    path: str


Key = Annotated[int, Of("pk"), Field(description="Its identifier in this interface")]


@cache
def _paths(schema: type[Schema]) -> dict[str, list[str]]:
    """Field -> the attributes that lead to it from the row."""
    marks = {
        name: [mark.path for mark in field.metadata if isinstance(mark, Of)]
        for name, field in schema.model_fields.items()
    }
    return {name: (paths or [name])[0].split(".") for name, paths in marks.items()}


def shown[S: Schema](schema: type[S], row: Any, /, **derived: Any) -> S:
    """A row in a schema: each field is where ``Of`` says, or the attribute of its name, except the ``derived`` ones."""
    attributes = {name: reduce(_step, path, row) for name, path in _paths(schema).items() if name not in derived}
    return schema.model_validate(attributes | derived)


def _step(row: Any, name: str) -> Any:
    return None if row is None else getattr(row, name)


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


type Texts = dict[str, str]
"""A text per language, as in ``{"en": "Separator film", "zh-hans": "隔膜"}``."""

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[a-z0-9]{2,8})*$", max_length=16)]
Words = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=4000)]
Line = Annotated[str, StringConstraints(pattern=r"^[^\x00\r\n]*$", max_length=200)]
Slug = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$", max_length=50)]
_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = "[A-Za-z0-9_%+-]{1,40}"
Mail = Annotated[
    str, StringConstraints(pattern=rf"^{_ATOM}(\.{_ATOM})*@{_LABEL}(\.{_LABEL})*\.[A-Za-z]{{2,40}}$", max_length=254)
]
MailOrNone = Annotated[
    str, StringConstraints(pattern=rf"^({_ATOM}(\.{_ATOM})*@{_LABEL}(\.{_LABEL})*\.[A-Za-z]{{2,40}})?$", max_length=254)
]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]*$", max_length=64)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
HsCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}([0-9]{2}([0-9]{2})?)?$")]
Currency = Annotated[str, Field(pattern="^([A-Z]{3})?$", description="ISO 4217")]
Amount = Annotated[float, Field(ge=0, le=1e12, description="Rounded to two places")]
Moment = Annotated[datetime, Field(description="ISO 8601 with the offset from UTC")]
GivenTexts = Annotated[dict[Language, Words], Field(json_schema_extra={"additionalProperties": False})]
Number = Annotated[int, Field(ge=1, le=2**63 - 1)]


def either(choices: Sequence[str]) -> str | None:
    """The pattern of a text that is one of ``choices`` or empty; None where there are no choices."""
    return f"^({'|'.join(map(re.escape, choices))})?$" if choices else None


def one_of(choices: Sequence[str], *, blank: bool = False) -> Any:
    """A text of a body that is one of ``choices``, or empty if ``blank``: ``Annotated[str, one_of(...)]``."""
    pattern = either(choices) if blank else f"^({'|'.join(map(re.escape, choices))})$"
    return Field(pattern=pattern, json_schema_extra={"enum": [*([""] if blank else []), *choices]})


def decimal(value: float | None, places: int = 2) -> Decimal | None:
    """A number of a call for a decimal column."""
    return None if value is None else Decimal(str(round(value, places)))


class Reasoned(Schema):
    """Why: told to those whom it concerns."""

    reason: Words = ""
