"""The interface keeps what its description promises, whatever it is asked (schemathesis, bounded)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import override_settings
from hypothesis import HealthCheck, Phase, settings

from serai.expo.editions.models import Edition, Participation
from serai.expo.wsgi import application

EXAMPLES = 8

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The database stays connected over calls, as in Django's own test client: the test's transaction lives in it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def fair(edition: Edition, take_part: Callable[..., Participation], offer: Callable[..., Any]) -> Edition:
    offer(take_part(edition))
    return edition


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_every_operation_answers_as_described(case: Any, fair: Edition) -> None:
    if "slug" in case.path_parameters:
        case.path_parameters["slug"] = fair.slug
    if "cursor" in case.query:
        case.query["cursor"] = ""  # no cursor but those that we give means anything
    with override_settings(API_GENEROSITY=1000):
        case.call_and_validate()
