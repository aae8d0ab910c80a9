"""On the day: two sides confirm, one alone does not count, and notes are one's own."""

from datetime import timedelta
from typing import Any

import pytest
from django_scopes import scope

from serai.expo.fairs.edition.domain.phases import set_phases
from serai.expo.fairs.edition.models import Phase
from serai.expo.meetings.day.domain.advisers import arrange, missed_meetings, no_shows, walk_in
from serai.expo.meetings.day.domain.attendance import assign, code_of, confirm, keep_note, report_missed, scan
from serai.expo.meetings.meeting.domain.life import MeetingRefusedError
from serai.expo.meetings.meeting.domain.wishes import wish
from serai.expo.meetings.meeting.models import Meeting, MeetingNote, Wish
from serai.expo.meetings.requests.domain.requests import accept, ask
from serai.expo.people.account.models import Role, User


def agreed(fair: Any) -> Meeting:
    return accept(ask(fair.buyer, fair.seller.participation, starts_at=fair.times[0]), fair.seller)


def test_a_meeting_is_held_when_both_sides_say_so(fair: Any) -> None:
    with scope(edition=fair.edition):
        meeting = agreed(fair)
        confirm(meeting, fair.buyer, now=fair.times[0])
        confirm(meeting, fair.buyer, now=fair.times[0])
        assert meeting.state == "confirmed"
        confirm(meeting, fair.seller, now=fair.times[0])
        assert (meeting.state, meeting.host_arrived_at) == ("held", fair.times[0])


def test_two_codes_prove_it_and_neither_ones_own_nor_a_wrong_one_does(fair: Any) -> None:
    with scope(edition=fair.edition):
        meeting = agreed(fair)
        of_seller, of_buyer = (code_of(meeting, side.participation) for side in (fair.seller, fair.buyer))
        for wrong in (of_buyer, "ZZZZZZ", ""):
            with pytest.raises(MeetingRefusedError):
                scan(meeting, fair.buyer, wrong, now=fair.times[0])
        scan(meeting, fair.buyer, f" {of_seller[:3].lower()}-{of_seller[3:]}", now=fair.times[0])
        assert (meeting.host_arrived_at, meeting.guest_arrived_at) == (fair.times[0], None)
        scan(meeting, fair.seller, of_buyer, now=fair.times[0])
        assert meeting.state == "held"


def test_a_meeting_is_confirmed_in_its_time_only(fair: Any) -> None:
    with scope(edition=fair.edition):
        meeting = agreed(fair)
        for wrong in (fair.times[0] - timedelta(minutes=31), fair.times[0] + timedelta(hours=25)):
            with pytest.raises(MeetingRefusedError):
                confirm(meeting, fair.buyer, now=wrong)
        meeting.refresh_from_db()
        assert meeting.guest_arrived_at is None


def test_who_came_alone_reports_it_after_ten_minutes(fair: Any) -> None:
    with scope(edition=fair.edition):
        meeting = agreed(fair)
        with pytest.raises(MeetingRefusedError, match="ten minutes"):
            report_missed(meeting, fair.seller, now=fair.times[0] + timedelta(minutes=9))
        report_missed(meeting, fair.seller, now=fair.times[0] + timedelta(minutes=10))
        assert meeting.state == "missed"
        [absent] = no_shows(fair.edition, now=fair.times[1])
        assert (absent.participation, absent.missed, absent.due) == (fair.buyer.participation, 1, 1)
        assert list(missed_meetings(fair.edition)) == [meeting]
        # The other comes after all, and both say so.
        confirm(meeting, fair.buyer, now=fair.times[0] + timedelta(minutes=12))
        assert meeting.state == "held"


def test_nobody_is_reported_absent_who_has_confirmed(fair: Any) -> None:
    with scope(edition=fair.edition):
        meeting = agreed(fair)
        confirm(meeting, fair.buyer, now=fair.times[0])
        with pytest.raises(MeetingRefusedError, match="has confirmed"):
            report_missed(meeting, fair.seller, now=fair.times[0] + timedelta(minutes=20))


