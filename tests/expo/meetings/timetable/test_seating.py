"""Two meetings that are seated at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connection, transaction
from django_scopes import scope

from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.timetable.domain.seating import seat
from tests.expo.meetings.conftest import Fair


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time, and tests one connection.")
@pytest.mark.django_db(transaction=True)
def test_two_who_are_seated_at_once_do_not_share_a_table(
    fair: Fair, a_firm: Callable[..., Firm], take_part: Callable[..., Participation]
) -> None:
    other = take_part(fair.edition, a_firm("Other Ltd"), "exhibitor")
    both_have_looked = Barrier(2)

    def agree(host: Participation, guest: Participation) -> str:
        try:
            with scope(edition=fair.edition), transaction.atomic():
                meeting = Meeting(edition=fair.edition, host=host, guest=guest, state=Meeting.State.CONFIRMED)
                seat(meeting, fair.times[0], now=fair.now)
                with suppress(BrokenBarrierError):  # the other waits for this one
                    both_have_looked.wait(1)
                meeting.save()
        finally:
            connection.close()
        return meeting.place

    pairs = [(fair.seller.participation, fair.buyer.participation), (other, fair.rival.participation)]
    with ThreadPoolExecutor(2) as people:
        places = [agreed.result() for agreed in [people.submit(agree, *pair) for pair in pairs]]
    assert sorted(places) == ["T1", "T2"]
