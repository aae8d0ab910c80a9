"""Persons, mail addresses and telephone numbers as lists write them."""

import pytest

from serai.expo.participants.contact_persons import domain as phone
from serai.expo.participants.contact_persons.domain import mails, persons

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Anna Schmidt und Peter Müller", ["Anna Schmidt", "Peter Müller"]),
        ("Anna und Peter Schmidt", ["Anna Schmidt", "Peter Schmidt"]),
        ("Schmidt, Anna; Müller, Peter", ["Anna Schmidt", "Peter Müller"]),
        ("Herr Müller und Frau Schmidt", ["Müller", "Schmidt"]),
        ("Anna Schmidt\nPeter Müller", ["Anna Schmidt", "Peter Müller"]),
        ("Jean Dupont et Marie Curie", ["Jean Dupont", "Marie Curie"]),
        ("Anna Schmidt / Peter Müller", ["Anna Schmidt", "Peter Müller"]),
        ("王小明先生、李华女士", ["王小明", "李华"]),
        ("أحمد علي و محمد حسن", ["أحمد علي", "محمد حسن"]),
        ("Santiago Ramón y Cajal", ["Santiago Ramón y Cajal"]),
        ("Müller & Söhne", ["Müller & Söhne"]),
        ("van der Berg, Jan", ["Jan van der Berg"]),
        ("Anna Schmidt, Vertriebsleiterin", ["Anna Schmidt"]),
        ("–", []),
    ],
)
def test_two_persons_in_a_cell_are_two_and_a_name_with_an_and_is_one(cell: str, names: list[str]) -> None:
    assert [person.name for person in persons(cell)] == names


def test_titles_and_the_address_beside_a_name_belong_to_its_person() -> None:
    first, second = persons("Herr Dr. Max Muster <Max@muster.example> & Frau Eva Klein")
    assert (first.salutation, first.name, first.email) == ("Herr Dr.", "Max Muster", "max@muster.example")
    assert (second.salutation, second.name, second.email) == ("Frau", "Eva Klein", "")


def test_several_mail_addresses_in_a_cell_are_read_and_what_is_none_is_named() -> None:
    assert mails("A@X.example; mailto:b@x.example/c@x.example und a@x.example") == (
        ["a@x.example", "b@x.example", "c@x.example"],
        [],
    )
    assert mails("anna(at)x.example") == ([], ["anna(at)x.example"])
    assert mails("a@x.example, b@x") == (["a@x.example"], ["b@x"])


@pytest.mark.parametrize(
    ("written", "country", "number"),
    [
        ("493012345678", "DE", "+49 30 12345678"),  # a spreadsheet dropped the plus
        ("30123456", "DE", "+49 30 123456"),  # ... and here the zero
        ("15112345678", "DE", "+49 1511 2345678"),
        ("4915112345678", "DE", "+49 1511 2345678"),
        ("4,93012345678E+11", "DE", "+49 30 12345678"),
        ("0711/123456", "DE", "+49 711 123456"),
        ("+49 (0)711 123456", "", "+49 711 123456"),
        ("0049 711 123456", "CN", "+49 711 123456"),
        ("13800138000", "CN", "+86 138 0013 8000"),
        ("142685300", "FR", "+33 1 42 68 53 00"),
        ("2125551234", "US", "+1 212-555-1234"),
    ],
)
def test_a_number_gets_the_prefix_of_its_country_where_that_is_certain(written: str, country: str, number: str) -> None:
    assert phone.read_phone(written, country) == phone.SaidPhone(number, "", "151" in number or "138" in number)


def test_a_number_that_is_not_certain_is_kept_as_written_and_a_rounded_one_is_not() -> None:
    assert phone.read_phone("33142685300", "DE") == phone.SaidPhone("33142685300", "phone_unsure")
    assert phone.read_phone("+44 4 82 33 72 51", "GB") == phone.SaidPhone("+44 4 82 33 72 51", "phone_not_in_use")
    assert phone.read_phone("0033 1", "FR").fault == "phone_not_in_use"
    assert phone.read_phone("4930123456", "") == phone.SaidPhone("4930123456", "phone_unsure")
    assert phone.read_phone("4.9301E+11", "DE") == phone.SaidPhone("", "phone_rounded")
    assert phone.read_phone("by mail only", "DE") == phone.SaidPhone("", "no_phone")


def test_several_numbers_in_a_cell_are_parted_and_a_slash_of_an_area_code_is_not() -> None:
    assert phone.phone_parts("0711/123456 / 0151 2345678") == ["0711/123456", "0151 2345678"]
    assert phone.phone_parts("+49 711 123456, +49 711 123457\n030 12345") == [
        "+49 711 123456",
        "+49 711 123457",
        "030 12345",
    ]
