"""Records of visits are deleted after a while."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from serai.expo.people.account.models import User
from serai.expo.people.staff.models import StaffRequest, StaffSession
from serai.expo.site.retention.domain import forget_visits

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
