"""The interface keeps what its description promises, whatever it is asked (schemathesis, bounded).

A third of the calls are anybody's, a third an exhibitor's and a third its organiser's, with keys of every scope. Most
name things that are there, so that more than the refusals is tried.
"""

import random
import re
import typing
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, transaction
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, settings
from ninja import Schema
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from serai.expo.fairs.interface.domain.keys import make_key
from serai.expo.fairs.interface.domain.operations import ROOMS
from serai.expo.people.account.models import User
from serai.expo.site.api.pages.interface import interface
from serai.expo.wsgi import application

EXAMPLES = 6
"""A call."""


def whole(environ: Any, start_response: Any) -> list[bytes]:
    """The site, each answer read to its end and closed, as a server does and schemathesis does not."""
    answer = application(environ, start_response)
    try:
        return [b"".join(answer)]
    finally:
        answer.close()


schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", whole)


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The database stays connected over calls, as in Django's own test client: the test's transaction lives in it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def keys(owner: User, organiser: User) -> list[str]:
    return ["", *(make_key(user, "a program", ["read", "write", "organise"])[1] for user in (owner, organiser))]


@pytest.mark.slow
@pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="it takes a minute, and PostgreSQL refuses more of what should have been refused before",
)
def test_every_operation_answers_as_described(
    keys: list[str], there: dict[str, Any], subtests: pytest.Subtests
) -> None:
    """Each call is undone, so that the next finds all there is."""
    chance = random.Random(7)  # which caller and what is there; what is sent is drawn by schemathesis
    for result in schema.get_all_operations():
        operation = result.ok()

        def call(case: Any) -> None:
            _name_what_is_there(case, there, chance)
            key = chance.choice(keys)
            headers = {"Accept-Encoding": "identity"} | ({"Authorization": f"Bearer {key}"} if key else {})
            with transaction.atomic():
                answer = case.call(headers=headers)
                # Rights are tried by test_rights.py. A code that there is not has the form of one, and cannot be kept.
                unkept = any(words in answer.content for words in (b"cannot be kept", b"cannot be seen or kept"))
                case.validate_response(
                    answer, excluded_checks=[ignored_auth, *([positive_data_acceptance] if unkept else [])]
                )
                transaction.set_rollback(True)

        bounded = settings(
            max_examples=EXAMPLES,
            phases=[Phase.generate],
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        with subtests.test(operation=operation.label), override_settings(API_GENEROSITY=10_000):
            _tried(operation, bounded, call)


def _tried(operation: Any, bounded: Any, call: Callable[[Any], None]) -> None:

    @bounded
    @given(case=operation.as_strategy())
    def each(case: Any) -> None:
        call(case)

    each()


def _name_what_is_there(case: Any, there: dict[str, Any], chance: random.Random) -> None:
    if "slug" in case.path_parameters:
        case.path_parameters["slug"] = there["slug"]
    before = re.search(r"/([a-z-]+)/\{(?:number|code)\}", case.path)
    named = there.get(before[1]) if before else None
    known = {
        "number": named,
        "code": named,
        "chain": there["chain"],
        "key": "firms" if "/exports/" in case.path else None,
    }
    known |= {"identifier": chance.choice([there["identifier"], there["partner"]])}
    for name, value in known.items():
        if name in case.path_parameters and value is not None and chance.random() < 0.8:
            case.path_parameters[name] = value
    if "cursor" in case.query:
        case.query["cursor"] = ""  # no cursor but those that we give means anything
    if "firm" in case.query and chance.random() < 0.8:
        case.query["firm"] = there["identifier"]
    if isinstance(case.body, dict):
        for name in ("firm", "to"):
            if name in case.body and chance.random() < 0.8:
                case.body[name] = there["identifier"] if name == "firm" else there["partner"]
        if "seconds" in case.body:
            case.body["seconds"] = 0.1


def _named(kind: Any, seen: set[Any]) -> set[Any]:
    """The schemas and enumerations of which a type is made."""
    for part in typing.get_args(kind):
        _named(part, seen)
    if isinstance(kind, type) and issubclass(kind, Schema | Enum) and kind not in seen:
        seen.add(kind)
        for field in getattr(kind, "model_fields", {}).values():
            _named(field.annotation, seen)
    return seen


def test_no_two_schemas_have_one_name() -> None:
    """The description names a schema by its class: the second of a name would take the place of the first."""
    operations = [one for room in ROOMS for view in room.router.path_operations.values() for one in view.operations]
    seen: set[Any] = set()
    for operation in operations:
        for model in (*operation.models, *filter(None, operation.response_models.values())):
            for field in getattr(model, "model_fields", {}).values():
                _named(field.annotation, seen)
    names = [kind.__name__ for kind in seen]
    assert len(names) > 100
    assert [name for name in names if names.count(name) > 1] == []


def test_the_description_is_openapi_3_1_by_its_own_schema() -> None:
    described = interface.get_openapi_schema(path_prefix="/api/v1")
    schema.validate()
    assert described["openapi"].startswith("3.1")
    for path, methods in described["paths"].items():
        for method, said in methods.items():
            assert said["summary"], path
            assert all(status in said["responses"] for status in ("401", "422", "429")), (method, path)
            assert not any(status.startswith("5") for status in said["responses"])
