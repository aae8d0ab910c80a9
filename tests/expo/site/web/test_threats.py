"""What somebody hostile tries: scripts in own texts, addresses that lead away, guesses by the clock."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any
from unittest import mock

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.db.models import CharField, Model, SlugField, TextField
from django.test import Client
from django.urls import reverse
from django_scopes import scope, scopes_disabled
from pydantic import TypeAdapter, ValidationError

from serai.expo.base.text import LocalizedTextField
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.kinds import as_changed
from serai.expo.fairs.mailing.domain.letters import send_letter
from serai.expo.firms.record.domain.cells import UnreadableError, website
from serai.expo.firms.record.domain.fields import FIRM
from serai.expo.people.account.models import User
from tests.expo.site.web.declared import DECLARED, pages_of

SCRIPT = '"><script>alert(1)</script>'


ADDRESSED_BY = {"code", "identifier", "key", "token", "token_hash"}


def _fill(model: type[Model]) -> None:
    """Write the script into every text of every row that a person writes freely."""
    for row in model._default_manager.all():
        for field in model._meta.concrete_fields:
            if field.choices or field.unique or isinstance(field, SlugField) or field.name in ADDRESSED_BY:
                continue
            if isinstance(field, LocalizedTextField):
                setattr(row, field.name, {"en": SCRIPT})
            elif type(field) in (CharField, TextField) and (field.max_length or 99) >= 60 and field.editable:
                setattr(row, field.name, SCRIPT)
        row.save()


WRITTEN = (
    *("firm", "plant", "offer", "need", "interest", "quotation", "lead", "meetingrequest", "meetingexchange"),
    *("session", "forum", "speaker", "appearance", "proposal", "proposedspeaker", "badge", "vetting", "desktask"),
    *("delegation", "outcome", "outcomeparty", "segment", "package", "registrationquestion", "hall", "reportpart"),
    *("namedreport", "assistancecase", "coexhibitorinvitation", "teaminvitation"),
)


@pytest.mark.slow
@pytest.mark.any_database
def test_no_page_runs_a_script_that_somebody_wrote_into_a_text(
    edition: Edition, organiser_client: Client, anonymous_client: Client, things: Mapping[str, Any]
) -> None:
    with scopes_disabled():
        for name in WRITTEN:
            _fill(apps.get_model("expo", name))
    readers = {"public": anonymous_client, "organiser": organiser_client, "buyer": things["client of buyer"]}
    shown = 0
    for room in DECLARED:
        for page in pages_of(room, things):
            if page.post or page.name == "offline-worker":
                continue
            with scope(edition=edition):
                address = page.address(edition, things)
            answer = readers.get(page.who, things["client of owner"]).get(address)
            answer.close()
            if answer.get("Content-Type", "").startswith("text/html"):
                assert SCRIPT[2:] not in answer.text, address
                shown += "&gt;&lt;script&gt;alert(1)" in answer.text
    assert shown > 20, "The texts are shown."


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,hello", "http://a b/"])
def test_no_link_of_a_firm_is_anything_but_an_address_of_the_web(
    link: str, edition: Edition, things: Mapping[str, Any]
) -> None:
    profile = reverse("desk-profile", args=[edition.slug, things["firm"]])
    answer = things["client of owner"].post(profile, {"website": link})
    assert "website" in answer.context["form"].errors
    with pytest.raises(UnreadableError):
        website(link)
    with pytest.raises(ValidationError):
        TypeAdapter(as_changed(FIRM["website"])[0]).validate_python(link)


def test_the_page_of_what_is_not_there_leads_nowhere_else(client: Client, db: None) -> None:
    for path in ("//evil.example/", "//evil.example/en/", "/\\evil.example/", "/en//evil.example/"):
        answer = client.get(path)
        assert "//evil.example" not in answer.get("Location", "").removeprefix("http://testserver")
        leads = re.findall(r'(?:href|action)="([^"]*)"', answer.text)
        assert [link for link in leads if link.startswith(("//", "/\\"))] == [], path


def test_a_wrong_address_takes_as_long_as_a_wrong_password(member: User, client: Client) -> None:
    hashed = []

    class Counting(MD5PasswordHasher):
        def encode(self, password: str, salt: str) -> str:
            hashed.append(password)
            return super().encode(password, salt)

    with mock.patch("django.contrib.auth.hashers.get_hashers", return_value=[Counting()]):
        counts = []
        for login in (member.email, "nobody@example.org"):
            hashed.clear()
            client.post("/en/sign-in/", {"login": login, "password": "a guess of mine"})
            counts.append(len(hashed))
    assert counts[0] == counts[1] > 0


def test_no_name_puts_another_reader_or_subject_into_a_letter(
    edition: Edition, member: User, deliver: Callable[[], None]
) -> None:
    User.objects.filter(pk=member.pk).update(name="Li\r\nBcc: thief@example.org")
    values = {"organiser": "Li\nBcc: thief@example.org", "begins": "10:00", "ends": "10:30", "reason": "a\n\n.\nb"}
    with scope(edition=edition):
        send_letter(edition, User.objects.get(pk=member.pk), "acted-for", values | {"address": "-"})
    deliver()
    for message in mail.outbox:
        assert message.recipients() == [member.email]
        assert "Bcc" not in message.message()


def test_the_cookies_of_a_site_over_https_never_travel_in_the_clear_or_to_a_script() -> None:
    given = {"SERAI_HTTPS": "1", "SERAI_HOSTS": "fair.example", "SERAI_HOME": os.environ["SERAI_HOME"]}
    code = (
        "from serai.expo import settings as s; "
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS > 10**7)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | given, capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["True"] * 4
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"
