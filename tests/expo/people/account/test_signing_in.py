"""Signing in: by a code that is mailed, by password, with a second factor; signing up; ending sessions; limits."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.mailing.domain.outbox import send_next
from serai.expo.people.account.domain.sessions import device
from serai.expo.people.account.models import User
from serai.expo.people.account.pages.sign_in import FactorAdapter

PASSWORD = "correct horse battery"
SIGN_IN = {"login": "member@example.org", "password": PASSWORD}


def code_in(message: mail.EmailMessage) -> str:
    found = re.search(r"^[A-Z0-9]{3,}-?[A-Z0-9]{3,}$", str(message.body), re.MULTILINE)
    assert found, message.body
    return found[0]


def sent() -> list[mail.EmailMessage]:
    """The letters that the worker has sent once it comes; none leaves before."""
    assert sum(1 for _letter in iter(send_next, False)) > 0
    return mail.outbox


def app_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def signed_in_as(client: Client) -> str | None:
    number = client.session.get("_auth_user_id")
    return User.objects.get(pk=number).email if number else None


def test_a_code_by_mail_signs_in_and_leads_back(member: User, client: Client) -> None:
    asked = client.post("/en/sign-in/code/?next=/en/account/", {"email": "Member@example.org", "next": "/en/account/"})
    assert signed_in_as(client) is None
    assert mail.outbox == [], "no page waits for a mail server"
    (message,) = sent()
    assert message.to == ["member@example.org"]
    answer = client.post(asked["Location"], {"code": code_in(message), "next": "/en/account/"})
    assert answer["Location"] == "/en/account/"
    assert signed_in_as(client) == "member@example.org"


def test_a_wrong_code_is_refused_in_words_and_three_end_the_attempt(member: User, client: Client) -> None:
    asked = client.post("/en/sign-in/code/", {"email": "member@example.org"})
    assert "not the code that was sent" in client.post(asked["Location"], {"code": "AAAA-BBBB"}).text
    client.post(asked["Location"], {"code": "AAAA-BBBB"})
    client.post(asked["Location"], {"code": "AAAA-BBBB"})
    client.post(asked["Location"], {"code": code_in(sent()[0])})
    assert signed_in_as(client) is None


def test_whether_an_address_has_an_account_is_not_told(member: User, client: Client) -> None:
    known = client.post("/en/sign-in/code/", {"email": "member@example.org"})
    unknown = Client().post("/en/sign-in/code/", {"email": "nobody@example.org"})
    assert known["Location"] == unknown["Location"]
    assert sent()[1].to == ["nobody@example.org"]
    assert "no account" in str(mail.outbox[1].body).lower() or "not have" in str(mail.outbox[1].body).lower()


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "登录"), ("ar", "رمز"), ("ru", "код"), ("en", "code")])
def test_a_mail_is_in_the_language_of_its_reader(member: User, client: Client, language: str, word: str) -> None:
    User.objects.filter(pk=member.pk).update(language=language)
    client.post("/fr/sign-in/code/", {"email": "member@example.org"})
    assert word in str(sent()[0].body).lower()


def test_who_signs_up_proves_the_address_first(db: None, client: Client) -> None:
    asked = client.post("/ar/sign-up/", {"name": "ليلى", "email": "New@example.org"})
    assert signed_in_as(client) is None
    person = User.objects.get(email="new@example.org")
    assert (person.name, person.language, person.has_usable_password()) == ("ليلى", "ar", False)
    assert not EmailAddress.objects.get(user=person).verified
    client.post(asked["Location"], {"code": code_in(sent()[0])})
    assert signed_in_as(client) == "new@example.org"
    assert EmailAddress.objects.get(user=person).verified


def test_a_second_account_of_one_address_is_not_made(member: User, client: Client) -> None:
    client.post("/en/sign-up/", {"name": "Somebody", "email": "member@example.org"})
    assert User.objects.filter(email="member@example.org").count() == 1
    assert User.objects.get(email="member@example.org").name == "Member"
    assert "already" in str(sent()[0].body)


def test_an_instance_may_be_closed_to_sign_ups(db: None, client: Client, settings: Any) -> None:
    settings.SIGN_UP = False
    assert "Open an account" not in client.get("/en/sign-in/").text
    client.post("/en/sign-up/", {"name": "Somebody", "email": "new@example.org"})
    assert not User.objects.filter(email="new@example.org").exists()


def test_a_password_of_the_command_needs_no_mail(member: User, client: Client) -> None:
    assert client.post("/en/sign-in/", SIGN_IN)["Location"] == "/en/"
    assert signed_in_as(client) == "member@example.org"
    assert send_next() is False


def test_wrong_passwords_are_limited(member: User, client: Client) -> None:
    for _ in range(6):
        answer = client.post("/en/sign-in/", SIGN_IN | {"password": "a guess of mine"})
    assert "Too many attempts" in answer.text
    assert "Too many attempts" in client.post("/en/sign-in/", SIGN_IN).text
    assert signed_in_as(client) is None


def test_requests_from_one_place_are_limited_with_a_page(member: User, client: Client) -> None:
    for number in range(31):
        answer = client.post("/en/sign-in/", {"login": f"{number}@example.org", "password": ""})
    assert answer.status_code == 429
    assert "Wait some minutes" in answer.text


def test_the_code_of_an_app_is_asked_for_after_the_password(member: User, client: Client) -> None:
    client.post("/en/sign-in/", SIGN_IN)
    confirm = client.get("/en/account/security/app/")["Location"]
    client.post(confirm, {"password": PASSWORD})
    form = client.get("/en/account/security/app/").context["form"]
    secret = form.secret
    client.post("/en/account/security/app/", {"code": app_code(secret)})
    kept = Authenticator.objects.get(user=member, type="totp")
    assert secret not in str(kept.data)
    assert FactorAdapter().decrypt(kept.data["secret"]) == secret
    codes = client.get("/en/account/security/recovery-codes/").context["unused_codes"]
    assert len(codes) == 10

    other = Client()
    step = other.post("/en/sign-in/", SIGN_IN)["Location"]
    assert signed_in_as(other) is None
    assert "wrong or no longer valid" in other.post(step, {"code": "000000"}).text
    other.post(step, {"code": codes[0]})
    assert signed_in_as(other) == "member@example.org"

    again = Client()
    step = again.post("/en/sign-in/", SIGN_IN)["Location"]
    again.post(step, {"code": codes[0]})
    assert signed_in_as(again) is None, "A recovery code is good once."


def test_changing_how_one_signs_in_asks_for_the_password_once_more(member: User, member_client: Client) -> None:
    answer = member_client.get("/en/account/security/app/")
    assert answer["Location"].startswith("/en/account/security/confirm/?next=")
    assert generate_totp_secret() not in answer.text


def test_sessions_are_listed_and_the_others_ended(member: User, client: Client) -> None:
    client.post("/en/sign-in/", SIGN_IN, headers={"user-agent": "Telephone"})
    other = Client()
    other.post("/en/sign-in/", SIGN_IN, headers={"user-agent": "Forgotten computer"})
    listed = client.get("/en/account/sessions/").text
    assert "Telephone" in listed
    assert "Forgotten computer" in listed
    client.post("/en/account/sessions/")
    assert client.get("/en/account/").status_code == 200
    assert other.get("/en/account/")["Location"].startswith("/en/sign-in/")


def test_a_session_from_before_the_password_changed_is_listed_no_more(member: User, client: Client) -> None:
    other = Client()
    for browser in (client, other):
        browser.post("/en/sign-in/", SIGN_IN)
    assert UserSession.objects.filter(user=member).count() == 2
    member.set_password("another horse battery")
    member.save()
    client.force_login(member)
    assert client.get("/en/account/sessions/").status_code == 200
    assert not UserSession.objects.filter(session_key=other.session.session_key).exists()


def test_one_session_is_ended_at_once_by_its_owner_and_by_nobody_else(
    member: User, client: Client, stranger_client: Client, anonymous_client: Client
) -> None:
    firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
    places = [client, Client(), Client()]
    for place in places:
        place.post("/en/sign-in/", SIGN_IN, headers={"user-agent": firefox})
    assert client.get("/en/account/sessions/").text.count("Firefox · Windows</bdi>") == 3
    first, second, third = UserSession.objects.order_by("pk")
    address = f"/en/account/sessions/{second.pk}/end/"
    assert stranger_client.post(address).status_code == 404
    assert anonymous_client.post(address)["Location"].startswith("/en/sign-in/")
    assert client.get(address).status_code == 405
    assert signed_in_as(places[1]) == "member@example.org"
    client.post(address)
    assert places[1].get("/en/account/")["Location"].startswith("/en/sign-in/")
    assert places[2].get("/en/account/").status_code == 200
    assert client.post(address).status_code == 404, "it is gone"
    client.post(f"/en/account/sessions/{first.pk}/end/")
    assert signed_in_as(client) is None, "ending the own session is signing out"
    assert list(UserSession.objects.all()) == [third]
    assert AuditEntry.objects.filter(action="session.ended", user=member).count() == 2


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/126 Mobile Safari/537.36 MicroMessenger/8.0", "WeChat · Android"),
        ("Telephone", "Telephone"),
        ("", ""),
    ],
)
def test_a_device_is_named_as_a_person_names_it(user_agent: str, name: str) -> None:
    assert device(user_agent) == name


def test_codes_asked_for_are_limited(member: User) -> None:
    for _ in range(6):
        answer = Client().post("/en/sign-in/code/", {"email": "member@example.org"})
    assert "Too many" in answer.text
    assert len(sent()) == 3


def test_a_forgotten_password_is_replaced_by_a_code(member: User, client: Client) -> None:
    client.post("/en/password/reset/", {"email": "member@example.org"})
    client.post("/en/password/reset/code/", {"code": code_in(sent()[0])})
    new = {"password1": "a road of many years", "password2": "a road of many years"}
    client.post("/en/password/reset/new/", new)
    member.refresh_from_db()
    assert member.check_password("a road of many years")
    assert "password" in sent()[-1].subject.lower()


def test_the_console_is_named_in_a_demonstration_and_before_the_first_start_only(
    edition: Edition, organiser: User, client: Client, settings: Any
) -> None:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}
    Client().post("/en/sign-in/code/", {"email": "nobody@example.org"})
    for fictional in (False, True):
        Edition.objects.filter(pk=edition.pk).update(fictional=fictional)
        page = client.post("/en/sign-in/code/", {"email": "nobody@example.org"}, follow=True)
        assert ("on the console" in page.text) == fictional
    Edition.objects.filter(pk=edition.pk).update(fictional=False)
    organiser.roles.all().delete()  # nobody organises: whoever starts Serai reads its console
    assert "on the console" in client.post("/en/sign-in/code/", {"email": "li@example.org"}, follow=True).text
