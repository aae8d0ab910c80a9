"""Meetings are held where their host receives: they follow a booth that is given, moved, lost or signed anew."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.domain.changes import change_edition
from serai.expo.fairs.edition.domain.phases import slots
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.models import Mail
from serai.expo.firms.identity.domain.merges import merge
from serai.expo.meetings.agenda.domain import agenda
from serai.expo.meetings.meeting.models import Meeting, MeetingEvent, Wish
from serai.expo.meetings.timetable.domain.announcement import announce_later
from serai.expo.meetings.timetable.domain.arrangements import keep, terms_of
from serai.expo.meetings.timetable.domain.drafts import make_timetable
from serai.expo.meetings.timetable.domain.publication import publish_timetable
from serai.expo.meetings.timetable.domain.relocation import places_follow
from serai.expo.people.account.models import Role, User
from serai.expo.programme.sessions.models import Forum, Room, Session
from serai.expo.venue.booths.domain import allocation as allocating
from serai.expo.venue.floor.domain.floor_plan import save_booth, save_hall
from serai.expo.venue.halls.models import Booth, BoothProposal, Hall, Stand

type Make[Thing] = Callable[..., Thing]


def booth(edition: Edition, code: str, hall: str = "W1") -> Booth:
    with scope(edition=edition):
        there, _made = Hall.objects.get_or_create(edition=edition, code=hall, defaults={"title": {"en": hall}})
        found, _made = Booth.objects.get_or_create(
            edition=edition,
            hall=there,
            code=code,
            defaults={"x_m": 4.0 * int(code[1:]), "y_m": 2, "width_m": 3, "depth_m": 3},
        )
        return found


def stand(who: Participation, code: str) -> Stand:
    with scope(edition=who.edition):
        return Stand.objects.create(edition=who.edition, booth=booth(who.edition, code), participation=who)


def meet(fair: Any, place: str, slot: int = 0, **fields: object) -> Meeting:
    at = slots(fair.edition)[slot]
    values = {"state": "confirmed", "starts_at": at.starts_at, "ends_at": at.ends_at, "place": place}
    with scope(edition=fair.edition):
        return Meeting.objects.create(
            edition=fair.edition,
            **{"host": fair.seller.participation, "guest": fair.buyer.participation} | values | fields,
        )


def place_of(meeting: Meeting) -> str:
    with scope(edition=meeting.edition):
        return Meeting.objects.get(pk=meeting.pk).place


def accept(edition: Edition, **booths: str) -> None:
    """Accept a proposal in which the participants with these keys stand at these booths."""
    with scope(edition=edition):
        hall = booth(edition, "A1").hall
        given = {pk[1:]: booth(edition, code).pk for pk, code in booths.items()}
        made = BoothProposal.objects.create(edition=edition, booths=given, walking_before=0, walking_after=0, seconds=0)
        made.halls.set([hall])
        allocating.accept(made)


def letters(person: User) -> list[Mail]:
    return list(Mail.objects.filter(user=person).order_by("pk"))


def test_a_told_meeting_goes_to_the_booth_to_which_its_host_moves_and_both_sides_are_told(fair: Any) -> None:
    own = fair.seller.participation
    stand(own, "A1")
    booth(fair.edition, "A2")
    told = meet(fair, "W1 A1")
    accept(fair.edition, **{f"p{own.pk}": "A2"})
    assert place_of(told) == "W1 A2"
    with scope(edition=fair.edition):
        assert Meeting.objects.get(pk=told.pk).state == "confirmed"  # its time is as it was
        event = MeetingEvent.objects.get(meeting=told)
        assert (event.kind, event.words, event.starts_at) == ("relocated", "W1 A2", told.starts_at)
        written = AuditEntry.objects.get(action="meeting.relocated")
        assert (written.before, written.after) == ({"place": "W1 A1"}, {"place": "W1 A2"})
        for side in (fair.seller, fair.buyer):
            [letter] = letters(side.user)
            assert "W1 A2 (before: W1 A1)" in letter.body
        assert not letters(fair.rival.user)


def test_a_table_is_left_for_the_booth_that_the_host_gets(fair: Any) -> None:
    told = meet(fair, "T1")
    own = stand(fair.seller.participation, "A1").participation
    with scope(edition=fair.edition):
        places_follow(fair.edition, [own.pk])
    assert place_of(told) == "W1 A1"


def test_who_has_no_booth_any_more_meets_at_a_table_that_is_free_then_and_else_the_organiser_knows(fair: Any) -> None:
    first, second = meet(fair, "W1 A1"), meet(fair, "W1 A1", guest=fair.rival.participation)
    take = {"host": fair.buyer.participation, "guest": fair.rival.participation}
    meet(fair, "T1", **take)
    with scope(edition=fair.edition):
        followed = places_follow(fair.edition, [fair.seller.participation.pk])
    assert [place_of(first), place_of(second)] == ["T2", ""]
    assert (len(followed.moved), followed.without) == (2, [second])


def test_what_is_over_or_held_keeps_the_place_at_which_it_was(fair: Any) -> None:
    own = fair.seller.participation
    stand(own, "A1")
    held, told = meet(fair, "T1", state="held"), meet(fair, "T1", 3, guest=fair.rival.participation)
    with scope(edition=fair.edition):
        places_follow(fair.edition, [own.pk], now=told.ends_at)
    assert [place_of(held), place_of(told)] == ["T1", "T1"]


def test_a_draft_follows_without_a_word(fair: Any) -> None:
    own = fair.seller.participation
    stand(own, "A1")
    drafted = meet(fair, "T1", state="wished")
    with scope(edition=fair.edition):
        followed = places_follow(fair.edition, [own.pk])
        assert place_of(drafted) == "W1 A1"
        assert not followed.moved
        assert not Mail.objects.exists()
        assert not MeetingEvent.objects.exists()


def test_of_two_booths_each_that_was_told_holds_and_the_first_is_for_what_has_lost_its_place(fair: Any) -> None:
    own = fair.seller.participation
    stand(own, "A2")
    stand(own, "A1")  # comes first in the hall, and was given second
    there, lost = meet(fair, "W1 A1"), meet(fair, "W1 A9", 1, guest=fair.rival.participation)
    with scope(edition=fair.edition):
        places_follow(fair.edition)
    assert [place_of(there), place_of(lost)] == ["W1 A1", "W1 A2"]


def test_a_host_that_says_it_receives_at_a_table_does_so_in_what_was_told(fair: Any) -> None:
    own = fair.seller.participation
    stand(own, "A1")
    told = meet(fair, "W1 A1")
    with scope(edition=fair.edition):
        terms = terms_of(own)
        terms.at_table = True
        keep(terms)
        assert place_of(told) == "T1"
        terms.at_table = False
        keep(terms)
    assert place_of(told) == "W1 A1"


def test_a_table_that_the_fair_puts_away_is_left_for_one_that_there_is(fair: Any) -> None:
    told = meet(fair, "T2")
    fair.edition.meeting_tables = 1
    change_edition(fair.edition)
    assert place_of(told) == "T1"


def test_a_booth_or_a_hall_that_is_signed_anew_is_so_in_what_was_told(fair: Any) -> None:
    own = fair.seller.participation
    stand(own, "A2")
    stand(own, "A1")
    told = meet(fair, "W1 A1")
    with scope(edition=fair.edition):
        second = booth(fair.edition, "A1")
        second.code = "B7"
        save_booth(second)
        assert place_of(told) == "W1 B7"
        hall = second.hall
        hall.code = "W2"
        save_hall(hall)
        assert place_of(told) == "W2 B7"
        assert " b7 " in Participation.objects.get(pk=own.pk).tokens


def test_of_two_firms_that_become_one_the_meetings_are_held_at_the_booth_of_the_one(
    fair: Any, take_part: Make[Participation]
) -> None:
    own = fair.seller.participation
    other = take_part(fair.edition)
    stand(other, "A4")
    told = meet(fair, "T1")
    merge(own.firm, other.firm)
    assert place_of(told) == "W1 A4"


def test_a_timetable_made_anew_mends_a_place_that_does_not_hold(fair: Any) -> None:
    own = fair.seller.participation
    stand(own, "A2")
    stale = meet(fair, "W1 A1")  # as was told before booths were followed
    late = meet(fair, "W1 A1", 1, guest=fair.rival.participation, state="wished")
    with scope(edition=fair.edition):
        Wish.objects.create(
            edition=fair.edition, wisher=fair.rival.participation, wished=own, strength=Wish.Strength.MUST
        )
    make_timetable(fair.edition, seconds=1)
    assert place_of(stale) == "W1 A1"  # a draft changes nothing that was told
    publish_timetable(fair.edition)
    announce_later.call(fair.edition.pk)
    assert [place_of(stale), place_of(late)] == ["W1 A2", "W1 A2"]
    with scope(edition=fair.edition):
        # One of them is told where, the other of its new meeting.
        assert [len(letters(side.user)) for side in (fair.buyer, fair.rival)] == [1, 1]


def test_the_calendar_says_that_a_meeting_has_changed(fair: Any) -> None:
    own = fair.seller.participation
    stand(own, "A1")
    meet(fair, "T1")
    with scope(edition=fair.edition):
        [before] = agenda(fair.buyer.user, fair.edition)
        places_follow(fair.edition)
        [after] = agenda(fair.buyer.user, fair.edition)
    assert (before.place, after.place) == ("T1", "W1 A1")
    assert after.changed > before.changed


def test_an_event_at_a_booth_goes_where_its_exhibitor_goes(fair: Any) -> None:
    own = fair.seller.participation
    stand(own, "A1")
    booth(fair.edition, "A2")
    begins = datetime.now(tz=UTC) + timedelta(days=10)
    with scope(edition=fair.edition):
        forum = Forum.objects.create(edition=fair.edition, slug="b", kind="booth_event", title={"en": "At booths"})
        room = Room.objects.create(edition=fair.edition, booth=booth(fair.edition, "A1"), title={"en": "W1 A1"})
        session = Session.objects.create(
            edition=fair.edition,
            forum=forum,
            title={"en": "Tasting"},
            starts_at=begins,
            ends_at=begins + timedelta(hours=1),
            room=room,
            host=own,
        )
    accept(fair.edition, **{f"p{own.pk}": "A2"})
    with scope(edition=fair.edition):
        assert Session.objects.get(pk=session.pk).place == {"en": "W1 A2"}
        second = booth(fair.edition, "A2")
        second.code = "A3"
        second.x_m = 30
        save_booth(second)
        assert Session.objects.get(pk=session.pk).place == {"en": "W1 A3"}


def test_the_meeting_page_shows_the_new_place_and_what_happened(fair: Any, client: Client) -> None:
    own = fair.seller.participation
    stand(own, "A1")
    told = meet(fair, "T1")
    with scope(edition=fair.edition):
        places_follow(fair.edition)
    client.force_login(fair.buyer.user)
    page = client.get(f"/en/{fair.edition.slug}/meetings/{told.pk}/").text
    assert "W1 A1" in page
    assert "Has another place" in page


@pytest.mark.parametrize("hosts", [1, 3])
def test_so_many_queries_whoever_moves(
    fair: Any, take_part: Make[Participation], hosts: int, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(hosts):
        one = take_part(fair.edition)
        stand(one, f"A{number}")
        meet(fair, "T1", number, host=one)
    with scope(edition=fair.edition), django_assert_max_num_queries(8):
        assert len(places_follow(fair.edition, tell=False).moved) == hosts


def test_who_acts_for_both_sides_reads_of_a_meeting_once(fair: Any, new_user: Make[User]) -> None:
    own = fair.seller.participation
    both = new_user("both", firm=own.firm)
    Role.objects.create(user=both, firm=fair.buyer.participation.firm, kind=Role.Kind.MEMBER)
    stand(own, "A1")
    meet(fair, "T1")
    with scope(edition=fair.edition):
        places_follow(fair.edition)
        (letter,) = letters(both)
    assert letter.body.count("W1 A1") == 1
