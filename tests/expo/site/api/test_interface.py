"""How the interface answers: pages, ETag, problems in sentences, limits, and keys that open only what they should."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from django.utils import timezone, translation
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.interface.domain.keys import KeyRefusedError, key_of, make_key, revoke
from serai.expo.fairs.interface.domain.operations import TITLES
from serai.expo.fairs.interface.models import ApiKey
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.models import Forum, Session, SignUp
from serai.expo.site.api.pages.reference import operations


def test_a_long_answer_comes_in_pages_that_miss_nothing_and_repeat_nothing(
    edition: Edition, take_part: Callable[..., Participation], program_of: Callable[..., Any]
) -> None:
    expected = {take_part(edition).firm.identifier for _ in range(5)}
    call, cursor, seen, calls = program_of(), "", [], 0
    while cursor is not None:
        page = call(f"/editions/{edition.slug}/firms?limit=2&cursor={cursor}").json()
        seen += [row["firm"]["identifier"] for row in page["items"]]
        cursor, calls = page["next"], calls + 1
    assert calls == 3
    assert len(seen) == 5
    assert set(seen) == expected


@pytest.mark.parametrize("cursor", ["nonsense", "YWZ0ZXI", "YWZ0ZXIgLTE", "%00"])
def test_a_cursor_that_is_none_of_ours_is_refused(
    edition: Edition, program_of: Callable[..., Any], cursor: str
) -> None:
    answer = program_of()(f"/editions/{edition.slug}/firms?cursor={cursor}")
    assert answer.status_code == 422
    assert "none of ours" in answer.json()["detail"]


def test_the_filter_is_that_of_the_directory(
    edition: Edition,
    take_part: Callable[..., Participation],
    a_firm: Callable[..., Any],
    program_of: Callable[..., Any],
) -> None:
    kenyan = take_part(edition, a_firm("Saffron Separators Ltd", "KE"))
    take_part(edition, a_firm("Cardamom Cathodes Ltd", "CN"))
    found = program_of()(f"/editions/{edition.slug}/firms?country=KE").json()["items"]
    assert [row["firm"]["identifier"] for row in found] == [kenyan.firm.identifier]


def test_what_the_caller_has_already_is_not_sent_again(
    edition: Edition, take_part: Callable[..., Participation], program_of: Callable[..., Any]
) -> None:
    call = program_of()
    first = call(f"/editions/{edition.slug}/firms")
    again = call(f"/editions/{edition.slug}/firms", if_none_match=f'"other", W/{first["ETag"]}')
    assert (again.status_code, again.content) == (304, b"")
    take_part(edition)
    assert call(f"/editions/{edition.slug}/firms", if_none_match=first["ETag"]).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/editions/nowhere", 404, "no fair at this address"),
        ("/editions/fair-2026/firms/CN000", 404, "No exhibitor"),
        ("/editions/fair-2026/chains/nothing", 404, "no such chain"),
        ("/editions/fair-2026/firms?limit=1000", 422, "as described"),
        ("/editions/fair-2026/firms?limit=many", 422, "as described"),
        ("/me", 401, "needs a key"),
    ],
)
def test_a_fault_is_told_as_a_problem(
    edition: Edition, program_of: Callable[..., Any], path: str, status: int, words: str
) -> None:
    answer = program_of()(path)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    said = answer.json()
    assert said["status"] == status
    assert words in said["detail"]


def test_a_problem_is_told_in_the_language_asked_for(edition: Edition, program_of: Callable[..., Any]) -> None:
    said = program_of()("/editions/nowhere", accept_language="zh-CN").json()["detail"]
    assert "展" in said


def test_a_fault_of_ours_tells_nothing_of_the_inside(
    edition: Edition, program_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("the inside")

    monkeypatch.setattr("serai.expo.results.report.api.figures", fail)
    answer = program_of()(f"/editions/{edition.slug}/figures")
    assert answer.status_code == 500
    assert "our side" in answer.json()["detail"]
    assert "inside" not in answer.text


def test_a_key_is_known_by_its_hash_only_and_shown_once(member: User, member_client: Client) -> None:
    asked = member_client.post("/en/account/keys/", {"name": "Accounts", "scopes": ["read"], "days": "365"})
    assert asked["Location"] == "/en/account/security/confirm/?next=%2Fen%2Faccount%2Fkeys%2F"
    assert not ApiKey.objects.exists()
    page = member_client.post(asked["Location"], {"password": "correct horse battery", "next": "/en/account/keys/"})
    key = ApiKey.objects.get(user=member)
    text = page.context["shown"]
    assert text in page.text
    assert text not in member_client.get("/en/account/keys/").text
    assert key.key_hash not in text
    assert text.split("_", 2)[2] not in str(list(AuditEntry.objects.values()))
    assert key_of(text) == key


def test_a_key_is_good_until_it_is_revoked_runs_out_or_its_owner_goes(member: User, stranger: User) -> None:
    key, text = make_key(member, "one", ["read"])
    assert key_of(text) == key
    assert key_of(text + "x") is None
    assert key_of("serai__") is None
    revoke(key, member)
    assert key_of(text) is None
    _key, run_out = make_key(member, "two", ["read"], expires_at=timezone.now() - timedelta(seconds=1))
    assert key_of(run_out) is None
    _key, of_closed = make_key(stranger, "three", ["read"])
    User.objects.filter(pk=stranger.pk).update(is_active=False)
    assert key_of(of_closed) is None


def test_a_wrong_key_is_refused_and_never_taken_for_nobody(edition: Edition) -> None:
    for header in ("Bearer serai_x_y", "Basic abc", "Bearer"):
        answer = Client().get("/api/v1/editions", headers={"authorization": header})
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Bearer"


def test_the_cookie_of_a_page_counts_for_nothing(edition: Edition, organiser_client: Client) -> None:
    assert organiser_client.get(f"/api/v1/editions/{edition.slug}/participations").status_code == 401


def test_a_key_limited_to_a_fair_opens_no_other(
    edition: Edition, other_edition: Edition, organiser: User, other_organiser: User, program_of: Callable[..., Any]
) -> None:
    call = program_of(organiser, "read", "organise", only_in=edition)
    assert call(f"/editions/{edition.slug}/participations").status_code == 200
    assert call(f"/editions/{other_edition.slug}").status_code == 404
    assert [row["slug"] for row in call("/editions").json()["items"]] == [edition.slug]
    with pytest.raises(KeyRefusedError, match="that you organise"):
        make_key(other_organiser, "a key", ["read"], only_in=edition)


def test_nobody_revokes_the_key_of_another(member: User, stranger_client: Client, member_client: Client) -> None:
    key, _text = make_key(member, "one", ["read"])
    assert stranger_client.post(f"/en/account/keys/{key.pk}/revoke/").status_code == 404
    key.refresh_from_db()
    assert key.is_good
    member_client.post(f"/en/account/keys/{key.pk}/revoke/")
    key.refresh_from_db()
    assert not key.is_good


def test_when_a_key_was_used_last_is_kept(member: User, program_of: Callable[..., Any]) -> None:
    call = program_of(member)
    assert ApiKey.objects.get().last_used_at is None
    call("/me")
    assert ApiKey.objects.get().last_used_at is not None


def test_too_many_calls_are_refused_with_when_to_come_again(edition: Edition, program_of: Callable[..., Any]) -> None:
    call = program_of()
    answers = [call("/editions") for _ in range(61)]
    assert {answer.status_code for answer in answers[:60]} == {200}
    assert answers[60].status_code == 429
    assert 1 <= int(answers[60]["Retry-After"]) <= 60


def calls_from(client: Client, handed_on: str, most: int = 61, **address: str) -> list[int]:
    headers = {"x-forwarded-for": handed_on} if handed_on else {}
    return [client.get("/api/v1/editions", headers=headers, **address).status_code for _ in range(most)]  # type: ignore[arg-type]


def test_behind_a_proxy_one_visitor_shuts_out_nobody_else(edition: Edition, client: Client) -> None:
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1):
        assert calls_from(client, "203.0.113.7") == [200] * 60 + [429]
        assert calls_from(client, "203.0.113.8", 1) == [200]


def test_an_address_that_a_visitor_makes_up_counts_for_nothing(edition: Edition, client: Client) -> None:
    """A proxy adds the address that it sees at the end; what stands before it is the visitor's own word."""
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1):
        made_up = [calls_from(client, f"198.51.100.{number}, 203.0.113.7", 1)[0] for number in range(61)]
    assert made_up == [200] * 60 + [429]
    cache.clear()
    no_proxy = [calls_from(client, f"198.51.100.{number}", 1)[0] for number in range(61)]
    assert no_proxy == [200] * 60 + [429]


