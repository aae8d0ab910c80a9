"""Offers and needs: written, reviewed, found, renewed, with their files."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope
from PIL import Image

from serai.expo.base.audit.models import AuditEntry
from serai.expo.base.daily import run_jobs
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.offers.chains.domain.placements import load_builtin_chains, place_edition
from serai.expo.offers.chains.models import Placement
from serai.expo.offers.market.domain import specification
from serai.expo.offers.market.domain.items import (
    ItemRefusedError,
    approve_item,
    expire_and_remind,
    renew,
    return_item,
    submit_for_review,
    waiting,
)
from serai.expo.offers.market.models import MarketFile, Need, Offer
from serai.expo.people.account.models import User

OFFER = {
    "family": "goods",
    "title_en": "Separator film for battery cells",
    "title_zh-hans": "锂电池隔膜",
    "text_en": "Wet-process separator film for lithium-ion battery cells, 9 to 16 µm.",
    "hs": "3920.10，8507",
    "certificates": ["ISO 9001", "IATF 16949"],
    "other_certificates": "iso14001：2015，SIL 3:2010",
    "summary_en": "Wet-process film for cells.",
    "cpc": "36320",
    "attributes": "thickness <= 12 µm\nporosity: 42 %",
    "minimum_order": "5000",
    "unit": "MTK",
    "lead_time_days": "21",
    "incoterms": ["FOB", "CIF"],
    "countries_wanted": "Kenya, 越南",
    "agreements": ["supply"],
    "valid_until": "2027-06-30",
    "launch": "on",
}


@pytest.fixture(autouse=True)
def chains(db: None) -> None:
    load_builtin_chains()


def test_an_offer_is_entered_reviewed_published_and_found(
    desk: Participation, edition: Edition, owner_client: Client, organiser_client: Client, address: str, client: Client
) -> None:
    assert owner_client.post(f"{address}offers/new/", OFFER | {"submit": "1"}).status_code == 302
    with scope(edition=edition):
        offer = Offer.objects.get()
    assert offer.title == {"en": "Separator film for battery cells", "zh-hans": "锂电池隔膜"}
    assert offer.hs == ["392010", "8507"]
    assert offer.countries_wanted == ["KE", "VN"]
    assert offer.attributes == [["thickness", "≤", "12", "µm"], ["porosity", "=", "42", "%"]]
    assert offer.review == "submitted"
    shown = f"/en/{edition.slug}/firms/{desk.firm.identifier}/"
    assert "Separator film" not in client.get(shown).text
    assert place_edition(edition) == 0
    page = f"/en/{edition.slug}/organiser/review/"
    assert "Separator film" in organiser_client.get(page).text
    organiser_client.post(f"{page}offers/{offer.pk}/", {"approve": "1"})
    page = client.get(shown).text
    for said in ("Separator film", "5,000 square metres", "thickness", "FOB, CIF", "IATF 16949"):
        assert said in page
    with scope(edition=edition):
        assert " separator " in Participation.objects.get(pk=desk.pk).tokens
        assert Placement.objects.filter(offer=offer).exists()
    assert list(AuditEntry.objects.filter(object_type="offer").order_by("pk").values_list("action", flat=True)) == [
        "offer.entered",
        "offer.submitted",
        "offer.published",
    ]


def test_what_is_changed_after_its_approval_stays_and_comes_to_the_queue_again(
    desk: Participation, edition: Edition, owner_client: Client, organiser: User, organiser_client: Client, address: str
) -> None:
    owner_client.post(f"{address}offers/new/", OFFER | {"submit": "1"})
    with scope(edition=edition):
        offer = Offer.objects.get()
        approve_item(offer, user=organiser)
    queue = f"/en/{edition.slug}/organiser/review/"
    assert "Nothing is waiting" in organiser_client.get(queue).text
    owner_client.post(f"{address}offers/{offer.pk}/", OFFER | {"title_en": "Ceramic-coated separator"})
    assert "changed after its approval" in organiser_client.get(queue).text
    with scope(edition=edition):
        assert Offer.objects.get().review == "published"
        assert " ceramic " in Participation.objects.get(pk=desk.pk).tokens


def test_what_is_returned_says_why_on_the_desk_and_by_mail(
    desk: Participation,
    edition: Edition,
    owner_client: Client,
    organiser: User,
    address: str,
    need: Callable[..., Need],
    deliver: Callable[[], None],
) -> None:
    item = need(desk, "Cathode foil", review="submitted")
    with scope(edition=edition):
        with pytest.raises(ItemRefusedError, match="Say what"):
            return_item(item, " ", user=organiser)
        return_item(item, "Name the thickness.", user=organiser)
        deliver()
        with pytest.raises(ItemRefusedError, match="does not wait"):
            approve_item(item, user=organiser)
    assert "Name the thickness." in owner_client.get(f"{address}needs/").text
    assert [letter.to for letter in mail.outbox] == [["owner@example.org"]]
    assert "Name the thickness." in str(mail.outbox[0].body)
    owner_client.post(f"{address}needs/{item.pk}/submit/")
    with scope(edition=edition):
        assert Need.objects.get().review == "submitted"
        with pytest.raises(ItemRefusedError, match="handed in already"):
            submit_for_review(item, user=organiser)


def test_an_offer_is_on_the_market_in_one_step_where_the_fair_allows_it(
    desk: Participation, edition: Edition, owner_client: Client, address: str
) -> None:
    Edition.objects.filter(pk=edition.pk).update(publishes_at_once=True)
    title = {"title_en": "Cathode foil", "family": "goods"}
    told = owner_client.post(f"{address}offers/new/", title | {"submit": "1"}, follow=True).text
    assert "It is on the market now." in told
    owner_client.post(f"{address}offers/new/", title | {"submit": "1", "anonymous": "1"})
    told = owner_client.post(f"{address}offers/new/", title, follow=True).text
    assert "a draft that only your firm sees" in told
    with scope(edition=edition):
        offers = Offer.objects.order_by("pk")
        assert [item.review for item in offers] == ["published", "submitted", "draft"]
        assert set(waiting(edition)) == set(offers[:2])


def test_a_form_asks_the_title_first_and_folds_the_rest(
    desk: Participation, edition: Edition, owner_client: Client, address: str
) -> None:
    page = owner_client.get(f"{address}needs/new/").text
    opened = page.partition('<details class="card" open>')[2].partition("</details>")[0]
    names = ("title_en", "family", "text_en", "hs", "node", "musts")
    assert [name for name in names if f'name="{name}"' in opened] == ["title_en", "family", "text_en"]
    assert page.count('<details class="card" open>') == 1
    assert 'name="hs"' in page


@pytest.mark.parametrize(
    ("field", "wrong", "said"),
    [
        ("hs", "9876", "9876 is not a code of HS 2022"),
        ("isic", "Z99", "Z99 is not a class of ISIC"),
        ("countries_excluded", "Atlantis", "No country or region is called Atlantis"),
        ("attributes", "very thin", "can&#x27;t be read"),
        ("price_low", "3", "Say in which currency"),
        ("currency", "Euro", "three"),
        ("title_en", "", "required"),
    ],
)
def test_what_cannot_be_read_is_said_and_changes_nothing(
    field: str, wrong: str, said: str, desk: Participation, edition: Edition, owner_client: Client, address: str
) -> None:
    sent = OFFER | {field: wrong} | ({"title_zh-hans": ""} if field == "title_en" else {})
    answer = owner_client.post(f"{address}offers/new/", sent)
    assert answer.status_code == 400
    assert said in answer.text or "at most 3 characters" in answer.text
    with scope(edition=edition):
        assert not Offer.objects.exists()


def test_codes_are_suggested_for_the_words_and_nothing_is_kept(
    desk: Participation, edition: Edition, owner_client: Client, address: str
) -> None:
    answer = owner_client.post(
        f"{address}offers/new/", {"family": "goods", "title_en": "Lithium-ion battery cells", "suggest": "1"}
    )
    assert answer.status_code == 200
    assert "<code>8507</code>" in answer.text
    with scope(edition=edition):
        assert not Offer.objects.exists()


@pytest.mark.parametrize(
    ("language", "heading", "activity"),
    [
        ("zh-hans", "蓄电池（锂离子蓄电池等）", "电池和蓄电池制造"),
        ("ar", "مدخرات كهربائية (مدخرات أيون الليثيوم وغيرها)", "صناعة البطاريات والمراكم"),
    ],
)
def test_suggested_codes_are_called_in_the_language_of_the_reader(
    desk: Participation, owner_client: Client, address: str, language: str, heading: str, activity: str
) -> None:
    sent = {"family": "goods", "title_en": "Lithium-ion battery cells", "suggest": "1"}
    suggested = owner_client.post(f"{address}offers/new/".replace("/en/", f"/{language}/"), sent).text
    assert f"<bdi>{heading}</bdi>" in suggested
    assert f"<bdi>{activity}</bdi>" in suggested


def test_what_has_no_name_is_shown_nowhere(
    desk: Participation, edition: Edition, offer: Callable[..., Offer], client: Client
) -> None:
    offer(desk, "Secret separator film", anonymous=True, launch=True, hs=["8507"])
    assert place_edition(edition) == 0
    for page in ("", "firms/", "firms/?launches=1", f"firms/{desk.firm.identifier}/", "firms/?q=secret"):
        assert "Secret separator" not in client.get(f"/en/{edition.slug}/{page}").text


def test_what_has_run_out_is_taken_down_after_a_reminder_and_renewed_by_a_click(
    desk: Participation,
    edition: Edition,
    owner: User,
    owner_client: Client,
    address: str,
    offer: Callable[..., Offer],
    client: Client,
    deliver: Callable[[], None],
) -> None:
    until = date(2026, 6, 30)
    item = offer(desk, valid_until=until)
    assert expire_and_remind(until - timedelta(days=20)) == (0, 0)
    assert expire_and_remind(until - timedelta(days=9)) == (0, 1)
    assert expire_and_remind(until - timedelta(days=8)) == (0, 0)  # reminded once
    deliver()
    assert [letter.subject for letter in mail.outbox] == ["Soon to run out: Separator film"]
    assert expire_and_remind(until) == (0, 0)
    assert expire_and_remind(until + timedelta(days=1)) == (1, 0)
    shown = f"/en/{edition.slug}/firms/{desk.firm.identifier}/"
    assert "Separator film" not in client.get(shown).text
    owner_client.post(f"{address}offers/{item.pk}/renew/")
    assert "Separator film" in client.get(shown).text
    with scope(edition=edition):
        kept = Offer.objects.get()
        assert kept.valid_until == timezone.localdate() + timedelta(days=180)
        kept.review = "draft"
        kept.save()
        with pytest.raises(ItemRefusedError, match="Only what has been published"):
            renew(kept, user=owner)


def test_the_worker_looks_every_day(desk: Participation, edition: Edition, offer: Callable[..., Offer]) -> None:
    offer(desk, valid_until=timezone.localdate() - timedelta(days=1))
    assert run_jobs() == []
    with scope(edition=edition):
        assert Offer.objects.get().review == "expired"


def test_pictures_and_documents_are_seen_by_whom_their_item_is(
    desk: Participation,
    edition: Edition,
    owner_client: Client,
    client: Client,
    address: str,
    offer: Callable[..., Offer],
    settings: Any,
    tmp_path: Path,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    item = offer(desk, review="draft")
    drawn = io.BytesIO()
    Image.new("RGB", (800, 600), "green").save(drawn, "PNG", exif=b"Exif\0\0secret place")
    png = drawn.getvalue()

    def send(name: str, content: bytes, **fields: str) -> str:
        sent = {"kind": "picture", "file": SimpleUploadedFile(name, content), **fields}
        return owner_client.post(f"{address}offers/{item.pk}/files/", sent, follow=True).text

    assert "Say what the picture shows" in send("film.png", png)
    assert "not a file of a kind" in send("film.png", b"<svg onload=alert(1)>", description_en="Film")
    assert "at most 5 MB" in send("film.png", png + bytes(6_000_000), description_en="Film")
    assert "The file is added" in send("film.png", png, description_en="A roll of film", focus="top-left")
    with scope(edition=edition):
        file = MarketFile.objects.get()
    page = f"/en/{edition.slug}/market/files/{file.pk}/"
    assert client.get(page).status_code == 404
    own = owner_client.get(page)
    assert (own["Content-Type"], own["Content-Security-Policy"]) == ("image/png", "default-src 'none'; sandbox")
    kept = b"".join(own.streaming_content)
    assert b"secret place" not in kept
    assert Image.open(io.BytesIO(kept)).size == (800, 600)
    narrow = b"".join(owner_client.get(f"{page}?width=320").streaming_content)
    assert Image.open(io.BytesIO(narrow)).size == (320, 240)
    assert client.get(f"{page}?width=320").status_code == 404
    assert b"".join(owner_client.get(f"{page}?width=321").streaming_content) == kept
    with scope(edition=edition):
        Offer.objects.update(review="published")
    assert b"".join(client.get(page).streaming_content) == kept
    shown = client.get(f"/en/{edition.slug}/firms/{desk.firm.identifier}/").text
    assert 'class="item-picture focus-top-left"' in shown
    assert f'srcset="{page}?width=320 320w, {page}?width=640 640w, {page} 800w"' in shown
    assert 'alt="A roll of film"' in shown
    edited = owner_client.get(f"{address}offers/{item.pk}/").text
    assert edited.count('name="focus" value=') == 9
    assert 'name="focus" value="top-left" checked' in edited
    owner_client.post(f"{address}files/{file.pk}/focus/", {"focus": "bottom"})
    file.refresh_from_db()
    assert file.focus == "bottom"
    owner_client.post(f"{address}files/{file.pk}/focus/", {"focus": "everywhere"})
    file.refresh_from_db()
    assert file.focus == "centre"
    owner_client.post(f"{address}files/{file.pk}/remove/")
    with scope(edition=edition):
        assert not MarketFile.objects.exists()


def test_title_and_price_are_changed_where_offers_are_listed(
    desk: Participation, edition: Edition, owner_client: Client, address: str, member: User, offer: Callable[..., Offer]
) -> None:
    item = offer(desk, certificates=["ISO 9001"], hs=["3920.10"])
    listed = f"{address}offers/"
    assert "data-in-place" not in owner_client.get(listed).text
    page = owner_client.get(f"{listed}?edit={item.pk}").text
    assert "data-in-place" in page
    assert [page.count(f'id="{place}"') for place in ("items", "messages", "side")] == [1, 1, 1]
    sent = {"title_en": "Thin separator film", "price_low": "3", "price_high": "2", "currency": "USD"}
    assert owner_client.post(f"{listed}?edit={item.pk}", sent).status_code == 400
    item.refresh_from_db()
    assert item.title == {"en": "Separator film"}
    assert owner_client.post(f"{listed}?edit={item.pk}", sent | {"price_high": "4"})["Location"] == listed
    item.refresh_from_db()
    assert (item.title, item.price_low, item.price_high) == ({"en": "Thin separator film"}, 3, 4)
    assert (item.certificates, item.hs) == (["ISO 9001"], ["3920.10"])
    with scope(edition=edition):
        other = offer(Participation.objects.exclude(pk=desk.pk).get())
    assert owner_client.post(f"{listed}?edit={other.pk}", sent).status_code == 404
    assert owner_client.get(f"{listed}?edit=nothing").status_code == 200


def test_nobody_changes_what_is_anothers(
    desk: Participation, edition: Edition, owner_client: Client, address: str, member: User, offer: Callable[..., Offer]
) -> None:
    with scope(edition=edition):
        other = offer(Participation.objects.exclude(pk=desk.pk).get())
    for act in ("", "submit/", "renew/", "remove/"):
        assert owner_client.post(f"{address}offers/{other.pk}/{act}", OFFER).status_code == 404
    with scope(edition=edition):
        assert Offer.objects.get().title == {"en": "Separator film"}


def test_lists_ask_as_often_with_three_rows_as_with_one(
    desk: Participation,
    edition: Edition,
    owner_client: Client,
    organiser_client: Client,
    address: str,
    offer: Callable[..., Offer],
) -> None:
    counts: dict[int, list[int]] = {}
    for rows in (1, 3):
        while Offer._base_manager.count() < rows:
            offer(desk, review="submitted")
        pages = ((owner_client, f"{address}offers/"), (organiser_client, f"/en/{edition.slug}/organiser/review/"))
        for client, page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(page).status_code == 200
            counts.setdefault(rows, []).append(len(asked))
    assert counts[1] == counts[3]


def test_attributes_are_read_as_they_are_written() -> None:
    text = "thickness ≤ 12 µm\n电压: 3.2 V\ncolour = black"
    read = specification.read(text)
    assert read == [["thickness", "≤", "12", "µm"], ["电压", "=", "3.2", "V"], ["colour", "=", "black", ""]]
    assert specification.read(specification.write(read)) == read
    with pytest.raises(specification.UnreadableAttributeError, match="no sign"):
        specification.read("no sign here")
