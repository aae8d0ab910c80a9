"""What an entry of the trail changed is told in words, in the reader's language."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.urls import get_resolver
from django.utils import timezone, translation

from serai.expo.base.audit.domain.words import TOLD_APART, WordedChange, done, in_words, title_of
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.firms.record.models import Firm
from serai.expo.people.account.models import User
from serai.expo.results.exports.domain.record_tables import record_title

type Told = tuple[str, str | None, str | None]


def told(kind: str, before: object, after: object) -> list[Told]:
    (changes,) = in_words([(kind, before, after)])  # type: ignore[list-item]
    return [(change.title, change.before, change.after) for change in changes]


def test_a_text_is_told_language_by_language() -> None:
    before, after = {"title": {"en": "West", "fr": "Ouest"}}, {"title": {"en": "West hall", "fr": "Ouest"}}
    assert told("hall", before, after) == [("Title (English)", "West", "West hall")]


def test_choices_flags_days_times_numbers_and_countries_are_written_as_readers_write_them() -> None:
    with timezone.override("Asia/Shanghai"):
        assert told(
            "session",
            {"state": "proposed", "starts_at": "2026-03-01T01:30:00Z"},
            {"state": "confirmed", "starts_at": "2026-03-01T02:00:00Z"},
        ) == [
            ("Begins", "March 1, 2026, 09:30", "March 1, 2026, 10:00"),
            ("State", "Proposed", "Confirmed"),
        ]
    assert told("edition", {"publishes_at_once": False}, {"publishes_at_once": True}) == [
        ("Offers are published at once", "No", "Yes")
    ]
    assert told("edition", {"ends_on": "2026-03-01"}, {"ends_on": None}) == [("Last day", "March 1, 2026", "–")]
    assert told("firm", {"country": "DE"}, {"country": "CN"}) == [("Country or region", "Germany", "China")]
    assert told("booth", {"width_m": 3.0, "power_kw": 1.5}, {"width_m": 4.0, "power_kw": 2.25}) == [
        ("Power, kW", "1.5", "2.25"),
        ("Width, m", "3", "4"),
    ]


def test_what_is_new_shows_only_what_it_has_and_a_mapping_is_told_key_by_key() -> None:
    new = {"id": 7, "edition": 1, "code": "W1", "title": {"en": "West"}, "section": None}
    assert told("hall", None, new) == [("Code", None, "W1"), ("Title (English)", None, "West")]
    assert told("hall", new, None) == [("Code", "W1", None), ("Title (English)", "West", None)]
    assert told("edition", {"branding": {"brand": "#000"}}, {"branding": {"brand": "#fff", "logo": "x"}}) == [
        ("Look (brand)", "#000", "#fff"),
        ("Look (logo)", "–", "x"),
    ]
    assert told("no such thing", {"who_knows": [1, {"a": 2}]}, {"who_knows": []}) == [("Who knows", "1, a: 2", "–")]


def test_what_is_masked_stays_masked() -> None:
    assert told("lead", {"notes": "***", "rating": "***"}, {"notes": "***", "rating": "***"}) == []
    assert told("firm", {"turnover": "***"}, {"turnover": "10-50"})[0][1] == "***"
    masked = dict.fromkeys(("country", "language", "title", "state", "room", "seats", "fictional"), "***")
    for kind in ("edition", "session", "firm", "hall", "plant"):
        assert {old for _title, old, _new in told(kind, masked, {})} == {"***"}
    assert told("session", {"starts_at": "***"}, {"starts_at": "2026-02-30T99:00:00Z"}) == [
        ("Begins", "***", "2026-02-30T99:00:00Z")
    ]


def test_an_action_is_told_by_its_last_word() -> None:
    assert (done("hall.set"), done("organiser.role_given"), done("session.walked_in")) == (
        "Changed",
        "Role given",
        "Walked in",
    )


@pytest.mark.django_db
def test_a_row_is_called_by_its_name_and_each_model_takes_one_query(
    edition: Edition,
    firm: Firm,
    owner: User,
    take_part: Callable[..., Participation],
    django_assert_num_queries: Callable[[int], object],
) -> None:
    participation = take_part(edition)
    states = {"participation": participation.pk, "signed_up_by": owner.pk}
    entry = ("visit", None, states)
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        first, second = in_words([entry, entry])
    assert first == second
    assert WordedChange("Participation", None, shown_name(participation.firm)) in first
    assert told("visit", None, {"participation": 10**9}) == [("Participation", None, "1000000000")]


def test_titles_are_told_in_the_readers_language() -> None:
    with translation.override("zh-hans"):
        (title, _before, after), *_rest = told("edition", None, {"venue": {"en": "Hall"}})
    assert (title.isascii(), after) == (False, "Hall")


COMPUTED = {"auditentry", "auditseal", "delivery", "firmpair", "importrow", "job", "labrun", "mail", "searchentry"} | {
    "sourcevalue", "staffrequest", "storedresult", "timetablerun"
}  # fmt: skip
"""Models whose rows Serai writes by itself: the trail tells nobody of them."""


def test_every_field_of_a_row_that_people_change_is_called_in_the_readers_language() -> None:
    get_resolver().url_patterns  # noqa: B018  loads the tables of all rooms
    models = [model for model in apps.get_app_config("expo").get_models() if model._meta.model_name not in COMPUTED]
    with translation.override("zh-hans"):
        titles = {
            f"{model._meta.model_name}.{field.name}": title_of(str(model._meta.model_name), field.name, field)
            for model in models
            for field in model._meta.concrete_fields
            if field.name not in TOLD_APART
        } | {name: str(record_title(name)) for name in (str(model._meta.model_name) for model in models)}
    assert [name for name, title in titles.items() if title.isascii()] == []