def test_a_request_past_the_proxies_counts_as_whoever_sent_it(edition: Edition, client: Client) -> None:
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=2):
        assert calls_from(client, "198.51.100.1", REMOTE_ADDR="192.0.2.1") == [200] * 60 + [429]
        assert calls_from(client, "no address, 198.51.100.1", 1, REMOTE_ADDR="192.0.2.1") == [429]


def test_a_network_of_ipv6_is_one_visitor(edition: Edition, client: Client) -> None:
    addresses = [f"2001:db8:0:1::{number:x}" for number in range(61)]
    assert [calls_from(client, "", 1, REMOTE_ADDR=one)[0] for one in addresses] == [200] * 60 + [429]
    assert calls_from(client, "", 1, REMOTE_ADDR="2001:db8:0:2::1") == [200]


@pytest.mark.parametrize("given", ["Bearer serai_wrong", "Bearer x", "Basic eDp5"])
def test_keys_are_not_tried_without_end(given: str, edition: Edition, client: Client) -> None:
    answers = [client.get("/api/v1/me", headers={"authorization": given}).status_code for _ in range(61)]
    assert answers == [401] * 60 + [429]


def test_a_program_signs_its_owner_up_for_a_session(
    edition: Edition, member: User, program_of: Callable[..., Any]
) -> None:
    begins = timezone.now() + timedelta(days=1)
    with scope(edition=edition):
        forum = Forum.objects.create(edition=edition, slug="opening", kind="ceremony")
        session = Session.objects.create(
            edition=edition, forum=forum, starts_at=begins, ends_at=begins + timedelta(hours=1), capacity=1
        )
        past = Session.objects.create(
            edition=edition, forum=forum, starts_at=begins - timedelta(days=2), ends_at=begins, capacity=1
        )
    call = program_of(member, "read", "write")
    assert call(f"/editions/{edition.slug}/programme/{session.pk}/seat", "put").json()["state"] == "confirmed"
    assert call(f"/editions/{edition.slug}/programme/{past.pk}/seat", "put").status_code == 409
    with scope(edition=edition):
        assert SignUp.objects.get().user == member
    assert call(f"/editions/{edition.slug}/programme/{session.pk}/seat", "delete").status_code == 204


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("what", ["firms", "offers"])
def test_a_list_takes_as_many_queries_for_one_as_for_three(
    what: str,
    count: int,
    edition: Edition,
    take_part: Callable[..., Participation],
    offer: Callable[..., Any],
    program_of: Callable[..., Any],
    django_assert_num_queries: Callable[..., Any],
) -> None:
    for _ in range(count):
        offer(take_part(edition))
    with django_assert_num_queries({"firms": 4, "offers": 3}[what]):
        assert len(program_of()(f"/editions/{edition.slug}/{what}").json()["items"]) == count


