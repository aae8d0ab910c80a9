"""Which day it is for a fair is decided at its place."""

from datetime import UTC, date, datetime, timedelta

import pytest

from serai.expo.fairs.edition.domain.phases import FairDay, Period, fair_day
from serai.expo.fairs.edition.models import Edition

SHANGHAI = Edition(time_zone="Asia/Shanghai", starts_on=date(2026, 11, 26), ends_on=date(2026, 11, 28))
MIDNIGHT = datetime(2026, 11, 25, 16, tzinfo=UTC)  # in Shanghai it is the 26th


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (MIDNIGHT - timedelta(days=10), FairDay(Period.BEFORE, 10, -9, 3)),
        (MIDNIGHT - timedelta(seconds=1), FairDay(Period.BEFORE, 1, 0, 3)),
        (MIDNIGHT, FairDay(Period.DURING, 0, 1, 3)),
        (MIDNIGHT + timedelta(days=3, seconds=-1), FairDay(Period.DURING, -2, 3, 3)),
        (MIDNIGHT + timedelta(days=3), FairDay(Period.AFTER, -3, 4, 3)),
    ],
)
def test_a_fair_begins_and_ends_at_midnight_of_its_place(at: datetime, expected: FairDay) -> None:
    assert fair_day(SHANGHAI, at) == expected


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Asia/Shanghai", "UTC", "Pacific/Pago_Pago"])
def test_the_same_moment_is_another_day_elsewhere(zone: str) -> None:
    edition = Edition(time_zone=zone, starts_on=date(2026, 11, 26), ends_on=date(2026, 11, 26))
    begins = datetime(2026, 11, 26, 12, tzinfo=UTC)
    east = zone == "Pacific/Kiritimati"  # 14 hours before UTC: the day is over
    assert fair_day(edition, begins).period == (Period.AFTER if east else Period.DURING)
