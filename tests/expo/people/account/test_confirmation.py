"""Before something delicate a person confirms that it is still oneself, also one without a password."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from serai.expo.fairs.interface.models import ApiKey
from serai.expo.fairs.mailing.domain.outbox import send_next
from serai.expo.people.account.models import User
from serai.expo.people.account.pages import confirmation

KEY = {"name": "Accounts", "scopes": ["read"], "days": "365"}
KEYS = "/en/account/keys/"
BY_MAIL = "/en/account/security/confirm/mail/?next=%2Fen%2Faccount%2Fkeys%2F"


@pytest.fixture
def without_password(member: User, client: Client) -> Client:
    member.set_unusable_password()
    member.save()
    client.force_login(member)
    return client


def letters() -> list[Any]:
    """What was written, sent as by the worker."""
    while send_next():
        pass
    return mail.outbox


def code_in(message: Any) -> str:
    found = re.search(r"^[A-Z0-9]{3,}-?[A-Z0-9]{3,}$", str(message.body), re.MULTILINE)
    assert found, message.body
    return found[0]


def test_who_has_no_password_makes_a_key_with_a_code_by_mail(member: User, without_password: Client) -> None:
    assert without_password.post(KEYS, KEY)["Location"] == BY_MAIL
    assert not ApiKey.objects.exists()
    assert 'name="code"' not in without_password.get(BY_MAIL).text
    assert letters() == [], "Looking at the page sends nothing."
    without_password.post(BY_MAIL, {"send": "1"})
    (message,) = letters()
    assert message.to == [member.email]
    made = without_password.post(BY_MAIL, {"code": code_in(message)})
    assert made.context["shown"], "What was asked for before is done now."
    assert without_password.post(KEYS, KEY).context["shown"], "It is not asked again for some minutes."
    assert ApiKey.objects.filter(user=member).count() == 2


def test_who_has_no_password_erases_the_account_with_a_code_by_mail(member: User, without_password: Client) -> None:
    asked = without_password.post("/en/account/", {"password": member.email})["Location"]
    assert "/account/security/confirm/mail/" in asked
    assert User.objects.filter(pk=member.pk).exists()
    without_password.post(asked, {"send": "1"})
    without_password.post(asked, {"code": code_in(letters()[0])})
    assert not User.objects.filter(pk=member.pk).exists()
    assert without_password.get("/en/account/").status_code == 302


def test_a_wrong_or_late_code_confirms_nothing(without_password: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    without_password.post(KEYS, KEY)
    without_password.post(BY_MAIL, {"send": "1"})
    for _ in range(confirmation.TRIES):
        assert "not the code that was sent" in without_password.post(BY_MAIL, {"code": "AAAA-BBBB"}).text
    without_password.post(BY_MAIL, {"code": code_in(letters()[0])})
    without_password.post(BY_MAIL, {"send": "1"})
    monkeypatch.setattr(confirmation, "GOOD_SECONDS", -1)
    without_password.post(BY_MAIL, {"code": code_in(letters()[1])})
    assert not ApiKey.objects.exists()
    assert without_password.post(KEYS, KEY)["Location"] == BY_MAIL


def test_codes_to_confirm_are_limited(without_password: Client) -> None:
    for _ in range(6):
        answer = without_password.post(BY_MAIL, {"send": "1"}, follow=True)
    assert "Too many" in answer.text
    assert len(letters()) == 3


def test_a_confirmation_wears_off(without_password: Client, settings: Any) -> None:
    without_password.post(BY_MAIL, {"send": "1"})
    without_password.post(BY_MAIL, {"code": code_in(letters()[0])})
    assert without_password.get("/en/account/security/passkeys/add/").status_code == 200
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    assert without_password.get("/en/account/security/passkeys/add/").status_code == 302


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("/en/account/mail/", {"email": "mine@example.org", "action_add": ""}),
        (
            "/en/account/security/password/set/",
            {"password1": "a road of many years", "password2": "a road of many years"},
        ),
        ("/en/account/security/passkeys/add/", {"name": "Mine", "credential": "{}"}),
        ("/en/account/security/app/", {"code": "000000"}),
    ],
)
def test_a_session_alone_changes_no_way_to_sign_in(
    address: str, sent: dict[str, str], member: User, without_password: Client
) -> None:
    answer = without_password.post(address, sent)
    assert "/account/security/confirm/mail/" in answer["Location"]
    member.refresh_from_db()
    assert not member.has_usable_password()
    assert not member.emailaddress_set.filter(email="mine@example.org").exists()
