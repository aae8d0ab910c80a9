"""All that an offer and a need can say: entered, shown, taken out as a table and handed in again."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from serai.expo.base.certificates import SCHEMES, canonical, canonical_list
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Certification
from serai.expo.offers.chains.domain.placements import load_builtin_chains, place_edition
from serai.expo.offers.chains.models import Node, Placement
from serai.expo.offers.market.domain.attachments import carry, schemes_of
from serai.expo.offers.market.domain.specification import UNITS
from serai.expo.offers.market.models import Need, Offer
from serai.expo.offers.market.pages.forms import NeedForm, OfferForm
from serai.expo.people.account.models import User

NEED = {
    "family": "research",
    "title_en": "Solid electrolyte",
    "summary_en": "Two institutes for a joint project.",
    "text_en": "We look for partners.",
    "hs": "2825",
    "cpc": "34231",
    "isic": "7210",
    "attributes": "conductivity >= 1 mS/cm",
    "certificates": ["ISO 9001", "UN 38.3"],
    "other_certificates": "reach, In-house audit:2024",
    "quantity": "12.5",
    "unit": "TNE",
    "frequency": "quarter",
    "budget_low": "100000",
    "budget_high": "250000",
    "price_low": "8",
    "price_high": "12",
    "currency": "eur",
    "incoterms": ["CIF"],
    "delivery_place": "Hamburg",
    "delivery_from": "2027-01-01",
    "delivery_until": "2027-06-30",
    "development": "prototype",
    "rights": "applied",
    "agreements": ["licence", "research"],
    "partner_kinds": ["research"],
    "partner_sizes": ["small"],
    "partner_role_en": "Tests the cells",
    "countries_wanted": "Kenya",
    "countries_excluded": "Norway",
    "languages": ["en", "fr"],
    "musts": ["certificates", "price"],
    "valid_until": "2027-06-30",
}


EUR = '<bdi title="EUR">€'


@pytest.fixture(autouse=True)
def chains(db: None) -> None:
    load_builtin_chains()


def test_every_field_of_a_need_is_kept_and_shown(
    desk: Participation, edition: Edition, owner_client: Client, client: Client, address: str
) -> None:
    assert owner_client.post(f"{address}needs/new/", NEED).status_code == 302
    with scope(edition=edition):
        need = Need.objects.get()
        unsaid = {"node", "anonymous", "tokens", "renewed_on", "reminded_on"} | {
            "reviewed_by",
            "reviewed_at",
            "review_note",
        }
        empty = {field.name for field in Need._meta.fields if getattr(need, field.name) in (None, "", [], {}, False)}
        assert empty == unsaid
        assert need.certificates == ["ISO 9001", "UN 38.3", "REACH", "In-house audit"]
        Need.objects.update(review="published")
    page = client.get(f"/en/{edition.slug}/firms/{desk.firm.identifier}/").text
    for said in (
        *(
            "Two institutes",
            "34231",
            "7210",
            "12.5 tonnes A quarter",
            f"{EUR}100,000</bdi> – {EUR}250,000</bdi>",
            f"{EUR}8</bdi> – {EUR}12</bdi>",
            "CIF",
        ),
        *("Hamburg", "from Jan. 1, 2027 until June 30, 2027", "UN 38.3", "In-house audit", "≥ 1 mS/cm", "Prototype"),
        *("Patent applied for", "Licence, Research cooperation", "University or institute", "Small", "Tests the cells"),
        *(
            "Kenya",
            "English",
            "français",
            "Must be met",
            "Certificates, Price",
            "Wished",
            "Quantity, Languages of the talks",
        ),
    ):
        assert said in page, said
    assert "Norway" not in page  # whom a firm excludes is its own affair
    assert '"priceCurrency": "EUR"' in page


def test_one_scheme_has_one_name() -> None:
    assert [canonical(name) for name in ("iso9001:2015", "ISO  14001", "iatf 16949：2016", "Our own:2020")] == [
        *("ISO 9001", "ISO 14001", "IATF 16949", "Our own"),
    ]
    assert canonical_list(["ce", "CE", " "]) == ["CE"]
    names = [name for group in SCHEMES.values() for name in group]
    assert len(names) == len(set(names))
    assert all(canonical(name) == name for name in names)


def test_a_unit_stands_under_one_code_of_recommendation_20() -> None:
    words = {code: str(word) for code, word in UNITS}
    assert (words["H87"], words["C62"], words["HAR"], words["ANN"]) == ("pieces", "units", "hectares", "years")
    assert len(words) == len(UNITS) == len(set(words.values()))


def test_an_offer_carries_certificates_of_its_firm_with_file_and_verifier(
    desk: Participation,
    edition: Edition,
    owner_client: Client,
    organiser_client: Client,
    client: Client,
    address: str,
    offer: Callable[..., Offer],
    a_firm: Callable[..., Any],
    owner: User,
) -> None:
    item = offer(desk, review="submitted")
    page = f"{address}offers/{item.pk}/certificates/"
    form = {"scheme": "ISO 9001", "number": "Q-77", "body": "TÜV", "valid_until": "2028-01-01"}
    wrong = owner_client.post(page, form | {"file": SimpleUploadedFile("c.pdf", b"<html>")}, follow=True).text
    assert "This kind of file is not taken" in wrong
    with scope(edition=edition):
        assert not Certification.objects.exists()
    assert "Say after which scheme" in owner_client.post(page, {"other_scheme": " "}, follow=True).text
    sent = form | {"file": SimpleUploadedFile("c.pdf", b"%PDF-1.7")}
    assert "The certificate is added" in owner_client.post(page, sent, follow=True).text
    with scope(edition=edition):
        row = Certification.objects.get()
        assert list(item.certifications.all()) == [row]
        foreign = Certification.objects.create(firm=a_firm(), scheme="CE")
        carry(item, [row, foreign], user=owner)
        assert list(item.certifications.all()) == [row]
    queue = f"/en/{edition.slug}/organiser/review/"
    assert "Q-77" in organiser_client.get(queue).text
    said = organiser_client.post(f"{queue}offers/{item.pk}/", {"verify": row.pk, "how": " "}, follow=True).text
    assert "Say how you verified it" in said
    organiser_client.post(f"{queue}offers/{item.pk}/", {"verify": row.pk, "how": "Register of the body"})
    organiser_client.post(f"{queue}offers/{item.pk}/", {"approve": "1"})
    shown = f"/en/{edition.slug}/firms/{desk.firm.identifier}/"
    page = client.get(shown).text
    assert "Q-77" in page
    assert "verified on" in page
    assert "c.pdf" not in page  # the file is for participants, where the firm has not said otherwise
    assert "c.pdf" in owner_client.get(shown).text


def test_a_certificate_that_is_carried_meets_what_a_need_requires_while_it_is_valid(
    desk: Participation, edition: Edition, offer: Callable[..., Offer]
) -> None:
    item = offer(desk)
    with scope(edition=edition):
        for scheme, until in (("iso 9001:2015", None), ("ISO 14001", date(2020, 1, 1))):
            item.certifications.add(Certification.objects.create(firm=desk.firm, scheme=scheme, valid_until=until))
    place_edition(edition)
    with scope(edition=edition):
        assert schemes_of([item.pk]) == {item.pk: ["ISO 9001"]}


def test_the_link_of_a_chain_that_a_firm_states_stands_in_the_place_of_what_its_words_say(
    desk: Participation, edition: Edition, owner_client: Client, address: str, organiser_client: Client
) -> None:
    with scope(edition=edition):
        node = Node.objects.order_by("pk").first()
    assert node is not None
    sent = {"family": "goods", "title_en": "Lithium battery separator film", "hs": "8507", "node": node.pk}
    owner_client.post(f"{address}offers/new/", sent | {"submit": "1"})
    with scope(edition=edition):
        item = Offer.objects.get()
    organiser_client.post(f"/en/{edition.slug}/organiser/review/offers/{item.pk}/", {"approve": "1"})
    for again in (False, True):
        if again:
            place_edition(edition)
        with scope(edition=edition):
            assert [(row.node, row.confidence) for row in Placement.objects.filter(offer=item)] == [(node, 0.99)]


def test_a_table_is_taken_out_changed_and_handed_in_again(
    desk: Participation, edition: Edition, owner_client: Client, address: str
) -> None:
    owner_client.post(f"{address}needs/new/", NEED)
    with scope(edition=edition):
        before = Need.objects.get()
    answer = owner_client.get(f"{address}needs/needs.csv")
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["title_en"] for row in rows] == ["Solid electrolyte"]

    def hand_in(rows: list[dict[str, str]]) -> str:
        out = io.StringIO()
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        file = SimpleUploadedFile("needs.csv", out.getvalue().encode("utf-8-sig"))
        return owner_client.post(f"{address}needs/table/", {"file": file}, follow=True).text

    assert "1 are kept" in hand_in(rows)
    with scope(edition=edition):
        after = Need.objects.get()
        moving = {"changed_at"}
        same = [field.name for field in Need._meta.fields if field.name not in moving]
        assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]
    new = rows[0] | {"number": "", "title_en": "Liquid electrolyte", "anonymous": "yes"}
    wrong = hand_in([rows[0] | {"title_en": "Changed"}, new | {"hs": "9876"}, new | {"number": "44"}])
    assert "Row 3, hs: 9876 is not a code of HS 2022." in wrong
    assert "Row 4: you have none with the number 44." in wrong
    with scope(edition=edition):
        assert Need.objects.get().title == {"en": "Solid electrolyte"}
    assert "2 are kept" in hand_in([rows[0] | {"title_en": "Changed"}, new])
    with scope(edition=edition):
        kept = list(Need.objects.order_by("number").values_list("title", "review", "anonymous"))
        assert kept == [({"en": "Changed"}, "draft", False), ({"en": "Liquid electrolyte"}, "draft", True)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"colour,size\n1,2\n", "The first row names no column that is known"),
        (b"title_en,colour\na,b\n", "There is no column &#x27;colour&#x27;"),
        (b"title_en,number\na,b\n", "Row 2: &#x27;b&#x27; is no number"),
        (b"PK\x03\x04broken", "damaged"),
        (b"", ""),
    ],
)
def test_what_is_no_table_of_offers_is_refused_with_a_sentence(
    content: bytes, said: str, desk: Participation, edition: Edition, owner_client: Client, address: str
) -> None:
    file = SimpleUploadedFile("offers.csv", content)
    answer = owner_client.post(f"{address}offers/table/", {"file": file}, follow=True)
    assert answer.status_code == 200
    assert said in answer.text
    with scope(edition=edition):
        assert not Offer.objects.exists()


def test_each_field_of_the_forms_stands_in_one_group(desk: Participation, edition: Edition) -> None:
    with scope(edition=edition):
        for model, form_class in ((Offer, OfferForm), (Need, NeedForm)):
            form = form_class(model(edition=edition, participation=desk), ["en"])
            grouped = [field.name for _title, fields, _open in form.groups for field in fields]
            assert sorted(grouped) == sorted(form.fields)


def test_the_interface_tells_all_of_a_need_that_the_page_does(
    desk: Participation, edition: Edition, owner_client: Client, client: Client, address: str
) -> None:
    owner_client.post(f"{address}needs/new/", NEED)
    with scope(edition=edition):
        Need.objects.update(review="published", reviewed_at=timezone.now())
    [shown] = client.get(f"/api/v1/editions/{edition.slug}/needs").json()["items"]
    assert (shown["budget_high"], shown["cpc"], shown["agreements"]) == (
        "250000.00",
        ["34231"],
        ["licence", "research"],
    )
    assert shown["countries_excluded"] == []
