"""Staff with all rights: timed, recorded, never beyond what is due."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition
from serai.expo.people.account.models import User
from serai.expo.people.staff.models import StaffRequest, StaffSession

PASSWORD = "correct horse battery"
HOUR = timedelta(hours=1)


@pytest.fixture
def root(db: None) -> User:
    return User.objects.create_superuser("root@example.org", PASSWORD)


@pytest.fixture
def root_client(root: User) -> Client:
    client = Client()
    client.force_login(root)
    return client


def open_rights(client: Client) -> None:
    confirm = client.get("/en/staff/")["Location"]
    client.post(confirm, {"password": PASSWORD})
    client.post("/en/staff/", {"reason": "The organiser's mail is gone"})


def test_a_superuser_has_no_rights_until_they_are_opened(edition: Edition, root: User, root_client: Client) -> None:
    assert not root.has_perm("expo.organise_edition", edition)
    assert root_client.get(f"/en/{edition.slug}/organiser/").status_code == 403
    open_rights(root_client)
    page = root_client.get(f"/en/{edition.slug}/organiser/")
    assert page.status_code == 200
    assert "The rights of staff are open until" in page.text
    root_client.post("/en/staff/close/")
    assert root_client.get(f"/en/{edition.slug}/organiser/").status_code == 403


def test_opening_asks_for_the_password_and_a_reason(root_client: Client) -> None:
    assert "/account/security/confirm/" in root_client.get("/en/staff/")["Location"]
    root_client.post(root_client.get("/en/staff/")["Location"], {"password": PASSWORD})
    assert "required" in root_client.post("/en/staff/", {"reason": ""}).text
    assert not StaffSession.objects.exists()
    other = Client()
    other.force_login(User.objects.get(email="root@example.org"))
    other.post("/en/staff/", {"reason": "in a hurry"})
    assert not StaffSession.objects.exists()


def test_every_request_of_a_staff_session_is_written_down(edition: Edition, root_client: Client) -> None:
    open_rights(root_client)
    root_client.get(f"/en/{edition.slug}/organiser/?a=1")
    root_client.post(f"/en/{edition.slug}/agenda/feed/")
    kept = list(StaffRequest.objects.order_by("pk").values_list("method", "path", "status"))
    assert kept == [
        ("GET", f"/en/{edition.slug}/organiser/?a=1", 200),
        ("POST", f"/en/{edition.slug}/agenda/feed/", 302),
    ]
    assert AuditEntry.objects.get(action="calendar_feed.made").staff_session == StaffSession.objects.get()


def test_a_staff_session_ends_by_itself(edition: Edition, root_client: Client) -> None:
    open_rights(root_client)
    StaffSession.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert root_client.get(f"/en/{edition.slug}/organiser/").status_code == 403


def test_who_is_no_superuser_opens_nothing(organiser_client: Client) -> None:
    assert organiser_client.post("/en/staff/", {"reason": "curious"}).status_code == 403
    assert not StaffSession.objects.exists()


def test_staff_read_why_a_task_was_set_aside_and_have_it_tried_again(root_client: Client) -> None:
    DBTaskResult.objects.create(
        task_path="serai.expo.nothing",
        backend_name="default",
        args_kwargs={"args": [], "kwargs": {}},
        run_after=timezone.now(),
        finished_at=timezone.now(),
        status="FAILED",
        exception_class_path="builtins.KeyError",
        traceback="KeyError: 'a reason'",
    )
    open_rights(root_client)
    assert "KeyError: &#x27;a reason&#x27;" in root_client.get("/en/staff/").text
    assert "1 task is tried again" in root_client.post("/en/staff/", {"again": "1"}, follow=True).text
    assert DBTaskResult.objects.get().status == "READY"
    assert AuditEntry.objects.get(action="tasks.tried_again").after == {"tasks": 1, "names": ["nothing"]}
