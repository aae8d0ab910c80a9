"""A speaker is somebody with an account and speaks for an exhibitor, where the organiser has said so in the form."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.models import Mail
from serai.expo.programme.badges.models import Badge
from serai.expo.programme.sessions.models import Session, Speaker

SAID = {"name_en": "Ada Lindqvist"}


def page(edition: Edition, rest: str) -> str:
    return f"/en/{edition.slug}/{rest}"


@pytest.fixture
def ada(edition: Edition, sessions: list[Session]) -> Speaker:
    with scope(edition=edition):
        return Speaker.objects.get()


@pytest.fixture
def form(edition: Edition, ada: Speaker) -> str:
    return page(edition, f"organiser/programme/speaker/{ada.pk}/")


def stored(speaker: Speaker) -> Speaker:
    with scope(edition=speaker.edition):
        return Speaker.objects.select_related("user", "participation").get(pk=speaker.pk)


@pytest.mark.usefixtures("stranger")
def test_who_is_named_by_the_mail_address_is_told_of_a_cancellation_and_asks_for_the_badge(
    edition: Edition,
    sessions: list[Session],
    ada: Speaker,
    form: str,
    organiser_client: Client,
    stranger_client: Client,
) -> None:
    badges = page(edition, "badges/")
    assert "You speak at this fair" not in stranger_client.get(badges).text
    assert organiser_client.post(form, SAID | {"mail": "Stranger@Example.org"}).status_code == 302
    assert 'value="stranger@example.org"' in organiser_client.get(form).text
    assert "You speak at this fair" in stranger_client.get(badges).text
    stranger_client.post(badges, {"speaker": str(ada.pk)})
    organiser_client.post(page(edition, f"organiser/programme/session/{sessions[0].pk}/cancel/"), {"reason": "Storm."})
    with scope(edition=edition):
        assert (Badge.objects.get().speaker, Badge.objects.get().email) == (ada, "stranger@example.org")
        assert "Storm." in Mail.objects.get(user__email="stranger@example.org").body
    entry = AuditEntry.objects.get(action="speaker.changed")
    assert entry.after is not None
    assert entry.after["user"]
    organiser_client.post(form, SAID | {"mail": ""})
    assert stored(ada).user is None


def test_whom_a_speaker_speaks_for_is_chosen_in_the_form_and_linked_on_the_page(
    edition: Edition,
    ada: Speaker,
    form: str,
    organiser_client: Client,
    anonymous_client: Client,
    take_part: Callable[..., Participation],
) -> None:
    there = take_part(edition)
    address = page(edition, f"firms/{there.firm.identifier}/")
    shown, call = page(edition, f"programme/speakers/{ada.pk}/"), f"/api/v1/editions/{edition.slug}/speakers/{ada.pk}"
    assert address not in anonymous_client.get(shown).text
    assert organiser_client.post(form, SAID | {"participation": there.pk}).status_code == 302
    assert address in anonymous_client.get(shown).text
    assert there.firm.legal_name in anonymous_client.get(shown).text
    assert anonymous_client.get(address).status_code == 200
    assert anonymous_client.get(call).json()["firm"] == there.firm.identifier
    with scope(edition=edition):
        Participation.objects.filter(pk=there.pk).update(state="cancelled")
    assert address not in anonymous_client.get(shown).text
    assert anonymous_client.get(call).json()["firm"] is None
    assert organiser_client.post(form, SAID | {"participation": there.pk}).status_code == 302
    assert stored(ada).participation == there  # no other change of the speaker takes it away


@pytest.mark.parametrize("whose", ["other fair", "buyer", "nobody"])
def test_only_exhibitors_of_this_fair_and_people_with_an_account_are_taken(
    edition: Edition,
    other_edition: Edition,
    ada: Speaker,
    form: str,
    organiser_client: Client,
    take_part: Callable[..., Participation],
    whose: str,
) -> None:
    given: dict[str, dict[str, Any]] = {
        "other fair": {"participation": take_part(other_edition).pk},
        "buyer": {"participation": take_part(edition, kind="buyer").pk},
        "nobody": {"mail": "nobody@example.org"},
    }
    answer = organiser_client.post(form, SAID | given[whose])
    assert answer.status_code == 400
    said = "Nobody has an account with this mail address." if whose == "nobody" else "Select a valid choice"
    assert said in answer.text
    assert (stored(ada).user, stored(ada).participation) == (None, None)
