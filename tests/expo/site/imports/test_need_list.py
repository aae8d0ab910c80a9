"""Needs of buyers, and who must or must not meet whom, come by workbook as firms do."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import pytest
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.cells import UnreadableError
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.meeting.models import MeetingRequest, MeetingRule, Wish
from serai.expo.offers.market.models import Need
from serai.expo.site.imports.domain import batches as domain
from serai.expo.site.imports.domain.amount_cells import amount, quantity
from serai.expo.site.imports.domain.wish_list import strength
from serai.expo.site.imports.models import Import

type Make = Callable[..., Import]

NEEDS = (
    ("Bedarfe der Einkäufer",),
    ("Käufer", "Bedarf", "Beschreibung", "Menge", "Einheit", "Budget", "Frist", "Länder", "Zertifikate", "Interne Nr."),
    ("Auto Werke AG", "Zellen für Busse", "LFP, 280 Ah", "20.000", "Stück", "1-2 Mio EUR", "31.12.2026",
     "China; Kenia", "IATF 16949", "A-1"),
    ("Auto Werke AG", "Kupferfolie", "", "500 t", "", "bis 300.000 €", "bald", "", "", "A-2"),
    ("Nicht Da GmbH", "Stahl", "", "", "", "", "", "", "", ""),
)  # fmt: skip
WISHES = (
    ("Käufer", "Aussteller", "Priorität"),
    ("Auto Werke AG", "Zellen Ltd", "muss"),
    ("Auto Werke AG", "Folien Ltd", "2"),
    ("Auto Werke AG", "Draht Ltd", "veto"),
)


@pytest.fixture(autouse=True)
def in_scope(edition: Edition) -> Iterator[None]:
    with scope(edition=edition):
        yield


@pytest.fixture
def buyer(edition: Edition, a_firm: Callable[..., Firm], take_part: Callable[..., Participation]) -> Participation:
    return take_part(edition, a_firm("Auto Werke AG", country="DE", language="de"), "buyer")


@pytest.fixture
def exhibitors(
    edition: Edition, a_firm: Callable[..., Firm], take_part: Callable[..., Participation]
) -> list[Participation]:
    return [take_part(edition, a_firm(name)) for name in ("Zellen Ltd", "Folien Ltd", "Draht Ltd")]


def states(made: Import) -> list[str]:
    return list(made.rows.order_by("number").values_list("state", flat=True))


@pytest.mark.parametrize(
    ("cell", "low", "high", "currency"),
    [
        ("100000-200000 EUR", 100_000, 200_000, "EUR"),
        ("1-2 Mio €", 1_000_000, 2_000_000, "EUR"),
        ("up to 50k USD", None, 50_000, "USD"),
        ("30万元", 300_000, 300_000, "CNY"),
        ("3亿 RMB", 300_000_000, 300_000_000, "CNY"),
        ("ab 1.000", 1_000, None, ""),
        ("12,50 $", Decimal("12.5"), Decimal("12.5"), "USD"),
    ],
)
def test_an_amount_is_read_as_people_write_it(cell: str, low: object, high: object, currency: str) -> None:
    read = amount(cell)
    assert (read.low, read.high, read.currency) == (low, high, currency)


def test_a_quantity_may_have_its_unit_and_one_that_is_not_known_is_said() -> None:
    assert (quantity("1.200 t").number, quantity("1.200 t").unit) == (1200, "TNE")
    assert quantity("20 000 шт").unit == quantity("5 件").unit == quantity("5 Stück").unit == "H87"
    with pytest.raises(UnreadableError) as fault:
        quantity("5 barrels")
    assert (fault.value.reason, fault.value.kept.number) == ("unknown_unit", 5)


def test_the_strength_of_a_wish_is_read_in_words_letters_and_numbers() -> None:
    assert [strength(cell) for cell in ("Muss", "A", "愿见", "2", "Veto", "нет")] == [
        "must", "must", "would", "would", "no_thanks", "no_thanks",
    ]  # fmt: skip


def test_german_needs_are_read_with_their_reasons(imported: Make, buyer: Participation) -> None:
    made = imported(NEEDS)
    assert made.subject == "needs"
    assert states(made) == ["new", "new", "possible"]
    first, second = Need.objects.order_by("number")
    assert (first.participation, first.title, first.text) == (
        buyer, {"de": "Zellen für Busse"}, {"de": "LFP, 280 Ah"},
    )  # fmt: skip
    assert (first.quantity, first.unit, first.budget_low, first.budget_high, first.currency) == (
        20_000, "H87", 1_000_000, 2_000_000, "EUR",
    )  # fmt: skip
    assert (first.valid_until, first.countries_wanted, first.certificates) == (
        date(2026, 12, 31), ["CN", "KE"], ["IATF 16949"],
    )  # fmt: skip
    assert (second.quantity, second.unit, second.budget_low, second.budget_high) == (500, "TNE", None, 300_000)
    notes = made.rows.get(number=4).reason_details["notes"]
    assert [(note["header"], note["reason"]) for note in notes] == [("Frist", "not_a_day")]
    assert made.rows.get(number=5).reason == "no_such_participant"


def test_the_same_needs_again_change_nothing_a_changed_one_updates_and_undone_all_goes(
    imported: Make, buyer: Participation
) -> None:
    made = imported(NEEDS)
    before = list(Need.objects.values())
    assert states(imported(NEEDS)) == ["unchanged", "unchanged", "possible"]
    assert list(Need.objects.values()) == before
    changed = imported([("Buyer", "Need", "Quantity", "Title (en)"), ("Auto Werke AG", "Kupferfolie", "600 t", "")])
    assert states(changed) == ["matched"]
    assert [need.quantity for need in Need.objects.order_by("number")] == [20_000, 600]
    domain.undo(changed)
    domain.undo(made)
    assert not Need.objects.exists()


def test_wishes_are_read_and_again_change_nothing(
    imported: Make, buyer: Participation, exhibitors: list[Participation]
) -> None:
    made = imported(WISHES)
    assert (made.subject, states(made)) == ("wishes", ["new"] * 3)
    assert list(Wish.objects.order_by("pk").values_list("wisher", "wished", "strength")) == [
        (buyer.pk, exhibitors[0].pk, "must"),
        (buyer.pk, exhibitors[1].pk, "would"),
        (buyer.pk, exhibitors[2].pk, "no_thanks"),
    ]
    assert states(imported(WISHES)) == ["unchanged"] * 3
    changed = imported([WISHES[0], ("Auto Werke AG", "Folien Ltd", "must")])
    assert states(changed) == ["matched"]
    domain.undo(changed)
    domain.undo(made)
    assert not Wish.objects.exists()


def test_a_wish_that_may_not_be_is_rejected_with_the_reason(
    previewed: Make, buyer: Participation, exhibitors: list[Participation], edition: Edition,
    take_part: Callable[..., Participation], a_firm: Callable[..., Firm],
) -> None:  # fmt: skip
    take_part(edition, a_firm("Other Buyer Ltd"), "buyer")
    MeetingRequest.objects.create(
        edition=edition,
        asker=exhibitors[0],
        asked=buyer,
        awaiting=buyer,
        expires_at="2026-12-01T00:00Z",
        message="Meet us",
    )
    rows = (
        WISHES[0],
        ("Auto Werke AG", "Nobody Ltd", "must"),
        ("Auto Werke AG", "Other Buyer Ltd", "must"),
        ("Auto Werke AG", "Zellen Ltd", "veto"),
        ("Auto Werke AG", "Folien Ltd", "perhaps so"),
        ("Auto Werke AG", "", "must"),
    )
    made = previewed(rows)
    assert list(made.rows.order_by("number").values_list("reason", flat=True)) == [
        "no_such_wished", "may_not_wish", "veto_of_meeting", "", "no_pair",
    ]  # fmt: skip
    MeetingRule.objects.create(edition=edition, asker_kind="buyer", asked_kind="exhibitor", allowed=False)
    assert "rules_forbid_wish" in previewed(rows).rows.values_list("reason", flat=True)
