"""Owners invite organisers by mail, change their roles and take them away; an organisation keeps an owner."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.organisers import domain as invitations
from serai.expo.fairs.organisers.domain import LastOwnerError, change_role, remove
from serai.expo.fairs.organisers.models import OrganiserInvitation
from serai.expo.people.account.models import Role, User
from tests.expo.clock import NOW

MAIL = "fatima@fair.example"


@pytest.fixture
def page(edition: Edition) -> str:
    return f"/en/{edition.slug}/organiser/organisers/"


@pytest.fixture
def owner_here(organiser: User) -> Client:
    """The owner, who has just confirmed that it is they."""
    client = Client()
    client.post("/en/sign-in/", {"login": organiser.email, "password": "correct horse battery"})
    client.force_login(organiser)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": NOW.timestamp(), "reauthenticated": True}]
    session.save()
    return client


def link() -> str:
    """The path of the link in the last letter."""
    found = re.search(r"https?://\S+?(/\w+/organisers/join/\S+/)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_who_is_invited_signs_in_by_a_code_and_has_the_role(
    edition: Edition, owner_here: Client, page: str, deliver: Callable[[], int]
) -> None:
    assert owner_here.post(page, {"email": MAIL.upper(), "kind": "floor"}).status_code == 302
    deliver()
    path, guest = link(), Client()
    assert "in the role: Floor" in mail.outbox[-1].body
    assert "Floor · <span" in owner_here.get(page).text
    assert "in the role: Floor" in guest.get(path).text
    assert "Link opened" in owner_here.get(page).text
    asked = guest.post(path, {"name": "Fatima", "email": MAIL, "next": path})
    deliver()
    code = re.search(r"^[A-Z0-9]{3,}-?[A-Z0-9]{3,}$", str(mail.outbox[-1].body), re.MULTILINE)
    assert code
    assert mail.outbox[-1].to == [MAIL]
    assert guest.post(asked["Location"], {"code": code[0], "next": path})["Location"] == path
    assert guest.post(path)["Location"] == f"/en/{edition.slug}/organiser/"
    assert Role.objects.get(user__email=MAIL).kind == Role.Kind.FLOOR
    assert guest.get(f"/en/{edition.slug}/organiser/floor/").status_code == 200
    assert guest.post(f"/en/{edition.slug}/organiser/phases/").status_code == 403
    assert guest.get(path).status_code == 404  # it is good once
    assert "Accepted" in owner_here.get(page).text
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"organiser.invited", "organiser.joined", "role.given"} <= actions


def test_a_link_ends_after_a_week_when_it_is_sent_again_and_when_it_is_taken_back(
    edition: Edition, organiser: User, organiser_client: Client, page: str, deliver: Callable[[], int]
) -> None:
    invitation = invitations.invite(edition, email=MAIL, kind="viewer", by=organiser)
    deliver()
    first = link()
    with time_machine.travel(NOW + timedelta(days=8)):
        assert Client().get(first).status_code == 404
    answer = f"{page}invitations/{invitation.pk}/"
    assert organiser_client.post(answer).status_code == 302
    deliver()
    second = link()
    assert [Client().get(path).status_code for path in (first, second)] == [404, 200]
    assert organiser_client.post(answer, {"withdraw": "1"}).status_code == 302
    assert Client().get(second).status_code == 404
    assert not OrganiserInvitation.objects.exists()
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions[-2:] == ["organiser.invited_again", "organiser.invitation_withdrawn"]
    assert "token_hash" not in str(AuditEntry.objects.filter(action__startswith="organiser.").values("before", "after"))


def test_a_link_that_somebody_else_opens_makes_nobody_an_organiser(
    edition: Edition, organiser: User, stranger: User, stranger_client: Client, deliver: Callable[[], int]
) -> None:
    invitations.invite(edition, email=MAIL, kind="owner", by=organiser)
    deliver()
    assert "at another mail address" in stranger_client.get(link()).text
    assert stranger_client.post(link()).status_code == 200
    assert not stranger.roles.exists()


def test_a_second_invitation_to_an_address_takes_the_place_of_the_first(edition: Edition, organiser: User) -> None:
    invitations.invite(edition, email=MAIL, kind="viewer", by=organiser)
    invitations.invite(edition, email=MAIL, kind="floor", by=organiser)
    assert OrganiserInvitation.objects.get().kind == "floor"
    with pytest.raises(invitations.InvitationRefusedError, match="organises here already"):
        invitations.invite(edition, email=organiser.email, kind="viewer", by=organiser)


def test_ownership_changes_only_after_the_owner_has_confirmed_that_it_is_they(
    organiser: User, organiser_client: Client, owner_here: Client, page: str, new_user: Callable[..., User]
) -> None:
    other = new_user("heir", organisation=organiser.roles.get().organisation).roles.get()
    Role.objects.filter(pk=other.pk).update(kind=Role.Kind.VIEWER)
    change = f"{page}{other.pk}/"
    for address, sent in ((page, {"email": MAIL, "kind": "owner"}), (change, {"kind": "owner"})):
        assert "/account/" in organiser_client.post(address, sent)["Location"]
    other.refresh_from_db()
    assert (other.kind, OrganiserInvitation.objects.count()) == ("viewer", 0)
    assert owner_here.post(change, {"kind": "owner"}).status_code == 302
    other.refresh_from_db()
    assert other.kind == "owner"
    assert owner_here.post(change, {"remove": "1"}).status_code == 302
    assert not other.user.roles.exists()


def test_the_last_owner_stays(organiser: User, owner_here: Client, page: str) -> None:
    role = organiser.roles.get()
    for act in (lambda: remove(role), lambda: change_role(role, Role.Kind.MANAGER)):
        with pytest.raises(LastOwnerError):
            act()
    told = owner_here.post(f"{page}{role.pk}/", {"remove": "1"}, follow=True)
    assert "needs an owner" in told.text
    assert organiser.roles.get().kind == Role.Kind.OWNER


def test_a_manager_reads_who_organises_and_changes_nobody(
    organiser: User, organiser_client: Client, page: str, new_user: Callable[..., User]
) -> None:
    new_user("owner", organisation=organiser.roles.get().organisation)
    organiser.roles.update(kind=Role.Kind.MANAGER)
    shown = organiser_client.get(page).text
    assert "owner@example.org" in shown
    assert "Invite an organiser" not in shown
    assert organiser_client.post(page, {"email": MAIL, "kind": "owner"}).status_code == 403


def test_the_list_takes_as_many_queries_for_three_organisers_as_for_one(
    organiser: User,
    organiser_client: Client,
    page: str,
    new_user: Callable[..., User],
    django_assert_max_num_queries: Any,
) -> None:
    organiser_client.get(page)
    with django_assert_max_num_queries(60) as one:
        organiser_client.get(page)
    for name in ("ana", "li"):
        new_user(name, organisation=organiser.roles.get().organisation)
    with django_assert_max_num_queries(len(one)):
        organiser_client.get(page)
