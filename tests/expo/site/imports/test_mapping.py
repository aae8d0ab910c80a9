"""Columns are recognised by their titles, whatever language they are in, and a person has the last word."""

from functools import partial

import pytest
from django.utils.translation import override

from serai.expo.base.collation import fold
from serai.expo.base.workbooks.domain.grid import FileRefusedError
from serai.expo.site.imports.domain import columns
from serai.expo.site.imports.domain.columns import SURE
from serai.expo.site.imports.domain.fields import fields
from serai.expo.site.imports.domain.subjects import FIRMS

guess, guessed, corrected = (
    partial(function, FIRMS) for function in (columns.guess, columns.guessed, columns.corrected)
)
check_field, field_names = partial(columns.check_field, FIRMS), partial(columns.field_names, FIRMS)
problem = FIRMS.problem


def meanings(*header: str) -> list[str]:
    return [one.field if one.confidence >= SURE else "" for one in guess(header)]


def test_every_title_and_alias_of_a_field_is_recognised() -> None:
    for key, field in fields().items():
        for title in (*field.title.values(), *field.aliases):
            assert meanings(title)[0].split(":")[0] == key, title


def test_no_alias_means_two_fields() -> None:
    owner: dict[str, str] = {}
    for key, field in fields().items():
        for said in field.headers:
            assert owner.setdefault(fold(said), key) == key, said


def test_the_header_of_a_real_list_is_recognised_whole() -> None:
    header = (
        "name",
        "country",
        "booth_venue",
        "booth_number",
        "product_categories",
        "hall_ids",
        "website",
        "description",
    )
    assert meanings(*header) == ["name", "country", "hall_name", "booth", "offers", "hall", "website", "description"]


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("COMPANY NAME *", "name"),
        ("Name (zh)", "name:zh-hans"),
        ("Name [English]", "name:en"),
        ("name_ar", "name:ar"),
        ("英文名称", "name:en"),
        ("公司名称（中文）", "name:zh-hans"),
        ("English name", "name:en"),
        ("Nom (français)", "name:fr"),
        ("国家/地区 Country/Region", "country"),
        ("展位号\nBooth No.", "booth"),
        ("Contry", "country"),
        ("Company profil", "description"),
        ("Produits et services", "offers"),
        ("Название компании", "name"),
        ("اسم الشركة", "name"),
        ("Contact name", "contact_name"),
        ("Telephone", "contact_phone"),
        ("E-Mail Ansprechpartner", "contact_email"),
        ("PLZ", "contact_postcode"),
        ("Fax", ""),
        ("Product name", ""),
        ("Hall id", "hall"),
        ("No", ""),
        ("", ""),
    ],
)
def test_a_title_means_its_field(title: str, field: str) -> None:
    assert meanings(title) == [field]


def test_no_field_is_given_to_two_columns() -> None:
    assert meanings("公司名称", "Company name") == ["name", "name:en"]
    assert meanings("Country", "Pays", "Land") == ["country", "", ""]


def test_a_person_corrects_the_guess() -> None:
    header = ("Name", "Country", "Note", "Products")
    assert corrected(header, {}) == {0: "name", 1: "country", 2: "own", 3: "offers"}
    assert corrected(header, {"note": "description:fr", "D": "-"}) == {0: "name", 1: "country", 2: "description:fr"}
    assert corrected(header, {"Note": "name"}) == {0: "own", 1: "country", 2: "name", 3: "offers"}


def test_a_wrong_correction_is_refused_with_what_there_is() -> None:
    with pytest.raises(FileRefusedError, match=r"no column 'Firm'. It has: Name, Country"):
        corrected(("Name", "Country"), {"Firm": "name"})
    for name in ("nonsense", "country:en", "name:Klingon"):
        with pytest.raises(FileRefusedError, match="There is no field"):
            corrected(("Name", "Country"), {"Name": name})


def test_each_field_that_is_offered_exists() -> None:
    for name in field_names():
        check_field(name)


def test_a_mapping_needs_a_name_and_a_country() -> None:
    assert problem({0: "name", 1: "country"}) == ""
    assert problem({0: "name:ar", 1: "country"}) == ""
    assert problem({0: "legal_name", 1: "country"}) == ""
    assert "name of the firm" in problem({1: "country"})
    assert "country or region" in problem({0: "name"})
    assert "Two columns fill the field 'name'" in problem({0: "name", 1: "name"})


def test_the_guess_does_not_depend_on_the_reader_language() -> None:
    header = ("名称", "Country", "قاعة المعرض")
    with override("ar"):
        in_arabic = guessed(header)
    assert guessed(header) == in_arabic


def test_a_name_beside_a_firm_and_a_persons_columns_is_the_persons() -> None:
    assert meanings("Firma", "Land", "Anrede", "Vorname", "Name", "E-Mail")[2:] == [
        "contact_salutation",
        "contact_given_name",
        "contact_family_name",
        "contact_email",
    ]
    assert meanings("Firma", "Name", "Telefon") == ["name", "contact_name", "contact_phone"]
    assert meanings("Name", "Country", "E-mail") == ["name", "country", "contact_email"]
