"""What is written to whom when a told plan changes: once to each and for each cause, nothing of who said no thanks."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from serai.expo.fairs.edition.domain.phases import set_phases, slots
from serai.expo.fairs.edition.models import Participation, Phase
from serai.expo.fairs.mailing.models import Mail
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.day.domain.advisers import arrange, walk_in
from serai.expo.meetings.day.domain.attendance import assign
from serai.expo.meetings.day.domain.changes import Happened, apply_change, propose
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.requests.domain.exchanges import agree, ask_exchange
from serai.expo.meetings.requests.domain.requests import accept, ask, cancel
from serai.expo.meetings.timetable.domain.announcement import announce, announce_later
from serai.expo.meetings.timetable.domain.exchange import exchange_by_right
from serai.expo.meetings.timetable.domain.publication import publish_timetable
from serai.expo.people.account.models import User
from tests.expo.meetings.timetable.drafted import draft


def told(fair: Any) -> list[tuple[str, str]]:
    """To whom, and the subject, of what has been written since this was last asked."""
    with scope(edition=fair.edition):
        found = [(mail.address.split("@")[0], mail.subject) for mail in Mail.objects.order_by("pk")]
        Mail.objects.all().delete()
    return sorted(found)


def bodies(fair: Any) -> dict[str, str]:
    with scope(edition=fair.edition):
        found = {mail.address.split("@")[0]: mail.body for mail in Mail.objects.all()}
        Mail.objects.all().delete()
    return found


def publish(fair: Any, by: User) -> None:
    """Publish the draft, and do the task that writes the letters."""
    publish_timetable(fair.edition, by=by)
    announce_later.call(fair.edition.pk, by.pk)


def agreed(fair: Any, by: Any, at: int) -> Meeting:
    request = ask(by, fair.seller.participation, starts_at=fair.times[at], now=fair.now)
    return accept(request, fair.seller, now=fair.now)


def test_a_published_timetable_is_told_to_each_person_once_with_all_that_is_new(fair: Any, organiser: User) -> None:
    draft(fair, fair.buyer.participation, fair.rival.participation)
    publish(fair, by=organiser)
    said = bodies(fair)
    assert set(said) == {"seller", "buyer", "rival"}
    assert said["seller"].count("\n- ") == 2
    assert "Buyer Ltd" in said["seller"]
    assert "· T1 · Seller Ltd" in said["buyer"]
    assert said["buyer"].startswith("New:\n- ")
    assert f"/en/{fair.edition.slug}/agenda/" in said["buyer"]
    assert "Rival" not in said["buyer"]
    with scope(edition=fair.edition):
        assert announce(fair.edition) == 0
    assert told(fair) == []


def test_the_next_publication_tells_only_whose_meetings_move_or_lose_their_time(fair: Any, organiser: User) -> None:
    moved, gone = draft(fair, fair.buyer.participation, fair.rival.participation)
    publish(fair, by=organiser)
    told(fair)
    slot = slots(fair.edition)[5]
    begins, ends = slot.starts_at.isoformat(), slot.ends_at.isoformat()
    draft(fair, changes={str(moved.pk): [begins, ends, "T2", ""]})
    publish(fair, by=organiser)
    said = bodies(fair)
    assert set(said) == {"seller", "buyer"}
    assert said["buyer"].startswith("At another time or place:\n- ")
    draft(fair, changes={str(gone.pk): [None, None, "", "VETOED"]})
    publish(fair, by=organiser)
    said = bodies(fair)
    assert set(said) == {"seller", "rival"}
    assert said["seller"].startswith("Without a time now:\n- Rival Ltd\n")
    assert not [word for word in ("no thanks", "veto", "rules") if word in said["seller"].lower()]


def test_an_organiser_who_takes_part_is_not_told_of_what_it_publishes_itself(fair: Any) -> None:
    draft(fair, fair.buyer.participation)
    publish(fair, by=fair.seller.user)
    assert [name for name, _subject in told(fair)] == ["buyer"]


def test_each_reads_the_timetable_in_the_own_language(fair: Any, organiser: User) -> None:
    User.objects.filter(pk=fair.buyer.user.pk).update(language="zh-hans")
    draft(fair, fair.buyer.participation)
    publish(fair, by=organiser)
    with scope(edition=fair.edition):
        assert dict(Mail.objects.values_list("user__name", "language")) == {"Seller": "en", "Buyer": "zh-hans"}
        body = Mail.objects.get(language="zh-hans").body
    assert f"/zh-hans/{fair.edition.slug}/agenda/" in body
    assert "年" in body


def test_one_and_three_meetings_are_told_by_the_same_number_of_queries(
    fair: Any, organiser: User, a_firm: Callable[..., Firm], take_part: Any, new_user: Callable[..., User]
) -> None:
    def guests(number: int) -> list[Participation]:
        firms = [a_firm() for _ in range(number)]
        for firm in firms:
            new_user(f"of-{firm.pk}", firm=firm)
        return [take_part(fair.edition, firm, "buyer") for firm in firms]

    counts = []
    for start, number in ((0, 1), (4, 3)):
        draft(fair, *guests(number), at=start)
        with CaptureQueriesContext(connection) as queries:
            publish(fair, by=organiser)
        counts.append(len(queries))
        assert len(told(fair)) == number + 1
    assert counts[0] == counts[1]


def test_who_cancels_tells_the_other_side_why_and_whom_to_ask_and_nobody_else(
    fair: Any, new_user: Callable[..., User]
) -> None:
    colleague = new_user("colleague", firm=fair.buyer.participation.firm)
    with scope(edition=fair.edition):
        meeting = agreed(fair, fair.buyer, 3)
        assign(meeting, fair.buyer, colleague)
        told(fair)
        cancel(meeting, fair.buyer, words="Our flight is cancelled.", now=fair.now)
    said = bodies(fair)
    assert set(said) == {"seller", "colleague"}
    assert "T1" in said["seller"]
    assert "Our flight is cancelled." in said["seller"]
    assert "Colleague <colleague@example.org>" in said["seller"]
    assert "@" not in said["colleague"]


def test_an_open_request_that_ends_with_a_meeting_is_not_told_beside_it(fair: Any) -> None:
    with scope(edition=fair.edition):
        meeting = agreed(fair, fair.buyer, 3)
        ask(fair.buyer, fair.seller.participation, starts_at=fair.times[5], now=fair.now)
        told(fair)
        cancel(meeting, fair.seller, now=fair.now)
    assert told(fair) == [("buyer", "Your meeting with Seller Ltd is cancelled")]


def test_an_advisers_meeting_is_told_to_both_with_the_advisers_word(fair: Any, organiser: User) -> None:
    with scope(edition=fair.edition):
        arrange(fair.buyer.participation, fair.seller.participation, by=organiser, reason="Both speak of film.")
        assert announce(fair.edition) == 0
    said = bodies(fair)
    assert set(said) == {"seller", "buyer"}
    assert "Both speak of film." in said["buyer"]
    assert "· T1" in said["buyer"]


def test_two_who_walk_in_stand_before_the_desk_and_are_not_written_to(fair: Any, organiser: User) -> None:
    with scope(edition=fair.edition):
        walk_in(fair.buyer.participation, fair.seller.participation, by=organiser, now=fair.times[0])
        announce(fair.edition, now=fair.now)
    assert told(fair) == []


def test_a_change_on_the_day_is_told_to_whom_it_touches(fair: Any, organiser: User) -> None:
    draft(fair, fair.buyer.participation, at=2)
    publish(fair, by=organiser)
    told(fair)
    pair = (fair.seller.participation.pk, fair.rival.participation.pk)
    absent = Happened(absent=(fair.buyer.participation.pk,), walk_in=(pair,))
    propose(fair.edition, absent, by=organiser)
    assert told(fair) == []
    apply_change(fair.edition, by=organiser)
    said = bodies(fair)
    assert set(said) == {"seller", "buyer", "rival"}
    assert said["rival"].startswith("New:\n- ")
    assert "Without a time now:\n- Buyer Ltd" in said["seller"]
    assert "Rival" in said["seller"]


def test_who_agreed_first_to_an_exchange_learns_that_it_is_done(fair: Any) -> None:
    with scope(edition=fair.edition):
        one, other = agreed(fair, fair.buyer, 1), agreed(fair, fair.rival, 4)
        made = ask_exchange(fair.seller, one, other, now=fair.now)
        agree(made, fair.buyer, now=fair.now)
        told(fair)
        agree(made, fair.rival, now=fair.now)
    assert told(fair) == [
        ("buyer", "Your meeting with Seller Ltd has another time"),
        ("seller", "Rival Ltd has agreed: the times are exchanged"),
    ]


def test_times_exchanged_by_an_organiser_are_told_with_the_new_time(fair: Any, organiser: User) -> None:
    with scope(edition=fair.edition):
        one, other = agreed(fair, fair.buyer, 1), agreed(fair, fair.rival, 4)
        told(fair)
        exchange_by_right(one, other, by=organiser, now=fair.now)
        assert announce(fair.edition) == 0
    assert [name for name, _subject in told(fair)] == ["buyer", "rival", "seller", "seller"]


@pytest.fixture
def opens(fair: Any) -> datetime:
    """The timetable opens in five days."""
    at: datetime = (timezone.now() + timedelta(days=5)).replace(microsecond=0)
    set_phases(fair.edition, {Phase.Kind.TIMETABLE: (at, None)})
    return at


def test_what_may_not_be_read_yet_is_told_once_the_timetable_opens(fair: Any, opens: datetime, organiser: User) -> None:
    draft(fair, fair.buyer.participation)
    publish(fair, by=organiser)
    with scope(edition=fair.edition):
        arrange(fair.rival.participation, fair.seller.participation, by=organiser)
    assert announce_later.call(fair.edition.pk) == 0
    assert told(fair) == []
    set_phases(fair.edition, {Phase.Kind.TIMETABLE: (timezone.now() - timedelta(minutes=1), None)})
    assert announce_later.call(fair.edition.pk) == 3
    assert announce_later.call(fair.edition.pk) == 0
    assert [name for name, _subject in told(fair)] == ["buyer", "rival", "seller"]


def test_a_meeting_that_is_cancelled_before_its_time_may_be_read_is_told_without_it(
    fair: Any, opens: datetime, organiser: User
) -> None:
    [meeting] = draft(fair, fair.buyer.participation)
    publish(fair, by=organiser)
    with scope(edition=fair.edition):
        meeting.refresh_from_db()
        cancel(meeting, fair.buyer, words="No time", now=fair.now)
    said = bodies(fair)
    assert set(said) == {"seller"}
    assert said["seller"].startswith("No time\n\n")
