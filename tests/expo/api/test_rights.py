"""Each operation of the interface is tried by a program of each kind of caller."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scope

from serai.expo.api.interface import interface
from serai.expo.chains.domain import load_builtin_chains
from serai.expo.editions.models import Edition, Participation
from serai.expo.halls.models import Hall
from serai.expo.people.models import User
from serai.expo.programme.models import Forum, Session

ALL = {"organiser", "member", "other organiser", "stranger", "nobody", "reads only"}
WITH_KEY = ALL - {"nobody"}
DECLARED = {
    "editions": ALL,
    "edition": ALL,
    "firms": ALL,
    "firm": ALL,
    "offers": ALL,
    "needs": ALL,
    "chains": ALL,
    "chain": ALL,
    "halls": ALL,
    "programme": ALL,
    "figures": ALL,
    "me": WITH_KEY,
    "my_participations": WITH_KEY,
    "my_leads": WITH_KEY,
    "take_seat": WITH_KEY - {"reads only"},
    "give_seat_up": WITH_KEY - {"reads only"},
    "enter_offer": set(),  # tried with a body by test_own.py
    "enter_need": set(),
    "participations": {"organiser"},
    "meetings": {"organiser"},
    "outcomes": {"organiser"},
}


def operations() -> dict[str, tuple[str, str]]:
    """Name of each operation -> method and path."""
    paths = interface.get_openapi_schema(path_prefix="")["paths"]
    return {said["operationId"]: (method, path) for path, methods in paths.items() for method, said in methods.items()}


def test_every_operation_is_declared() -> None:
    assert set(operations()) == set(DECLARED), (
        "Say in DECLARED of tests/expo/api/test_rights.py who may call each operation of the interface."
    )


@pytest.fixture
def callers(
    organiser: User, member: User, other_organiser: User, stranger: User, program_of: Callable[..., Any]
) -> dict[str, Any]:
    every = ("read", "write", "organise")
    return {
        "organiser": program_of(organiser, *every),
        "member": program_of(member, *every),
        "other organiser": program_of(other_organiser, *every),
        "stranger": program_of(stranger, *every),
        "reads only": program_of(organiser, "read"),
        "nobody": program_of(),
    }


@pytest.fixture
def path_of(edition: Edition, member: User, session_number: int) -> Callable[[str], str]:
    load_builtin_chains()
    firm = member.roles.get().firm
    assert firm is not None
    values = {"slug": edition.slug, "identifier": firm.identifier, "chain": "clean-energy", "number": session_number}
    return lambda path: path.format(**values)


@pytest.fixture
def session_number(edition: Edition) -> int:
    begins = timezone.now() + timedelta(days=1)
    with scope(edition=edition):
        forum = Forum.objects.create(edition=edition, slug="opening", kind="ceremony")
        Hall.objects.create(edition=edition, code="W1")
        made = Session.objects.create(
            edition=edition, forum=forum, starts_at=begins, ends_at=begins + timedelta(hours=1), capacity=9
        )
        return int(made.pk)


def test_an_operation_answers_those_it_is_for_and_nobody_else(
    callers: dict[str, Any], path_of: Callable[[str], str], subtests: pytest.Subtests
) -> None:
    for name, (method, path) in operations().items():
        with subtests.test(operation=name):
            answers = {who: call(path_of(path), method) for who, call in callers.items()}
            welcome = {who for who, answer in answers.items() if answer.status_code in {200, 204}}
            assert welcome == DECLARED[name]
            for who in set(callers) - welcome:
                if DECLARED[name]:
                    assert answers[who].status_code == (401 if who == "nobody" else 403)
                assert answers[who]["Content-Type"] == "application/problem+json"
                assert answers[who].json()["detail"].endswith(".")


def test_a_draft_is_for_its_organisers_key_only(
    edition: Edition, callers: dict[str, Any], path_of: Callable[[str], str]
) -> None:
    Edition.objects.filter(pk=edition.pk).update(state=Edition.State.DRAFT)
    for method, path in operations().values():
        if "{slug}" not in path:
            continue
        answers = {who: call(path_of(path), method).status_code for who, call in callers.items()}
        assert {who for who, code in answers.items() if code in {200, 204}} <= {"organiser", "reads only"}
    for who, call in callers.items():
        listed = {row["slug"] for row in call("/editions").json()}
        assert listed == ({edition.slug} if who in {"organiser", "reads only"} else set())


def test_a_buyers_need_and_what_is_not_published_stay_unseen(
    edition: Edition,
    member: User,
    take_part: Callable[..., Participation],
    need: Callable[..., Any],
    offer: Callable[..., Any],
    callers: dict[str, Any],
) -> None:
    buyer = take_part(edition, kind="buyer")
    with scope(edition=edition):
        own = Participation.objects.get(firm=member.roles.get().firm)
    seen = need(own, "Seen by all").pk
    hidden = need(buyer, "Of a buyer").pk
    draft = need(own, "A draft", review="draft").pk
    unnamed = need(own, "Unnamed", anonymous=True).pk

    def found(who: str) -> dict[int, Any]:
        return {row["number"]: row["firm"] for row in callers[who](f"/editions/{edition.slug}/needs").json()["items"]}

    assert set(found("nobody")) == {seen, unnamed} == set(found("stranger")) == set(found("other organiser"))
    assert set(found("member")) == {seen, unnamed, draft}
    assert set(found("organiser")) == {seen, unnamed, draft, hidden}
    assert found("nobody")[unnamed] is None
    assert found("member")[unnamed] == own.firm.identifier
