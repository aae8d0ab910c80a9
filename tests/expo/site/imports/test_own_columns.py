"""Nothing of a list is dropped in silence: a column that no field takes becomes a field of the organiser's own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope
from openpyxl import load_workbook

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.own_fields.models import OwnField, OwnRecord
from serai.expo.site.imports.domain import batches as domain
from serai.expo.site.imports.domain.import_report import reports
from serai.expo.site.imports.domain.sheet import read
from serai.expo.site.imports.models import Import

type Make = Callable[..., Import]

HEADER = ("Firma", "Land", "Paket", "Standpersonal", "Bezahlt am", "Notiz", "Notiz", "")
ROWS = (
    HEADER,
    ("Anlagenbau Nord GmbH", "Deutschland", "Gold", 4, "2026-03-01", "kommt spät", "VIP", "x"),
    ("Tee aus Nairobi Ltd", "Kenia", "Silber", 12, "2026-04-01", "", "", ""),
    ("Lyon Chimie SA", "Frankreich", "Gold", "viele", "", "", "", ""),
    ("Salz AG", "Schweiz", "Gold", 3, "", "", "", ""),
    ("Wolle SpA", "Italien", "Gold", 3, "", "", "", ""),
)


@pytest.fixture(autouse=True)
def in_scope(edition: Edition) -> Iterator[None]:
    with scope(edition=edition):
        yield


def values() -> dict[str, dict[str, Any]]:
    titles = {field.key: field.column for field in OwnField.objects.all()}
    rows = OwnRecord.objects.select_related("participation__firm")
    return {
        row.participation.firm.legal_name: {titles[key]: value for key, value in row.values.items()} for row in rows
    }


def test_columns_that_no_field_takes_are_kept_with_their_values(imported: Make) -> None:
    imported(ROWS)
    fields = [(field.column, field.title, field.kind, field.audience) for field in OwnField.objects.all()]
    assert fields == [
        ("paket", {"en": "Paket"}, "choice", "organiser"),
        ("standpersonal", {"en": "Standpersonal"}, "text", "organiser"),
        ("bezahlt am", {"en": "Bezahlt am"}, "date", "organiser"),
        ("notiz", {"en": "Notiz"}, "text", "organiser"),
        ("notiz 2", {"en": "Notiz"}, "text", "organiser"),
        ("column h", {"en": "Column H"}, "text", "organiser"),
    ]
    of_first = values()["Anlagenbau Nord GmbH"]
    assert (of_first["standpersonal"], of_first["bezahlt am"], of_first["notiz 2"]) == ("4", "2026-03-01", "VIP")
    assert values()["Lyon Chimie SA"]["standpersonal"] == "viele"


def test_the_same_list_again_changes_nothing_and_another_updates(imported: Make) -> None:
    imported(ROWS)
    before = (list(OwnField.objects.values()), list(OwnRecord.objects.values()))
    again = imported(ROWS)
    assert set(again.rows.values_list("state", flat=True)) == {"unchanged"}
    assert (list(OwnField.objects.values()), list(OwnRecord.objects.values())) == before
    imported([HEADER, ("Salz AG", "Schweiz", "", 5, "", "", "", "")])
    assert values()["Salz AG"]["standpersonal"] == "5"
    assert OwnField.objects.count() == len(before[0])


def test_a_number_that_is_none_is_told_with_its_row_and_kept(imported: Make) -> None:
    imported([("Name", "Country", "Crew"), ("Tea Ltd", "Kenya", 4), ("Salt Ltd", "Kenya", 5)])
    made = imported([("Name", "Country", "Crew"), ("Tea Ltd", "Kenya", "many")])
    notes = made.rows.get().reason_details["notes"]
    assert [(note["column"], note["header"], note["cell"], note["reason"]) for note in notes] == [
        ("C", "Crew", "many", "own_no_number")
    ]
    assert values()["Tea Ltd"] == {"crew": "many"}
    assert [report.not_understood for report in reports(made)] == [0, 0, 1]


def test_an_import_that_is_taken_back_takes_its_own_fields_with_it(imported: Make) -> None:
    imported([("Name", "Country", "Crew"), ("Tea Ltd", "Kenya", 4)])
    second = imported([("Name", "Country", "Crew", "Fee"), ("Tea Ltd", "Kenya", 5, 900), ("Salt", "Mali", 1, 2)])
    domain.undo(second)
    assert values() == {"Tea Ltd": {"crew": 4}}
    assert [field.column for field in OwnField.objects.all()] == ["crew"]


def test_the_preview_says_what_becomes_of_each_column(previewed: Make) -> None:
    made = previewed(
        [("Name", "Country", "Crew", "Internal", "Empty"), ("Tea Ltd", "Kenya", 4, "a", "")],
        corrections={"Internal": "-"},
    )
    assert [(report.column, report.became) for report in reports(made)] == [
        ("A", "field"), ("B", "field"), ("C", "own"), ("D", "left out"), ("E", "empty"),
    ]  # fmt: skip
    domain.apply(made)
    assert [field.column for field in OwnField.objects.all()] == ["crew"]


def test_a_column_that_the_workbook_hides_is_kept_and_said_to_be_hidden(edition: Edition, book: Any) -> None:
    path: Path = book([("Name", "Country", "Fee"), ("Tea Ltd", "Kenya", 4)])
    opened = load_workbook(path)
    opened.worksheets[0].column_dimensions["C"].hidden = True
    opened.save(path)
    assert read(path, path.name).hidden == {2}
    made = domain.preview(edition, path, path.name)
    assert [(report.became, report.hidden) for report in reports(made)][2] == ("own", True)


def test_two_hundred_columns_are_kept(imported: Make) -> None:
    titles = [f"Answer {number}" for number in range(198)]
    imported([("Name", "Country", *titles), ("Tea Ltd", "Kenya", *range(198))])
    assert OwnField.objects.count() == 198
    assert OwnField.objects.filter(listed=True).count() == 5
    assert len(OwnRecord.objects.get().values) == 198


def test_the_organiser_sees_changes_and_opens_own_fields_on_pages(
    imported: Make, edition: Edition, organiser_client: Client, client: Client
) -> None:
    imported([("Name", "Country", "Crew"), ("Tea Ltd", "Kenya", 4), ("Salt Ltd", "Mali", 9)])
    one = Participation.objects.get(firm__legal_name="Tea Ltd")
    field = OwnField.objects.get()
    listed = organiser_client.get(reverse("participant-list", args=[edition.slug]), {"own": "f1", "holds": "> 5"}).text
    assert ">Crew</th>" in listed
    assert ("Salt Ltd" in listed, "Tea Ltd" in listed) == (True, False)
    page = reverse("participant", args=[edition.slug, one.pk])
    assert "<dt>Crew</dt><dd><bdi>4</bdi>" in organiser_client.get(page).text
    values_page = reverse("own-values", args=[edition.slug, one.pk])
    assert organiser_client.post(values_page, {"f1": "many"}).status_code == 400
    assert organiser_client.post(values_page, {"f1": "6"}).status_code == 302
    firm = reverse("firm", args=[edition.slug, one.firm.identifier])
    assert "<dt>Crew</dt>" not in client.get(firm).text
    field_page = reverse("own-field", args=[edition.slug, field.pk])
    given = {"title_en": "People at the stand", "kind": "number", "audience": "public", "listed": "on"}
    assert organiser_client.post(field_page, given).status_code == 302
    assert "<dt>People at the stand</dt><dd><bdi>6</bdi>" in client.get(firm).text
    assert "People at the stand" in organiser_client.get(reverse("own-fields", args=[edition.slug])).text
    assert organiser_client.post(field_page, {"remove": "1"}).status_code == 302
    assert not OwnField.objects.exists()
