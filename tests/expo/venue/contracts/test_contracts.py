"""The contract of a booth: offered under a version of the terms, printed in two languages, signed and handed in."""

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

from serai.expo.base.files.models import StoredFile
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.models import Mail
from serai.expo.firms.record.models import Firm, FirmIdentifier
from serai.expo.participants.exhibitors.domain.tasks import tasks_of
from serai.expo.participants.exhibitors.models import DeskTask
from serai.expo.participants.packages.models import Package
from serai.expo.people.account.models import User
from serai.expo.venue.contracts.domain.contracts import (
    ContractRefusedError,
    hand_in,
    offer,
    offer_all,
    publish_terms,
    withdraw,
)
from serai.expo.venue.contracts.models import BoothContract, BoothTerms
from serai.expo.venue.halls.models import Booth, Hall, Stand

TODAY = date(2026, 11, 28)


@pytest.fixture
def stand(edition: Edition, firm: Firm, owner: User, take_part: Callable[..., Participation]) -> Stand:
    """The booth of the firm that ``owner`` owns, confirmed and with a package."""
    one = take_part(edition, firm)
    FirmIdentifier.objects.create(firm=firm, scheme="VAT", value="DE136695976")
    with scope(edition=edition):
        package = Package.objects.create(
            edition=edition,
            code="standard",
            title={"en": "Standard", "fr": "Formule standard"},
            text={"en": "Counter, three chairs, carpet", "fr": "Comptoir, trois chaises, moquette"},
            price=Decimal(4000),
            currency="EUR",
        )
        Participation.objects.filter(pk=one.pk).update(package=package)
        hall = Hall.objects.create(edition=edition, code="W1", title={"en": "West", "fr": "Ouest"})
        booth = Booth.objects.create(
            edition=edition,
            hall=hall,
            code="A12",
            width_m=6,
            depth_m=3,
            kind="corner",
            power_kw=4.5,
            price=1250,
            equipment=["water"],
            height_m=6,
        )
        return Stand.objects.create(edition=edition, booth=booth, participation=one)


@pytest.fixture
def terms(edition: Edition, organiser: User) -> BoothTerms:
    with scope(edition=edition):
        return publish_terms(
            edition,
            {"fr": "Le stand est rendu propre.", "en": "The booth is left clean."},
            party="Fair Company SA, Rue du Salon 1, RCS 123 456 789",
            language="fr",
            currency="EUR",
            by=organiser,
        )


def document(content: bytes = b"%PDF-1.7 signed") -> SimpleUploadedFile:
    return SimpleUploadedFile("signed.pdf", content)


def sign(contract: BoothContract, user: User, **other: Any) -> None:
    said = {"signed_by": "Amina Sow", "signed_as": "Director", "signed_on": TODAY} | other
    hand_in(contract, said.pop("file", document()), user=user, **said)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_an_offer_says_all_of_the_booth_and_goes_to_the_exhibitors_desk(
    edition: Edition, stand: Stand, terms: BoothTerms, organiser: User, owner: User
) -> None:
    with scope(edition=edition):
        made = offer(stand, by=organiser)
        said = made.content
        assert said["exhibitor"]["legal_name"] == stand.participation.firm.legal_name
        assert said["exhibitor"]["identifiers"] == [["VAT", "DE136695976"]]
        assert (said["booth"]["label"], said["booth"]["area_m2"], said["booth"]["power_kw"]) == ("W1 A12", 18.0, 4.5)
        assert (said["booth"]["equipment"], said["booth"]["height_m"]) == (["water"], 6)
        assert (said["booth"]["price"], said["booth"]["currency"]) == ("1250.00", "EUR")
        assert said["package"]["price"] == "4000.00"
        assert said["organiser"]["party"] == terms.party
        [task] = tasks_of(stand.participation)
        assert (task.task.page, task.is_done) == (DeskTask.Page.CONTRACT, False)
        assert [mail.user for mail in Mail.objects.all()] == [owner]


def test_what_was_offered_stays_as_it_was_whatever_changes_later(
    edition: Edition, stand: Stand, terms: BoothTerms, organiser: User
) -> None:
    with scope(edition=edition):
        made = offer(stand, by=organiser)
        Booth.objects.update(price=9999, power_kw=1)
        Firm.objects.update(legal_name="Renamed Ltd")
        publish_terms(edition, {"fr": "Autrement."}, party="Another", language="fr", currency="USD", by=organiser)
        made.refresh_from_db()
        assert made.terms == terms
        assert "Renamed" not in str(made.content)
    text = client_of(organiser).get(f"/en/{edition.slug}/organiser/booths/contracts/{made.pk}/").text
    assert "Water and drain" in text
    assert "1,250" in text
    assert "9,999" not in text
    assert "Le stand est rendu propre." in text


def test_who_has_no_terms_no_confirmation_or_a_contract_already_is_offered_none(
    edition: Edition, stand: Stand, organiser: User
) -> None:
    with scope(edition=edition):
        with pytest.raises(ContractRefusedError, match="Publish the terms"):
            offer(stand, by=organiser)
        plain = {"party": "Fair Company", "language": "en", "currency": "", "by": organiser}
        for wrong, sentence in (
            ({"text": {"fr": "Bref"}}, "language of the fair"),
            ({"text": {"en": "Short"}, "party": " "}, "as a party"),
        ):
            with pytest.raises(ContractRefusedError, match=sentence):
                publish_terms(edition, **(plain | wrong))
        publish_terms(edition, {"en": "Short"}, **plain)
        Participation.objects.update(state="applied")
        with pytest.raises(ContractRefusedError, match="Only a confirmed"):
            offer(stand, by=organiser)
        assert offer_all(edition, by=organiser) == 0
        Participation.objects.update(state="confirmed")
        assert offer_all(edition, by=organiser) == 1
        assert offer_all(edition, by=organiser) == 0
        with pytest.raises(ContractRefusedError, match="already"):
            offer(stand, by=organiser)
        assert BoothContract.objects.count() == 1


