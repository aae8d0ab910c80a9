"""One parameter names however many keys."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from serai.expo.base.rows import among
from serai.expo.firms.record.models import Firm


@pytest.mark.django_db
def test_those_whose_key_is_among_the_keys_are_found(a_firm: Callable[..., Firm]) -> None:
    firms = [a_firm() for _ in range(3)]
    found = Firm.objects.filter(among("pk", (firm.pk for firm in firms[:2])))
    assert set(found) == set(firms[:2])
    assert not Firm.objects.filter(among("pk", []))


@pytest.mark.django_db
def test_more_keys_than_a_query_has_room_for_are_one_parameter(a_firm: Callable[..., Firm]) -> None:
    firm = a_firm()
    with CaptureQueriesContext(connection) as asked:
        assert list(Firm.objects.filter(among("pk", range(firm.pk, firm.pk + 100_000)))) == [firm]
    assert len(asked) == 1
