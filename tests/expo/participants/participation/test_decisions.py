"""Applications: decided one by one and many at once, with a reason, a trace and a queue that counts."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.desk.domain import waiting
from serai.expo.fairs.edition.models import ApplicationDecision, Edition, Participation
from serai.expo.fairs.edition.rules.roles import ROLES
from serai.expo.participants.participation.domain.decisions import DecisionRefusedError, decide
from serai.expo.people.account.models import Role, User

type Make[Thing] = Callable[..., Thing]
State = Participation.State
REASON = {"en": "The hall is full.", "zh-hans": "展馆已满。"}


@pytest.fixture
def applied(edition: Edition, take_part: Make[Participation]) -> list[Participation]:
    return [take_part(edition, state=State.APPLIED) for _number in range(3)]


def state_of(participation: Participation) -> str:
    with scope(edition=participation.edition):
        return Participation.objects.get(pk=participation.pk).state


def test_an_application_is_accepted_declined_or_put_on_the_list_with_a_trace(
    applied: list[Participation], organiser: User
) -> None:
    first, second, third = applied
    decide(first, Participation.State.CONFIRMED, user=organiser)
    decide(second, Participation.State.REJECTED, REASON, user=organiser)
    decide(third, Participation.State.WAITING, user=organiser)
    assert [state_of(one) for one in applied] == ["confirmed", "rejected", "waiting"]
    decide(third, Participation.State.CONFIRMED, user=organiser)
    entries = AuditEntry.objects.filter(action="application.decided").order_by("pk")
    assert [(entry.before, entry.after) for entry in entries][1] == (
        {"reason": None, "state": "applied"},
        {"reason": REASON, "state": "rejected"},
    )
    assert {entry.user for entry in entries} == {organiser}
    with scope(edition=second.edition):
        decisions = ApplicationDecision.objects.order_by("pk").values_list("state", "reason")
        assert list(decisions) == [("confirmed", {}), ("rejected", REASON), ("waiting", {}), ("confirmed", {})]


def test_nobody_is_declined_without_a_reason(applied: list[Participation]) -> None:
    with pytest.raises(DecisionRefusedError, match="give the reason"):
        decide(applied[0], Participation.State.REJECTED, {"en": "  "})
    assert state_of(applied[0]) == State.APPLIED


@pytest.mark.parametrize(
    ("before", "to"),
    [
        (State.CONFIRMED, State.REJECTED),
        (State.CANCELLED, State.CONFIRMED),
        (State.REJECTED, State.CONFIRMED),
        (State.APPLIED, State.CANCELLED),
        (State.APPLIED, "anything"),
    ],
)
def test_what_is_not_provided_for_is_refused_in_words(
    before: str, to: str, edition: Edition, take_part: Make[Participation]
) -> None:
    participation = take_part(edition, state=before)
    with pytest.raises(DecisionRefusedError, match=participation.firm.legal_name):
        decide(participation, to, REASON)
    assert state_of(participation) == before
    assert not AuditEntry.objects.exists()


def test_the_second_of_two_organisers_is_told_what_the_first_has_done(applied: list[Participation]) -> None:
    with scope(edition=applied[0].edition):
        seen_before = Participation.objects.select_related("firm").get(pk=applied[0].pk)
    decide(applied[0], Participation.State.CONFIRMED)
    with pytest.raises(DecisionRefusedError, match="Confirmed"):
        decide(seen_before, Participation.State.REJECTED, REASON)


def test_many_are_decided_at_once_and_those_that_cannot_be_are_named(
    edition: Edition,
    other_edition: Edition,
    applied: list[Participation],
    take_part: Make[Participation],
    organiser_client: Client,
) -> None:
    there = take_part(other_edition, state=State.APPLIED)
    done = take_part(edition, state=State.CONFIRMED)
    address = reverse("applications", args=[edition.slug])
    chosen = [one.pk for one in (*applied, there, done)]
    answer = organiser_client.post(
        address, {"chosen": chosen, "to": "rejected", "reason_en": "The hall is full."}, follow=True
    )
    assert "3 applications were decided." in answer.text
    assert f"{done.firm.legal_name}: this can&#x27;t be decided" in answer.text
    assert [state_of(one) for one in (*applied, there, done)] == ["rejected"] * 3 + ["applied", "confirmed"]
    listed = organiser_client.get(f"{address}?state=rejected").text
    assert "The hall is full." in listed
    assert 'value="confirmed"' not in listed


def test_without_a_choice_or_with_a_wrong_decision_nothing_happens(
    edition: Edition, applied: list[Participation], organiser_client: Client
) -> None:
    address = reverse("applications", args=[edition.slug])
    assert "Choose the applications" in organiser_client.post(address, {"to": "confirmed"}, follow=True).text
    answer = organiser_client.post(address, {"to": "cancelled", "chosen": [applied[0].pk]})
    assert answer.status_code == 400
    assert organiser_client.post(address, {"to": "confirmed", "chosen": ["x"]}).status_code == 302
    assert {state_of(one) for one in applied} == {State.APPLIED}


def test_only_the_organiser_decides(
    edition: Edition,
    applied: list[Participation],
    member_client: Client,
    other_organiser_client: Client,
    stranger_client: Client,
    anonymous_client: Client,
) -> None:
    address = reverse("applications", args=[edition.slug])
    clients = (member_client, other_organiser_client, stranger_client, anonymous_client)
    given = {"to": "confirmed", "chosen": [applied[0].pk]}
    assert [client.post(address, given).status_code for client in clients] == [403, 403, 403, 302]
    assert state_of(applied[0]) == State.APPLIED


def test_the_queue_counts_and_the_list_has_the_same_number_of_queries_for_one_and_for_three(
    edition: Edition, take_part: Make[Participation], organiser_client: Client
) -> None:
    address = reverse("applications", args=[edition.slug])

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert organiser_client.get(address).status_code == 200
        return len(seen)

    def in_queue() -> int:
        with scope(edition=edition):
            of_owner = waiting(edition, ROLES[Role.Kind.OWNER])
            return next(row.count for row in of_owner if row.queue.key == "applications")

    assert in_queue() == 0
    lead = take_part(edition)
    take_part(edition, state=State.APPLIED, lead=lead)
    one = queries()
    take_part(edition, state=State.APPLIED, lead=lead)
    take_part(edition, state=State.APPLIED)
    assert (queries(), in_queue()) == (one, 3)
    for page, count in (("queues", "tag tag-warning number"), ("organiser", "count number")):
        text = organiser_client.get(reverse(page, args=[edition.slug])).text
        assert f'href="{address}"' in text
        assert f'<span class="{count}">3</span>' in text
