"""A fair on a home screen, and what an answer tells the worker that keeps pages for halls without a network."""

import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope
from PIL import Image

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.people.account.models import User
from serai.expo.site.offline.domain import icon, whose

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "name", "direction"),
    [("en", "Fair of chains", "ltr"), ("zh-hans", "链博会", "ltr"), ("ar", "Fair of chains", "rtl")],
)
def test_a_fair_has_a_manifest_in_each_language(
    language: str, name: str, direction: str, edition: Edition, client: Client
) -> None:
    Edition.objects.update(branding={"night": "#123456"})
    page = f"/{language}/{edition.slug}/"
    assert f'<link rel="manifest" href="{page}manifest.webmanifest">' in client.get(page).text
    answer = client.get(f"{page}manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    said = answer.json()
    assert (said["name"], said["lang"], said["dir"], said["start_url"]) == (name, language, direction, page)
    assert (said["theme_color"], said["display"]) == ("#123456", "standalone")
    for drawn in said["icons"][1:]:
        answer = client.get(drawn["src"])
        with Image.open(io.BytesIO(answer.content)) as picture:
            assert f"{picture.width}x{picture.height}" == drawn["sizes"]
            assert picture.convert("RGB").getpixel((1, 1)) == (0x12, 0x34, 0x56)


def test_an_icon_bears_the_mark() -> None:
    with Image.open(io.BytesIO(icon("#000000", 192))) as picture:
        assert (0xF2, 0xB2, 0x4C) in {colour for _count, colour in picture.convert("RGB").getcolors(9999) or ()}


def test_a_draft_is_told_to_its_organiser_alone(
    edition: Edition, organiser_client: Client, stranger_client: Client, anonymous_client: Client
) -> None:
    Edition.objects.update(state=Edition.State.DRAFT)
    clients = (organiser_client, stranger_client, anonymous_client)
    page = f"/en/{edition.slug}/"
    assert [client.get(f"{page}manifest.webmanifest").status_code for client in clients] == [200, 404, 404]
    assert 'rel="manifest"' not in organiser_client.get(page).text


def test_a_page_for_the_hall_names_its_reader_and_is_kept_for_nobody_else(
    edition: Edition,
    owner: User,
    desk: Participation,
    take_part: Callable[..., Participation],
    owner_client: Client,
    member: User,
    member_client: Client,
    stranger_client: Client,
    anonymous_client: Client,
) -> None:
    with scope(edition=edition):
        meeting = Meeting.objects.create(edition=edition, host=desk, guest=take_part(edition), state="scheduled")
    address = reverse("meeting", args=[edition.slug, meeting.pk])
    kept = owner_client.get(address)
    assert (kept["X-Serai-Reader"], kept["X-Serai-Keep"]) == (whose(owner.pk), "1")
    assert 'id="as-last-read" hidden' in kept.text
    for client in (member_client, stranger_client, anonymous_client):
        assert not client.get(address).has_header("X-Serai-Keep")
    assert member_client.get(address)["X-Serai-Reader"] == whose(member.pk)
    programme = anonymous_client.get(reverse("programme", args=[edition.slug]))
    assert (programme["X-Serai-Reader"], programme.has_header("X-Serai-Keep")) == ("-", False)
    assert "as-last-read" not in programme.text


@pytest.mark.parametrize("name", ["agenda", "my-meetings", "edition", "programme", "hall-list", "my-badges"])
def test_what_the_agenda_fetches_is_kept(
    name: str, edition: Edition, desk: Participation, owner_client: Client
) -> None:
    address = reverse(name, args=[edition.slug])
    assert address in owner_client.get(reverse("agenda", args=[edition.slug])).text.partition('data-keep="')[2]
    assert owner_client.get(address).has_header("X-Serai-Keep")


def test_other_pages_and_files_are_not_kept(desk: Participation, owner_client: Client, address: str) -> None:
    assert owner_client.get("/en/account/").has_header("X-Serai-Reader")
    for path in ("/en/account/", f"{address}leads/", f"{address}leads/leads.csv"):
        assert not owner_client.get(path).has_header("X-Serai-Keep")
    assert not owner_client.get(f"{address}leads/leads.csv").has_header("X-Serai-Reader")


def test_who_reads_as_somebody_else_keeps_nothing(edition: Edition, member: User, organiser: User) -> None:
    client = Client()
    client.force_login(organiser)
    client.post(reverse("act-for", args=[edition.slug]), {"person": member.pk, "reason": "asked by telephone"})
    agenda = client.get(reverse("agenda", args=[edition.slug]))
    assert "You act for" in agenda.text
    assert (agenda["X-Serai-Reader"], agenda.has_header("X-Serai-Keep")) == ("-", False)


def test_what_is_told_once_is_not_told_to_a_page_that_is_fetched_for_keeping(
    edition: Edition, desk: Participation, owner_client: Client
) -> None:
    agenda = reverse("agenda", args=[edition.slug])
    owner_client.post(reverse("change-feed", args=[edition.slug]), {"make": "1"})
    owner_client.get(agenda, headers={"X-Serai-Keeping": "1"})
    assert "This is your calendar address." in owner_client.get(agenda).text
    assert "This is your calendar address." not in owner_client.get(agenda).text


def test_the_worker_is_asked_for_anew_and_an_error_tells_it_nothing(client: Client) -> None:
    worker = client.get("/offline-worker.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert worker["Cache-Control"] == "no-cache"
    assert {"leads-offline/", "contacts-offline/"} <= set(worker.text.split('"'))
