"""The desk of an exhibitor: tasks by their day, what is missing, the profile, the booth."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.offers.chains.domain.placements import load_builtin_chains
from serai.expo.offers.chains.models import Placement
from serai.expo.participants.exhibitors.domain.tasks import tasks_of
from serai.expo.participants.exhibitors.models import DeskTask, DeskTaskDone
from serai.expo.site.exhibitor_desk.domain import completeness
from serai.expo.venue.halls.models import Booth, BoothWish, Hall

MAY = date(2026, 5, 1)


@pytest.fixture
def make_task(edition: Edition) -> Callable[..., DeskTask]:
    def make(code: str, due_on: date = MAY, **fields: Any) -> DeskTask:
        with scope(edition=edition):
            return DeskTask.objects.create(edition=edition, code=code, title={"en": code}, due_on=due_on, **fields)

    return make


def test_tasks_stand_by_their_day_with_those_done_last(desk: Participation, make_task: Callable[..., DeskTask]) -> None:
    make_task("later", MAY + timedelta(days=60))
    make_task("soon", MAY + timedelta(days=3))
    make_task("late", MAY - timedelta(days=1))
    make_task("for-others", kinds=["service"])
    done = make_task("done", MAY - timedelta(days=9))
    with scope(edition=desk.edition):
        DeskTaskDone.objects.create(edition=desk.edition, task=done, participation=desk)
        found = tasks_of(desk, MAY)
    assert [one.task.code for one in found] == ["late", "soon", "later", "done"]
    assert [one.is_late for one in found] == [True, False, False, False]


def test_what_a_page_shows_as_done_needs_no_tick(
    desk: Participation, make_task: Callable[..., DeskTask], offer: Callable[..., object]
) -> None:
    make_task("offers", page="desk-offers")
    with scope(edition=desk.edition):
        assert [one.is_done for one in tasks_of(desk)] == [False]
    offer(desk)
    with scope(edition=desk.edition):
        assert [one.is_done for one in tasks_of(desk)] == [True]


def test_a_task_is_ticked_with_a_file_and_unticked(
    desk: Participation,
    owner_client: Client,
    address: str,
    make_task: Callable[..., DeskTask],
    settings: Any,
    tmp_path: Path,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    settings.MEDIA_ROOT = tmp_path
    make_task("insurance", wants_file=True)
    refused = owner_client.post(f"{address}tasks/insurance/", {"note": "by mail"})
    assert refused.status_code == 400
    assert "Send the file" in refused.text
    disguised = SimpleUploadedFile("policy.pdf", b"MZ this is a program")
    assert "not a file of a kind" in owner_client.post(f"{address}tasks/insurance/", {"file": disguised}).text
    assert not list(tmp_path.rglob("*.pdf"))
    policy = SimpleUploadedFile("policy.pdf", b"%PDF-1.7 ...")
    assert owner_client.post(f"{address}tasks/insurance/", {"file": policy, "note": "paid"}).status_code == 302
    sent = owner_client.get(f"{address}tasks/insurance/file/")
    assert b"".join(sent.streaming_content) == b"%PDF-1.7 ..."
    assert sent["Content-Disposition"].startswith("attachment")
    with django_capture_on_commit_callbacks() as later:
        owner_client.post(f"{address}tasks/insurance/", {"undo": "1"})
    assert list(tmp_path.rglob("*.pdf"))  # what is not committed has lost nothing
    for callback in later:
        callback()
    assert not list(tmp_path.rglob("*.pdf"))
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "desk_task.done",
        "desk_task.undone",
    ]


def test_a_file_that_was_replaced_or_whose_task_is_removed_is_deleted_and_a_lost_one_is_not_found(
    desk: Participation,
    edition: Edition,
    owner_client: Client,
    organiser_client: Client,
    address: str,
    make_task: Callable[..., DeskTask],
    settings: Any,
    tmp_path: Path,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    settings.MEDIA_ROOT = tmp_path
    make_task("insurance", wants_file=True)
    for name in ("first.pdf", "second.pdf"):
        with django_capture_on_commit_callbacks(execute=True):
            owner_client.post(f"{address}tasks/insurance/", {"file": SimpleUploadedFile(name, b"%PDF-1.7 ...")})
        assert [path.name for path in tmp_path.rglob("*.pdf")] == [name]
    lost = next(tmp_path.rglob("*.pdf"))
    lost.rename(lost.with_suffix(".lost"))
    assert owner_client.get(f"{address}tasks/insurance/file/").status_code == 404
    lost.with_suffix(".lost").rename(lost)
    with django_capture_on_commit_callbacks(execute=True):
        organiser_client.post(f"/en/{edition.slug}/organiser/tasks/insurance/", {"remove": "1"})
    assert not list(tmp_path.rglob("*.pdf"))


def test_the_organiser_sets_tasks_and_sees_how_many_have_done_them(
    desk: Participation, edition: Edition, organiser_client: Client
) -> None:
    page = f"/en/{edition.slug}/organiser/tasks/"
    wrong = organiser_client.post(f"{page}new/", {"code": "manual", "title_en": "Read", "due_on": "soon"})
    assert wrong.status_code == 400
    new = {"code": "manual", "title_en": "Read the manual", "due_on": "2026-06-01", "kinds": ["exhibitor"]}
    assert organiser_client.post(f"{page}new/", new).status_code == 302
    assert "has this code" in organiser_client.post(f"{page}new/", new).text
    assert "Read the manual" in organiser_client.get(page).text
    organiser_client.post(f"{page}manual/", new | {"title_en": "Read it well"})
    assert "Read it well" in organiser_client.get(page).text
    organiser_client.post(f"{page}manual/", {"remove": "1"})
    with scope(edition=edition):
        assert not DeskTask.objects.exists()


def test_completeness_says_what_is_missing_and_why(desk: Participation, offer: Callable[..., object]) -> None:
    with scope(edition=desk.edition):
        before = completeness(desk)
    assert "An offer" in [str(part.title) for part in before.missing]
    assert all(str(part.why) for part in before.parts)
    offer(desk, hs=["850760"])
    with scope(edition=desk.edition):
        after = completeness(desk)
    assert after.share == pytest.approx(before.share + 2 / len(before.parts))


def test_the_desk_leads_to_the_meetings_wishes_and_outcomes_of_its_firm(
    desk: Participation, owner_client: Client, organiser_client: Client, address: str
) -> None:
    ways = [f"/en/{desk.edition.slug}/{way}/" for way in ("meetings", "meetings/wishes", "outcomes")]
    page = owner_client.get(address).text
    for way in ways:
        assert f'href="{way}?as={desk.firm.identifier}"' in page
        assert owner_client.get(f"{way}?as={desk.firm.identifier}").status_code == 200
    # Who helps as the organiser acts for nobody and is not sent where it is refused.
    assert "?as=" not in organiser_client.get(address).text


def test_how_complete_it_is_is_said_once_and_the_meter_has_a_name(
    desk: Participation, owner_client: Client, address: str
) -> None:
    page = owner_client.get(address).text
    part = page[page.index('aria-labelledby="completeness"') :].partition("</section>")[0]
    text = re.sub(r"<[^>]*>", "", part.partition(">")[2])
    assert len(re.findall(r"\d+ %", text)) == 1
    assert 'id="completeness"' in part
    meter, beside = re.findall(r"<(?:meter|span class=.number)[^>]*>", part)[:2]
    assert 'aria-labelledby="completeness"' in meter
    assert re.search(r'aria-valuetext="\d+ %"', meter)
    assert 'aria-hidden="true"' in beside


def test_a_changed_profile_is_found_and_placed_at_once(desk: Participation, owner_client: Client, address: str) -> None:
    load_builtin_chains()
    words = "We make separator film for lithium-ion battery cells, coated and uncoated, in four plants."
    new = {
        "name_en": "Owned Films",
        "description_en": words,
        "description_zh-hans": "我们生产锂电池隔膜。",
    }
    assert owner_client.post(f"{address}profile/", new).status_code == 302
    assert owner_client.post(f"{address}record/company/", {"isic": "c2220"}).status_code == 302
    firm = Firm.objects.get(pk=desk.firm_id)
    assert firm.description == {"en": words, "zh-hans": "我们生产锂电池隔膜。"}
    assert firm.isic == ["2220"]
    assert firm.sort_name == "owned films"
    with scope(edition=desk.edition):
        assert " separator " in Participation.objects.get(pk=desk.pk).tokens
        assert Placement.objects.filter(participation=desk).exists()
    first, second = AuditEntry.objects.filter(action="firm.changed").order_by("pk")
    assert first.before["name"] == {"en": "Owned Materials"}
    assert second.before["isic"] == []
    again = owner_client.post(f"{address}profile/", new, follow=True)
    assert "Nothing was changed" in again.text


def test_a_wish_for_a_booth_names_booths_that_there_are(
    desk: Participation, edition: Edition, owner_client: Client, address: str
) -> None:
    with scope(edition=edition):
        hall = Hall.objects.create(edition=edition, code="W1", title={"en": "Hall W1"})
        booth = Booth.objects.create(edition=edition, hall=hall, code="W1-007")
    wrong = owner_client.post(f"{address}booth/", {"booths": "W1-999", "power_kw": "3"})
    assert "This fair has no booth W1-999" in wrong.text
    owner_client.post(
        f"{address}booth/",
        {
            "booths": "W1-007",
            "power_kw": "3",
            "area_m2": "36",
            "hall": hall.pk,
            "equipment": ["water", "air"],
            "height_m": "4.5",
        },
    )
    with scope(edition=edition):
        wish = BoothWish.objects.get()
    assert (wish.booths, wish.equipment, wish.height_m) == ([booth.pk], ["water", "air"], 4.5)
    assert "W1-007" in owner_client.get(f"{address}booth/").text


def test_the_masthead_leads_members_to_their_desk_and_nobody_else(
    desk: Participation, edition: Edition, owner_client: Client, organiser_client: Client
) -> None:
    assert "My desk" in owner_client.get(f"/en/{edition.slug}/").text
    assert "My desk" not in organiser_client.get(f"/en/{edition.slug}/").text
    assert owner_client.get(f"/en/{edition.slug}/desk/")["Location"].endswith(f"/desk/{desk.firm.identifier}/")


def test_a_desk_asks_as_often_with_three_tasks_as_with_one(
    desk: Participation, owner_client: Client, address: str, make_task: Callable[..., DeskTask]
) -> None:
    counts = []
    for number in (1, 3):
        make_task(f"task-{number}")
        make_task(f"more-{number}", kinds=["service"])
        owner_client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert owner_client.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