OPERATIONS = tuple(one.name for one in operations())


def test_the_description_is_openapi_3_1_and_its_page_asks_nothing_of_others(db: None, client: Client) -> None:
    assert client.get("/api/v1/openapi.json").json()["openapi"].startswith("3.1")
    page = client.get("/en/interface/").text
    assert "GET /api/v1/editions/{slug}/firms" in page
    assert "<script" not in page
    for name in OPERATIONS:
        assert f'id="{name}"' in page
    assert page.count("curl") == len(OPERATIONS)
    assert 'src="http' not in page


def test_each_operation_is_shown_with_a_call_that_its_own_schema_allows(db: None) -> None:
    for one in operations():
        example = one.example("https://serai.example")
        assert example.endswith('"')
        assert "{" not in example.partition(" -d ")[0]
        assert ("Bearer" in example) == bool(one.scopes)
        if one.body:
            sent = json.loads(one.sent)
            assert sent
            assert {part.name for part in one.body if part.required} <= set(sent)


def test_the_page_of_the_interface_is_in_the_readers_language(client: Client, db: None) -> None:
    page = client.get("/zh-hans/interface/").text
    with translation.override("zh-hans"):
        halls = str(TITLES["halls"])
    assert halls != "Halls"
    assert f">{halls}</h3>" in page
