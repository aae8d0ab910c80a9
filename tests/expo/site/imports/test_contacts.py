"""Contact persons from a workbook as an organiser writes it: a title above, German headers, two in a cell, numbers."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.participants.contact_persons.models import ContactPerson
from serai.expo.site.imports.domain import batches as domain
from serai.expo.site.imports.models import Import, ImportRow

type Make = Callable[..., Import]

HEADER = (
    *("Firma", "Land", "Straße", "PLZ", "Ort", "Ansprechpartner", "Funktion", "E-Mail", "Telefon", "Sprache"),
    *("Einwilligung", "Einwilligung am"),
)
FIRMS: list[tuple[Any, ...]] = [
    ("Ausstellerliste Frühjahrsmesse 2026",),
    (),
    HEADER,
    (
        *("Müller Maschinenbau GmbH", "Deutschland", "Hauptstr. 1", 1067, "Dresden"),
        *("Herr Dr. Max Müller und Frau Eva Klein", "Geschäftsführer; Vertrieb"),
        *("klein@mueller.example; m.mueller@mueller.example", 4935112345678, "Deutsch", "Vertrag", "12.01.2026"),
    ),
    (
        "Nordwerk AG",
        "Deutschland",
        "Kai 7",
        "20457",
        "Hamburg",
        "Schmidt, Anna",
        "",
        "anna@nordwerk.example",
        4012345678,
    ),
    (
        "Nordwerk AG",
        "Deutschland",
        "",
        "",
        "",
        "Jan van der Berg",
        "",
        "jan@nordwerk.example",
        "4,0123E+10",
        "",
        "nein",
    ),
    ("Suzhou Pumps Co., Ltd.", "China", "", "", "", "王小明先生", "", "wang(at)pumps.example", 13800138000),
    ("Ohne Kontakt KG", "Österreich", "", "1010", "Wien"),
]


@pytest.fixture(autouse=True)
def in_scope(edition: Edition) -> Iterator[None]:
    with scope(edition=edition):
        yield


def contacts() -> dict[str, tuple[str, ...]]:
    return {
        one.name: (one.salutation, one.position, one.email, one.phone) for one in ContactPerson.objects.order_by("pk")
    }


def notes(made: Import, number: int) -> list[str]:
    return [note["reason"] for note in made.rows.get(number=number).reason_details.get("notes", ())]


def test_a_german_list_becomes_firms_with_their_contact_persons(imported: Make) -> None:
    made = imported(FIRMS)
    assert domain.counts(made) == {"new": 4, "matched": 1, "possible": 0, "unchanged": 0, "rejected": 0}
    assert contacts() == {
        "Max Müller": ("Herr Dr.", "Geschäftsführer", "m.mueller@mueller.example", "+49 351 12345678"),
        "Eva Klein": ("Frau", "Vertrieb", "klein@mueller.example", "+49 351 12345678"),
        "Anna Schmidt": ("", "", "anna@nordwerk.example", "+49 40 12345678"),
        "Jan van der Berg": ("", "", "jan@nordwerk.example", ""),
        "王小明": ("先生", "", "", "+86 138 0013 8000"),
    }
    max_mueller = ContactPerson.objects.get(name="Max Müller")
    assert (max_mueller.language, max_mueller.postcode, max_mueller.consent_source) == ("de", "1067", "Vertrag")
    assert str(max_mueller.consent_on) == "2026-01-12"
    assert ContactPerson.objects.get(name="Jan van der Berg").consent_source == "", "'nein' is no consent"
    assert Participation.objects.get(firm__legal_name="Nordwerk AG").contact_persons.count() == 2
    assert Firm.objects.get(legal_name="Müller Maschinenbau GmbH").address == {"de": "Hauptstr. 1"}


def test_what_could_not_be_kept_is_told(imported: Make) -> None:
    made = imported(FIRMS)
    assert "phone_rounded" in notes(made, 6)
    assert "not_a_mail" in notes(made, 7)
    assert "contact_without_person" in notes(made, 8)


def test_the_same_list_again_changes_nothing(imported: Make, previewed: Make) -> None:
    imported(FIRMS)
    before, entries = contacts(), AuditEntry.objects.count()
    again = previewed(FIRMS)
    assert domain.counts(again) == {"new": 0, "matched": 0, "possible": 0, "unchanged": 5, "rejected": 0}
    domain.apply(again)
    assert contacts() == before
    assert AuditEntry.objects.filter(object_type="contactperson").count() == 5
    assert AuditEntry.objects.count() == entries + 1  # that it was applied


def test_a_list_that_is_taken_back_leaves_no_contacts_and_changed_ones_as_before(imported: Make) -> None:
    anna = ("Nordwerk AG", "Deutschland", "", "", "", "Anna Schmidt", "Verkauf", "anna@nordwerk.example")
    first = imported([HEADER, anna])
    second = imported(FIRMS[2:])
    assert ContactPerson.objects.get(name="Anna Schmidt").phone == "+49 40 12345678"
    domain.undo(second)
    [left] = ContactPerson.objects.all()
    assert (left.position, left.phone) == ("Verkauf", "")
    domain.undo(first)
    assert not ContactPerson.objects.exists()
    trail = str(list(AuditEntry.objects.filter(object_type="contactperson").values_list("before", "after")))
    assert "nordwerk" not in trail


CONTACTS: list[tuple[Any, ...]] = [
    ("Kontakte zur Messe",),
    ("Aussteller", "Name", "E-Mail", "Telefon", "Serai ID"),
    ("Nordwerk AG", "Anna Schmidt; Bo Li", "anna@nordwerk.example; bo@nordwerk.example", "0049 40 12345678"),
    ("Nordwerck AG", "Cy Lang", "cy@nordwerk.example"),
    ("Unbekannt GmbH", "Di Fern", "di@fern.example"),
    ("Nordwerk AG",),
]


def test_a_list_of_contacts_alone_finds_its_firms_and_holds_the_others_back(
    previewed: Make, take_part: Callable[..., Participation], a_firm: Callable[..., Firm], edition: Edition
) -> None:
    own = take_part(edition, a_firm("Nordwerk AG", country="DE"))
    made = previewed(CONTACTS)
    rows = list(made.rows.order_by("number").values_list("state", "reason"))
    assert rows == [
        ("matched", ""),
        ("possible", "like_participant"),
        ("possible", "no_such_participant"),
        ("rejected", "no_contact"),
    ]
    assert domain.offered(made.rows.get(number=4)) == {"", "out", str(own.firm_id)}
    assert domain.offered(made.rows.get(number=5)) == {"", "out"}
    domain.apply(made)
    assert list(contacts()) == ["Anna Schmidt", "Bo Li"]
    assert Firm.objects.count() == 1, "No firm is made of a list of contacts."
    domain.choose(made, {4: str(own.firm_id)})
    domain.apply(made)
    assert list(contacts()) == ["Anna Schmidt", "Bo Li", "Cy Lang"]
    again = previewed(CONTACTS)
    assert again.rows.get(number=3).state == ImportRow.State.UNCHANGED
    domain.undo(made)
    assert contacts() == {}


def test_a_contact_finds_its_firm_by_identifier_too(
    imported: Make, take_part: Callable[..., Participation], edition: Edition
) -> None:
    own = take_part(edition)
    made = imported([("Serai ID", "Contact person", "Email"), (own.firm.identifier, "Ada", "ada@example.org")])
    assert made.rows.get().state == ImportRow.State.MATCHED
    assert own.contact_persons.get().name == "Ada"
