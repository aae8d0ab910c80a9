"""What is known of visits is forgotten after a while, and one failing job stops none of the others."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from serai.expo.base import daily
from serai.expo.people.account.hooks import forget_visits
from serai.expo.people.account.models import User
from serai.expo.people.acting.models import StaffRequest, StaffSession

SIGN_IN = {"login": "member@example.org", "password": "correct horse battery"}


def test_sessions_that_have_run_out_are_forgotten_with_where_they_came_from(member: User, client: Client) -> None:
    client.post("/en/sign-in/", SIGN_IN)
    assert UserSession.objects.get().user == member
    assert forget_visits()["places"] == 0
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    gone = forget_visits()
    assert (gone["sessions"], gone["places"]) == (1, 1)
    assert not UserSession.objects.exists()


def test_where_somebody_signed_in_from_is_kept_for_a_month(member: User, client: Client) -> None:
    client.post("/en/sign-in/", SIGN_IN)
    forget_visits(timezone.now() + timedelta(days=13))
    assert UserSession.objects.exists()
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(days=31))
    forget_visits()
    assert not UserSession.objects.exists()


def test_requests_of_staff_are_kept_for_a_year(member: User) -> None:
    opened = StaffSession.objects.create(user=member, reason="a reason", ends_at=timezone.now())
    for days in (364, 366):
        at = timezone.now() - timedelta(days=days)
        StaffRequest.objects.create(session=opened, at=at, method="GET", path=f"/{days}", status=200)
    forget_visits()
    assert [kept.path for kept in StaffRequest.objects.all()] == ["/364"]


def test_a_job_that_fails_stops_none_of_the_others(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    done = []

    def fail() -> None:
        raise ZeroDivisionError

    daily.load_hooks()
    known = type(daily._jobs)("daily job")
    known.add("a bad one", fail)
    known.add("a good one", lambda: done.append("good"))
    monkeypatch.setattr(daily, "_jobs", known)
    assert daily.run_jobs() == ["a bad one"]
    assert done == ["good"]


def test_it_comes_again_tomorrow_and_is_started_once(db: None) -> None:
    daily.start()
    daily.start()
    assert DBTaskResult.objects.count() == 1
    daily.every_day.func()
    again = DBTaskResult.objects.order_by("-run_after").first()
    assert again is not None
    assert again.run_after > timezone.now() + timedelta(hours=23)
