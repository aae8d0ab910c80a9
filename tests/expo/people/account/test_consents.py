"""What a person agrees to: purpose by purpose, under a wording, taken back at any time, and never by silence."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from serai.expo.base.audit.models import AuditEntry
from serai.expo.people.account.domain import consents
from serai.expo.people.account.domain.consents import (
    UnknownPurposeError,
    consenting,
    give,
    has_consent,
    history,
    standings,
    withdraw,
)
from serai.expo.people.account.models import Consent, Organisation, User


def test_silence_is_a_no(member: User) -> None:
    assert not any(has_consent(member, purpose) for purpose in consents.PURPOSES)
    assert not any(standing.given for standing in standings(member))


def test_the_last_word_counts(member: User, stranger: User) -> None:
    give(member, "matches")
    assert has_consent(member, "matches")
    assert not has_consent(member, "newsletters")
    assert not has_consent(stranger, "matches")
    assert list(consenting("matches")) == [member]
    withdraw(member, "matches")
    assert not has_consent(member, "matches")
    assert not consenting("matches").exists()
    assert [said.given for said in history(member)] == [False, True]
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "consent.given",
        "consent.withdrawn",
    ]


def test_a_no_to_one_organiser_is_none_to_another_until_a_yes_to_all(
    member: User, organisation: Organisation, other_organisation: Organisation
) -> None:
    give(member, "newsletters")
    withdraw(member, "newsletters", organisation)
    assert not has_consent(member, "newsletters", organisation)
    assert not consenting("newsletters", organisation).exists()
    assert has_consent(member, "newsletters", other_organisation)
    assert list(consenting("newsletters", other_organisation)) == [member]
    (standing,) = [row for row in standings(member) if row.purpose.key == "newsletters"]
    assert (standing.given, standing.refused) == (True, (organisation,))
    give(member, "newsletters")
    assert has_consent(member, "newsletters", organisation)
    withdraw(member, "newsletters")
    assert not has_consent(member, "newsletters", other_organisation)


def test_the_very_words_are_kept_with_their_language(member: User) -> None:
    with translation.override("zh-hans"):
        said = give(member, "publish_name")
        shown = str(consents.PURPOSES["publish_name"].wording)
    assert (said.language, said.version, said.wording) == ("zh-hans", 1, shown)
    assert "公" in said.wording


def test_a_wider_wording_is_asked_anew_and_a_clearer_one_is_not(member: User, monkeypatch: pytest.MonkeyPatch) -> None:
    give(member, "matches")
    old = consents.PURPOSES["matches"]
    clearer = replace(old, wordings=(*old.wordings, "The same, said more clearly."))
    monkeypatch.setattr(consents, "PURPOSES", {"matches": clearer})
    assert has_consent(member, "matches")
    monkeypatch.setattr(consents, "PURPOSES", {"matches": replace(clearer, valid_from=2)})
    assert not has_consent(member, "matches")
    assert not consenting("matches").exists()


def test_an_unknown_purpose_is_refused_with_those_that_there_are(member: User) -> None:
    with pytest.raises(UnknownPurposeError, match="matches"):
        has_consent(member, "everything")


def test_the_page_changes_the_readers_own_word_only(member: User, stranger: User, member_client: Client) -> None:
    member_client.post("/en/account/consents/", {"purpose": "newsletters", "say": "give"})
    assert list(consenting("newsletters")) == [member]
    refused: Any = member_client.post("/en/account/consents/", {"purpose": "everything", "say": "give"}, follow=True)
    assert "Nothing was changed" in refused.text
    assert Consent.objects.count() == 1
    member_client.post("/en/account/consents/", {"purpose": "newsletters", "say": "withdraw"})
    assert not consenting("newsletters").exists()
