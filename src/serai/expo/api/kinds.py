"""The types of a field in the interface, by its kind: how it is shown, how it is given, and what is empty."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field as Given
from pydantic import StringConstraints, create_model

from serai.expo.api.files import FileGiven
from serai.expo.api.pages import Amount, Country, Language, Texts, one_of
from serai.expo.fields import Field
from serai.expo.text import WRITTEN


@dataclass(frozen=True)
class Type:
    """How fields of a kind are shown, how they are given, and what a new row has where nothing is given.

    Where that is None, null empties a field; of any other kind an empty text or list does.
    """

    shown: Any
    given: Callable[[Field], Any]
    empty: Callable[[], Any] = lambda: None


def _line(field: Field) -> Any:
    """One line of text; of what is needed at least a character that is seen."""
    seen = r"[^\x00\r\n]*[^\x00-\x20\x85\xa0][^\x00\r\n]*" if field.required else r"[^\x00\r\n]*"
    return Annotated[str, StringConstraints(pattern=f"^{seen}$", max_length=field.most)]


def _texts(field: Field) -> Any:
    text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=field.most)]
    return Annotated[dict[Language, text], Given(json_schema_extra={"additionalProperties": False})]


def _number(kind: type[int] | type[float]) -> Callable[[Field], Any]:
    return lambda field: Annotated[kind, Given(ge=field.least, le=field.most)]


def _list(entry: Any) -> Callable[[Field], Any]:
    return lambda field: Annotated[list[entry], Given(max_length=field.most)]


def _link(field: Field) -> Any:
    return Annotated[str, StringConstraints(pattern="^(https?://[!-~]+)?$", max_length=field.most)]


def _language(field: Field) -> Any:
    return Language if field.required else Annotated[str, one_of(WRITTEN, blank=True)]


def _choice(field: Field) -> Any:
    """Of a firm the names that the interface has published; of a row the words themselves."""
    assert field.choices
    return field.choices if field.page else Annotated[str, one_of(field.choices.values, blank=not field.required)]


TYPES: Mapping[str, Type] = {
    "line": Type(str, _line, str),
    "texts": Type(Texts, _texts, dict),
    "link": Type(str, _link, str),
    "year": Type(int | None, _number(int)),
    "days": Type(int | None, _number(int)),
    "number": Type(float | None, _number(float)),
    "decimal": Type(Decimal | None, lambda _field: Amount),
    "day": Type(date | None, lambda _field: date),
    "flag": Type(bool, lambda _field: bool, bool),
    "yes_no": Type(bool | None, lambda _field: bool),
    "choice": Type(str, _choice, str),
    "country": Type(str, lambda _field: Country, str),
    "language": Type(str, _language, str),
    "languages": Type(list[str], _list(Language), list),
    "countries": Type(list[str], _list(Country), list),
    "incoterms": Type(list[str], _list(str), list),
    "isic": Type(list[str], _list(str), list),
    "cpc": Type(list[str], _list(str), list),
    "code": Type(str, lambda field: Annotated[str, StringConstraints(pattern=f"^[0-9]{{1,{field.most}}}$")], str),
    "firm": Type(str | None, lambda _field: str, str),
    "file": Type(str | None, lambda _field: FileGiven),
}


def nullable(field: Field) -> bool:
    """Whether null empties the field."""
    return TYPES[field.kind].empty() is None


def shows[S: Schema](fields: Iterable[Field]) -> Callable[[type[S]], type[S]]:
    """A schema that shows these fields too. A field of which its firm chooses the readers may be null."""

    def make(schema: type[S]) -> type[S]:
        shown: dict[str, Any] = {}
        for field in fields:
            kind = TYPES[field.kind].shown
            shown[field.name] = (kind | None if field.chosen else kind, Given(description=field.description or None))
        return create_model(schema.__name__, __base__=schema, __doc__=schema.__doc__, **shown)

    return make


def changes[S: Schema](fields: Iterable[Field]) -> Callable[[type[S]], type[S]]:
    """A schema that changes these fields too; those left out stay."""

    def make(schema: type[S]) -> type[S]:
        given: dict[str, Any] = {field.name: (TYPES[field.kind].given(field) | None, None) for field in fields}
        return create_model(schema.__name__, __base__=schema, __doc__=schema.__doc__, **given)

    return make