def test_signed_and_handed_in_the_booth_is_contracted_and_the_task_done(
    edition: Edition, stand: Stand, terms: BoothTerms, organiser: User, owner: User
) -> None:
    with scope(edition=edition):
        made = offer(stand, by=organiser)
        for wrong, sentence in (
            ({"signed_by": " "}, "who has signed"),
            ({"signed_on": TODAY + timedelta(days=1)}, "day of the signature"),
            ({"signed_on": date(2000, 1, 1)}, "day of the signature"),
            ({"file": document(b"MZ")}, "not taken"),
        ):
            with pytest.raises(ContractRefusedError, match=sentence):
                sign(made, owner, **wrong)
        sign(made, owner)
        made.refresh_from_db()
        assert (made.state, made.signed_by, made.handed_in_by) == ("signed", "Amina Sow", owner)
        assert Booth.objects.get().state == "contracted"
        [task] = tasks_of(stand.participation)
        assert task.is_done
        with pytest.raises(ContractRefusedError, match="any more"):
            sign(made, owner)
        withdraw(made, by=organiser)
        assert Booth.objects.get().state == "reserved"
        assert tasks_of(stand.participation) == []
        with pytest.raises(ContractRefusedError, match="withdrawn already"):
            withdraw(made, by=organiser)
        assert offer(stand, by=organiser).number == 2
    assert not StoredFile.objects.exists()


def test_its_page_stands_in_the_fairs_language_beside_the_readers(
    edition: Edition, stand: Stand, terms: BoothTerms, organiser: User, owner: User
) -> None:
    with scope(edition=edition):
        offer(stand, by=organiser)
    path = f"{edition.slug}/desk/{stand.participation.firm.identifier}/contract/"
    client = client_of(owner)
    text = client.get(f"/en/{path}").text
    for said in (
        "Ouest",
        "West",
        "Formule standard",
        "Comptoir, trois chaises",
        "The booth is left clean.",
        terms.party,
    ):
        assert said in text
    assert text.index("Le stand est rendu propre.") < text.index("The booth is left clean.")
    alone = client.get(f"/fr/{path}").text
    assert "West" not in alone
    assert 'dir="rtl"' in client.get(f"/ar/{path}").text


def test_the_exhibitor_signs_on_its_desk_and_others_do_not_see_it(
    edition: Edition,
    stand: Stand,
    terms: BoothTerms,
    organiser: User,
    owner: User,
    member_client: Client,
    stranger_client: Client,
    other_organiser_client: Client,
) -> None:
    with scope(edition=edition):
        made = offer(stand, by=organiser)
    path = f"/en/{edition.slug}/desk/{stand.participation.firm.identifier}/contract/"
    good = {"number": made.pk, "signed_by": "Amina Sow", "signed_as": "Director", "signed_on": TODAY.isoformat()}
    for client in (member_client, stranger_client, other_organiser_client):
        assert client.post(path, good | {"file": document()}).status_code in {403, 404}
    client = client_of(owner)
    for wrong in ({"signed_by": ""}, {"signed_on": "x"}, {"file": document(b"MZ")}):
        assert client.post(path, {**good, "file": document(), **wrong}).status_code == 400
    assert client.post(path, good | {"number": made.pk + 1, "file": document()}).status_code == 404
    assert client.post(path, good | {"file": document()}).status_code == 302
    shown = client_of(organiser).get(f"/en/{edition.slug}/organiser/booths/contracts/{made.pk}/").text
    assert "Amina Sow" in shown
    assert "signed.pdf" not in member_client.get(path).text
    assert "Signed" in client_of(organiser).get(f"/en/{edition.slug}/organiser/booths/contracts/").text


def test_the_organisers_list_asks_as_often_with_three_booths_as_with_one(
    edition: Edition, terms: BoothTerms, organiser: User, take_part: Callable[..., Participation]
) -> None:
    client = client_of(organiser)
    path = f"/en/{edition.slug}/organiser/booths/contracts/"
    counts = []
    with scope(edition=edition):
        hall = Hall.objects.create(edition=edition, code="E1", title={"en": "East"})
    for number in range(3):
        with scope(edition=edition):
            booth = Booth.objects.create(edition=edition, hall=hall, code=f"B{number}")
            Stand.objects.create(edition=edition, booth=booth, participation=take_part(edition))
        client.post(path, {"all": "1"})
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        counts.append(len(asked))
    assert counts == [counts[0]] * 3


def test_terms_are_published_on_the_page_and_mistakes_said(edition: Edition, organiser: User) -> None:
    client = client_of(organiser)
    path = f"/en/{edition.slug}/organiser/booths/contracts/"
    good = {"publish": "1", "text_en": "Be kind.", "party": "Fair Company", "language": "en", "currency": "eur"}
    for wrong in ({"currency": "€"}, {"party": ""}, {"language": "xx"}, {"language": "fr"}):
        assert client.post(path, good | wrong).status_code == 400
    assert client.post(path, good).status_code == 302
    with scope(edition=edition):
        assert BoothTerms.objects.get().currency == "EUR"
    assert "No confirmed exhibitor has a booth yet." in client.get(path).text
