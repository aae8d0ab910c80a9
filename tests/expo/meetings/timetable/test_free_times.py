"""No time is offered to two that the timetable would refuse: hours, sessions, desks, interpreters, people and ways."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from django_scopes import scope

from serai.expo.fairs.edition.domain.phases import Slot
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.meeting.domain.life import MeetingRefusedError
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.requests.domain.requests import ask as ask_to_meet
from serai.expo.meetings.timetable.domain.problem import ask
from serai.expo.meetings.timetable.domain.seating import free_slots
from serai.expo.meetings.timetable.models import InterpreterPool, MeetingBlock, MeetingTerms, TimetableSettings
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.models import Appearance, Forum, Session, Speaker
from serai.expo.venue.halls.models import Booth, Hall, Stand

type Make[Thing] = Callable[..., Thing]


def stand(who: Participation, hall: str, code: str = "A1") -> Stand:
    there, _made = Hall.objects.get_or_create(edition=who.edition, code=hall)
    booth, _made = Booth.objects.get_or_create(edition=who.edition, hall=there, code=code)
    return Stand.objects.create(edition=who.edition, booth=booth, participation=who)


def told(host: Participation, guest: Participation, slot: Slot, place: str = "T1") -> Meeting:
    return Meeting.objects.create(
        edition=host.edition,
        host=host,
        guest=guest,
        state="confirmed",
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        place=place,
    )


def speak(edition: Edition, user: User, begins: datetime, ends: datetime) -> None:
    forum = Forum.objects.create(edition=edition, slug="forum", kind="main_forum")
    session = Session.objects.create(edition=edition, forum=forum, starts_at=begins, ends_at=ends)
    speaker = Speaker.objects.create(edition=edition, user=user, sort_name="seller")
    Appearance.objects.create(edition=edition, session=session, speaker=speaker)


def times(fair: Any, found: list[Slot]) -> set[time]:
    zone = ZoneInfo(fair.edition.time_zone)
    return {slot.starts_at.astimezone(zone).time() for slot in found}


def test_a_booth_is_asked_for_no_time_at_which_it_does_not_receive(fair: Any) -> None:
    one, other = fair.seller.participation, fair.buyer.participation
    with scope(edition=fair.edition):
        everything = free_slots(other, one, now=fair.now)
        terms = MeetingTerms.objects.create(edition=fair.edition, participation=one, booth_from=time(14))
        assert free_slots(other, one, now=fair.now) == everything  # without a booth it receives at a table
        stand(one, "W1")
        found = free_slots(other, one, now=fair.now)
        assert (min(times(fair, found)), len(found)) == (time(14), 14)
        early = everything[0].starts_at
        with pytest.raises(MeetingRefusedError, match="not free"):
            ask_to_meet(fair.buyer, one, starts_at=early, now=fair.now)
        MeetingTerms.objects.filter(pk=terms.pk).update(booth_from=None, booth_until=time(10, 30))
        assert max(times(fair, free_slots(other, one, now=fair.now))) == time(10)


def test_a_meeting_of_a_session_is_moved_within_it(fair: Any) -> None:
    one, other = fair.seller.participation, fair.buyer.participation
    with scope(edition=fair.edition):
        morning = MeetingBlock.objects.create(edition=fair.edition, from_time=time(9, 30), until_time=time(11))
        meeting = Meeting.objects.create(edition=fair.edition, host=one, guest=other, state="wished", block=morning)
        assert max(times(fair, free_slots(other, one, but=meeting, now=fair.now))) == time(10, 30)


def test_a_shared_booth_holds_no_more_meetings_at_once_than_it_has_desks(
    fair: Any, take_part: Make[Participation]
) -> None:
    one, other = fair.seller.participation, fair.buyer.participation
    with scope(edition=fair.edition):
        neighbour = take_part(fair.edition)
        for who in (one, neighbour):
            stand(who, "W1")
        first, second, *_rest = free_slots(other, one, now=fair.now)
        told(neighbour, fair.rival.participation, first, "W1 A1")
        assert first in free_slots(other, one, now=fair.now)
        MeetingTerms.objects.create(edition=fair.edition, participation=neighbour, booth_desks=1)
        assert free_slots(other, one, now=fair.now)[0] == second


def test_an_interpreter_is_with_one_meeting_at_a_time(fair: Any, take_part: Make[Participation]) -> None:
    one, other, rival = (side.participation for side in (fair.seller, fair.buyer, fair.rival))
    with scope(edition=fair.edition):
        neighbour = take_part(fair.edition)
        for who, language in ((one, "zh-hans"), (neighbour, "zh-hans"), (other, "ar"), (rival, "ar")):
            who.firm.languages = [language]
            who.firm.save()
        first, second, *_rest = free_slots(other, one, now=fair.now)
        told(neighbour, rival, first)
        assert first in free_slots(other, one, now=fair.now)
        pool = InterpreterPool.objects.create(edition=fair.edition, one="ar", other="zh", number=1)
        assert free_slots(other, one, now=fair.now)[0] == second
        InterpreterPool.objects.filter(pk=pool.pk).update(number=2)
        assert first in free_slots(other, one, now=fair.now)


def test_no_time_is_offered_to_which_one_side_could_not_walk(fair: Any, take_part: Make[Participation]) -> None:
    one, other = fair.seller.participation, fair.buyer.participation
    with scope(edition=fair.edition):
        stand(one, "W1")
        far = take_part(fair.edition)
        stand(far, "E4")
        slots = free_slots(other, one, now=fair.now)
        told(far, other, slots[3], "E4 A1")
        assert [slots.index(slot) for slot in free_slots(other, one, now=fair.now)][:5] == [0, 1, 2, 4, 5]
        TimetableSettings.objects.create(edition=fair.edition, turnaround_minutes=5, minutes_between_halls=25)
        found = [slots.index(slot) for slot in free_slots(other, one, now=fair.now)]
        assert found[:4] == [0, 1, 5, 6]
        assert len(found) == len(slots) - 3


@pytest.mark.parametrize(("people", "sharing", "is_taken"), [(1, 1, True), (2, 2, True), (2, 1, False)])
@pytest.mark.parametrize("at_booth", [True, False])
def test_what_is_offered_is_what_the_problem_of_the_timetable_leaves_open(
    at_booth: bool, people: int, sharing: int, is_taken: bool, fair: Any, take_part: Make[Participation]
) -> None:
    """Of the two meetings of a buyer one is told; the other is tried in every slot against the rules of the problem.

    One of the people of its host speaks in one of them.
    """
    one, other = fair.seller.participation, fair.buyer.participation
    with scope(edition=fair.edition):
        far = take_part(fair.edition)
        stand(far, "E4")
        if at_booth:
            stand(one, "W1")
        MeetingTerms.objects.create(
            edition=fair.edition, participation=one, booth_from=time(10), booth_until=time(16), people=people
        )
        TimetableSettings.objects.create(edition=fair.edition, turnaround_minutes=0, minutes_between_halls=40)
        block = MeetingBlock.objects.create(edition=fair.edition, from_time=time(9, 30), until_time=time(15))
        meeting = Meeting.objects.create(
            edition=fair.edition, host=one, guest=other, state="wished", block=block, host_people=sharing
        )
        begins = free_slots(other, one, now=fair.now)[4]
        known = told(far, other, begins, "E4 A1")
        spoken = free_slots(other, one, but=meeting, now=fair.now)[-1]
        speak(fair.edition, fair.seller.user, spoken.starts_at, spoken.ends_at)
        asked = ask(fair.edition, [meeting, known])
        problem = asked.problem
        taken = int(problem.fixed_slot[1])
        minutes = int(problem.walk[problem.site[0], problem.site[1]])
        assert minutes == 40
        open_to = problem.window[0] & problem.available[problem.pairs[0]].all(axis=0)
        for row, slot in enumerate(asked.grid):
            gap = max(problem.times[row, 0] - problem.times[taken, 1], problem.times[taken, 0] - problem.times[row, 1])
            open_to[row] &= bool(problem.day[row] != problem.day[taken] or gap >= minutes) and slot.starts_at > fair.now
        offered = {slot.starts_at for slot in free_slots(other, one, but=meeting, now=fair.now)}
        assert offered == {asked.grid[row].starts_at for row in np.flatnonzero(open_to)}
        assert timedelta(0) < max(offered) - min(offered)
        assert (spoken.starts_at not in offered) == is_taken
