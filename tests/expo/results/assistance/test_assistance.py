"""The assistance desk: who is entitled, what is asked, granted and spent, and what came of it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.outcomes.models import Outcome, OutcomeParty
from serai.expo.people.account.models import Role, User
from serai.expo.results.assistance.domain import (
    CaseError,
    ask,
    budget_lines,
    entitled,
    helped,
    late,
    save_case,
    visible_to,
    without_case,
)
from serai.expo.results.assistance.models import AssistanceCase
from serai.expo.results.report.domain.properties import figures

type Make[Thing] = Callable[..., Thing]


@pytest.fixture
def weaver(edition: Edition, take_part: Make[Participation], a_firm: Make[Firm]) -> Participation:
    """An exhibitor from Ethiopia, which is a least developed country on the opening day."""
    return take_part(edition, a_firm("Weaver", "ET"))


@pytest.fixture
def weaver_client(weaver: Participation, stranger: User, stranger_client: Client) -> Client:
    Role.objects.create(user=stranger, firm=weaver.firm, kind=Role.Kind.OWNER)
    return stranger_client


def case(participation: Participation, kind: str = "stand", **fields: object) -> AssistanceCase:
    return save_case(AssistanceCase(edition=participation.edition, participation=participation, kind=kind, **fields))


def test_exhibitors_from_least_developed_countries_are_entitled_as_of_the_opening_day(
    edition: Edition, weaver: Participation, take_part: Make[Participation], a_firm: Make[Firm]
) -> None:
    """Bangladesh leaves the group on 24 November 2026, four days before the fair."""
    mill = take_part(edition, a_firm("Mill", "BD"))
    take_part(edition, a_firm("Other", "DE"))
    take_part(edition, a_firm("Buyer", "ET"), "buyer")
    take_part(edition, a_firm("Gone", "ET"), state="cancelled")
    with scope(edition=edition):
        assert set(entitled(edition)) == {weaver}
        edition.starts_on = date(2026, 11, 23)
        assert set(entitled(edition)) == {weaver, mill}


def test_an_exhibitor_asks_once_for_each_kind_and_nobody_asks_who_is_not_entitled(
    edition: Edition, weaver: Participation, organiser: User, take_part: Make[Participation]
) -> None:
    made = ask(weaver, "visa", "Two persons", user=organiser)
    assert (made.state, made.note) == ("asked", "Two persons")
    with pytest.raises(CaseError, match="already"):
        ask(weaver, "visa", "", user=organiser)
    ask(weaver, "freight", "", user=organiser)
    made.state = "done"
    save_case(made, user=organiser)
    assert made.closed_at is not None
    ask(weaver, "visa", "A third", user=organiser)
    with pytest.raises(CaseError, match="least developed"):
        ask(take_part(edition), "visa", "", user=organiser)
    assert AuditEntry.objects.filter(action="assistance.set", user=organiser).count() == 4


def test_money_has_a_currency_and_currencies_are_never_added_up(edition: Edition, weaver: Participation) -> None:
    with pytest.raises(CaseError, match="currency"):
        case(weaver, budget=Decimal(5))
    case(weaver, "stand", budget=Decimal(3000), spent=Decimal("2800.50"), currency="usd", budget_line="Stands")
    case(weaver, "other", budget=Decimal(1000), spent=Decimal(1500), currency="USD", budget_line="Stands")
    case(weaver, "freight", spent=Decimal(70), currency="CNY", budget_line="Stands")
    with scope(edition=edition):
        lines = [(one.line, one.currency, one.cases, one.budget, one.spent, one.left) for one in budget_lines(edition)]
    assert lines == [
        ("Stands", "CNY", 1, Decimal(0), Decimal(70), Decimal(-70)),
        ("Stands", "USD", 2, Decimal(4000), Decimal("4300.50"), Decimal("-300.50")),
    ]


def test_results_are_the_meetings_held_and_outcomes_of_the_firm_and_claims_are_not_agreed(
    edition: Edition, weaver: Participation, take_part: Make[Participation]
) -> None:
    case(weaver, state="granted")
    case(weaver, "visa", state="done")
    buyer = take_part(edition, kind="buyer")
    with scope(edition=edition):
        for state in ("held", "missed"):
            Meeting.objects.create(edition=edition, host=weaver, guest=take_part(edition, kind="buyer"), state=state)
        for state in ("claimed", "confirmed", "evidenced", "lapsed"):
            outcome = Outcome.objects.create(edition=edition, kind="contract", state=state)
            for party in (weaver, buyer):
                OutcomeParty.objects.create(outcome=outcome, participation=party)
        (found,) = helped(edition)
        assert (found.cases, found.open, found.held, found.claimed, found.agreed) == (2, 1, 1, 1, 2)
    counted = {figure.code: figure.value for figure in figures(edition)}
    names = ("firms", "share", "done", "meetings", "outcomes")
    assert [counted[f"assistance_{name}"] for name in names] == [1, 100.0, 1, 1, 2]


def test_a_refused_request_is_no_assistance(edition: Edition, weaver: Participation) -> None:
    case(weaver, state="refused")
    counted = {figure.code: figure.value for figure in figures(edition)}
    assert (counted["assistance_firms"], counted["assistance_share"]) == (0, 0.0)


def test_a_share_of_nobody_is_not_said(edition: Edition) -> None:
    assert {figure.code: figure.value for figure in figures(edition)}["assistance_share"] is None


def test_what_is_overdue_and_who_has_no_case_is_known(
    edition: Edition, weaver: Participation, take_part: Make[Participation], a_firm: Make[Firm]
) -> None:
    old = case(weaver, due_on=date(2020, 1, 1))
    case(weaver, "visa", due_on=date(2020, 1, 1), state="done")
    case(weaver, "mentor", due_on=date(2090, 1, 1))
    other = take_part(edition, a_firm("Second", "RW"))
    with scope(edition=edition):
        assert list(late(edition)) == [old]
        assert list(without_case(edition)) == [other]


def test_everyone_sees_the_own_cases_and_the_organiser_all(
    edition: Edition, weaver: Participation, organiser: User, member: User, stranger: User, weaver_client: Client
) -> None:
    made = case(weaver)
    with scope(edition=edition):
        assert [list(visible_to(user, edition)) for user in (organiser, stranger, member)] == [[made], [made], []]


def test_an_exhibitor_asks_on_its_page_and_reads_the_answer(
    edition: Edition, weaver: Participation, weaver_client: Client, member_client: Client
) -> None:
    address = reverse("own-assistance", args=[edition.slug])
    asked = {"exhibitor": weaver.pk, "kind": "visa", "note": "For two"}
    assert member_client.post(address, asked).status_code == 403
    assert weaver_client.post(address, asked | {"kind": "gold"}).status_code == 400
    assert weaver_client.post(address, asked | {"exhibitor": "x"}).status_code == 403
    assert weaver_client.post(address, asked).status_code == 302
    assert weaver_client.post(address, asked).status_code == 400
    with scope(edition=edition):
        made = AssistanceCase.objects.get()
    made.answer, made.state = "Letters are sent.", "granted"
    save_case(made)
    assert "Letters are sent." in weaver_client.get(address).text
    assert "Letters are sent." not in member_client.get(address).text


def test_the_organiser_opens_and_changes_a_case(
    edition: Edition, weaver: Participation, organiser: User, organiser_client: Client
) -> None:
    given = {
        "participation": weaver.pk,
        "kind": "stand",
        "state": "granted",
        "budget": "3000",
        "spent": "0",
        "currency": "usd",
        "responsible": organiser.pk,
        "due_on": "2026-10-01",
    }
    new = reverse("assistance-new", args=[edition.slug])
    for wrong in (
        {"currency": ""},
        {"currency": "dollars"},
        {"spent": "-1"},
        {"participation": "1234"},
        {"responsible": "99"},
    ):
        assert organiser_client.post(new, given | wrong).status_code == 400
    assert organiser_client.post(new, given).status_code == 302
    with scope(edition=edition):
        made = AssistanceCase.objects.get()
    assert (made.currency, made.responsible, made.due_on) == ("USD", organiser, date(2026, 10, 1))
    one = reverse("assistance-case", args=[edition.slug, made.pk])
    assert organiser_client.post(one, given | {"state": "done", "spent": "2900"}).status_code == 302
    text = organiser_client.get(reverse("assistance", args=[edition.slug])).text
    assert ">$2,900<" in text
    assert "Weaver" in text
    assert (
        organiser_client.get(reverse("assistance", args=[edition.slug]), {"state": "asked"}).text.count("Weaver") == 1
    )


def test_a_case_of_another_fair_is_not_found_and_nobody_else_changes_one(
    edition: Edition,
    other_edition: Edition,
    weaver: Participation,
    take_part: Make[Participation],
    organiser_client: Client,
    weaver_client: Client,
    other_organiser_client: Client,
) -> None:
    there = case(take_part(other_edition))
    assert organiser_client.get(reverse("assistance-case", args=[edition.slug, there.pk])).status_code == 404
    here = reverse("assistance-case", args=[edition.slug, case(weaver).pk])
    assert [client.post(here, {}).status_code for client in (weaver_client, other_organiser_client)] == [403, 403]


def test_the_desk_takes_as_many_queries_for_three_as_for_one(
    edition: Edition, take_part: Make[Participation], a_firm: Make[Firm], organiser: User, organiser_client: Client
) -> None:
    seen = []
    for number in range(3):
        case(take_part(edition, a_firm(f"Weaver {number}", "ET")), responsible=organiser, currency="USD")
        with CaptureQueriesContext(connection) as queries:
            organiser_client.get(reverse("assistance", args=[edition.slug]))
        seen.append(len(queries))
    assert seen[0] == seen[2]
