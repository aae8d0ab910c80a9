"""The tables of fields: nothing of them starts without a reader, and a page, a cell and a call keep the same limits."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from babel import Locale
from django import forms
from pydantic import TypeAdapter, ValidationError

from serai.expo.base.fields import Field, FieldError, table
from serai.expo.base.files.models import Audience
from serai.expo.fairs.interface.domain.kinds import TYPES
from serai.expo.firms.record.domain import cells, firm_cells
from serai.expo.firms.record.domain.cells import UnreadableError
from serai.expo.firms.record.domain.fields import FIRM, MADE, ROWS
from serai.expo.firms.record.models import Certification, Firm, Plant
from serai.expo.firms.record.pages import KINDS, Page
from serai.expo.offers.market.domain.item_fields import FIELDS
from serai.expo.offers.market.models import Need, Offer
from serai.expo.offers.market.pages.forms import KINDS as ITEM_KINDS
from serai.expo.offers.market.pages.forms import Shown
from serai.expo.site.imports.domain.fields import fields
from serai.world.classifications import countries, cpc, harmonized_system, isic

pytestmark = pytest.mark.any_database

LISTS: dict[str, Callable[[], list[str]]] = {
    "isic": lambda: [activity.code for activity in isic.activities("class")],
    "cpc": lambda: [product.code for product in cpc.products("subclass")],
    "hs": lambda: [heading.code for heading in harmonized_system.headings()],
    "countries": lambda: list(countries.countries()),
    "languages": lambda: [code for code in Locale("en").languages if cells.language_code(code) == code],
}
"""Entries for a list of each kind."""


def test_a_field_without_an_audience_does_not_start() -> None:
    with pytest.raises(FieldError, match=r"Firm\.city has no audience: say who reads it"):
        table(Firm, Field("city", "texts", "City"))
    with pytest.raises(FieldError, match=r"Firm\.latitude has no audience"):
        table(Firm, Field("latitude", "number", "Latitude", under="point"))


def test_a_column_without_a_field_and_a_field_without_a_column_do_not_start() -> None:
    with pytest.raises(FieldError, match=r"Firm\.address has no field"):
        table(Firm, Field("city", "texts", "City", Audience.PUBLIC), made=MADE)
    with pytest.raises(FieldError, match="Firm has no column telephone"):
        table(Firm, Field("telephone", "line", "Telephone", Audience.PUBLIC))


def values_of(field: Field) -> Iterator[tuple[Any, bool]]:
    """Values at the limits of a field and just beyond, each with whether the field takes it."""
    most = field.most or 0
    if field.kind in {"year", "days", "number", "decimal"} and field.least is not None:
        yield from ((field.least, True), (field.least - 1, False), (most, True), (most + 1, False))
    for long in (most, most + 1):
        if field.kind == "texts":
            yield {"en": "a" * long}, long == most
        elif field.kind == "line":
            yield "a" * long, long == most
        elif field.kind == "link":
            yield "https://example.org/".ljust(long, "a"), long == most
        elif field.kind in LISTS and long <= len(LISTS[field.kind]()):
            yield LISTS[field.kind]()[:long], long == most


def in_record(field: Field) -> forms.Field:
    return KINDS[field.kind](field, Page(Firm(), None, None, ["en"]), {"required": False})


def in_form_of(item: Offer | Need) -> Callable[[Field], forms.Field]:
    return lambda field: ITEM_KINDS[field.kind](field, Shown(item, ("en",), ""), {"required": False})


LIMITED = [
    pytest.param(field, make, value, good, id=f"{of}-{field.name}-{number}")
    for of, make, known in (
        ("firm", in_record, FIRM),
        *((model.__name__, in_record, known) for model, known in ROWS.items()),
        *((model.__name__, in_form_of(model()), known) for model, known in FIELDS.items()),
    )
    for field in known.values()
    if field.page or field.under
    for number, (value, good) in enumerate(values_of(field))
]


@pytest.mark.parametrize(("field", "make", "value", "good"), LIMITED)
def test_a_page_a_cell_and_a_call_take_the_same(
    field: Field, make: Callable[[Field], forms.Field], value: Any, good: bool
) -> None:
    asked, call = make(field), TypeAdapter(TYPES[field.kind].given(field))
    said = value["en"] if isinstance(value, dict) else ", ".join(value) if isinstance(value, list) else str(value)
    if isinstance(asked, forms.MultipleChoiceField):
        assert takes(lambda: asked.clean([one for one in value if asked.valid_value(one)]), forms.ValidationError)
    else:
        assert takes(lambda: asked.clean([said] if field.kind == "texts" else said), forms.ValidationError) is good
    assert takes(lambda: call.validate_python(value), ValidationError) is good
    if FIRM.get(field.name) is field and field.name in fields():
        assert takes(lambda: fields()[field.name].parse(said), UnreadableError) is good


def takes(act: Callable[[], Any], *refusals: type[Exception]) -> bool:
    try:
        act()
    except refusals:
        return False
    return True


@pytest.mark.parametrize(
    ("parse", "before", "field", "after"),
    [
        (firm_cells.plants, "China | ", ROWS[Plant]["place"], ""),
        (firm_cells.plants, "China | | ", ROWS[Plant]["process"], ""),
        (firm_cells.plants, "China | | | 1 ", ROWS[Plant]["unit"], ""),
        (firm_cells.certificates, "", ROWS[Certification]["scheme"], ""),
        (firm_cells.certificates, "ISO 9001 | ", ROWS[Certification]["number"], ""),
        (firm_cells.certificates, "ISO 9001 | 1 | ", ROWS[Certification]["body"], ""),
        (cells.items, "", FIELDS[Offer]["title"], ""),
        (fields()["legal_name"].parse, "", FIRM["legal_name"], ""),
    ],
)
def test_a_cell_with_several_things_keeps_the_limits_of_their_fields(
    parse: Callable[[str], Any], before: str, field: Field, after: str
) -> None:
    assert field.most
    parse(f"{before}{'a' * field.most}{after}")
    with pytest.raises(UnreadableError):
        parse(f"{before}{'a' * (field.most + 1)}{after}")
