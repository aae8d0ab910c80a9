"""An organiser who acts for a person tries every address: nothing of the person's own affair is read or changed."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db.models import CharField, JSONField, TextField
from django.test import Client
from django.urls import get_resolver, resolve, reverse
from django_scopes import scope, scopes_disabled

from serai.expo.base.audit.domain.entries import OWN_OF_MODEL
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.keys import make_key
from serai.expo.fairs.mailing.models import Mail
from serai.expo.firms.record.models import Firm, Flow
from serai.expo.meetings.leads.models import Lead
from serai.expo.participants.impersonation.domain import OPEN_PAGES, OPEN_ROOMS, is_open
from serai.expo.participants.impersonation.models import Impersonation
from serai.expo.participants.team.models import TeamInvitation
from serai.expo.people.account.models import Role, User
from tests.expo.site.web.declared import DECLARED, Page, pages_of

pytestmark = [pytest.mark.any_database]

SECRET = "Zanzibar-7"
"""Stands in every lead, message, note and quotation, and in what the firm hides from its organiser."""

OWN_AFFAIR = {
    *("desk-leads", "desk-lead", "desk-lead-new", "desk-lead-done", "desk-leads-csv", "badge-seen"),
    *("my-contacts", "my-contact", "my-contact-new", "contacts-vcf", "contacts-csv", "keep-contact", "need-sources"),
    *("my-meetings", "meeting-request", "meeting-exchange", "meeting", "act-on-meeting", "ask-to-meet"),
    "ask-several",
    *("own-exposure", "own-exposure-paper", "own-exposure-file"),
    *("own-sources", "own-sources-table", "own-sources-upload", "own-source"),
    *("interests", "interest", "quotation", "quotation-file", "quotations", "my-proposals", "desk-results"),
    *("my-outcomes", "outcome", "claim-outcome", "act-on-outcome", "outcome-document", "desk-contract"),
    *("desk-team", "team-change", "team-cancel", "team-join", "desk-co-exhibitors", "invitations", "own-withdrawal"),
    *("firm-claim", "firm-verification", "register-firm", "desk-new-firm", "desk-application", "apply-as"),
    *("api-keys", "revoke-api-key", "account", "account_email", "own-data", "profile", "consents", "change-feed"),
    *("account_change_password", "account_set_password", "mfa_add_webauthn", "usersessions_list", "session-end"),
    *("export-list", "export-table", "export-everything", "act-for"),
}


@pytest.fixture
def secrets(things: Mapping[str, Any], edition: Edition) -> None:
    """The secret word in each text that a firm writes for itself or for one other firm, and in fields that it hides."""
    with scopes_disabled():
        for name, fields in OWN_OF_MODEL.items():
            model = apps.get_model("expo", name)
            texts = [field for field in model._meta.concrete_fields if field.name in fields and _is_text(field)]
            for row in model._default_manager.all():
                for field in texts:
                    setattr(row, field.name, SECRET[: field.max_length or 99])
                row.save()
        firm = Firm.objects.get(identifier=things["firm"])
        Flow.objects.create(firm=firm, direction="input", scheme="hs", code="850760", text={"en": SECRET})
        firm.website = f"https://{SECRET.lower()}.example/"
        firm.visibility = {"flows": "firm", "website": "firm"}
        firm.save()
        assert Lead.objects.filter(person=SECRET).exists()


def _is_text(field: Any) -> bool:
    return isinstance(field, CharField | TextField) and not isinstance(field, JSONField) and not field.choices


def acting_for(client: Client, edition: Edition, person: User) -> Client:
    sent = {"person": person.pk, "reason": "Asked for help by telephone"}
    assert client.post(reverse("act-for", args=[edition.slug]), sent).status_code == 302
    return client


@pytest.mark.slow
@pytest.mark.parametrize("who", ["owner", "buyer"])
def test_no_address_gives_or_changes_what_is_the_persons_own_affair(
    who: str, edition: Edition, organiser_client: Client, things: Mapping[str, Any], secrets: None
) -> None:
    client = acting_for(organiser_client, edition, things[who])
    read = 0
    for room in DECLARED:
        for page in pages_of(room, things):
            if page.name in {"sign-out", "account_logout", "stop-acting"}:
                continue
            with scope(edition=edition):
                address = page.address(edition, things)
            answer = _opened(client, page, address)
            is_closed = not is_open(resolve(address).func.__module__, page.name)
            assert not is_closed or answer.status_code == 403, address
            assert answer.status_code < 500, address
            assert SECRET.lower() not in _text(answer).lower(), f"Acting for the {who} reads the secret at {address}."
            read += answer.status_code == 200
    assert read > 20
    with scopes_disabled():
        assert Impersonation.objects.get().is_open


def _opened(client: Client, page: Page, address: str) -> Any:
    return client.post(address, page.sent) if page.post and page.name in OWN_AFFAIR else client.get(address)


def _text(answer: Any) -> str:
    return (answer.getvalue() if answer.streaming else answer.content).decode(errors="replace")


def test_the_persons_own_affairs_are_declared_closed(edition: Edition) -> None:
    rooms = {page: f"{room}" for room, pages in DECLARED.items() for page in pages}
    assert rooms.keys() >= OWN_AFFAIR | OPEN_PAGES
    assert OWN_AFFAIR.isdisjoint(OPEN_PAGES)
    modules = {pattern.name: pattern.callback.__module__ for pattern in _patterns(get_resolver())}
    assert [name for name in OWN_AFFAIR if is_open(modules[name], name)] == []
    assert {room for room in OPEN_ROOMS if not any(f".{room}." in module for module in modules.values())} == set()
    assert not is_open("serai.expo.meetings.leads.pages", "a-new-page")


def _patterns(within: Any) -> list[Any]:
    return [
        pattern
        for part in within.url_patterns
        for pattern in (_patterns(part) if hasattr(part, "url_patterns") else [part])
    ]


def test_the_interface_answers_nobody_who_acts(
    edition: Edition, organiser: User, organiser_client: Client, things: Mapping[str, Any], secrets: None
) -> None:
    _key, text = make_key(organiser, "Portal", ["read", "organise"])
    client = acting_for(organiser_client, edition, things["owner"])
    for address in ("/api/v1/me", f"/api/v1/editions/{edition.slug}/my/leads", "/api/v1/editions"):
        for headers in ({}, {"authorization": f"Bearer {text}"}):
            assert client.get(address, headers=headers).status_code == 403, address


def test_the_owner_reads_what_is_closed_to_who_acts_for_it(
    edition: Edition, things: Mapping[str, Any], secrets: None
) -> None:
    page = reverse("desk-leads", args=[edition.slug, things["firm"]])
    assert SECRET in things["client of owner"].get(page).text
    flows = reverse("desk-record-group", args=[edition.slug, things["firm"], "flows"])
    assert SECRET in things["client of owner"].get(flows).text


def test_nobody_is_invited_or_made_an_owner_meanwhile(
    edition: Edition, organiser_client: Client, member: User, things: Mapping[str, Any]
) -> None:
    client = acting_for(organiser_client, edition, things["owner"])
    team = reverse("desk-team", args=[edition.slug, things["firm"]])
    seat = Role.objects.get(user=member)
    change = reverse("team-change", args=[edition.slug, things["firm"], seat.pk])
    before = TeamInvitation.objects.count()
    assert client.post(team, {"email": "mine@example.org", "kind": "owner"}).status_code == 403
    assert client.post(change, {"kind": "owner"}).status_code == 403
    assert client.post("/en/account/mail/", {"email": "mine@example.org", "action_add": ""}).status_code == 403
    assert client.post("/en/account/keys/", {"name": "Mine", "scopes": ["read"], "days": "0"}).status_code == 403
    assert TeamInvitation.objects.count() == before
    assert Role.objects.get(pk=seat.pk).kind == Role.Kind.MEMBER


def test_the_person_is_told_by_letter_who_acts_until_when_and_why(
    edition: Edition, organiser_client: Client, things: Mapping[str, Any]
) -> None:
    acting_for(organiser_client, edition, things["owner"])
    with scope(edition=edition):
        acting = Impersonation.objects.get()
        letter = Mail.objects.get(user=things["owner"])
    assert letter.state == Mail.State.QUEUED
    assert "Organiser" in letter.body
    assert "The reason: Asked for help by telephone" in letter.body
    assert f"{acting.started_at.astimezone(ZoneInfo(edition.time_zone)):%Y-%m-%d %H:%M}" in letter.body
