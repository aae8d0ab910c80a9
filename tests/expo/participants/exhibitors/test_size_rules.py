"""A fair's own rule makes the size class of a firm, on pages, in floors and in figures alike."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation, SizeRule
from serai.expo.firms.record.domain.size_classes import (
    RuleError,
    computed_size,
    remove_rule,
    rules_of,
    set_rule,
    size_of,
)
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.matchmaking.domain.matching import protected
from serai.expo.people.account.models import User
from serai.expo.results.report.domain.fair import share_small

EUROPEAN = {"micro": 10, "small": 50, "medium": 250}, {"micro": 2, "small": 10, "medium": 50}
CHINESE = {"micro": 20, "small": 300, "medium": 1000}, {}


@pytest.fixture(autouse=True)
def in_scope(edition: Edition) -> Iterator[None]:
    with scope(edition=edition):
        yield


def sizes(edition: Edition) -> dict[str, str]:
    found = Participation.objects.filter(edition=edition).annotate(size_here=computed_size(edition))
    return dict(found.values_list("firm__identifier", "size_here"))


def test_the_query_says_of_every_pair_of_bands_what_the_rule_says(
    edition: Edition, a_firm: Callable[..., Firm], take_part: Callable[..., Any]
) -> None:
    set_rule(edition, "", *EUROPEAN, user=None)
    set_rule(edition, "CN", *CHINESE, user=None)
    firms = [
        a_firm(country=country, employees=employees, turnover=turnover, size="large")
        for country, employees, turnover in product(
            ("CN", "DE"), ("", *Firm.Employees.values), ("", *Firm.Turnover.values)
        )
    ]
    for firm in firms:
        take_part(edition, firm)
    rules = rules_of(edition)
    assert sizes(edition) == {firm.identifier: size_of(firm, rules).size for firm in firms}


@pytest.mark.parametrize(
    ("country", "employees", "turnover", "size", "is_computed"),
    [
        ("DE", "1-9", "", "micro", True),
        ("DE", "1-9", "2-10", "small", True),  # beyond micro by its turnover
        ("DE", "20-49", "500-", "large", True),
        ("DE", "250-299", "0-2", "large", True),
        ("CN", "250-299", "", "small", True),
        ("CN", "300-999", "", "medium", True),
        ("CN", "", "0-2", "medium", False),  # it says nothing of its employees: its own statement
    ],
)
def test_a_class_is_left_by_employees_or_by_turnover(
    edition: Edition, country: str, employees: str, turnover: str, size: str, is_computed: bool
) -> None:
    set_rule(edition, "", *EUROPEAN, user=None)
    set_rule(edition, "CN", *CHINESE, user=None)
    found = size_of(Firm(country=country, employees=employees, turnover=turnover, size="medium"), rules_of(edition))
    assert (found.size, found.is_computed) == (size, is_computed)


def test_without_a_rule_a_firm_is_what_it_states(
    edition: Edition, a_firm: Callable[..., Firm], take_part: Callable[..., Any]
) -> None:
    firm = a_firm(size="small", employees="1000-")
    take_part(edition, firm)
    assert sizes(edition) == {firm.identifier: "small"}
    rule = set_rule(edition, "", *EUROPEAN, user=None)
    assert sizes(edition) == {firm.identifier: "large"}
    remove_rule(rule, user=None)
    assert sizes(edition) == {firm.identifier: "small"}
    assert [one.action for one in AuditEntry.objects.filter(object_type="sizerule").order_by("pk")] == [
        "size_rule.set",
        "size_rule.removed",
    ]


def test_floors_and_figures_go_by_the_rule(
    edition: Edition, a_firm: Callable[..., Firm], take_part: Callable[..., Any]
) -> None:
    one = take_part(edition, a_firm(country="CN", size="large", employees="250-299"))
    take_part(edition, a_firm(country="DE", size="large", employees="250-299"))
    assert (protected(edition), share_small(edition)) == (set(), 0)
    set_rule(edition, "CN", *CHINESE, user=None)
    assert (protected(edition), share_small(edition)) == ({one.pk}, 50)


@pytest.mark.parametrize(
    ("country", "employees", "turnover", "what"),
    [
        ("", {"micro": 10, "medium": 100}, {}, "bands of firms meet: 10, 20, 50, 250, 300, 1000"),
        ("", {"micro": 50, "small": 20, "medium": 250}, {}, "must rise"),
        ("", {"micro": 10}, {}, "from how many employees"),
        ("", {"medium": 250}, {"medium": 7}, "bands of firms meet: 2, 10, 50, 500"),
        ("Atlantis", {"medium": 250}, {}, "no such country"),
    ],
)
def test_a_rule_that_cannot_be_says_why(
    edition: Edition, country: str, employees: dict[str, int], turnover: dict[str, int], what: str
) -> None:
    with pytest.raises(RuleError, match=what):
        set_rule(edition, country, employees, turnover, user=None)
    assert not SizeRule.objects.exists()


def test_an_organiser_sets_a_rule_and_the_firms_page_shows_the_class_as_computed(
    edition: Edition, organiser_client: Client, a_firm: Callable[..., Firm], take_part: Callable[..., Any]
) -> None:
    firm = a_firm(country="CN", size="large", employees="250-299")
    take_part(edition, firm)
    page = f"/en/{edition.slug}/organiser/sizes/"
    given = {"country": "", "micro_employees": 20, "small_employees": 300, "medium_employees": 1000}
    assert organiser_client.post(page, given).status_code == 302
    shown = organiser_client.get(page).content.decode()
    assert "fewer than 300 employees" in shown
    of_firm = organiser_client.get(f"/en/{edition.slug}/firms/{firm.identifier}/").content.decode()
    assert "Small, computed by the rule of this fair" in of_firm
    wrong = organiser_client.post(page, given | {"small_employees": 10})
    assert "must rise" in wrong.content.decode()
    rule = SizeRule.objects.get()
    organiser_client.post(page, {"remove": rule.pk})
    assert not SizeRule.objects.exists()


def test_an_organiser_of_another_fair_reaches_no_rule(
    edition: Edition, other_organiser_client: Client, organiser: User
) -> None:
    rule = set_rule(edition, "", *EUROPEAN, user=organiser)
    page = f"/en/{edition.slug}/organiser/sizes/"
    assert other_organiser_client.post(page, {"remove": rule.pk}).status_code in {403, 404}
    assert SizeRule.objects.exists()
