"""Requests: what each answer leads to, that waiting blocks nothing, and that a refused step changes nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django_scopes import scope

from serai.expo.fairs.edition.models import Phase
from serai.expo.meetings.meeting.domain.life import MeetingRefusedError
from serai.expo.meetings.meeting.domain.wishes import wish
from serai.expo.meetings.meeting.models import Meeting, MeetingEvent, MeetingRequest, MeetingRule, RequestLimit, Wish
from serai.expo.meetings.requests.domain.requests import (
    accept,
    ask,
    cancel,
    counter,
    decline,
    expire_due,
    received,
    sent,
    withdraw,
)
from serai.expo.meetings.timetable.domain.candidates import candidates
from serai.expo.meetings.timetable.domain.seating import free_slots
from serai.expo.meetings.timetable.models import MeetingTerms


def kinds(request: MeetingRequest) -> list[str]:
    return list(MeetingEvent.objects.filter(request=request).values_list("kind", flat=True))


def test_accepted_before_the_timetable_a_meeting_enters_it_as_one_that_both_must_have(fair: Any) -> None:
    with scope(edition=fair.edition):
        request = ask(fair.buyer, fair.seller.participation, message="Separators", now=fair.now)
        meeting = accept(request, fair.seller, now=fair.now)
        assert (meeting.state, meeting.starts_at, meeting.source) == ("wished", None, "request")
        assert meeting.host == fair.seller.participation
        assert sorted(Wish.objects.values_list("strength", flat=True)) == ["must", "must"]
        [seated] = candidates(fair.edition)
        assert (seated.pk, seated.value) == (meeting.pk, 6.0)


def test_accepted_with_a_time_it_has_its_table_at_once(fair: Any) -> None:
    with scope(edition=fair.edition):
        request = ask(fair.buyer, fair.seller.participation, starts_at=fair.times[3], now=fair.now)
        meeting = accept(request, fair.seller, now=fair.now)
        assert (meeting.state, meeting.starts_at, meeting.place) == ("confirmed", fair.times[3], "T1")
        assert kinds(request) == ["asked", "accepted"]


def test_accepted_after_the_timetable_it_has_the_first_free_time(published: Any) -> None:
    fair = published
    with scope(edition=fair.edition):
        accept(ask(fair.rival, fair.seller.participation, starts_at=fair.times[0], now=fair.now), fair.seller)
        meeting = accept(ask(fair.buyer, fair.seller.participation, now=fair.now), fair.seller, now=fair.now)
        assert (meeting.state, meeting.starts_at) == ("confirmed", fair.times[1])


@pytest.mark.parametrize("absent", ["seller", "buyer"])
def test_a_time_at_which_one_of_the_two_is_away_is_not_free(published: Any, absent: str) -> None:
    fair = published
    with scope(edition=fair.edition):
        one, other = fair.buyer.participation, fair.seller.participation
        free = [slot for slot in free_slots(one, other, now=fair.now) if slot.starts_at in fair.times[:4]]
        assert len(free) == 4
        away = [[free[0].starts_at.isoformat(), free[1].ends_at.isoformat()]]
        party = getattr(fair, absent).participation
        MeetingTerms.objects.create(edition=fair.edition, participation=party, away=away)
        assert free_slots(one, other, now=fair.now)[0].starts_at == free[2].starts_at
        with pytest.raises(MeetingRefusedError, match="one of the two is not free"):
            ask(fair.buyer, other, starts_at=free[0].starts_at, now=fair.now)
        meeting = accept(ask(fair.buyer, other, now=fair.now), fair.seller, now=fair.now)
        assert meeting.starts_at == free[2].starts_at


def test_who_goes_away_after_a_time_was_asked_for_is_not_seated_then(published: Any) -> None:
    fair = published
    with scope(edition=fair.edition):
        request = ask(fair.buyer, fair.seller.participation, starts_at=fair.times[0], now=fair.now)
        away = [[fair.times[0].isoformat(), fair.times[1].isoformat()]]
        MeetingTerms.objects.create(edition=fair.edition, participation=fair.buyer.participation, away=away)
        with pytest.raises(MeetingRefusedError, match="not there"):
            accept(request, fair.seller, now=fair.now)
        request.refresh_from_db()
        assert request.state == "open"
        assert not Meeting.objects.filter(starts_at__isnull=False).exists()


def test_a_request_that_waits_blocks_no_time(fair: Any) -> None:
    with scope(edition=fair.edition):
        one = ask(fair.buyer, fair.seller.participation, starts_at=fair.times[0], now=fair.now)
        other = ask(fair.rival, fair.seller.participation, starts_at=fair.times[0], now=fair.now)
        accept(other, fair.seller, now=fair.now)
        with pytest.raises(MeetingRefusedError, match="another meeting"):
            accept(one, fair.seller, now=fair.now)
        one.refresh_from_db()
        assert one.state == "open"
        assert Meeting.objects.count() == 1


def test_a_counter_offer_takes_the_place_of_the_request_and_turns_who_answers(fair: Any) -> None:
    with scope(edition=fair.edition):
        request = ask(fair.buyer, fair.seller.participation, starts_at=fair.times[0], now=fair.now)
        counter(request, fair.seller, starts_at=fair.times[2], message="Better so", now=fair.now)
        assert list(received(fair.buyer.participation)) == [request]
        assert list(sent(fair.seller.participation)) == [request]
        with pytest.raises(MeetingRefusedError, match="other side has to answer"):
            accept(request, fair.seller, now=fair.now)
        assert accept(request, fair.buyer, now=fair.now).starts_at == fair.times[2]
        assert kinds(request) == ["asked", "countered", "accepted"]


def test_declined_withdrawn_and_expired_requests_stay_with_their_history(fair: Any) -> None:
    seller, buyer, rival = fair.seller, fair.buyer, fair.rival
    with scope(edition=fair.edition):
        declined = ask(buyer, seller.participation, now=fair.now)
        decline(declined, seller, reason=MeetingRequest.Reason.NO_TIME, words="Sorry", now=fair.now)
        withdrawn = ask(buyer, seller.participation, now=fair.now)
        withdraw(withdrawn, buyer, now=fair.now)
        expired = ask(rival, seller.participation, now=fair.now)
        assert expire_due(fair.edition, now=fair.now + timedelta(days=6)) == 0
        later = fair.now + timedelta(days=7)
        with pytest.raises(MeetingRefusedError, match="not open"):
            accept(expired, seller, now=later)
        assert expire_due(fair.edition, now=later) == 1
        states = dict(MeetingRequest.objects.values_list("pk", "state"))
        assert states == {declined.pk: "declined", withdrawn.pk: "withdrawn", expired.pk: "expired"}
        assert [kinds(each)[-1] for each in (declined, withdrawn, expired)] == ["declined", "withdrawn", "expired"]


def test_only_the_two_sides_answer_and_each_in_its_own_way(fair: Any) -> None:
    with scope(edition=fair.edition):
        request = ask(fair.buyer, fair.seller.participation, now=fair.now)
        for step in (accept, decline, withdraw):
            with pytest.raises(MeetingRefusedError, match="not yours"):
                step(request, fair.rival, now=fair.now)
        for step, by in ((accept, fair.buyer), (decline, fair.buyer), (withdraw, fair.seller)):
            with pytest.raises(MeetingRefusedError):
                step(request, by, now=fair.now)
        request.refresh_from_db()
        assert request.state == "open"


def test_a_second_request_is_refused_from_either_side(fair: Any) -> None:
    with scope(edition=fair.edition):
        ask(fair.buyer, fair.seller.participation, now=fair.now)
        for by, other in ((fair.buyer, fair.seller), (fair.seller, fair.buyer)):
            with pytest.raises(MeetingRefusedError, match="open request"):
                ask(by, other.participation, now=fair.now)


def test_a_meeting_is_moved_by_agreement_only(fair: Any) -> None:
    with scope(edition=fair.edition):
        meeting = accept(ask(fair.buyer, fair.seller.participation, starts_at=fair.times[0]), fair.seller)
        with pytest.raises(MeetingRefusedError, match="already"):
            ask(fair.buyer, fair.seller.participation, now=fair.now)
        request = ask(fair.buyer, fair.seller.participation, starts_at=fair.times[5], now=fair.now)
        meeting.refresh_from_db()
        assert meeting.starts_at == fair.times[0]
        accept(request, fair.seller, now=fair.now)
        meeting.refresh_from_db()
        assert (meeting.starts_at, meeting.state) == (fair.times[5], "confirmed")
        assert Meeting.objects.count() == 1


def test_a_cancelled_meeting_frees_its_time_and_is_not_seated_again_by_itself(fair: Any) -> None:
    with scope(edition=fair.edition):
        meeting = accept(ask(fair.buyer, fair.seller.participation, starts_at=fair.times[0]), fair.seller)
        cancel(meeting, fair.buyer, words="Flight changed", now=fair.now)
        free = free_slots(fair.seller.participation, fair.rival.participation, now=fair.now)
        assert free[0].starts_at == fair.times[0]
        assert candidates(fair.edition) == []
        assert meeting.events.last().words == "Flight changed"
        accept(ask(fair.seller, fair.buyer.participation, starts_at=fair.times[1]), fair.buyer)
        meeting.refresh_from_db()
        assert meeting.state == "confirmed"


def test_a_draft_of_the_timetable_gives_way_to_what_both_agreed(fair: Any) -> None:
    with scope(edition=fair.edition):
        draft = Meeting.objects.create(
            edition=fair.edition,
            host=fair.seller.participation,
            guest=fair.rival.participation,
            starts_at=fair.times[0],
            ends_at=fair.times[1],
            place="T1",
        )
        agreed = accept(ask(fair.buyer, fair.seller.participation, starts_at=fair.times[0]), fair.seller)
        draft.refresh_from_db()
        assert (draft.starts_at, draft.state) == (None, "wished")
        assert agreed.place == "T2"


def test_no_more_meetings_than_a_side_has_set_for_itself(fair: Any) -> None:
    own = fair.buyer.participation
    own.meetings_maximum = 0
    own.save()
    with scope(edition=fair.edition):
        request = ask(fair.seller, own, starts_at=fair.times[0], now=fair.now)
        with pytest.raises(MeetingRefusedError, match="as many meetings as you set"):
            accept(request, fair.buyer, now=fair.now)


def test_all_tables_taken_is_said(fair: Any) -> None:
    with scope(edition=fair.edition):
        for place in ("T1", "T2"):
            Meeting.objects.create(
                edition=fair.edition,
                host=fair.seller.participation,
                guest=fair.rival.participation if place == "T1" else fair.buyer.participation,
                starts_at=fair.times[0],
                ends_at=fair.times[1],
                place=place,
            )
        request = ask(fair.buyer, fair.seller.participation, starts_at=fair.times[0], now=fair.now)
        # Its own seat in the draft does not stand in its way, and one table is free again.
        assert accept(request, fair.seller, now=fair.now).place == "T2"


def test_requests_keep_to_their_phase_and_run_out_with_it(fair: Any) -> None:
    with scope(edition=fair.edition):
        phase = Phase.objects.create(
            edition=fair.edition, kind=Phase.Kind.REQUESTS, closes_at=fair.now + timedelta(days=2)
        )
        request = ask(fair.buyer, fair.seller.participation, now=fair.now)
        assert request.expires_at == phase.closes_at
        with pytest.raises(MeetingRefusedError, match="closed on"):
            ask(fair.rival, fair.seller.participation, now=fair.now + timedelta(days=3))


def test_after_the_last_slot_nobody_asks(fair: Any) -> None:
    with scope(edition=fair.edition), pytest.raises(MeetingRefusedError, match="hours for meetings are over"):
        ask(fair.buyer, fair.seller.participation, now=fair.times[-1])


def test_the_organisers_rules_and_limits_hold(fair: Any) -> None:
    with scope(edition=fair.edition):
        MeetingRule.objects.create(edition=fair.edition, asker_kind="exhibitor", asked_kind="buyer", allowed=False)
        RequestLimit.objects.create(edition=fair.edition, kind="buyer", most_open=0)
        with pytest.raises(MeetingRefusedError, match="rules of this fair"):
            ask(fair.seller, fair.buyer.participation, now=fair.now)
        with pytest.raises(MeetingRefusedError, match="as many as this fair allows"):
            ask(fair.buyer, fair.seller.participation, now=fair.now)


def test_letters_tell_of_requests_and_answers_but_never_across_a_veto(
    fair: Any, mailoutbox: list[Any], deliver: Callable[[], None]
) -> None:
    with scope(edition=fair.edition):
        accept(ask(fair.buyer, fair.seller.participation, now=fair.now), fair.seller, now=fair.now)
        wish(fair.seller, fair.rival.participation, Wish.Strength.NO_THANKS)
        ask(fair.rival, fair.seller.participation, now=fair.now)
    deliver()
    told = [(letter.to[0], letter.subject) for letter in mailoutbox]
    assert told == [
        ("seller@example.org", "Buyer Ltd asks you to meet"),
        ("buyer@example.org", "Seller Ltd has agreed to meet you"),
    ]
