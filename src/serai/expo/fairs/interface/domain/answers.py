"""Answers: a row in a schema, and the ETag of what was answered."""

import hashlib
from dataclasses import dataclass
from functools import cache, reduce
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema
from ninja.renderers import JSONRenderer
from pydantic import Field

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
