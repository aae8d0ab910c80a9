"""A person's name in its parts, order and script."""

import pytest
from django.test import Client

from serai.expo.base.audit.models import AuditEntry
from serai.expo.people.account.domain.profile import display_name
from serai.expo.people.account.models import User


@pytest.mark.parametrize(
    ("given", "family", "order", "shown"),
    [
        ("Amina", "Okoye", "given_first", "Amina Okoye"),
        ("小明", "王", "family_first", "王小明"),
        ("민준", "김", "family_first", "김민준"),
        ("Ferenc", "Liszt", "family_first", "Liszt Ferenc"),
        ("", "Sukarno", "given_first", "Sukarno"),
        ("", "", "given_first", ""),
    ],
)
def test_a_name_is_shown_in_its_own_order(given: str, family: str, order: str, shown: str) -> None:
    assert display_name(given, family, order) == shown


@pytest.mark.parametrize(
    ("languages", "language", "order"),
    [
        ([], "en", "given_first"),
        ([], "zh-hans", "family_first"),
        (["hu", "en"], "en", "family_first"),
        (["fr", "ja"], "en", "given_first"),
    ],
)
def test_the_form_begins_with_the_order_of_the_language_that_is_read_or_spoken_first(
    member: User, member_client: Client, languages: list[str], language: str, order: str
) -> None:
    User.objects.filter(pk=member.pk).update(languages=languages, language=language)
    assert f'<option value="{order}" selected' in member_client.get("/en/account/profile/").text
    User.objects.filter(pk=member.pk).update(family_name="Okoye")  # who has said its names has said their order
    assert '<option value="given_first" selected' in member_client.get("/en/account/profile/").text


def test_a_person_changes_its_own_profile(member: User, member_client: Client) -> None:
    form = {"given_name": "小明", "family_name": "王", "name_order": "family_first", "languages": ["zh-hans", "en"]}
    member_client.post(
        "/en/account/profile/", form | {"language": "zh-hans", "native_name": "王小明", "position": "采购"}
    )
    member.refresh_from_db()
    assert (member.name, member.languages, member.language) == ("王小明", ["zh-hans", "en"], "zh-hans")
    entry = AuditEntry.objects.get(action="user.profile_changed")
    assert entry.before is not None
    assert entry.before["name"] == "Member"


def test_a_language_that_is_none_is_refused_in_words(member: User, member_client: Client) -> None:
    form = {"given_name": "A", "family_name": "B", "name_order": "given_first", "languages": ["xx"], "language": "en"}
    assert "xx" in member_client.post("/en/account/profile/", form).text
    member.refresh_from_db()
    assert member.name == "Member"
