"""The types of fields in the interface, by kind: how a field is shown and how it is given."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field as Given
from pydantic import StringConstraints, create_model

from serai.expo.base.fields import Field
from serai.expo.base.text import WRITTEN
from serai.expo.fairs.interface.domain.answers import Code, Country, HsCode, Language, Texts, one_of
from serai.expo.fairs.interface.domain.files import FileGiven
from serai.match.requirements import Requirement

SEEN = r"^[^\x00]*[^\x00-\x20\x85\xa0][^\x00]*$"
"""The pattern of a text with at least one visible character."""


@dataclass(frozen=True)
class Type:
    """The types with which fields of a kind are shown and given."""

    shown: Any
    given: Callable[[Field], Any]


def _line(field: Field) -> Any:
    """One line of text, with at least one visible character if it is required."""
    seen = r"[^\x00\r\n]*[^\x00-\x20\x85\xa0][^\x00\r\n]*" if field.required else r"[^\x00\r\n]*"
    return Annotated[str, StringConstraints(pattern=f"^{seen}$", max_length=field.most)]


def _texts(field: Field) -> Any:
    text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=field.most)]
    return Annotated[dict[Language, text], Given(json_schema_extra={"additionalProperties": False})]


def _number(kind: type[int] | type[float]) -> Callable[[Field], Any]:
    return lambda field: Annotated[kind, Given(ge=field.least, le=field.most)]


def _amount(field: Field) -> Any:
    return Annotated[float, Given(ge=field.least, le=field.most, description="Rounded to two places")]


def _list(entry: Any) -> Callable[[Field], Any]:
    return lambda field: Annotated[list[entry], Given(max_length=field.most)]


def _schemes(field: Field) -> Any:
    return _list(Annotated[str, StringConstraints(pattern=SEEN, max_length=field.each)])(field)


def _attributes(field: Field) -> Any:
    part = Annotated[str, StringConstraints(pattern=r"^[^\x00\r\n]*$", max_length=field.each)]
    return _list(tuple[part, part, part, part])(field)


def _link(field: Field) -> Any:
    return Annotated[str, StringConstraints(pattern="^(https?://[!-~]+)?$", max_length=field.most)]


def _language(field: Field) -> Any:
    return Language if field.required else Annotated[str, one_of(WRITTEN, blank=True)]


def _choice(field: Field) -> Any:
    """The published names of a firm's choices, or the values themselves for a row."""
    assert field.choices
    return field.choices if field.page else Annotated[str, one_of(field.choices.values, blank=not field.required)]


TYPES: Mapping[str, Type] = {
    "line": Type(str, _line),
    "texts": Type(Texts, _texts),
    "link": Type(str, _link),
    "year": Type(int | None, _number(int)),
    "days": Type(int | None, _number(int)),
    "number": Type(float | None, _number(float)),
    "decimal": Type(Decimal | None, _amount),
    "day": Type(date | None, lambda _field: date),
    "moment": Type(datetime | None, lambda _field: datetime),
    "flag": Type(bool, lambda _field: bool),
    "yes_no": Type(bool | None, lambda _field: bool),
    "choice": Type(str, _choice),
    "several": Type(list[str], lambda field: _list(field.choices)(field)),
    "country": Type(str, lambda _field: Country),
    "countries": Type(list[str], _list(Country)),
    "language": Type(str, _language),
    "languages": Type(list[str], _list(Language)),
    "incoterms": Type(list[str], _list(str)),
    "isic": Type(list[str], _list(str)),
    "cpc": Type(list[str], _list(Code)),
    "hs": Type(list[str], _list(HsCode)),
    "schemes": Type(list[str], _schemes),
    "attributes": Type(list[list[str]], _attributes),
    "musts": Type(list[str], _list(Requirement)),
    "code": Type(str, lambda field: Annotated[str, StringConstraints(pattern=f"^[0-9]{{1,{field.most}}}$")]),
    "currency": Type(str, lambda _field: Annotated[str, StringConstraints(pattern=r"^([A-Z]{3})?$")]),
    "unit": Type(str, lambda _field: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{0,3}$")]),
    "gtin": Type(str, lambda _field: Annotated[str, StringConstraints(pattern="^([0-9]{8}|[0-9]{12,14})?$")]),
    "firm": Type(str | None, lambda _field: str),
    "file": Type(str | None, lambda _field: FileGiven),
}


def nullable(field: Field) -> bool:
    """Whether null empties the field. An empty text or list empties any other field."""
    return field.default() is None


def with_fields[S: Schema](
    fields: Iterable[Field], of: Callable[[Field], tuple[Any, Any]]
) -> Callable[[type[S]], type[S]]:
    """A schema with these additional fields, each made by ``of``: ``as_shown``, ``as_changed`` or ``as_new``."""
    made: dict[str, Any] = {field.name: of(field) for field in fields}
    return lambda schema: create_model(schema.__name__, __base__=schema, __doc__=schema.__doc__, **made)


def as_shown(field: Field) -> tuple[Any, Any]:
    """A field that is shown. It may be null if the firm chooses its readers."""
    kind = TYPES[field.kind].shown
    return kind | None if field.chosen else kind, Given(description=field.description or None)


def as_changed(field: Field) -> tuple[Any, Any]:
    """A field that is changed. It stays if it is left out."""
    return TYPES[field.kind].given(field) | None, None


def as_new(field: Field) -> tuple[Any, Any]:
    """A field of a new row. It has the default of the model if it is left out."""
    typed, default = TYPES[field.kind].given(field), field.default()
    options: dict[str, Any] = {"description": field.given or None}
    if isinstance(default, list | dict):
        return typed, Given(default_factory=field.default, **options)
    if field.choices and not field.required:
        typed, options["json_schema_extra"] = field.choices | str, {"enum": ["", *field.choices.values]}
    return (typed | None if default is None else typed), Given(default, **options)
