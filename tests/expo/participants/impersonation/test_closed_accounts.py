"""Who has a closed account signs in no more, in no way, and reads so; only who may closes one, and it is recorded."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.interface.domain.keys import key_of, make_key
from serai.expo.participants.impersonation.domain import BlockingRefusedError, block, may_block, unblock
from serai.expo.people.account.models import Organisation, Role, User
from serai.expo.people.staff.models import StaffSession

PASSWORD = "correct horse battery"
CLOSED = "This account has been closed"


@pytest.fixture
def director(organisation: Organisation, new_user: Callable[..., User]) -> User:
    """An owner of the organiser."""
    user = new_user("director", organisation=organisation)
    user.roles.update(kind=Role.Kind.OWNER)
    return user


@pytest.fixture
def director_client(director: User) -> Client:
    client = Client()
    client.force_login(director)
    return client


def page(edition: Edition, person: User) -> str:
    return f"/en/{edition.slug}/organiser/people/{person.pk}/"


def signed_in(person: User) -> tuple[Client, str]:
    """A browser in which the person has signed in, or tried to, and what it read."""
    EmailAddress.objects.update_or_create(user=person, email=person.email, defaults={"verified": True, "primary": True})
    client = Client()
    answer = client.post("/en/sign-in/", {"login": person.email, "password": PASSWORD}, follow=True)
    return client, str(answer.text)


def test_who_is_blocked_is_signed_out_at_once_signs_in_no_more_and_reads_so(
    edition: Edition, member: User, director: User, director_client: Client
) -> None:
    _key, text = make_key(member, "a program", ["read"])
    client, _text = signed_in(member)
    assert client.get("/en/account/").status_code == 200
    assert key_of(text)
    refused = director_client.post(page(edition, member), {"reason": " "}, follow=True)
    assert "Write why" in refused.text
    said = director_client.post(page(edition, member), {"reason": "Sold its badge"}, follow=True)
    assert "signs in no more" in said.text
    assert client.get("/en/account/").status_code == 302
    assert CLOSED in signed_in(member)[1]
    assert key_of(text) is None
    called = Client().get("/api/v1/me", headers={"authorization": f"Bearer {text}"})
    assert called.status_code == 401
    entry = AuditEntry.objects.get(action="account.closed")
    assert (entry.user, entry.edition, entry.object_id) == (director, edition, str(member.pk))
    assert (entry.before, entry.after) == (
        {"is_active": True, "reason": None},
        {"is_active": False, "reason": "Sold its badge"},
    )
    assert AuditEntry.objects.filter(action="session.ended", user=director).count() == 1


def test_who_asks_for_a_code_reads_that_the_account_is_closed_and_not_that_there_is_none(
    member: User, deliver: Callable[[], None]
) -> None:
    User.objects.filter(pk=member.pk).update(is_active=False)
    for asked in ("sign-in/code/", "password/reset/"):
        mail.outbox.clear()
        Client().post(f"/en/{asked}", {"email": member.email})
        deliver()
        [letter] = mail.outbox
        assert (letter.to, CLOSED in str(letter.body)) == ([member.email], True)


def test_who_is_let_in_again_signs_in_and_no_old_session_comes_back(
    edition: Edition, member: User, director_client: Client
) -> None:
    client, _text = signed_in(member)
    director_client.post(page(edition, member), {"reason": "A mistake"})
    assert "Closed accounts" in director_client.get(f"/en/{edition.slug}/organiser/act-for/").text
    director_client.post(page(edition, member), {"open": "1"})
    assert client.get("/en/account/").status_code == 302
    assert signed_in(member)[0].get("/en/account/").status_code == 200
    assert AuditEntry.objects.get(action="account.opened").after == {"is_active": True}


def test_only_an_owner_of_the_organiser_and_staff_in_a_session_block_and_only_people_of_firms(
    edition: Edition,
    other_edition: Edition,
    member: User,
    organiser: User,
    organiser_client: Client,
    director: User,
    stranger: User,
    new_user: Callable[..., User],
    take_part: Callable[..., Participation],
) -> None:
    organiser.roles.update(kind=Role.Kind.MANAGER)
    shown = organiser_client.get(page(edition, member)).text
    assert ("Close this account" in shown, "by an owner of the organiser" in shown) == (False, True)
    organiser_client.post(page(edition, member), {"reason": "A reason"})
    member.refresh_from_db()
    assert member.is_active
    assert organiser_client.get(page(edition, stranger)).status_code == 404
    staff = User.objects.create_superuser("staff@example.org", PASSWORD)
    with scope(edition=edition):
        assert may_block(director, member, edition)
        for person in (organiser, director, stranger, staff):
            assert not may_block(director, person, edition)
        assert not may_block(staff, member, edition)
        firm = member.roles.get().firm
        assert firm is not None
    # An account is of all fairs: of who takes part at another organiser's it is closed by nobody but staff.
    take_part(other_edition, firm)
    with scope(edition=edition):
        with pytest.raises(BlockingRefusedError, match="at no fair of another"):
            block(member, by=director, edition=edition, reason="A reason")
        staff.staff_session = StaffSession(user=staff)
        block(member, by=staff, edition=edition, reason="A reason")
        with pytest.raises(BlockingRefusedError, match="closed already"):
            block(member, by=staff, edition=edition, reason="A reason")
        with pytest.raises(BlockingRefusedError, match="at no fair of another"):
            unblock(member, by=director, edition=edition)
        unblock(member, by=staff, edition=edition)
        with pytest.raises(BlockingRefusedError, match="is open"):
            unblock(member, by=staff, edition=edition)
