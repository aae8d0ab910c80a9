"""Two meetings exchange their times: both other sides are asked, what stands in the way is said, and nothing moves."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.fairs.edition.domain.phases import slots
from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.mailing.models import Mail
from serai.expo.meetings.meeting.domain.life import MeetingRefusedError
from serai.expo.meetings.meeting.models import Meeting, MeetingEvent, Wish
from serai.expo.meetings.requests.domain.exchanges import agree, ask_exchange, asked_by, decline, to_answer, withdraw
from serai.expo.meetings.requests.domain.requests import accept, ask, cancel
from serai.expo.meetings.requests.models import MeetingExchange
from serai.expo.meetings.timetable.domain.exchange import exchange_by_right
from serai.expo.meetings.timetable.models import MeetingTerms, TimetableRun
from serai.expo.participants.participation.domain.representation import Acting
from serai.expo.people.account.models import User
from serai.expo.venue.halls.models import Booth, Hall, Stand


def meet(fair: Any, guest: Acting, at: int) -> Meeting:
    """The seller meets a buyer in a slot."""
    request = ask(guest, fair.seller.participation, starts_at=fair.times[at], now=fair.now)
    return accept(request, fair.seller, now=fair.now)


def stands(*meetings: Meeting) -> list[tuple[datetime | None, str, str]]:
    rows = Meeting.objects.in_bulk([one.pk for one in meetings])
    return [(rows[one.pk].starts_at, rows[one.pk].place, rows[one.pk].state) for one in meetings]


def page(fair: Any, rest: str = "") -> str:
    return f"/en/{fair.edition.slug}/meetings/{rest}"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_once_both_other_sides_agree_the_times_are_exchanged_and_all_are_told(fair: Any) -> None:
    with scope(edition=fair.edition):
        one, other = meet(fair, fair.buyer, 1), meet(fair, fair.rival, 4)
        Mail.objects.all().delete()
        made = ask_exchange(fair.seller, one, other, message="A late flight", now=fair.now)
        assert list(to_answer(fair.buyer.participation)) == list(to_answer(fair.rival.participation)) == [made]
        assert list(asked_by(fair.seller.participation)) == [made]
        assert Mail.objects.count() == 2
        assert agree(made, fair.buyer, now=fair.now) is False
        assert [row[0] for row in stands(one, other)] == [fair.times[1], fair.times[4]]
        assert not to_answer(fair.buyer.participation).exists()
        assert agree(made, fair.rival, now=fair.now) is True
        assert stands(one, other) == [(fair.times[4], "T1", "confirmed"), (fair.times[1], "T1", "confirmed")]
        made.refresh_from_db()
        assert (made.state, Mail.objects.count()) == ("done", 4)
        moved = MeetingEvent.objects.filter(kind=MeetingEvent.Kind.MOVED)
        assert set(moved.values_list("meeting", "starts_at")) == {(one.pk, fair.times[4]), (other.pk, fair.times[1])}


def test_one_side_that_says_no_keeps_both_times(fair: Any) -> None:
    with scope(edition=fair.edition):
        one, other = meet(fair, fair.buyer, 1), meet(fair, fair.rival, 4)
        before = stands(one, other)
        made = ask_exchange(fair.seller, one, other, now=fair.now)
        agree(made, fair.buyer, now=fair.now)
        decline(made, fair.rival, now=fair.now)
        assert stands(one, other) == before
        with pytest.raises(MeetingRefusedError, match="not open any more"):
            agree(made, fair.rival, now=fair.now)
        again = ask_exchange(fair.seller, one, other, now=fair.now)
        with pytest.raises(MeetingRefusedError, match="not yours to answer"):
            agree(again, fair.seller, now=fair.now)
        with pytest.raises(MeetingRefusedError, match="asked for already"):
            ask_exchange(fair.seller, other, one, now=fair.now)
        withdraw(again, fair.seller, now=fair.now)
        assert not asked_by(fair.seller.participation).exists()


def test_what_stands_in_the_way_is_said_and_nothing_is_asked(fair: Any) -> None:
    times = fair.times
    with scope(edition=fair.edition):
        one, other = meet(fair, fair.buyer, 1), meet(fair, fair.rival, 4)
        third = Participation.objects.create(
            edition=fair.edition, firm=fair.rival.participation.firm, kind="press", state="confirmed"
        )
        busy = Meeting.objects.create(
            edition=fair.edition,
            host=fair.buyer.participation,
            guest=third,
            state="scheduled",
            starts_at=times[4],
            ends_at=times[4] + (times[1] - times[0]),
            place="T2",
        )
        with pytest.raises(MeetingRefusedError, match=r"Seller Ltd and Buyer Ltd .* another meeting then"):
            ask_exchange(fair.seller, one, other, now=fair.now)
        busy.delete()
        away = [[times[1].isoformat(), times[2].isoformat()]]
        terms = MeetingTerms.objects.create(edition=fair.edition, participation=fair.rival.participation, away=away)
        with pytest.raises(MeetingRefusedError, match=r"Rival Ltd .* is not there"):
            ask_exchange(fair.seller, one, other, now=fair.now)
        terms.delete()
        Meeting.objects.filter(pk=one.pk).update(locked=True)
        with pytest.raises(MeetingRefusedError, match="locked"):
            ask_exchange(fair.seller, one, other, now=fair.now)
        Meeting.objects.filter(pk=one.pk).update(locked=False)
        with pytest.raises(MeetingRefusedError, match="with itself"):
            ask_exchange(fair.seller, one, one, now=fair.now)
        with pytest.raises(MeetingRefusedError, match="of your own"):
            ask_exchange(fair.buyer, one, other, now=fair.now)
        with pytest.raises(MeetingRefusedError, match="time to come"):
            ask_exchange(fair.seller, one, other, now=times[2])
        assert not MeetingExchange.objects.exists()


def test_what_has_come_in_between_stops_the_exchange_and_names_nobody(fair: Any) -> None:
    with scope(edition=fair.edition):
        one, other = meet(fair, fair.buyer, 1), meet(fair, fair.rival, 4)
        made = ask_exchange(fair.seller, one, other, now=fair.now)
        agree(made, fair.buyer, now=fair.now)
        busy = Participation.objects.create(
            edition=fair.edition, firm=fair.rival.participation.firm, kind="press", state="confirmed"
        )
        # The buyer has agreed to something else at that hour in the meantime.
        Meeting.objects.create(
            edition=fair.edition,
            host=busy,
            guest=fair.buyer.participation,
            state="scheduled",
            starts_at=fair.times[4],
            ends_at=fair.times[5],
            place="T9",
        )
        before = stands(one, other)
        with pytest.raises(MeetingRefusedError, match="can't be exchanged any more") as refused:
            agree(made, fair.rival, now=fair.now)
        assert "Buyer" not in str(refused.value)
        made.refresh_from_db()
        assert (made.state, made.second_agreed_at, stands(one, other)) == ("open", None, before)


def test_each_meeting_has_the_place_and_the_length_of_where_its_host_receives(fair: Any) -> None:
    with scope(edition=fair.edition):
        one, other = meet(fair, fair.buyer, 1), meet(fair, fair.rival, 4)
        hall = Hall.objects.create(edition=fair.edition, code="E1", title={"en": "East"})
        booth = Booth.objects.create(edition=fair.edition, hall=hall, code="A1")
        Stand.objects.create(edition=fair.edition, booth=booth, participation=fair.seller.participation)
        half = int((fair.times[1] - fair.times[0]).total_seconds() // 120)
        MeetingTerms.objects.create(edition=fair.edition, participation=fair.seller.participation, booth_minutes=half)
        exchange_by_right(one, other, by=fair.seller.user, now=fair.now)
        for row, begins in ((one, fair.times[4]), (other, fair.times[1])):
            row.refresh_from_db()
            assert (row.starts_at, row.place) == (begins, booth.label)
            assert row.ends_at == begins + timedelta(minutes=half)


def test_the_organiser_exchanges_any_two_by_right_and_a_confirmed_time_is_confirmed_no_more(
    fair: Any, organiser: User
) -> None:
    with scope(edition=fair.edition):
        one, other = meet(fair, fair.buyer, 1), meet(fair, fair.rival, 4)
    client = client_of(organiser)
    address = f"/en/{fair.edition.slug}/organiser/timetable/meetings/{one.pk}/"
    assert "Exchange its time" in client.get(address).text
    for wrong in ("", "0", "99999", str(one.pk), "9" * 5000):
        answer = client.post(address, {"exchange": "1", "exchange-number": wrong})
        assert answer.status_code == 400
    assert client.post(address, {"exchange": "1", "exchange-number": other.pk}).status_code == 302
    with scope(edition=fair.edition):
        assert stands(one, other) == [(fair.times[4], "T1", "scheduled"), (fair.times[1], "T1", "scheduled")]
        subjects = list(Mail.objects.order_by("pk").values_list("subject", flat=True))
    assert len([subject for subject in subjects if "has another time" in subject]) == 4


def test_a_draft_that_moves_told_meetings_is_set_aside_by_an_exchange(fair: Any, organiser: User) -> None:
    with scope(edition=fair.edition):
        one, other = meet(fair, fair.buyer, 1), meet(fair, fair.rival, 4)
        plain = {"status": "optimal", "objective": 0, "bound": 0, "seconds": 0, "wished": 0, "placed": 0}
        moves = TimetableRun.objects.create(edition=fair.edition, changes={str(one.pk): [None] * 4}, **plain)
        keeps = TimetableRun.objects.create(edition=fair.edition, **plain)
        exchange_by_right(one, other, by=organiser, now=fair.now)
        moves.refresh_from_db()
        keeps.refresh_from_db()
        assert (moves.state, keeps.state) == ("replaced", "draft")


def test_who_said_no_thanks_since_is_asked_nothing_and_the_asker_learns_nothing_of_it(fair: Any) -> None:
    with scope(edition=fair.edition):
        one, other = meet(fair, fair.buyer, 1), meet(fair, fair.rival, 4)
        Wish.objects.filter(wisher=fair.buyer.participation).update(strength="no_thanks")
        Mail.objects.all().delete()
        made = ask_exchange(fair.seller, one, other, now=fair.now)
        assert not to_answer(fair.buyer.participation).exists()
        assert Mail.objects.count() == 1
        with pytest.raises(MeetingRefusedError, match="Take that back first"):
            agree(made, fair.buyer, now=fair.now)
        with pytest.raises(MeetingRefusedError, match="no thanks"):
            exchange_by_right(one, other, by=fair.seller.user, now=fair.now)


def test_a_meeting_that_has_moved_or_ended_leaves_nothing_to_exchange(fair: Any) -> None:
    with scope(edition=fair.edition):
        one, other = meet(fair, fair.buyer, 1), meet(fair, fair.rival, 4)
        made = ask_exchange(fair.seller, one, other, now=fair.now)
        cancel(other, fair.rival, now=fair.now)
        assert not to_answer(fair.buyer.participation).exists()
        with pytest.raises(MeetingRefusedError, match="not open any more"):
            agree(made, fair.buyer, now=fair.now)


def test_on_the_pages_each_side_sees_its_own_meeting_only_and_answers_it(fair: Any, stranger: User) -> None:
    with scope(edition=fair.edition):
        one, other = meet(fair, fair.buyer, 1), meet(fair, fair.rival, 4)
    seller, buyer, rival = (client_of(side.user) for side in (fair.seller, fair.buyer, fair.rival))
    assert "Exchange its time" in seller.get(page(fair, f"{one.pk}/")).text
    assert "Exchange its time" not in buyer.get(page(fair, f"{one.pk}/")).text
    seller.post(page(fair, f"{one.pk}/act/"), {"act": "exchange", "other": other.pk, "message": "A late flight"})
    with scope(edition=fair.edition):
        made = MeetingExchange.objects.get()
    shown = buyer.get(page(fair)).text
    assert "Your meeting would move from" in shown
    assert "A late flight" in shown
    assert "Rival" not in shown
    assert "Withdraw" in seller.get(page(fair)).text
    address = page(fair, f"exchanges/{made.pk}/")
    assert client_of(stranger).post(address, {"act": "agree"}).status_code == 403
    assert Client().post(address, {"act": "agree"}).status_code == 302
    assert buyer.post(address, {"act": "agree"}, follow=True).status_code == 200
    assert "The times are exchanged" in rival.post(address, {"act": "agree"}, follow=True).text
    assert buyer.post(address, {"act": "agree"}).status_code == 404
    with scope(edition=fair.edition):
        assert stands(one)[0][0] == fair.times[4]


def test_a_refused_exchange_is_a_sentence_on_the_page(fair: Any) -> None:
    with scope(edition=fair.edition):
        one, other = meet(fair, fair.buyer, 1), meet(fair, fair.rival, 4)
        grid = slots(fair.edition)
        MeetingTerms.objects.create(
            edition=fair.edition,
            participation=fair.rival.participation,
            away=[[grid[1].starts_at.isoformat(), grid[1].ends_at.isoformat()]],
        )
    client = client_of(fair.seller.user)
    for said, sentence in (
        ({"act": "exchange", "other": other.pk}, "is not there"),
        ({"act": "exchange", "other": "x"}, "Choose another of your meetings"),
        ({"act": "exchange", "other": one.pk}, "Choose another of your meetings"),
    ):
        assert sentence in client.post(page(fair, f"{one.pk}/act/"), said, follow=True).text
    with scope(edition=fair.edition):
        assert not MeetingExchange.objects.exists()
