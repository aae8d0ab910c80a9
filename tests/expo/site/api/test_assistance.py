"""The assistance desk by programs: an exhibitor asks, the organiser sees to it, and each reads what is its own."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.people.account.models import User
from serai.expo.results.assistance.models import AssistanceCase


@pytest.fixture
def aided(edition: Edition, take_part: Callable[..., Participation], a_firm: Callable[..., Any]) -> Participation:
    """An exhibitor from Zambia, one of the least developed countries."""
    return take_part(edition, a_firm("Lusaka Textiles Ltd", "ZM"))


@pytest.fixture
def own(aided: Participation, new_user: Callable[..., User], program_of: Callable[..., Any]) -> Any:
    return program_of(new_user("weaver", firm=aided.firm), "read", "write")


@pytest.fixture
def directs(organiser: User, program_of: Callable[..., Any]) -> Any:
    return program_of(organiser, "read", "write", "organise")


def test_a_case_is_asked_for_granted_and_closed(
    edition: Edition, aided: Participation, own: Any, directs: Any, organiser: User, organiser_client: Client
) -> None:
    path, firm = f"/editions/{edition.slug}/assistance", aided.firm.identifier
    asked = own(path, "post", {"firm": firm, "kind": "freight", "note": "A crate of 2 m³"})
    assert (asked.status_code, asked.json()["state"], asked.json()["spent"]) == (201, "asked", None)
    assert own(path, "post", {"firm": firm, "kind": "freight"}).status_code == 409
    [case] = directs(path).json()["items"]
    one = f"{path}/{case['number']}"
    no_currency = directs(one, "patch", {"budget": 900})
    assert (no_currency.status_code, "currency" in no_currency.json()["detail"]) == (409, True)
    given = {
        "state": "in_work",
        "budget": 900,
        "spent": 450.5,
        "currency": "USD",
        "budget_line": "Freight",
        "responsible": organiser.email,
        "answer": "It is on its way",
    }
    kept = directs(one, "patch", given)
    assert (kept.json()["budget"], kept.json()["spent"], kept.json()["closed_at"]) == ("900.00", "450.50", None)
    assert directs(one, "patch", {"responsible": "nobody@example.org"}).status_code == 409
    [mine] = own(path).json()["items"]
    assert (mine["answer"], mine["responsible"]) == ("It is on its way", "Organiser")
    assert [mine[name] for name in ("budget", "spent", "currency", "budget_line", "responsible_mail")] == [None] * 5
    [line] = directs(f"{path}/budget").json()["items"]
    assert (line["line"], float(line["left"])) == ("Freight", 449.5)
    closed = directs(one, "patch", {"state": "done"}, if_match=kept["ETag"])
    assert closed.json()["closed_at"] is not None
    assert directs(one, "patch", {"state": "refused"}, if_match=kept["ETag"]).status_code == 412
    [result] = directs(f"{path}/results").json()["items"]
    assert (result["firm"], result["cases"], result["open"]) == (firm, 1, 0)
    # The page and the call are narrowed alike.
    assert [one["state"] for one in directs(f"{path}?state=done").json()["items"]] == ["done"]
    for query, count in (("state=done&kind=freight", 1), ("state=asked", 0), ("kind=visa", 0)):
        page = organiser_client.get(f"/en/{edition.slug}/organiser/assistance/?{query}")
        assert len(page.context["page"]) == len(directs(f"{path}?{query}").json()["items"]) == count


def test_the_desk_is_for_exhibitors_of_least_developed_countries_and_their_own_people(
    edition: Edition,
    aided: Participation,
    own: Any,
    directs: Any,
    owner: User,
    desk: Participation,
    stranger: User,
    program_of: Callable[..., Any],
) -> None:
    path = f"/editions/{edition.slug}/assistance"
    chinese = program_of(owner, "read", "write")
    not_entitled = chinese(path, "post", {"firm": desk.firm.identifier, "kind": "visa"})
    assert (not_entitled.status_code, "least developed" in not_entitled.json()["detail"]) == (409, True)
    assert directs(f"{path}/cases", "post", {"firm": desk.firm.identifier, "kind": "visa"}).status_code == 409
    for user in (owner, stranger):
        call = program_of(user, "read", "write")
        assert call(path, "post", {"firm": aided.firm.identifier, "kind": "visa"}).status_code == 403
        assert call(path).json()["items"] == []
    assert [one["has_case"] for one in directs(f"{path}/entitled").json()["items"]] == [False]
    opened = directs(f"{path}/cases", "post", {"firm": aided.firm.identifier, "kind": "mentor", "due_on": "2026-10-01"})
    assert (opened.status_code, opened.json()["state"]) == (201, "granted")
    [row] = directs(f"{path}/entitled").json()["items"]
    assert row == {
        "firm": aided.firm.identifier,
        "legal_name": "Lusaka Textiles Ltd",
        "country": "ZM",
        "has_case": True,
    }
    assert own(f"{path}/cases", "post", {"firm": aided.firm.identifier, "kind": "visa"}).status_code == 403
    assert own(f"{path}/{opened.json()['number']}", "patch", {"state": "done"}).status_code == 403
    with scope(edition=edition):
        assert AssistanceCase.objects.get().state == "granted"


@pytest.mark.parametrize("count", [1, 3])
def test_cases_take_as_many_queries_for_one_as_for_three(
    count: int,
    edition: Edition,
    aided: Participation,
    directs: Any,
    organiser: User,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    for kind in AssistanceCase.Kind.values[:count]:
        with scope(edition=edition):
            AssistanceCase.objects.create(edition=edition, participation=aided, kind=kind, responsible=organiser)
    path = f"/editions/{edition.slug}/assistance"
    directs(path)  # the key is seen once, and that is kept
    for listed in (path, f"{path}/entitled"):
        with django_assert_max_num_queries(7):
            assert directs(listed).json()["items"]
