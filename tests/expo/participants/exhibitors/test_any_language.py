"""A firm writes in a pair of languages that the interface does not speak, by the pages alone."""

from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.offers.market.domain.items import approve_item
from serai.expo.offers.market.models import Offer
from serai.expo.people.account.models import User
from serai.expo.site.exhibitor_desk.domain import completeness

DE = "Wir fertigen Trennfolien für Batteriezellen, beschichtet und unbeschichtet, in vier Werken in Sachsen. " * 2
VI = "Chúng tôi sản xuất màng ngăn cho pin lithium, có phủ và không phủ, tại bốn nhà máy."


@pytest.fixture
def written(edition: Edition, stranger: User, stranger_client: Client) -> Participation:
    """What a firm has become that entered itself and wrote its profile and an offer in German and Vietnamese."""
    new = {"legal_name": "Sächsische Folien GmbH", "country": "DE", "language": "de"}
    assert stranger_client.post(f"/en/{edition.slug}/desk/new-firm/", new).status_code == 302
    firm = Firm.objects.get(country="DE")
    with scope(edition=edition):
        Participation.objects.create(edition=edition, firm=firm, kind="exhibitor", state="confirmed")
    desk = f"/en/{edition.slug}/desk/{firm.identifier}/"
    page = stranger_client.get(f"{desk}profile/").text
    assert 'name="description_de"' in page
    assert 'name="description_vi"' not in page
    assert 'href="?also=vi" lang="vi">Tiếng Việt</a>' in page
    assert 'name="description_vi"' in stranger_client.get(f"{desk}profile/?also=vi").text
    sent = {"name_de": "Sächsische Folien", "name_vi": "Phim Sachsen", "description_de": DE, "description_vi": VI}
    assert stranger_client.post(f"{desk}profile/?also=vi", sent).status_code == 302
    form = stranger_client.get(f"{desk}profile/?also=ur").text.partition('aria-label="Profile"')[2]
    assert 'name="name_ur"' in form.partition("<details>")[0]  # of many languages what is asked for stands open
    assert 'name="name_en"' in form.partition("<details>")[2]
    offer = {"family": "goods", "title_de": "Trennfolie", "title_vi": "Màng ngăn", "text_de": DE, "submit": "1"}
    assert 'name="title_he"' in stranger_client.get(f"{desk}offers/new/?also=he").text
    assert stranger_client.post(f"{desk}offers/new/", offer | {"languages": ["de", "vi"]}).status_code == 302
    with scope(edition=edition):
        return Participation.objects.select_related("firm").get(firm=firm)


def test_what_it_wrote_is_kept_as_it_wrote_it(written: Participation) -> None:
    firm = written.firm
    assert firm.language == "de"
    assert firm.name == {"de": "Sächsische Folien", "vi": "Phim Sachsen"}
    assert set(firm.description) == {"de", "vi"}
    with scope(edition=written.edition):
        offer = Offer.objects.get(participation=written)
        assert offer.title == {"de": "Trennfolie", "vi": "Màng ngăn"}
        assert offer.languages == ["de", "vi"]
        missing = {str(part.title) for part in completeness(written).missing}
    assert (
        not {"Name in two languages", "Description in two languages", "A description that says what you make"} & missing
    )


@pytest.mark.parametrize("language", ["en", "zh-hans", "ar"])
def test_a_reader_sees_it_marked_as_what_it_is(
    written: Participation, organiser: User, client: Client, language: str
) -> None:
    with scope(edition=written.edition):
        offer = Offer.objects.get(participation=written)
        approve_item(offer, user=organiser)
    firm = client.get(f"/{language}/{written.edition.slug}/firms/{written.firm.identifier}/").text
    assert '<span lang="de" dir="ltr">Sächsische Folien</span>' in firm
    assert (
        '<span lang="de" dir="ltr">Trennfolie</span>'
        in client.get(f"/{language}/{written.edition.slug}/market/offers/{offer.pk}/").text
    )


@pytest.mark.parametrize("words", ["Trennfolien Batteriezellen", "màng ngăn"])
def test_it_is_found_by_its_own_words(written: Participation, client: Client, words: str) -> None:
    found: Any = client.get(f"/en/{written.edition.slug}/firms/", {"q": words})
    assert written.firm.identifier in found.text


def test_a_language_that_nobody_offers_is_not_opened(desk: Participation, owner_client: Client, address: str) -> None:
    assert 'name="description_tlh"' not in owner_client.get(f"{address}profile/?also=tlh").text
    assert owner_client.get(f"{address}profile/?also=%22%3E%3Cscript").status_code == 200


def test_a_table_of_offers_has_the_languages_of_the_firm(written: Participation, stranger_client: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    desk = f"/en/{written.edition.slug}/desk/{written.firm.identifier}/"
    table = stranger_client.get(f"{desk}offers/offers.csv").content.decode("utf-8-sig")
    assert "title_de" in table
    changed = SimpleUploadedFile("offers.csv", table.replace("Trennfolie,", "Separatorfolie,").encode())
    answer = stranger_client.post(f"{desk}offers/table/", {"file": changed}, follow=True)
    with scope(edition=written.edition):
        assert Offer.objects.get().title == {"de": "Separatorfolie", "vi": "Màng ngăn"}, answer.text
