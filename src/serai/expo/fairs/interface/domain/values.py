"""Values of calls: what a parameter or a field of a body may be."""

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field, StringConstraints

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
