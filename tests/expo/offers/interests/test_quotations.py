"""A quotation is read by its two sides alone, replaced with its history, and compared without any conversion."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.base.files.domain import place
from serai.expo.base.files.models import StoredFile
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.models import Mail
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.meeting.models import Wish
from serai.expo.offers.interests.domain import (
    InterestRefusedError,
    answer,
    compared,
    end_interests,
    quote,
    say,
    withdraw,
    withdraw_quotation,
)
from serai.expo.offers.interests.models import Quotation
from serai.expo.offers.market.models import Interest, Need, Offer
from serai.expo.participants.participation.domain.representation import Acting, acting
from serai.expo.people.account.domain.privacy import export_of
from serai.expo.people.account.models import User
from serai.expo.results.exports.domain.records import fields_of
from serai.expo.site.retention.hooks import forget_words

WORDS = {"cooperation": "We could supply it.", "unclear": "", "about": "A maker of films.", "agreement": "supply"}
TODAY = date(2026, 11, 28)
SOON = TODAY + timedelta(days=30)
TERMS: dict[str, Any] = {
    "price": Decimal("1250.50"),
    "currency": "CNY",
    "per": Decimal(1000),
    "unit": "MTK",
    "incoterm": "FOB",
    "place": "Tianjin",
    "quantity": Decimal(20000),
    "lead_time_days": 35,
    "valid_until": SOON,
}
PDF = b"%PDF-1.7 our price, on our paper"


def document(content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile("our price.pdf", content)


@pytest.fixture
def buyer(
    edition: Edition, take_part: Callable[..., Participation], a_firm: Callable[..., Firm], new_user: Any
) -> Acting:
    firm = a_firm("Buying House", name={"en": "Buying House"})
    one = take_part(edition, firm, kind="buyer")
    with scope(edition=edition):
        return acting(new_user("buying", firm=firm), one)


@pytest.fixture
def seller(edition: Edition, take_part: Callable[..., Participation], firm: Firm, owner: User) -> Acting:
    one = take_part(edition, firm)
    with scope(edition=edition):
        return acting(owner, one)


@pytest.fixture
def need(edition: Edition, buyer: Acting) -> Need:
    with scope(edition=edition):
        return Need.objects.create(
            edition=edition, participation=buyer.participation, title={"en": "Separator film"}, anonymous=True
        )


@pytest.fixture
def interest(edition: Edition, seller: Acting, need: Need) -> Interest:
    with scope(edition=edition):
        return say(seller, need, WORDS)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(edition: Edition, rest: str) -> str:
    return f"/en/{edition.slug}/market/{rest}"


def test_said_replaced_and_withdrawn_each_version_stays_in_the_history(
    edition: Edition, seller: Acting, buyer: Acting, interest: Interest
) -> None:
    with scope(edition=edition):
        Mail.objects.all().delete()
        first = quote(seller, interest, TERMS, file=document())
        second = quote(seller, interest, TERMS | {"price": Decimal(1100)})
        assert second.file == first.file
        withdraw_quotation(seller, interest)
        rows = list(Quotation.objects.order_by("version").values_list("version", "state", "price"))
        assert rows == [(1, "replaced", Decimal("1250.5")), (2, "withdrawn", Decimal(1100))]
        assert not Quotation.objects.filter(ended_at=None).exists()
        with pytest.raises(InterestRefusedError, match="No quotation stands"):
            withdraw_quotation(seller, interest)
        assert not Mail.objects.exclude(user=buyer.user).exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"price": Decimal(0)}, "more than nothing"),
        ({"currency": ""}, "which currency"),
        ({"unit": "XYZ"}, "what unit"),
        ({"valid_until": TODAY - timedelta(days=1)}, "over already"),
        ({"incoterm": "FOBB"}, "no such term"),
        ({"place": ""}, "place that the term"),
    ],
)
def test_terms_that_cannot_be_are_refused_in_a_sentence(
    edition: Edition, seller: Acting, interest: Interest, wrong: dict[str, Any], sentence: str
) -> None:
    with scope(edition=edition):
        with pytest.raises(InterestRefusedError, match=sentence):
            quote(seller, interest, TERMS | wrong)
        assert not Quotation.objects.exists()


def test_only_who_would_sell_says_a_price_and_only_while_the_interest_is_open(
    edition: Edition, seller: Acting, buyer: Acting, interest: Interest
) -> None:
    with scope(edition=edition):
        with pytest.raises(InterestRefusedError, match="Only the side that would sell"):
            quote(buyer, interest, TERMS)
        answer(buyer, interest, accept=True)
        quote(seller, interest, TERMS)
        offer = Offer.objects.create(edition=edition, participation=seller.participation, title={"en": "Film"})
        asked = say(buyer, offer, WORDS)
        with pytest.raises(InterestRefusedError, match="Only the side that would sell"):
            quote(buyer, asked, TERMS)
        quote(seller, asked, TERMS)
        withdraw(buyer, asked)
        assert Quotation.objects.get(interest=asked).state == "withdrawn"
        with pytest.raises(InterestRefusedError, match="declined or withdrawn"):
            quote(seller, asked, TERMS)


def test_with_a_declined_interest_its_quotation_stands_no_more(
    edition: Edition, seller: Acting, buyer: Acting, interest: Interest
) -> None:
    with scope(edition=edition):
        price = quote(seller, interest, TERMS)
        answer(buyer, interest, accept=False)
        price.refresh_from_db()
        interest.refresh_from_db()
        assert (price.state, price.ended_at) == ("withdrawn", interest.answered_at)
        assert AuditEntry.objects.get(action="quotation.withdrawn").user == buyer.user


def test_with_an_interest_that_ends_since_its_item_is_taken_down_its_quotation_stands_no_more(
    edition: Edition, seller: Acting, need: Need, interest: Interest, organiser: User
) -> None:
    with scope(edition=edition):
        price = quote(seller, interest, TERMS)
        end_interests(need, user=organiser)
        price.refresh_from_db()
        interest.refresh_from_db()
        assert (interest.state, price.state, price.ended_at) == ("declined", "withdrawn", interest.answered_at)
        assert AuditEntry.objects.get(action="quotation.withdrawn").user == organiser


def test_a_file_of_another_kind_is_refused_and_the_quotation_before_stands(
    edition: Edition, seller: Acting, interest: Interest
) -> None:
    with scope(edition=edition):
        quote(seller, interest, TERMS, file=document())
        with pytest.raises(InterestRefusedError, match="not taken"):
            quote(seller, interest, TERMS, file=document(b"MZ a program"))
        assert [one.state for one in Quotation.objects.all()] == ["stands"]
        assert StoredFile.objects.count() == 1


def test_the_two_sides_read_it_and_nobody_else_not_even_the_organiser(
    edition: Edition,
    seller: Acting,
    buyer: Acting,
    interest: Interest,
    member_client: Client,
    stranger_client: Client,
    organiser_client: Client,
    other_organiser_client: Client,
    anonymous_client: Client,
) -> None:
    page = address(edition, f"interests/{interest.pk}/quotation/")
    answered = client_of(seller.user).post(
        page,
        {**{name: str(value) for name, value in TERMS.items()}, "file": document()},
    )
    assert answered.status_code == 302
    with scope(edition=edition):
        said = Quotation.objects.get()
        assert (said.price, said.said_by) == (TERMS["price"], seller.user)
        stored = StoredFile.objects.get()
    file = address(edition, f"quotations/{said.pk}/file/")
    for client in (client_of(seller.user), client_of(buyer.user)):
        assert "1,250.5" in client.get(page).text
        assert b"".join(client.get(file).streaming_content) == PDF
    for client in (stranger_client, organiser_client, other_organiser_client, anonymous_client):
        for closed in (page, file):
            assert client.get(closed).status_code in {302, 403, 404}
    # The name of who looks for it is not known to who quotes, here as on the page of the need.
    assert "Buying House" not in client_of(seller.user).get(page).text
    assert organiser_client.get(f"/en/files/{stored.token}/").status_code == 404
    entries = AuditEntry.objects.filter(object_type="quotation")
    assert {entry.after["price"] for entry in entries} == {"***"}
    assert "Tianjin" not in str(list(entries.values_list("after", flat=True)))


def test_the_organisers_export_holds_nothing_that_was_quoted_and_the_persons_all_of_it(
    edition: Edition, seller: Acting, interest: Interest
) -> None:
    with scope(edition=edition):
        quote(seller, interest, TERMS, file=document())
    assert {field.name for field in fields_of(Quotation)}.isdisjoint({*TERMS, "file"})
    [own] = export_of(seller.user)["quotation.said_by"]
    assert (own["price"], own["place"]) == ("1250.5000", "Tianjin")


def test_for_a_need_they_stand_side_by_side_within_each_currency_and_unit(
    edition: Edition,
    buyer: Acting,
    need: Need,
    take_part: Callable[..., Participation],
    a_firm: Callable[..., Firm],
    new_user: Any,
) -> None:
    said = (
        ("Alpha", {"price": Decimal(2), "per": Decimal(1), "currency": "CNY", "lead_time_days": 10}),
        ("Beta", {"price": Decimal(1500), "per": Decimal(1000), "currency": "CNY", "lead_time_days": 60}),
        ("Gamma", {"price": Decimal("0.2"), "per": Decimal(1), "currency": "USD", "lead_time_days": None}),
        ("Delta", {"price": Decimal(1), "per": Decimal(1), "currency": "CNY", "unit": "KGM", "lead_time_days": 5}),
        ("Vetoed", {"price": Decimal(1), "per": Decimal(1), "currency": "CNY"}),
        ("Declined", {"price": Decimal(1), "per": Decimal(1), "currency": "CNY"}),
    )
    with scope(edition=edition):
        for name, terms in said:
            firm = a_firm(name, name={"en": name})
            by = acting(new_user(name.lower(), firm=firm), take_part(edition, firm))
            made = say(by, need, WORDS)
            quote(by, made, TERMS | terms)
            if name == "Vetoed":
                Wish.objects.create(
                    edition=edition, wisher=buyer.participation, wished=by.participation, strength="no_thanks"
                )
            if name == "Declined":
                answer(buyer, made, accept=False)

        def names(order: str) -> list[str]:
            return [one.interest.asker.firm.name["en"] for one in compared(need, buyer.participation, order=order)]

        assert names("price") == ["Delta", "Beta", "Alpha", "Gamma"]
        assert names("lead") == ["Delta", "Alpha", "Beta", "Gamma"]
    text = client_of(buyer.user).get(address(edition, f"needs/{need.pk}/quotations/")).text
    assert text.index("Delta") < text.index("Beta") < text.index("Alpha") < text.index("Gamma")
    assert "Nothing is converted" in text
    assert "Vetoed" not in text
    firm_user = User.objects.get(email__startswith="alpha")
    assert client_of(firm_user).get(address(edition, f"needs/{need.pk}/quotations/")).status_code == 404


def test_a_comparison_asks_as_often_with_three_rows_as_with_one(
    edition: Edition,
    buyer: Acting,
    need: Need,
    take_part: Callable[..., Participation],
    a_firm: Callable[..., Firm],
    new_user: Any,
) -> None:
    client = client_of(buyer.user)
    counts = []
    for number in range(3):
        with scope(edition=edition):
            firm = a_firm(f"Maker {number}")
            by = acting(new_user(f"maker{number}", firm=firm), take_part(edition, firm))
            quote(by, say(by, need, WORDS), TERMS, file=document())
        for page in (f"needs/{need.pk}/quotations/", "interests/"):
            client.get(address(edition, page))
            with CaptureQueriesContext(
                connection,
            ) as asked:
                client.get(address(edition, page))
            counts.append(len(asked))
    assert counts[0::2] == [counts[0]] * 3
    assert counts[1::2] == [counts[1]] * 3


def test_a_form_with_mistakes_says_them_and_changes_nothing(
    edition: Edition, seller: Acting, interest: Interest
) -> None:
    page = address(edition, f"interests/{interest.pk}/quotation/")
    good = {name: str(value) for name, value in TERMS.items()}
    client = client_of(seller.user)
    for wrong in (
        {"price": "1e999999"},
        {"price": "NaN"},
        {"currency": "¥¥¥"},
        {"valid_until": "2000-01-01"},
        {"per": "0"},
    ):
        assert client.post(page, good | wrong).status_code == 400
    assert client.post(page, good | {"file": document(b"MZ")}).status_code == 400
    with scope(edition=edition):
        assert not Quotation.objects.exists()


def test_quotations_are_forgotten_with_what_was_said_and_their_files_with_them(
    edition: Edition, seller: Acting, interest: Interest
) -> None:
    with scope(edition=edition):
        said = quote(seller, interest, TERMS, file=document())
        quote(seller, interest, TERMS)
        assert said.file is not None
        path = place(said.file)
        assert path.exists()
        forget_words(edition)
        assert not Quotation.objects.exists()
    assert not StoredFile.objects.exists()
