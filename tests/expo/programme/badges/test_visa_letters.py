"""Letters of invitation: who makes them, what they say in which language, and that nothing of a passport is kept."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.apps import apps
from django.test import Client
from django.utils import translation
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.domain.letter_words import set_wording
from serai.expo.firms.record.models import Firm
from serai.expo.participants.delegations.domain import add_member, found, let_act
from serai.expo.participants.delegations.models import DelegationMember
from serai.expo.people.account.models import User
from serai.expo.programme.badges.domain import visa_letters
from serai.expo.programme.badges.domain.visa_letters import (
    Traveller,
    invitation_pages,
    invitation_pdf,
    members_of,
    participants_of,
)
from serai.expo.programme.badges.pages import visa_views

type TakePart = Callable[..., Participation]

PASSPORT = "ZX98765QQ"
SENT = {
    "name": "AMINA ODHIAMBO",
    "born_on": "1987-03-14",
    "nationality": "KE",
    "passport": "zx 98765-qq",
    "valid_until": "2031-05-01",
    "position": "Head of purchasing",
    "arrives_on": "2026-11-27",
    "leaves_on": "2026-12-01",
}
WHO = Traveller("AMINA ODHIAMBO", date(1987, 3, 14), "KE", PASSPORT, date(2031, 5, 1), "Head of purchasing")


@pytest.fixture(autouse=True)
def before_the_fair(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (visa_letters, visa_views):
        monkeypatch.setattr(module, "today_at", lambda _edition: date(2026, 9, 1))


def everything_kept() -> str:
    """All rows of all tables as text, without hashes, which may have any digits."""
    rows = "\n".join(str(row) for model in apps.get_models() for row in model._base_manager.values())
    return re.sub(r"[0-9a-f]{32,}", "", rows)


@pytest.fixture
def page(edition: Edition) -> str:
    return f"/en/{edition.slug}/invitation-letters/"


def test_an_owner_makes_a_letter_and_nothing_of_the_passport_is_kept(
    desk: Participation, owner: User, owner_client: Client, page: str
) -> None:
    here = f"{page}participants/{desk.pk}/"
    assert here in owner_client.get(page).text
    made = owner_client.post(here, SENT)
    assert (made.status_code, made["Content-Type"]) == (200, "application/pdf")
    assert made["Cache-Control"] == "private, no-store"
    assert made.content.startswith(b"%PDF-")
    entry = AuditEntry.objects.get(action="invitation.made")
    assert entry.user == owner
    kept = everything_kept()
    assert "owner@example.org" in kept
    told = (PASSPORT, "98765", "ODHIAMBO", "1987", "Head of purchasing")
    assert [word for word in told if re.search(rf"(?<!\d){re.escape(word)}(?!\d)", kept)] == []


@pytest.mark.parametrize(
    ("field", "said", "why"),
    [
        ("passport", "no way!", "5 to 20 letters and digits"),
        ("valid_until", "2026-11-29", "runs out before the journey ends"),
        ("valid_until", "2026-11-30", "runs out before the journey ends"),  # after the fair, before the way home
        ("born_on", "2031-01-01", "no date of birth"),
        ("born_on", "1850-01-01", "no date of birth"),
        ("leaves_on", "2026-11-20", "leave before arriving"),
        ("leaves_on", "", "both days"),
        ("nationality", "", "required"),
        ("name", " ", "required"),
    ],
)
def test_a_letter_that_a_consulate_would_refuse_is_not_made(
    desk: Participation, owner_client: Client, page: str, field: str, said: str, why: str
) -> None:
    answer = owner_client.post(f"{page}participants/{desk.pk}/", SENT | {field: said})
    assert answer.status_code == 400
    assert why in answer.text
    assert not AuditEntry.objects.filter(action="invitation.made").exists()


@pytest.mark.parametrize(("language", "pages"), [("en", ["en"]), ("zh-hans", ["zh-hans", "en"]), ("ar", ["ar", "en"])])
def test_it_is_in_the_readers_language_and_in_english(
    desk: Participation, owner: User, language: str, pages: list[str]
) -> None:
    with scope(edition=desk.edition), translation.override(language):
        said = invitation_pages(desk, WHO, language)
        assert [one["language"] for one in said] == pages
        made = invitation_pdf(desk, WHO, language, by=owner)
    english = said[-1]
    assert english["subject"] == "Invitation to Fair of chains"
    assert "We invite AMINA ODHIAMBO of Owned Materials (Exhibitor) to Fair of chains" in english["paragraphs"][1]
    assert english["facts"][2:5] == [
        ["Nationality", "Kenya"],
        ["Passport number", PASSPORT],
        ["Passport valid until", "May 1, 2031"],
    ]
    fonts = {"en": b"NotoSans", "zh-hans": b"CJK", "ar": b"NotoSansArabic"}
    assert fonts[language] in made


def test_where_the_organisation_has_no_country_it_names_that_of_the_fair(desk: Participation) -> None:
    desk.edition.organisation.country = ""
    with scope(edition=desk.edition):
        assert invitation_pages(desk, WHO, "en")[0]["address"].startswith("China · ")


def test_the_organiser_words_it_with_its_signature(desk: Participation, organiser: User) -> None:
    words = "To the consulate\n\n{person} is our guest.\n\nWang Li\nDirector of the {organiser}"
    set_wording(desk.edition, "visa-invitation", {"en": "Our guest {person}"}, {"en": words}, user=organiser)
    with scope(edition=desk.edition):
        (said,) = invitation_pages(desk, WHO, "en")
    assert said["subject"] == "Our guest AMINA ODHIAMBO"
    assert said["paragraphs"] == [
        "To the consulate",
        "AMINA ODHIAMBO is our guest.",
        "Wang Li\nDirector of the Trade Body",
    ]


@pytest.mark.parametrize("state", ["applied", "rejected", "cancelled"])
def test_only_who_is_confirmed_makes_letters(
    edition: Edition,
    firm: Firm,
    take_part: TakePart,
    owner_client: Client,
    organiser_client: Client,
    page: str,
    state: str,
) -> None:
    one = take_part(edition, firm, kind="buyer", state=state)
    assert "once the organiser has confirmed" in owner_client.get(page).text
    for client in (owner_client, organiser_client):
        assert client.post(f"{page}participants/{one.pk}/", SENT).status_code == 404


def test_nobody_makes_letters_for_others(
    desk: Participation,
    page: str,
    stranger_client: Client,
    anonymous_client: Client,
    organiser_client: Client,
    member_client: Client,
) -> None:
    here = f"{page}participants/{desk.pk}/"
    for client in (stranger_client, member_client):
        assert client.post(here, SENT).status_code == 404
    assert anonymous_client.post(here, SENT).status_code == 302
    assert here in organiser_client.get(f"{page}?firm={desk.firm.identifier.lower()}").text
    assert organiser_client.post(here, SENT)["Content-Type"] == "application/pdf"


def test_a_leader_makes_them_for_members_whose_firm_agreed_and_for_all_once_its_own_is_confirmed(
    edition: Edition,
    desk: Participation,
    owner: User,
    stranger: User,
    stranger_client: Client,
    page: str,
    organiser: User,
    take_part: TakePart,
) -> None:
    with scope(edition=edition):
        led = found(edition, stranger, "Delegation of Nairobi", "KE")
        free = add_member(led, by=stranger, name="Amina Okoye", part="head")
        of_firm = add_member(led, by=stranger, name="Ana Ruiz", participation=desk)
        DelegationMember.objects.update(letter="wanted")
        assert not members_of(stranger, edition).exists()  # anybody may begin a delegation
        assert set(members_of(organiser, edition)) == {free, of_firm}
        let_act(of_firm, by=owner, let=True)
        of_firm.refresh_from_db()
        assert set(members_of(stranger, edition)) == {of_firm}
        assert set(participants_of(stranger, edition)) == {desk}
        (said,) = invitation_pages(of_firm, WHO, "en")
        assert ["Firm", "Owned Materials"] in said["facts"]
        (said,) = invitation_pages(free, WHO, "en")
        assert ["Firm", "Delegation of Nairobi"] in said["facts"]
    assert 'value="Ana Ruiz"' in stranger_client.get(f"{page}members/{of_firm.pk}/").text
    assert stranger_client.post(f"{page}members/{free.pk}/", SENT).status_code == 404
    assert stranger_client.post(f"{page}members/{of_firm.pk}/", SENT).status_code == 200
    own = take_part(edition, kind="delegation")
    stranger.roles.create(kind="owner", firm=own.firm)
    with scope(edition=edition):
        of_firm.refresh_from_db()
        assert of_firm.letter == "sent"
        assert set(members_of(stranger, edition)) == {free, of_firm}


def test_after_the_fair_nobody_is_invited_to_it(
    desk: Participation, owner_client: Client, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("serai.expo.programme.badges.pages.visa_views.today_at", lambda _edition: date(2026, 12, 1))
    answer = owner_client.post(f"{page}participants/{desk.pk}/", SENT)
    assert "The fair is over" in answer.text
    assert not AuditEntry.objects.filter(action="invitation.made").exists()
