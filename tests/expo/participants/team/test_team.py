"""The team of a firm: seats, roles, and invitations by mail."""

import re
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.packages.domain import limits
from serai.expo.participants.team.domain import TeamRefusedError, invite, seats_free, seats_taken
from serai.expo.participants.team.models import TeamInvitation
from serai.expo.people.account.models import Role, User


def test_an_invitation_by_mail_makes_a_member_with_its_role(
    desk: Participation,
    owner_client: Client,
    address: str,
    stranger: User,
    stranger_client: Client,
    deliver: Callable[[], None],
) -> None:
    owner_client.post(f"{address}team/", {"email": "Sales@Example.org", "kind": "sales"})
    deliver()
    [letter] = mail.outbox
    assert letter.to == ["sales@example.org"]
    found = re.search(r"https?://\S+", str(letter.body))
    assert found
    link = found.group()
    assert TeamInvitation.objects.get().token_hash not in str(letter.body)
    assert "Owned Materials" in stranger_client.get(link).text
    assert not Role.objects.filter(user=stranger).exists()  # looking is not joining
    assert "another mail address" in stranger_client.post(link).text, "A link that was forwarded lets nobody in."
    assert not Role.objects.filter(user=stranger).exists()
    EmailAddress.objects.create(user=stranger, email="sales@example.org", verified=False)
    stranger_client.post(link)
    assert not Role.objects.filter(user=stranger).exists()
    EmailAddress.objects.update(verified=True)
    stranger_client.post(link)
    assert Role.objects.get(user=stranger).kind == "sales"
    assert stranger_client.post(link).status_code == 404
    assert "token_hash" not in str(list(AuditEntry.objects.values_list("before", "after")))


def test_two_invitations_at_once_do_not_both_take_the_last_seat(desk: Participation, owner: User) -> None:
    """The firm's row is read to be held before anything is counted."""
    with CaptureQueriesContext(connection) as asked:
        invite(desk, email="one@example.org", kind="member", user=owner)
    read = [one["sql"] for one in asked if one["sql"].startswith("SELECT")]
    assert 'FROM "expo_firm" WHERE "expo_firm"."id" =' in read[0]


def test_what_has_run_out_takes_no_seat_anywhere(desk: Participation, owner: User) -> None:
    invite(desk, email="one@example.org", kind="member", user=owner)
    assert (seats_taken(desk), limits()["seats"].used(desk)) == (2, 2)
    TeamInvitation.objects.update(expires_at=timezone.now())
    assert (seats_taken(desk), limits()["seats"].used(desk)) == (1, 1)


def test_seats_are_those_of_the_package(desk: Participation, owner: User) -> None:
    desk.seats = 3
    invite(desk, email="one@example.org", kind="member", user=owner)
    assert seats_free(desk) == 1
    invite(desk, email="one@example.org", kind="sales", user=owner)  # a new link for the same person
    assert seats_free(desk) == 1
    invite(desk, email="two@example.org", kind="member", user=owner)
    with pytest.raises(TeamRefusedError, match="All 3 seats"):
        invite(desk, email="three@example.org", kind="member", user=owner)
    TeamInvitation.objects.filter(email="two@example.org").update(expires_at=timezone.now())
    assert seats_free(desk) == 1


def test_a_firm_keeps_an_owner(desk: Participation, owner: User, owner_client: Client, address: str) -> None:
    role = Role.objects.get(user=owner)
    for sent in ({"kind": "member"}, {"kind": "owner", "remove": "1"}):
        told = owner_client.post(f"{address}team/{role.pk}/", sent, follow=True)
        assert "A firm needs an owner" in told.text
    heir = User.objects.create_user("heir@example.org")
    other = Role.objects.create(user=heir, firm=desk.firm, kind=Role.Kind.MEMBER)
    owner_client.post(f"{address}team/{other.pk}/", {"kind": "owner"})
    owner_client.post(f"{address}team/{role.pk}/", {"kind": "owner", "remove": "1"})
    assert list(Role.objects.filter(firm=desk.firm).values_list("user__email", "kind")) == [
        ("heir@example.org", "owner")
    ]
    assert owner_client.get(f"{address}team/").status_code == 403


def test_only_owners_manage_and_each_role_has_its_pages(
    desk: Participation, edition: Edition, address: str, organiser_client: Client
) -> None:
    pages = ["", "profile/", "team/"]
    seen = {}
    for kind in Role.IN_A_FIRM:
        user = User.objects.create_user(f"{kind}@example.org")
        Role.objects.create(user=user, firm=desk.firm, kind=kind)
        client = Client()
        client.force_login(user)
        seen[kind] = [client.get(address + page).status_code for page in pages]
    assert seen == {
        "owner": [200, 200, 200],
        "manager": [200, 200, 403],
        "sales": [200, 403, 403],
        "scanner": [200, 403, 403],
        "member": [200, 403, 403],
    }
    assert [organiser_client.get(address + page).status_code for page in pages] == [200, 200, 403]


def test_a_role_of_another_firm_cannot_be_changed(
    desk: Participation, owner_client: Client, address: str, member: User
) -> None:
    role = Role.objects.get(user=member)
    assert owner_client.post(f"{address}team/{role.pk}/", {"remove": "1"}).status_code == 404
    assert Role.objects.filter(pk=role.pk).exists()


def test_an_invitation_is_cancelled(desk: Participation, owner: User, owner_client: Client, address: str) -> None:
    invitation, _token = invite(desk, email="one@example.org", kind="member", user=owner)
    owner_client.post(f"{address}team/invitations/{invitation.pk}/cancel/")
    assert not TeamInvitation.objects.exists()
    with scope(edition=desk.edition):
        assert AuditEntry.objects.filter(action="team.invitation_cancelled").exists()
