"""Booths come by workbook with their sizes, kinds, prices, places and the firms that have them."""

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.cells import UnreadableError
from serai.expo.firms.record.models import Firm
from serai.expo.site.imports.domain import batches as domain
from serai.expo.site.imports.domain.booth_list import build, kind, length, size
from serai.expo.site.imports.models import Import
from serai.expo.venue.contracts.models import BoothTerms
from serai.expo.venue.halls.models import Booth, Hall, Stand

type Make = Callable[..., Import]

BOOTHS = (
    ("Standliste", "", "", "Stand: 1.3.2026"),
    ("Halle", "Standnummer", "Maße", "Fläche", "Standart", "Ausstattung", "Preis netto", "Aussteller"),
    ("H1", "A01", "6 x 3 m", 18, "Eckstand", "Nur Fläche", "4.500 EUR", "Zellen Ltd"),
    ("H1", "A02", "", 27, "Inselstand", "Systemstand", "6.000,50", ""),
    ("H1", "A03", "3,5 × 2", "", "rund", "", "", "Nicht Da GmbH"),
    ("H2", "B01", "", "", "Reihenstand", "", "", ""),
)


@pytest.fixture(autouse=True)
def in_scope(edition: Edition) -> Iterator[None]:
    with scope(edition=edition):
        yield


@pytest.fixture
def exhibitor(edition: Edition, a_firm: Callable[..., Firm], take_part: Callable[..., Participation]) -> Participation:
    return take_part(edition, a_firm("Zellen Ltd"))


def states(made: Import) -> list[str]:
    return list(made.rows.order_by("number").values_list("state", flat=True))


def notes(made: Import, number: int) -> list[str]:
    return [note["reason"] for note in made.rows.get(number=number).reason_details.get("notes", ())]


def test_measures_kinds_and_builds_are_read_as_people_write_them() -> None:
    assert [size(cell) for cell in ("6 x 3 m", "3,5×2", "4 mal 4")] == [(6, 3), (3.5, 2), (4, 4)]
    assert [length(cell) for cell in ("6", "3,25 m", "12 kW")] == [6, 3.25, 12]
    assert [kind(cell) for cell in ("Eckstand", "3", "岛型", "Reihe")] == ["corner", "head", "island", "row"]
    assert [build(cell) for cell in ("光地", "Shell scheme", "Systemstand")] == ["raw", "shell", "shell"]
    with pytest.raises(UnreadableError, match="not_measures"):
        size("large")


def test_a_german_list_of_booths_is_read_with_its_reasons(imported: Make, exhibitor: Participation) -> None:
    made = imported(BOOTHS)
    assert (made.subject, states(made)) == ("booths", ["new"] * 4)
    first, second, third, fourth = Booth.objects.order_by("code").select_related("hall")
    assert (first.hall.code, first.width_m, first.depth_m, first.kind, first.build, first.price) == (
        "H1", 6, 3, "corner", "raw", Decimal(4500),
    )  # fmt: skip
    assert list(first.participations.all()) == [exhibitor]
    assert (second.width_m, second.depth_m, second.kind, second.price) == (9, 3, "island", Decimal("6000.50"))
    assert (third.width_m, third.kind) == (3.5, "")
    assert (fourth.hall.code, fourth.x_m) == ("H2", None)
    assert notes(made, 3) == ["no_currency_of_terms"]
    assert notes(made, 4) == ["drawn_by_area"]
    assert notes(made, 5) == ["unknown_choice", "no_such_exhibitor"]
    placed = [(booth.x_m, booth.y_m) for booth in (first, second, third)]
    assert placed == [(2, 2), (8, 2), (17, 2)]


def test_the_same_list_again_changes_nothing_and_undone_all_is_as_before(
    imported: Make, exhibitor: Participation
) -> None:
    made = imported(BOOTHS)
    before = [list(model.objects.order_by("pk").values()) for model in (Hall, Booth, Stand)]
    assert states(imported(BOOTHS)) == ["unchanged"] * 4
    assert [list(model.objects.order_by("pk").values()) for model in (Hall, Booth, Stand)] == before
    changed = imported([("Hall", "Booth", "Width", "Price"), ("H1", "A01", 7, "5000")])
    assert states(changed) == ["matched"]
    domain.undo(changed)
    domain.undo(made)
    assert not any(model.objects.exists() for model in (Hall, Booth, Stand))


def test_a_price_in_another_currency_than_that_of_the_terms_is_not_taken(imported: Make, edition: Edition) -> None:
    BoothTerms.objects.create(edition=edition, version=1, text={"en": "Pay."}, party={}, currency="CNY")
    made = imported([("Booth", "Size", "Price", "Currency"), ("A1", "3x3", 900, "EUR"), ("A2", "3x3", "900元", "")])
    assert [booth.price for booth in Booth.objects.order_by("code")] == [None, 900]
    assert notes(made, 2) == ["other_currency"]


def test_a_booth_of_others_is_not_given_away_and_overlaps_are_told(
    imported: Make, edition: Edition, exhibitor: Participation, a_firm: Callable[..., Firm],
    take_part: Callable[..., Participation],
) -> None:  # fmt: skip
    take_part(edition, a_firm("Folien Ltd"))
    header = ("Booth", "Width", "Depth", "X", "Y", "Exhibitor")
    made = imported([header, ("A1", 3, 3, 2, 2, "Zellen Ltd"), ("A2", 3, 3, 4, 4, "")])
    assert notes(made, 3) == ["booth_overlaps"]
    again = imported([header, ("A1", 3, 3, 2, 2, "Folien Ltd")])
    assert (states(again), notes(again, 2)) == (["unchanged"], ["booth_of_another", "booth_overlaps"])
    assert [stand.participation for stand in Stand.objects.all()] == [exhibitor]