def test_a_rating_is_of_a_meeting_that_was_held_and_is_kept_a_side(fair: Any) -> None:
    with scope(edition=fair.edition):
        meeting = agreed(fair)
        with pytest.raises(MeetingRefusedError):
            keep_note(meeting, fair.buyer, rating=5)
        confirm(meeting, fair.buyer, now=fair.times[0])
        confirm(meeting, fair.seller, now=fair.times[0])
        keep_note(meeting, fair.buyer, rating=5, next_step="Send samples", next_step_on=fair.times[0].date())
        keep_note(meeting, fair.seller, rating=2, note="Too small")
        keep_note(meeting, fair.seller, rating=3, note="Too small", done=True)
        kept = MeetingNote.objects.order_by("pk").values_list("side", "rating")
        assert list(kept) == [(fair.buyer.participation.pk, 5), (fair.seller.participation.pk, 3)]


def test_a_colleague_is_sent_and_a_clash_is_told(fair: Any, new_user: Any) -> None:
    colleague = new_user("colleague", firm=fair.seller.participation.firm)
    with scope(edition=fair.edition):
        meeting = agreed(fair)
        assert assign(meeting, fair.seller, colleague) == []
        assert not any(event.words for event in meeting.events.filter(kind="assigned")), "the history names nobody"
        assert meeting.host_person == colleague
        other = Meeting.objects.create(
            edition=fair.edition,
            host=fair.seller.participation,
            guest=fair.rival.participation,
            state="scheduled",
            starts_at=fair.times[0],
            ends_at=fair.times[1],
        )
        assert assign(other, fair.seller, colleague) == [meeting]
        with pytest.raises(MeetingRefusedError, match="your own firm"):
            assign(meeting, fair.seller, fair.buyer.user)
    assert Role.objects.filter(user=colleague).exists()


def test_an_adviser_brings_two_together_but_never_against_a_veto(fair: Any, organiser: User) -> None:
    with scope(edition=fair.edition):
        meeting = arrange(
            fair.buyer.participation, fair.seller.participation, by=organiser, reason="Both asked us", now=fair.now
        )
        assert (meeting.source, meeting.state, meeting.starts_at) == ("adviser", "scheduled", fair.times[0])
        assert meeting.reasons == ["Both asked us"]
        wish(fair.rival, fair.seller.participation, Wish.Strength.NO_THANKS)
        for make in (arrange, walk_in):
            with pytest.raises(MeetingRefusedError, match="does not want"):
                make(fair.seller.participation, fair.rival.participation, by=organiser)
        with pytest.raises(MeetingRefusedError, match="already"):
            arrange(fair.seller.participation, fair.buyer.participation, by=organiser)


def test_two_who_walk_in_get_the_slot_that_runs_or_the_next(fair: Any, organiser: User) -> None:
    at = fair.times[0] + timedelta(minutes=7)
    late = fair.times[1] + timedelta(minutes=25)
    with scope(edition=fair.edition):
        meeting = walk_in(fair.buyer.participation, fair.seller.participation, by=organiser, now=at)
        assert (meeting.state, meeting.source, meeting.starts_at, meeting.place) == (
            "confirmed",
            "walk_in",
            fair.times[0],
            "T1",
        )
        with pytest.raises(MeetingRefusedError, match="at this time"):
            walk_in(fair.rival.participation, fair.seller.participation, by=organiser, now=at)
        second = walk_in(fair.rival.participation, fair.seller.participation, by=organiser, now=late)
        assert second.starts_at == fair.times[2]


def test_outside_of_the_fair_nobody_arrives_and_nobody_walks_in(fair: Any, organiser: User) -> None:
    second = fair.times[1]
    with scope(edition=fair.edition):
        first = agreed(fair)
        later = accept(ask(fair.rival, fair.seller.participation, starts_at=second), fair.seller)
        set_phases(fair.edition, {Phase.Kind.FAIR: (second, second + timedelta(hours=1))})
        for step in (confirm, report_missed):
            with pytest.raises(MeetingRefusedError, match="The fair opens on"):
                step(first, fair.buyer, now=fair.times[0] + timedelta(minutes=10))
        with pytest.raises(MeetingRefusedError, match="The fair opens on"):
            walk_in(fair.buyer.participation, fair.rival.participation, by=organiser, now=fair.times[0])
        # What was in the fair's hours is confirmed after them too.
        for by in (fair.rival, fair.seller):
            confirm(later, by, now=second + timedelta(hours=3))
        assert later.state == "held"
        with pytest.raises(MeetingRefusedError, match="The fair closed on"):
            walk_in(fair.buyer.participation, fair.rival.participation, by=organiser, now=second + timedelta(hours=2))
