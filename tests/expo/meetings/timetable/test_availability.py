"""Nobody is seated while it speaks, has a seat in a session, or holds an event at its booth."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope
from pytest_django import DjangoAssertNumQueries

from serai.expo.fairs.edition.domain.phases import Slot, slots
from serai.expo.fairs.edition.models import Participation
from serai.expo.meetings.meeting.domain.life import MeetingRefusedError
from serai.expo.meetings.meeting.models import Meeting, Wish
from serai.expo.meetings.requests.domain.requests import ask as ask_to_meet
from serai.expo.meetings.timetable.domain.availability import colliding, engaged
from serai.expo.meetings.timetable.domain.drafts import make_timetable
from serai.expo.meetings.timetable.domain.problem import ask
from serai.expo.meetings.timetable.domain.publication import publish_timetable
from serai.expo.meetings.timetable.domain.seating import free_slots
from serai.expo.meetings.timetable.models import MeetingTerms, Presence
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.domain.conflicts import all_conflicts_of, conflicts_of
from serai.expo.programme.sessions.models import Appearance, Forum, Session, SignUp, Speaker
from serai.match.timetable import check, solve

type Make[Thing] = Callable[..., Thing]


def hold(fair: Any, slot: Slot, **values: Any) -> Session:
    """A session that takes as long as the slot, with nobody in it."""
    forum, _made = Forum.objects.get_or_create(edition=fair.edition, slug="forum", kind="main_forum")
    return Session.objects.create(
        edition=fair.edition,
        forum=forum,
        title={"en": "Batteries"},
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        **values,
    )


def speak(session: Session, **who: Any) -> None:
    speaker = Speaker.objects.create(edition=session.edition, sort_name="ada", **who)
    Appearance.objects.create(edition=session.edition, session=session, speaker=speaker)


def sign_up(session: Session, user: User, state: str = "confirmed") -> None:
    SignUp.objects.create(edition=session.edition, session=session, user=user, state=state)


def offered(fair: Any) -> set[datetime]:
    return {slot.starts_at for slot in free_slots(fair.buyer.participation, fair.seller.participation, now=fair.now)}


def team(participation: Participation, *users: User, people: int, away: tuple[User, Slot] | None = None) -> None:
    """Who is said to take meetings, and how many meet side by side."""
    MeetingTerms.objects.create(edition=participation.edition, participation=participation, people=people)
    for user in users:
        gone = [[away[1].starts_at.isoformat(), away[1].ends_at.isoformat()]] if away and away[0] == user else []
        Presence.objects.create(edition=participation.edition, participation=participation, user=user, away=gone)


def test_who_speaks_is_in_no_meeting_at_that_time(fair: Any) -> None:
    with scope(edition=fair.edition):
        first, second, *_rest = slots(fair.edition)
        speak(hold(fair, first), user=fair.buyer.user)
        assert offered(fair) == {*fair.times} - {first.starts_at}
        speak(hold(fair, second), participation=fair.seller.participation)
        assert offered(fair) == {*fair.times} - {first.starts_at, second.starts_at}
        with pytest.raises(MeetingRefusedError, match="not free"):
            ask_to_meet(fair.buyer, fair.seller.participation, starts_at=first.starts_at, now=fair.now)


def test_a_session_takes_every_slot_with_which_it_has_a_moment_in_common(fair: Any) -> None:
    with scope(edition=fair.edition):
        first, second, third, *_rest = slots(fair.edition)
        session = hold(fair, second)
        session.starts_at, session.ends_at = (at - timedelta(minutes=5) for at in (second.starts_at, second.ends_at))
        session.save()
        speak(session, user=fair.buyer.user)
        gone = {first.starts_at, second.starts_at} if session.starts_at < first.ends_at else {second.starts_at}
        assert offered(fair) == {*fair.times} - gone
        assert third.starts_at in offered(fair)


def test_a_seat_that_is_kept_takes_its_owner_and_nothing_else_of_a_session_does(fair: Any) -> None:
    """Neither the opening that everybody attends, nor a place in the line, nor what is proposed or cancelled."""
    with scope(edition=fair.edition):
        first, second, third, fourth, fifth, sixth, *_rest = slots(fair.edition)
        hold(fair, first, capacity=None)
        sign_up(hold(fair, second), fair.buyer.user, "waiting")
        sign_up(hold(fair, third), fair.buyer.user, "withdrawn")
        sign_up(hold(fair, fourth, state="cancelled"), fair.buyer.user)
        hold(fair, fifth, state="proposed", host=fair.seller.participation)
        assert offered(fair) == {*fair.times}
        sign_up(hold(fair, sixth), fair.buyer.user)
        assert offered(fair) == {*fair.times} - {sixth.starts_at}


def test_an_event_at_the_own_booth_takes_one_of_its_people_once(fair: Any, new_user: Make[User]) -> None:
    seller = fair.seller.participation
    with scope(edition=fair.edition):
        first, *_rest = slots(fair.edition)
        event = hold(fair, first, host=seller)
        assert offered(fair) == {*fair.times} - {first.starts_at}
        team(seller, fair.seller.user, new_user("second", firm=seller.firm), people=2)
        speak(event, user=fair.seller.user)
        span = first.starts_at, first.ends_at
        assert engaged(fair.edition, [seller.pk]).left(seller.pk, 2, span) == 1
        assert offered(fair) == {*fair.times}


def test_of_a_team_only_those_who_take_meetings_and_are_there_are_missed(fair: Any, new_user: Make[User]) -> None:
    seller = fair.seller.participation
    owner, second, other, guest = fair.seller.user, *(new_user(name, firm=seller.firm) for name in ("b", "c", "d"))
    with scope(edition=fair.edition):
        first, later, *_rest = slots(fair.edition)
        team(seller, owner, second, other, people=2, away=(other, first))

        def left(slot: Slot) -> int:
            return engaged(fair.edition, [seller.pk]).left(seller.pk, 2, (slot.starts_at, slot.ends_at))

        session, after = hold(fair, first), hold(fair, later)
        sign_up(session, guest)  # of the firm, and takes no meetings
        sign_up(session, other)  # away then
        assert left(first) == 2
        sign_up(session, owner)
        speak(session, user=owner, participation=seller)
        assert left(first) == 1
        sign_up(after, owner)
        assert left(later) == 2  # the other two are there
        sign_up(after, second)
        assert left(later) == 1


def test_of_a_firm_that_names_nobody_another_who_acts_for_it_takes_the_meeting(fair: Any, new_user: Make[User]) -> None:
    with scope(edition=fair.edition):
        first, *_rest = slots(fair.edition)
        speak(hold(fair, first), user=fair.buyer.user)
        assert first.starts_at not in offered(fair)
        colleague = new_user("colleague", firm=fair.buyer.participation.firm)
        assert first.starts_at in offered(fair)
        sign_up(Session.objects.get(), colleague)
        assert first.starts_at not in offered(fair)


def test_the_timetable_seats_nobody_who_is_in_a_session(fair: Any) -> None:
    seller, buyer = fair.seller.participation, fair.buyer.participation
    with scope(edition=fair.edition):
        first, *others = slots(fair.edition)
        Wish.objects.create(edition=fair.edition, wisher=buyer, wished=seller, strength="must")
        for slot in others:
            sign_up(hold(fair, slot), fair.buyer.user)
        assert make_timetable(fair.edition, seconds=5).placed == 1
        assert Meeting.objects.get().starts_at == first.starts_at
        sign_up(hold(fair, first), fair.buyer.user)
        run = make_timetable(fair.edition, seconds=5)
        assert (run.placed, run.why_not) == (0, {"NO_COMMON_SLOT": 1})


def test_of_several_people_as_many_fewer_meet_at_once_as_the_programme_takes(
    fair: Any, new_user: Make[User], take_part: Make[Participation]
) -> None:
    seller = fair.seller.participation
    buyers = [fair.buyer.participation, fair.rival.participation, take_part(fair.edition, kind="buyer")]
    with scope(edition=fair.edition):
        first, *others = slots(fair.edition)
        team(seller, fair.seller.user, *(new_user(name, firm=seller.firm) for name in "ab"), people=3)
        speak(hold(fair, first), user=fair.seller.user)
        for buyer in buyers:
            MeetingTerms.objects.create(
                edition=fair.edition,
                participation=buyer,
                away=[[slot.starts_at.isoformat(), slot.ends_at.isoformat()] for slot in others],
            )
            Wish.objects.create(edition=fair.edition, wisher=buyer, wished=seller, strength="must")
        fair.edition.meeting_tables = 3
        run = make_timetable(fair.edition, seconds=5)
        assert (run.placed, run.why_not) == (2, {"LOWER_VALUE": 1})
        Appearance.objects.all().delete()
        assert make_timetable(fair.edition, seconds=5).placed == 3


@pytest.mark.parametrize(("sharing", "placed"), [((1, 1, 1), 2), ((2, 1, 1), 1), ((3, 3, 3), 0)])
def test_a_shared_meeting_takes_none_of_whom_the_programme_has(
    sharing: tuple[int, int, int], placed: int, fair: Any, new_user: Make[User], take_part: Make[Participation]
) -> None:
    """Of three people one speaks in the only slot: two are left, and who shares a meeting counts as often."""
    seller = fair.seller.participation
    buyers = [fair.buyer.participation, fair.rival.participation, take_part(fair.edition, kind="buyer")]
    fair.edition.meeting_tables = 3
    with scope(edition=fair.edition):
        first, *others = slots(fair.edition)
        team(seller, fair.seller.user, *(new_user(name, firm=seller.firm) for name in "ab"), people=3)
        away = [[slot.starts_at.isoformat(), slot.ends_at.isoformat()] for slot in others]
        MeetingTerms.objects.filter(participation=seller).update(away=away)
        speak(hold(fair, first), user=fair.seller.user)
        meetings = [
            Meeting.objects.create(
                edition=fair.edition, host=seller, guest=buyer, state="wished", host_people=people, value=1
            )
            for buyer, people in zip(buyers, sharing, strict=True)
        ]
        for buyer in buyers:
            Wish.objects.create(edition=fair.edition, wisher=buyer, wished=seller, strength="would")
        asked = ask(fair.edition, meetings)
        answer = solve(asked.problem, seconds=5)
        assert check(asked.problem, answer) == ()
        held = np.flatnonzero(answer.slot >= 0)
        assert sum(sharing[row] for row in held) <= 2
        assert len(held) == placed


def test_a_session_that_moves_names_the_told_meetings_that_it_meets_and_moves_none(
    fair: Any, organiser_client: Client
) -> None:
    seller, buyer = fair.seller.participation, fair.buyer.participation
    with scope(edition=fair.edition):
        _first, second, *_rest = slots(fair.edition)
        Wish.objects.create(edition=fair.edition, wisher=buyer, wished=seller, strength="must")
        session = hold(fair, second)
        speak(session, user=fair.buyer.user)
        make_timetable(fair.edition, seconds=5)
        publish_timetable(fair.edition)
        meeting = Meeting.objects.get()
        assert colliding(fair.edition) == {}
        session.starts_at, session.ends_at = meeting.starts_at, meeting.ends_at
        session.save()
        assert colliding(fair.edition) == {session.pk: [meeting]}
        (conflict,) = all_conflicts_of(fair.edition)
        assert (conflict.sessions, conflict.meetings) == ((session,), (meeting,))
        assert conflict.sentence == "“Batteries” takes people whom meetings need at the same time."
        assert conflicts_of(fair.edition) == []  # no reason to plan a session anew
        told = meeting.starts_at
        make_timetable(fair.edition, seconds=5)
        publish_timetable(fair.edition)
        assert Meeting.objects.get().starts_at == told
    page = organiser_client.get(f"/en/{fair.edition.slug}/organiser/programme/").text
    assert reverse("organiser-meeting", args=[fair.edition.slug, meeting.pk]) in page
    assert "Seller Ltd – Buyer Ltd" in page


def by_seat(fair: Any, session: Session) -> None:
    sign_up(session, fair.seller.user)


def by_account(fair: Any, session: Session) -> None:
    speak(session, user=fair.seller.user)


def by_name(fair: Any, session: Session) -> None:
    speak(session, participation=fair.seller.participation)


def at_the_booth(fair: Any, session: Session) -> None:
    session.host = fair.seller.participation
    session.save()


def by_seat_of_one_who_was_sent(fair: Any, session: Session) -> None:
    """Of another firm, and said to take the meetings."""
    team(fair.seller.participation, fair.rival.user, people=1)
    sign_up(session, fair.rival.user)


@pytest.mark.parametrize("take", [by_seat, by_account, by_name, at_the_booth, by_seat_of_one_who_was_sent])
def test_a_told_meeting_collides_with_each_way_to_be_taken_and_only_at_that_time(
    take: Callable[[Any, Session], None], fair: Any
) -> None:
    with scope(edition=fair.edition):
        first, second, *_rest = slots(fair.edition)
        meeting = Meeting.objects.create(
            edition=fair.edition,
            host=fair.seller.participation,
            guest=fair.buyer.participation,
            state="scheduled",
            starts_at=second.starts_at,
            ends_at=second.ends_at,
        )
        session = hold(fair, first)
        take(fair, session)
        assert colliding(fair.edition) == {}
        session.starts_at, session.ends_at = second.starts_at, second.ends_at
        session.save()
        assert colliding(fair.edition) == {session.pk: [meeting]}
        Session.objects.filter(pk=session.pk).update(state="cancelled")
        assert colliding(fair.edition) == {}


def test_meetings_of_two_people_collide_once_the_programme_leaves_one(fair: Any, new_user: Make[User]) -> None:
    seller = fair.seller.participation
    with scope(edition=fair.edition):
        first, *_rest = slots(fair.edition)
        team(seller, fair.seller.user, new_user("second", firm=seller.firm), people=2)

        def tell(guest: Participation) -> Meeting:
            span = {"starts_at": first.starts_at, "ends_at": first.ends_at}
            return Meeting.objects.create(edition=fair.edition, host=seller, guest=guest, state="scheduled", **span)

        session = hold(fair, first)
        speak(session, user=fair.seller.user)
        one = tell(fair.buyer.participation)
        assert colliding(fair.edition) == {}
        other = tell(fair.rival.participation)
        assert colliding(fair.edition) == {session.pk: [one, other]}


def test_one_and_three_participants_are_read_by_as_many_queries(
    fair: Any,
    new_user: Make[User],
    take_part: Make[Participation],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with scope(edition=fair.edition):
        first, second, *_rest = slots(fair.edition)

        def enter(name: str) -> Participation:
            one = take_part(fair.edition)
            user = new_user(name, firm=one.firm)
            session = hold(fair, first, host=one)
            sign_up(session, user)
            speak(hold(fair, second), user=user, participation=one)
            return one

        of = [enter("one").pk]
        with django_assert_num_queries(8):
            assert len(engaged(fair.edition, of).of) == 1
        of += [enter("two").pk, enter("three").pk]
        with django_assert_num_queries(8):
            assert len(engaged(fair.edition, of).of) == 3
