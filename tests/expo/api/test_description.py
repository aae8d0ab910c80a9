"""The interface keeps what its description promises, whatever it is asked (schemathesis, bounded)."""

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from django.test import override_settings
from hypothesis import HealthCheck, Phase, settings

from serai.expo.editions.models import Edition, Participation
from serai.expo.wsgi import application

EXAMPLES = 8

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


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
