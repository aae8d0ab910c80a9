"""Buyers with budget, interests and days, and delegations with their members, from a workbook and by hand."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.base import retention
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.cells import UnreadableError
from serai.expo.offers.market.models import Need
from serai.expo.participants.buyers.models import Visit
from serai.expo.participants.delegations.models import Delegation, DelegationMember
from serai.expo.site.imports.domain import batches as domain
from serai.expo.site.imports.domain.command import import_file
from serai.expo.site.imports.domain.contact_cells import budget
from serai.expo.site.imports.models import Import

type Make = Callable[..., Import]

HEADER = (
    *("Firma", "Land", "Teilnahmeart", "Ansprechpartner", "E-Mail", "Einkaufsbudget", "Interessen"),
    *("Anreise", "Abreise", "Name der Delegation", "Rolle in der Delegation"),
)
BUYERS: list[tuple[Any, ...]] = [
    HEADER,
    (
        *("Einkauf Nord GmbH", "Deutschland", "buyer", "Anna Schmidt", "anna@nord.example", "1,5 Mio. €"),
        *("Pumpen; Ventile", "27.11.2026", "30.11.2026"),
    ),
    (
        *("Kenya Buyers Ltd", "Kenia", "buyer", "Ali Mwangi; Jane Otieno", "", "", ""),
        *("2026-11-28", "2026-11-29", "Delegation Kenia", "Leiter"),
    ),
    ("Ventil AG", "Deutschland", "exhibitor", "Bo Li", "bo@ventil.example", "500.000 EUR"),
]


@pytest.fixture(autouse=True)
def in_scope(edition: Edition) -> Iterator[None]:
    with scope(edition=edition):
        yield


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("cell", "amount", "currency"),
    [
        ("500.000 EUR", 500_000, "EUR"),
        ("€ 1,5 Mio.", 1_500_000, "EUR"),
        ("200万元", 2_000_000, "CNY"),
        ("USD 250k", 250_000, "USD"),
        ("1-2 Mio. Euro", 2_000_000, "EUR"),
        ("300 000 руб", 300_000, "RUB"),
        ("2.5 million dollars", 2_500_000, "USD"),
    ],
)
def test_a_budget_is_an_amount_with_its_currency(cell: str, amount: int, currency: str) -> None:
    assert budget(cell) == (Decimal(amount), currency)


@pytest.mark.any_database
def test_an_amount_without_a_currency_is_not_guessed() -> None:
    with pytest.raises(UnreadableError, match="budget_without_currency"):
        budget("500000")


def test_buyers_and_delegations_come_from_a_list_and_the_same_again_changes_nothing(
    imported: Make, previewed: Make
) -> None:
    made = imported(BUYERS)
    north = Visit.objects.get(participation__firm__legal_name="Einkauf Nord GmbH")
    assert (north.budget, north.currency, north.interests) == (1_500_000, "EUR", ["Pumpen", "Ventile"])
    assert (str(north.arrives_on), str(north.leaves_on)) == ("2026-11-27", "2026-11-30")
    kenya = Delegation.objects.get()
    assert (kenya.name, kenya.country, kenya.leader) == ("Delegation Kenia", "KE", None)
    members = kenya.members.order_by("pk").values_list("name", "part", "arrives_on__day", "participation__kind")
    assert list(members) == [("Ali Mwangi", "head", 28, "buyer"), ("Jane Otieno", "head", 28, "buyer")]
    notes = made.rows.get(number=4).reason_details["notes"]
    assert [note["reason"] for note in notes] == ["visit_of_no_buyer"]
    again = previewed(BUYERS)
    assert domain.counts(again)["unchanged"] == 3
    domain.undo(made)
    assert not Visit.objects.exists()
    assert not Delegation.objects.exists()


def test_an_organiser_enters_a_visit_by_hand(
    edition: Edition, take_part: Callable[..., Participation], organiser_client: Client
) -> None:
    buyer, exhibitor = take_part(edition, kind="buyer"), take_part(edition)
    page = f"/en/{edition.slug}/organiser/participants/{buyer.pk}/visit/"
    sent = {"budget": "5000", "currency": "eur", "interests": "Pumps\n\nValves", "arrives_on": "2026-11-28"}
    assert organiser_client.post(page, sent).status_code == 302
    assert Visit.objects.get().interests == ["Pumps", "Valves"]
    assert "5,000 EUR" in organiser_client.get(f"/en/{edition.slug}/organiser/participants/{buyer.pk}/").text
    assert "before arriving" in organiser_client.post(page, sent | {"leaves_on": "2026-11-27"}).text
    assert "in which currency" in organiser_client.post(page, sent | {"currency": ""}).text
    elsewhere = f"/en/{edition.slug}/organiser/participants/{exhibitor.pk}/visit/"
    assert organiser_client.get(elsewhere).status_code == 404
    assert retention.kinds()["journeys"].forget(edition) == 1
    assert Visit.objects.get().arrives_on is None


def test_an_organiser_enters_a_delegation_and_its_members_by_hand(
    edition: Edition, take_part: Callable[..., Participation], organiser_client: Client, owner_client: Client
) -> None:
    buyer = take_part(edition, kind="buyer")
    page = f"/en/{edition.slug}/organiser/delegations/"
    answer = organiser_client.post(page, {"found": "1", "name": "Delegation of Kenya", "country": "KE"})
    members = answer["Location"]
    sent = {"name": "Ali Mwangi", "part": "head", "firm": buyer.firm.identifier, "letter": "none"}
    assert organiser_client.post(members, sent).status_code == 302
    assert "Ali Mwangi" in organiser_client.get(members).text
    assert owner_client.post(members, sent).status_code == 403
    organiser_client.post(page, {"found": "1", "name": "delegation of kenya"})
    assert Delegation.objects.count() == 1
    organiser_client.post(members, {"member": DelegationMember.objects.get().pk})
    assert not DelegationMember.objects.exists()


@pytest.mark.parametrize(
    ("header", "sheet", "file_name"),
    [
        ("Firma", "Einkäufer", "messe.xlsx"),
        ("Наименование организации", "Закупщики", "выставка.xlsx"),
        ("Raison sociale", "Donneurs d'ordres", "salon.xlsx"),
        ("Name", "Sheet1", "hosted-buyers-2027.xlsx"),
        ("Name", "Sheet1", "buyers2.xlsx"),
        ("采购商名称", "Sheet1", "list.xlsx"),
        ("الشركة", "قائمة المشترين", "list.xlsx"),
    ],
)
def test_a_list_that_is_called_one_of_buyers_makes_buyers(
    header: str, sheet: str, file_name: str, edition: Edition, book: Callable[..., Any]
) -> None:
    rows = [(header, "Country", "Looking for"), ("Nairobi Foods", "Kenya", "Palm oil")]
    summary = import_file(book(name=file_name, sheets={sheet: rows, "Notes": [("Ask",)]}), edition)
    assert (summary.kind, summary.other_sheets) == ("Buyer", ("Notes",))
    assert Participation.objects.get(edition=edition).kind == Participation.Kind.BUYER


@pytest.mark.parametrize(
    ("header", "sheet", "file_name"),
    [
        ("Exhibitor", "Sheet1", "buyers-and-all.xlsx"),  # the column is nearer to the row
        ("Name", "Buyers and exhibitors", "list.xlsx"),
        ("Name", "Sheet1", "digital-media-fair.xlsx"),
    ],
)
def test_any_other_list_makes_exhibitors(
    header: str, sheet: str, file_name: str, edition: Edition, book: Callable[..., Any]
) -> None:
    summary = import_file(book(name=file_name, sheets={sheet: [(header, "Country"), ("Tea Ltd", "Kenya")]}), edition)
    assert (summary.kind, summary.other_sheets) == ("", ())
    assert Participation.objects.get(edition=edition).kind == Participation.Kind.EXHIBITOR


def test_a_column_of_kinds_tells_more_than_the_name_of_its_list(edition: Edition, book: Callable[..., Any]) -> None:
    rows = [("Name", "Country", "Kind"), ("Tea Ltd", "Kenya", ""), ("Nairobi Foods", "Kenya", "buyer")]
    assert import_file(book(sheets={"Buyers": rows}), edition).kind == ""
    kinds = Participation.objects.filter(edition=edition).values_list("firm__legal_name", "kind")
    assert dict(kinds) == {"Tea Ltd": "exhibitor", "Nairobi Foods": "buyer"}


def test_what_stands_beside_a_need_describes_it_and_is_a_need_where_a_buyer_names_none(
    edition: Edition, book: Callable[..., Any]
) -> None:
    header = ("Organisation", "Country", "Looking for", "Details")
    lines = "Power lines of 110 kV, " + "with steel masts and their foundations, " * 4
    rows = [
        header,
        ("Nairobi Foods", "Kenya", "Palm oil", "Refined, 40 t a month"),
        ("Kisumu Power", "Kenya", "", lines),
    ]
    path = book(sheets={"Buyers": rows})
    assert import_file(path, edition).counts["new"] == 2
    oil, power = Need.objects.filter(edition=edition).order_by("title__en")
    assert (oil.title, oil.text) == ({"en": "Palm oil"}, {"en": "Refined, 40 t a month"})
    assert power.title["en"].startswith("Power lines of 110 kV, with steel masts")
    assert power.title["en"].endswith("…")
    assert power.text == {"en": lines.strip()}
    assert import_file(path, edition).counts["unchanged"] == 2
    assert (
        import_file(book([("Name", "Country", "Details"), ("Tea Ltd", "Kenya", "Since 1990")]), edition)
        .columns[2]
        .became
        == "own"
    )
