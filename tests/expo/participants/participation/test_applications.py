"""Press, delegations and service providers apply by a public form, and read all that was decided, with its reason."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.firms.record.models import Firm
from serai.expo.participants.participation.domain.applications import (
    QUESTIONS,
    ApplicationRefusedError,
    answers_of,
    apply_as,
    withdraw,
)
from serai.expo.participants.participation.domain.decisions import decide, histories_of, history_of
from serai.expo.people.account.models import Role, User

PRESS = {"medium": "online", "people": 2, "card": "IFJ 4711", "work": "Chains of the world, 2026"}


@pytest.fixture
def firm(a_firm: Callable[..., Firm], stranger: User) -> Firm:
    made = a_firm("Chain Post")
    Role.objects.create(user=stranger, firm=made, kind=Role.Kind.OWNER)
    return made


def test_everyone_reads_what_is_asked_and_sends_it_signed_in(
    edition: Edition, firm: Firm, anonymous_client: Client, stranger_client: Client, organiser_client: Client
) -> None:
    base = f"/en/{edition.slug}/apply/"
    assert "Press" in anonymous_client.get(base).content.decode()
    for kind, questions in QUESTIONS.items():
        shown = anonymous_client.get(f"{base}{kind}/").content.decode()
        for one in questions:
            assert str(one.title) in shown
    given = {"firm": firm.pk} | PRESS
    assert "/sign-in/" in anonymous_client.post(f"{base}press/", given)["Location"]
    missing = stranger_client.post(f"{base}press/", given | {"card": ""})
    assert missing.status_code == 400
    assert stranger_client.post(f"{base}press/", given).status_code == 302
    with scope(edition=edition):
        one = Participation.objects.get(firm=firm)
        assert (one.kind, one.state, one.answers) == ("press", "applied", PRESS)
    queue = organiser_client.get(f"/en/{edition.slug}/organiser/applications/").content.decode()
    assert "IFJ 4711" in queue
    assert "Online medium" in queue
    assert anonymous_client.get(f"{base}buyer/").status_code == 404


def test_nobody_applies_for_a_firm_of_others(edition: Edition, firm: Firm, member: User, member_client: Client) -> None:
    answer = member_client.post(f"/en/{edition.slug}/apply/press/", {"firm": firm.pk} | PRESS)
    assert answer.status_code == 400
    with scope(edition=edition), pytest.raises(ApplicationRefusedError, match="owner or a manager"):
        apply_as(edition, firm, "press", PRESS, user=member)
    with scope(edition=edition):
        assert not Participation.objects.filter(firm=firm).exists()


def test_what_cannot_be_taken_says_why(edition: Edition, firm: Firm, stranger: User) -> None:
    with scope(edition=edition):
        with pytest.raises(ApplicationRefusedError, match="Press card"):
            apply_as(edition, firm, "press", PRESS | {"card": ""}, user=stranger)
        with pytest.raises(ApplicationRefusedError, match="Nobody applies"):
            apply_as(edition, firm, "buyer", {}, user=stranger)
        apply_as(edition, firm, "press", PRESS, user=stranger)
        with pytest.raises(ApplicationRefusedError, match="already"):
            apply_as(edition, firm, "press", PRESS, user=stranger)
        closed = timezone.now() - timedelta(days=1)
        Phase.objects.create(edition=edition, kind=Phase.Kind.APPLY, closes_at=closed)
        with pytest.raises(ApplicationRefusedError):
            apply_as(edition, firm, "service", {"service": "law", "offers": "Advice"}, user=stranger)


def test_every_decision_with_its_day_and_reason_is_history_and_not_only_the_last(
    edition: Edition, firm: Firm, stranger: User, organiser: User
) -> None:
    with scope(edition=edition):
        one = apply_as(edition, firm, "press", PRESS, user=stranger)
        decide(one, Participation.State.WAITING, {"en": "The stand of the press is full."}, user=organiser)
        decide(one, Participation.State.REJECTED, {"en": "No place came free."}, user=organiser)
        one = apply_as(edition, firm, "press", PRESS, user=stranger)
        decide(one, Participation.State.CONFIRMED, user=organiser)
        found = [(moment.words, dict(moment.reason)) for moment in history_of(one)]
    assert found == [
        ("Applied", {}),
        ("On the waiting list", {"en": "The stand of the press is full."}),
        ("Not accepted", {"en": "No place came free."}),
        ("Applied", {}),
        ("Confirmed", {}),
    ]


def test_an_applicant_reads_its_history_and_withdraws_and_no_other_does(
    edition: Edition, firm: Firm, stranger: User, organiser: User, stranger_client: Client, member_client: Client
) -> None:
    page = f"/en/{edition.slug}/apply/mine/"
    with scope(edition=edition):
        one = apply_as(edition, firm, "press", PRESS, user=stranger)
        decide(one, Participation.State.WAITING, {"en": "The stand of the press is full."}, user=organiser)
    shown = stranger_client.get(page).content.decode()
    assert "The stand of the press is full." in shown
    assert organiser.name not in shown
    assert "IFJ 4711" not in member_client.get(page).content.decode()
    assert member_client.post(page, {"withdraw": one.pk}).status_code == 404
    assert stranger_client.post(page, {"withdraw": one.pk}).status_code == 302
    one.refresh_from_db()
    assert one.state == "cancelled"
    with scope(edition=edition), pytest.raises(ApplicationRefusedError, match="has decided"):
        withdraw(one, user=stranger)


def test_an_exhibitor_reads_its_history_at_the_desk(
    edition: Edition, a_firm: Callable[..., Firm], take_part: Any, new_user: Any, organiser: User
) -> None:
    one = take_part(edition, a_firm("Late Ltd"), state="applied")
    with scope(edition=edition):
        decide(one, Participation.State.WAITING, {"en": "The hall is full."}, user=organiser)
        decide(one, Participation.State.CONFIRMED, user=organiser)
    client = Client()
    client.force_login(new_user("late", firm=one.firm))
    shown = client.get(f"/en/{edition.slug}/desk/{one.firm.identifier}/").content.decode()
    assert "The hall is full." in shown


def test_answers_are_told_in_words_and_histories_read_in_two_queries(
    edition: Edition, firm: Firm, stranger: User, django_assert_num_queries: Any, take_part: Any
) -> None:
    with scope(edition=edition):
        one = apply_as(edition, firm, "press", PRESS, user=stranger)
        assert answers_of(one)[0] == ("Kind of medium", "Online medium")
        others = [take_part(edition) for _number in range(3)]
        for rows in ([one], [one, *others]):
            with django_assert_num_queries(2):
                histories_of(rows)
