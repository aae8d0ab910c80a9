"""The stage shows to everybody what is public and nothing else, a slide after the other, with and without script."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import files
from itertools import chain, pairwise

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.insight.supply.domain.chain_map import Box, ChainMap, Line
from serai.expo.offers.chains.domain.chain_maps import NodeStanding
from serai.expo.offers.chains.models import Node
from serai.expo.people.account.models import User
from serai.expo.programme.initiatives.models import Initiative, Signature
from serai.expo.programme.sessions.domain.releases import release_programme
from serai.expo.programme.sessions.models import Forum, Room, Session
from serai.expo.site.stage.domain import (
    CAPITAL,
    PLACES,
    WIDE,
    Place,
    ScreenRefusedError,
    choosable,
    next_language,
    save_screen,
    slides_of,
    stage_map,
)
from serai.expo.site.stage.models import Screen
from serai.world.charts.text_lines import text_width

TEN, ELEVEN, NOON = (datetime(2026, 11, 28, hour, tzinfo=UTC) for hour in (10, 11, 12))


@pytest.fixture
def fair(edition: Edition, organiser: User, take_part: Callable[..., Participation]) -> Edition:
    """An exhibitor, two rooms with a released session each, one that is not released, and two initiatives."""
    take_part(edition)
    with scope(edition=edition):
        forum = Forum.objects.create(edition=edition, slug="forum", kind="main_forum", title={"en": "Forum"})
        rooms = [Room.objects.create(edition=edition, title={"en": title}) for title in ("Great hall", "Small room")]
        given = {"edition": edition, "forum": forum}
        for room, title in zip(rooms, ("Keynotes", "Coffee"), strict=True):
            Session.objects.create(**given, room=room, title={"en": title}, starts_at=TEN, ends_at=NOON)
        release_programme(edition, note={}, by=organiser)
        Session.objects.create(**given, room=rooms[0], title={"en": "Secret talk"}, starts_at=TEN, ends_at=NOON)
        for state, title in (("published", "Second sources"), ("draft", "Hidden draft")):
            made = Initiative.objects.create(edition=edition, title={"en": title}, text={"en": "."}, state=state)
            for at, institution in ((timezone.now(), "Chamber of Lakes"), (None, "Chamber that waits")):
                Signature.objects.create(
                    edition=edition,
                    initiative=made,
                    institution={"en": institution},
                    signed_on=timezone.localdate(),
                    confirmed_at=at,
                    state="confirmed" if at else "signed",
                )
    return edition


def kinds(screen: Screen, now: datetime = ELEVEN) -> list[str]:
    with scope(edition=screen.edition):
        return [slide.kind for slide in slides_of(screen, now)]


def shown(page: str) -> list[str]:
    """The kinds of the slides that are not hidden."""
    return [
        kind for kind, rest in re.findall(r'<section class="slide slide-(\w+)"([^>]*)>', page) if "hidden" not in rest
    ]


def test_every_fair_has_a_stage_with_all_that_there_is(fair: Edition) -> None:
    assert kinds(Screen(edition=fair)) == ["welcome", "figures", "programme", "initiative"]


def test_a_screen_shows_its_slides_in_its_order(fair: Edition) -> None:
    assert kinds(Screen(edition=fair, slides=["programme", "welcome", "garden"])) == ["programme", "welcome"]


def test_what_has_nothing_to_show_is_left_out_and_the_welcome_stays(edition: Edition) -> None:
    assert kinds(Screen(edition=edition, slides=["programme", "initiatives"])) == ["welcome"]


def test_only_public_things_are_shown_to_an_organiser_too(
    fair: Edition, organiser_client: Client, anonymous_client: Client
) -> None:
    for client in (anonymous_client, organiser_client):
        with scope(edition=fair):
            page = client.get(reverse("stage", args=[fair.slug])).text
        assert all(words in page for words in ("Second sources", "Chamber of Lakes"))
        for hidden in ("Hidden draft", "Chamber that waits", "Secret talk"):
            assert hidden not in page


def test_the_programme_of_a_room_alone(fair: Edition) -> None:
    with scope(edition=fair):
        room = Room.objects.get(title__en="Small room")
        (slide,) = slides_of(Screen(edition=fair, slides=["programme"], room=room), ELEVEN)
        assert slide.title == "Small room"
        assert [session.title["en"] for session in slide.content["held"].now] == ["Coffee"]


def test_without_script_one_slide_is_shown_and_links_lead_to_the_others(
    fair: Edition, anonymous_client: Client
) -> None:
    address = reverse("stage", args=[fair.slug])
    first = anonymous_client.get(address).text
    assert shown(first) == ["welcome"]
    assert f'href="{address}?slide=2"' in first
    assert shown(anonymous_client.get(f"{address}?slide=2").text) == ["figures"]
    for wrong in ("0", "-1", "x", "99999999999999999999"):
        assert shown(anonymous_client.get(f"{address}?slide={wrong}").text) == ["welcome"]


def test_the_last_slide_leads_to_the_next_language_and_the_last_language_to_the_first(
    fair: Edition, anonymous_client: Client
) -> None:
    with scope(edition=fair):
        Screen.objects.create(edition=fair, slug="hall", slides=["welcome"], languages=["en", "ar"])
    page = anonymous_client.get(f"/en/{fair.slug}/stage/hall/").text
    assert f'href="/ar/{fair.slug}/stage/hall/?slide=1"' in page
    assert f'data-next="/ar/{fair.slug}/stage/hall/"' in page
    assert f'data-next="/en/{fair.slug}/stage/hall/"' in anonymous_client.get(f"/ar/{fair.slug}/stage/hall/").text


@pytest.mark.parametrize(
    ("languages", "now", "after"),
    [([], "fr", "fr"), (["en"], "en", "en"), (["en", "ar"], "fr", "en"), (["xx", "ru"], "ru", "ru")],
)
def test_the_language_of_the_next_round(languages: list[str], now: str, after: str) -> None:
    assert next_language(Screen(languages=languages), now) == after


@pytest.mark.django_db(transaction=True)
def test_any_number_of_screens_is_served_out_of_the_cache(edition: Edition) -> None:
    address = reverse("stage", args=[edition.slug])
    first = Client().get(address)
    with CaptureQueriesContext(connection) as asked:
        second = Client().get(address)
    assert (first.status_code, second.content) == (200, first.content)
    assert not [query for query in asked.captured_queries if "expo_" in query["sql"] and "revision" not in query["sql"]]


def box(code: str, x: float, y: float, exhibitors: int = 0) -> Box:
    place = NodeStanding(node=Node(code=code), exhibitors=exhibitors, countries=(), needs=0)
    return Box(place, x, y, 178, 60, (), "", 0, 0, is_single_source=False, is_chosen=False, is_near=False)


@pytest.mark.parametrize("place", PLACES, ids=["wide", "tall"])
def test_the_map_fills_its_place_and_its_numbers_stand_in_their_boxes(place: Place) -> None:
    columns = [[box(f"{x}-{y}", 18 + 244 * x, 80 + 9 * y, exhibitors=y) for y in range(15 - x)] for x in range(9)]
    lines = (Line("0-0", "1-0", "", is_near=False), Line("0-0", "nobody", "", is_near=False))
    made = stage_map(ChainMap(2300, 900, (), tuple(chain.from_iterable(columns)), lines, ()), place)
    assert [drawn.words for drawn in made.boxes[:3]] == ["–", "1", "2"]
    assert len(made.edges) == 1, "what the chain does not know is left out"
    for drawn in made.boxes:
        assert 0 <= drawn.x <= drawn.x + drawn.width <= place.width
        assert -0.01 <= drawn.y <= drawn.y + drawn.height <= place.height + 0.01
        assert drawn.y < drawn.baseline - place.letters * CAPITAL
        assert drawn.baseline < drawn.y + drawn.height
        assert text_width("12", place.letters) <= drawn.width
    boxes = [(drawn.x, drawn.y) for drawn in made.boxes]
    assert all(below - above > made.boxes[0].height for (x, above), (same, below) in pairwise(boxes) if x == same)


def test_letters_on_a_map_are_a_thirtieth_of_the_screen_at_least() -> None:
    assert WIDE.letters >= 1080 / 30
    style = files("serai.expo").joinpath("static/serai/stage.css").read_text(encoding="utf-8")
    (letters,) = re.findall(r"--letters: ([\d.]+)vh", style)
    assert float(letters) >= 100 / 30


def test_an_organiser_sets_up_a_screen_and_a_stranger_does_not(
    fair: Edition, organiser_client: Client, stranger_client: Client
) -> None:
    new = reverse("screen-new", args=[fair.slug])
    given = {"title_en": "Hall W1", "slug": "w1", "seconds": "20", "scheme": "light", "languages": ["en", "ar"]}
    assert stranger_client.post(new, given).status_code == 403
    assert organiser_client.post(new, given).status_code == 400, "it has no slide"
    assert organiser_client.post(new, given | {"seconds": "1", "place-welcome": "1"}).status_code == 400
    assert organiser_client.post(new, given | {"place-welcome": "2", "place-figures": "1"}).status_code == 302
    with scope(edition=fair):
        made = Screen.objects.get()
        assert (made.slides, made.languages) == (["figures", "welcome"], ["en", "ar"])
        assert [key for key, _title in choosable(fair)][:4] == ["welcome", "figures", "programme", "initiatives"]
    page = Client().get(reverse("stage-screen", args=[fair.slug, "w1"])).text
    assert 'data-seconds="20"' in page
    assert 'data-scheme="light"' in page
    assert shown(page) == ["figures"]
    assert organiser_client.post(reverse("screen-remove", args=[fair.slug, made.pk])).status_code == 302
    assert Client().get(reverse("stage-screen", args=[fair.slug, "w1"])).status_code == 404


def test_two_screens_do_not_share_an_address(fair: Edition, organiser: User) -> None:
    with scope(edition=fair):
        save_screen(Screen(edition=fair, slug="w1", slides=["welcome"]), by=organiser)
        with pytest.raises(ScreenRefusedError, match="short name"):
            save_screen(Screen(edition=fair, slug="w1", slides=["welcome"]), by=organiser)
