"""What is arranged holds in the timetable, a draft says what it changes, and the day itself changes little."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.domain.phases import slots
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.day.domain import changes as live
from serai.expo.meetings.meeting.models import Meeting, Wish
from serai.expo.meetings.timetable.domain.drafts import lock, make_timetable
from serai.expo.meetings.timetable.domain.publication import differences, publish_timetable
from serai.expo.meetings.timetable.domain.seating import free_slots
from serai.expo.meetings.timetable.models import (
    InterpreterPool,
    MeetingBlock,
    MeetingTerms,
    TimetableRun,
    TimetableSettings,
)
from serai.expo.venue.halls.models import Booth, Hall, Stand, TableArea

type Make[Thing] = Callable[..., Thing]
type Sides = tuple[list[Participation], list[Participation]]


@pytest.fixture
def sides(edition: Edition, take_part: Make[Participation]) -> Sides:
    return [take_part(edition) for _ in range(2)], [take_part(edition, kind="buyer") for _ in range(3)]


def wish(wisher: Participation, wished: Participation, strength: str = "must") -> None:
    with scope(edition=wisher.edition):
        Wish.objects.create(edition=wisher.edition, wisher=wisher, wished=wished, strength=strength)


def only(edition: Edition, host: Participation, guest: Participation) -> Meeting:
    with scope(edition=edition):
        return Meeting.objects.get(edition=edition, host=host, guest=guest)


def shorten(edition: Edition, until: str) -> None:
    Edition.objects.filter(pk=edition.pk).update(meetings_until=time.fromisoformat(until), ends_on=edition.starts_on)
    edition.refresh_from_db()


# ---- what is arranged ----------------------------------------------------------------------------


def test_who_is_away_is_not_seated_then(edition: Edition, sides: Sides) -> None:
    exhibitors, buyers = sides
    wish(buyers[0], exhibitors[0])
    grid = slots(edition)
    with scope(edition=edition):
        MeetingTerms.objects.create(
            edition=edition,
            participation=buyers[0],
            away=[[grid[0].starts_at.isoformat(), grid[-2].ends_at.isoformat()]],
        )
    make_timetable(edition, seconds=2)
    assert only(edition, exhibitors[0], buyers[0]).starts_at == grid[-1].starts_at


def test_a_meeting_keeps_to_its_session_and_its_booth_to_its_hours(edition: Edition, sides: Sides) -> None:
    exhibitors, buyers = sides
    for buyer in buyers[:2]:
        wish(buyer, exhibitors[0])
    make_timetable(edition, seconds=2)
    with scope(edition=edition):
        hall = Hall.objects.create(edition=edition, code="W1", title={"en": "West"})
        booth = Booth.objects.create(edition=edition, hall=hall, code="A1")
        Stand.objects.create(edition=edition, booth=booth, participation=exhibitors[0])
        MeetingTerms.objects.create(edition=edition, participation=exhibitors[0], booth_from=time(14))
        evening = MeetingBlock.objects.create(
            edition=edition, from_time=time(17), until_time=time(18), title={"en": "E"}
        )
        Meeting.objects.filter(guest=buyers[1]).update(block=evening)
    make_timetable(edition, seconds=2)
    zone = ZoneInfo(edition.time_zone)
    first, second = (only(edition, exhibitors[0], buyer) for buyer in buyers[:2])
    assert first.starts_at
    assert first.starts_at.astimezone(zone).time() >= time(14)
    assert second.starts_at
    assert second.starts_at.astimezone(zone).time() == time(17)
    assert first.place == "W1 A1"


def test_two_firms_without_a_language_in_common_share_the_interpreters(edition: Edition, sides: Sides) -> None:
    exhibitors, buyers = sides
    for firm in (buyers[0].firm, buyers[1].firm):
        firm.languages = ["fr"]
        firm.save()
    for exhibitor in exhibitors:
        exhibitor.firm.languages = ["zh-hans"]
        exhibitor.firm.save()
    shorten(edition, "10:00")
    wish(buyers[0], exhibitors[0])
    wish(buyers[1], exhibitors[1])
    assert make_timetable(edition, seconds=2).placed == 2
    with scope(edition=edition):
        InterpreterPool.objects.create(edition=edition, one="fr", other="zh", number=1)
    run = make_timetable(edition, seconds=2)
    assert (run.placed, run.why_not) == (1, {"NO_POOL": 1})


def test_a_firm_with_two_people_holds_two_meetings_at_once(edition: Edition, sides: Sides) -> None:
    exhibitors, buyers = sides
    shorten(edition, "10:00")
    for buyer in buyers[:2]:
        wish(buyer, exhibitors[0])
    assert make_timetable(edition, seconds=2).placed == 1
    with scope(edition=edition):
        MeetingTerms.objects.create(edition=edition, participation=exhibitors[0], people=2)
    run = make_timetable(edition, seconds=2)
    assert run.placed == 2
    with scope(edition=edition):
        assert len(set(Meeting.objects.values_list("place", flat=True))) == 2


def test_no_number_of_woulds_outweighs_a_must(edition: Edition, sides: Sides) -> None:
    exhibitors, buyers = sides
    shorten(edition, "10:00")
    wish(buyers[0], exhibitors[0], "must")
    for one in (0, 1):
        wish(buyers[one + 1], exhibitors[one], "would")
        wish(exhibitors[one], buyers[one + 1], "would")
    # The exhibitors and the buyers that would meet leave the must out if woulds count together.
    wish(exhibitors[1], buyers[0], "would")
    run = make_timetable(edition, seconds=2)
    assert only(edition, exhibitors[0], buyers[0]).starts_at is not None
    assert run.proof["musts_missing"] == 0


def test_walks_between_halls_take_their_time(edition: Edition, sides: Sides) -> None:
    exhibitors, buyers = sides
    shorten(edition, "10:30")
    with scope(edition=edition):
        for number, exhibitor in enumerate(exhibitors):
            hall = Hall.objects.create(edition=edition, code=f"W{number}", title={"en": "West"})
            booth = Booth.objects.create(edition=edition, hall=hall, code=f"A{number}")
            Stand.objects.create(edition=edition, booth=booth, participation=exhibitor)
            wish(buyers[0], exhibitor)
        TimetableSettings.objects.create(edition=edition, turnaround_minutes=5, minutes_between_halls=15)
    run = make_timetable(edition, seconds=2)
    assert (run.placed, run.why_not) == (1, {"TOO_FAR": 1})


def stand(exhibitor: Participation, hall: Hall, code: str, x: float) -> None:
    """A booth of 6 by 4 metres at the back of the hall, so many metres from its corner."""
    booth = Booth.objects.create(
        edition=exhibitor.edition, hall=hall, code=code, x_m=x, y_m=2.0, width_m=6.0, depth_m=4.0
    )
    Stand.objects.create(edition=exhibitor.edition, booth=booth, participation=exhibitor)


@pytest.mark.parametrize(("pace", "seated"), [(60, 2), (30, 1)])
def test_a_walk_along_the_aisle_takes_as_long_as_one_walks_slowly(
    edition: Edition, sides: Sides, pace: int, seated: int
) -> None:
    """Two booths 200 m apart along one aisle: at 60 metres a minute five minutes are enough, at 30 they are not."""
    exhibitors, buyers = sides
    shorten(edition, "10:30")
    with scope(edition=edition):
        hall = Hall.objects.create(edition=edition, code="W1", title={"en": "West"}, width_m=300, depth_m=12)
        stand(exhibitors[0], hall, "A1", 20)
        stand(exhibitors[1], hall, "A2", 220)
        wish(buyers[0], exhibitors[0])
        wish(buyers[0], exhibitors[1])
        TimetableSettings.objects.create(edition=edition, turnaround_minutes=5, metres_a_minute=pace)
    run = make_timetable(edition, seconds=2)
    assert (run.placed, run.why_not) == (seated, {} if seated == 2 else {"TOO_FAR": 1})


@pytest.mark.parametrize(("x", "seated"), [(20.0, 2), (240.0, 1)])
def test_the_way_to_a_table_is_that_to_its_place(edition: Edition, sides: Sides, x: float, seated: int) -> None:
    """A booth and a table of one hall: beside each other five minutes are enough, 200 m apart they are not."""
    exhibitors, buyers = sides
    shorten(edition, "10:30")
    with scope(edition=edition):
        hall = Hall.objects.create(edition=edition, code="W1", title={"en": "West"}, width_m=300, depth_m=24)
        stand(exhibitors[0], hall, "A1", 20)
        TableArea.objects.create(edition=edition, hall=hall, first=1, last=9, x_m=x, y_m=12, width_m=6, depth_m=6)
        wish(buyers[0], exhibitors[0])
        wish(buyers[0], exhibitors[1])
        TimetableSettings.objects.create(edition=edition, turnaround_minutes=5, metres_a_minute=30)
    run = make_timetable(edition, seconds=2)
    assert (run.placed, run.why_not) == (seated, {} if seated == 2 else {"TOO_FAR": 1})


def test_no_more_meetings_are_at_one_place_than_tables_stand_there(edition: Edition, sides: Sides) -> None:
    """Three tables in two halls; both hosts of the first hall are at its one table, one after the other."""
    exhibitors, buyers = sides
    shorten(edition, "10:30")
    Edition.objects.filter(pk=edition.pk).update(meeting_tables=3)
    edition.refresh_from_db()
    with scope(edition=edition):
        for number, (code, first, last) in enumerate((("W1", 3, 3), ("W2", 1, 2))):
            hall = Hall.objects.create(edition=edition, code=code, title={"en": "West"})
            TableArea.objects.create(
                edition=edition, hall=hall, first=first, last=last, x_m=1, y_m=1, width_m=6, depth_m=6
            )
            if not number:
                stand(exhibitors[0], hall, "A1", 20)
                stand(exhibitors[1], hall, "A2", 30)
        for one in exhibitors:
            MeetingTerms.objects.create(edition=edition, participation=one, at_table=True)
    wish(buyers[0], exhibitors[0])
    wish(buyers[1], exhibitors[1])
    assert make_timetable(edition, seconds=2).placed == 2
    with scope(edition=edition):
        found = list(Meeting.objects.order_by("starts_at"))
    assert [one.place for one in found] == ["T3", "T3"]
    assert found[0].starts_at < found[1].starts_at  # type: ignore[operator]
    publish_timetable(edition)
    wish(buyers[2], exhibitors[0])
    run = make_timetable(edition, seconds=2)
    assert (run.placed, run.why_not) == (2, {"NO_PLACE": 1})


def test_a_timetable_made_anew_says_what_of_the_last_draft_stays(edition: Edition, sides: Sides) -> None:
    exhibitors, buyers = sides
    for buyer in buyers:
        wish(buyer, exhibitors[0])
    assert "changed" not in make_timetable(edition, seconds=2).proof
    with scope(edition=edition):
        before = {one.pk: (one.starts_at, one.place) for one in Meeting.objects.all()}
    wish(buyers[0], exhibitors[1])
    wish(exhibitors[0], buyers[1], "no_thanks")
    run = make_timetable(edition, seconds=2)
    assert run.proof["changed"] == {"stay": len(buyers) - 1, "move": 0, "lose": 1, "gain": 1}
    with scope(edition=edition):
        after = {one.pk: (one.starts_at, one.place) for one in Meeting.objects.all() if one.starts_at}
    assert {pk: seat for pk, seat in after.items() if pk in before}.items() <= before.items()


def test_a_booth_receives_for_its_own_time_beside_tables_with_theirs(edition: Edition, sides: Sides) -> None:
    """Tables: 9:30 to 10:30 in three times of 20 minutes. The first exhibitor's booth: two of 30."""
    exhibitors, buyers = sides
    Edition.objects.filter(pk=edition.pk).update(meeting_minutes=20)
    shorten(edition, "10:30")
    with scope(edition=edition):
        hall = Hall.objects.create(edition=edition, code="W1", title={"en": "West"})
        stand(exhibitors[0], hall, "A1", 20)
        TimetableSettings.objects.create(edition=edition, booth_minutes=30)
    for buyer in buyers:
        for exhibitor in exhibitors:
            wish(buyer, exhibitor)
    run = make_timetable(edition, seconds=2)
    assert run.placed == 5
    publish_timetable(edition)
    with scope(edition=edition):
        held = list(Meeting.objects.filter(starts_at__isnull=False))
        long = {(one.ends_at - one.starts_at).seconds // 60 for one in held if one.host == exhibitors[0]}
        short = {(one.ends_at - one.starts_at).seconds // 60 for one in held if one.host == exhibitors[1]}
        assert (long, short) == ({30}, {20})
        for buyer in buyers:
            spans = sorted((one.starts_at, one.ends_at) for one in held if one.guest == buyer)
            assert all(before[1] <= after[0] for before, after in pairwise(spans))
        # On the day a buyer comes late: what begins before it is there gives way, at the booth and at the table alike.
        live.propose(edition, live.Happened(now=0, late={buyers[0].pk: 1}))
        live.apply_change(edition)
        arrives = slots(edition)[1].starts_at
        assert all(one.starts_at >= arrives for one in Meeting.objects.filter(guest=buyers[0], starts_at__isnull=False))
        free = free_slots(exhibitors[0], buyers[0], now=edition_begins(edition))
        assert {(slot.ends_at - slot.starts_at).seconds // 60 for slot in free} <= {30}


def edition_begins(edition: Edition) -> datetime:
    return slots(edition)[0].starts_at - timedelta(days=1)


def test_a_meeting_told_before_slots_were_made_shorter_keeps_its_time_and_its_table(
    edition: Edition, sides: Sides
) -> None:
    exhibitors, buyers = sides
    Edition.objects.filter(pk=edition.pk).update(meeting_minutes=30, meeting_tables=1)
    shorten(edition, "10:30")
    wish(buyers[0], exhibitors[0])
    make_timetable(edition, seconds=2)
    publish_timetable(edition)
    told = only(edition, exhibitors[0], buyers[0])
    Edition.objects.filter(pk=edition.pk).update(meeting_minutes=20)
    edition.refresh_from_db()
    wish(buyers[1], exhibitors[1])
    wish(buyers[2], exhibitors[1])
    make_timetable(edition, seconds=2)
    assert only(edition, exhibitors[0], buyers[0]).starts_at == told.starts_at
    with scope(edition=edition):
        others = list(Meeting.objects.filter(host=exhibitors[1], starts_at__isnull=False))
        assert len(others) == 1  # two of the three times of the only table lie over the told meeting
        assert others[0].starts_at >= told.ends_at or others[0].ends_at <= told.starts_at


def test_small_firms_are_promised_a_floor(edition: Edition, sides: Sides) -> None:
    exhibitors, buyers = sides
    exhibitors[1].firm.size = "micro"
    exhibitors[1].firm.save()
    shorten(edition, "10:00")
    wish(buyers[0], exhibitors[0], "must")
    wish(buyers[0], exhibitors[1], "would")
    make_timetable(edition, seconds=2)
    assert only(edition, exhibitors[1], buyers[0]).starts_at is None
    with scope(edition=edition):
        TimetableSettings.objects.create(edition=edition, protected_floor=1)
    run = make_timetable(edition, seconds=2)
    assert only(edition, exhibitors[1], buyers[0]).starts_at is not None
    assert run.proof["shortfall"] == 0


# ---- a draft against what was told ---------------------------------------------------------------


def test_a_draft_says_what_is_new_moved_and_gone_and_publishing_does_just_that(edition: Edition, sides: Sides) -> None:
    exhibitors, buyers = sides
    shorten(edition, "10:30")
    wish(buyers[0], exhibitors[0], "would")
    wish(buyers[1], exhibitors[1], "would")
    make_timetable(edition, seconds=2)
    publish_timetable(edition)
    told = only(edition, exhibitors[0], buyers[0])
    with scope(edition=edition):
        Participation.objects.filter(pk=buyers[0].pk).update(meetings_maximum=1)
        MeetingTerms.objects.create(
            edition=edition,
            participation=buyers[1],
            away=[[slots(edition)[0].starts_at.isoformat(), slots(edition)[0].ends_at.isoformat()]],
        )
    wish(buyers[0], exhibitors[1], "must")
    run = make_timetable(edition, seconds=2, move_told=True)
    with scope(edition=edition):
        found = {(one.meeting.host, one.meeting.guest): (one.what, one.why_not) for one in differences(run)}
    assert found[exhibitors[0], buyers[0]] == ("gone", "MAXIMUM_REACHED")
    assert found[exhibitors[1], buyers[0]] == ("new", "")
    assert only(edition, exhibitors[0], buyers[0]).starts_at == told.starts_at
    publish_timetable(edition)
    gone = only(edition, exhibitors[0], buyers[0])
    assert (gone.state, gone.starts_at, gone.why_not) == (Meeting.State.WISHED, None, "MAXIMUM_REACHED")
    entry = AuditEntry.objects.get(action="meeting.unseated", object_id=str(gone.pk))
    assert (entry.before["state"], entry.after["state"]) == ("scheduled", "wished")


def test_what_is_locked_is_not_moved_by_a_draft(edition: Edition, sides: Sides) -> None:
    exhibitors, buyers = sides
    wish(buyers[0], exhibitors[0], "would")
    make_timetable(edition, seconds=2)
    publish_timetable(edition)
    told = only(edition, exhibitors[0], buyers[0])
    with scope(edition=edition):
        lock(told, locked=True)
        Participation.objects.filter(pk=buyers[0].pk).update(meetings_maximum=1)
    wish(buyers[0], exhibitors[1], "must")
    run = make_timetable(edition, seconds=2, move_told=True)
    assert run.changes == {}
    assert AuditEntry.objects.filter(action="meeting.locked").count() == 1


def test_a_told_meeting_that_is_refused_since_is_gone_in_the_next_draft(edition: Edition, sides: Sides) -> None:
    exhibitors, buyers = sides
    wish(buyers[0], exhibitors[0], "would")
    wish(buyers[1], exhibitors[1], "would")
    make_timetable(edition, seconds=2)
    publish_timetable(edition)
    wish(exhibitors[0], buyers[0], "no_thanks")
    run = make_timetable(edition, seconds=2, move_told=True)
    assert list(run.changes) == [str(only(edition, exhibitors[0], buyers[0]).pk)]
    with scope(edition=edition):
        assert [one.what for one in differences(run)] == ["gone"]


def test_told_meetings_beyond_the_tables_of_today_are_solved_anew(edition: Edition, sides: Sides) -> None:
    exhibitors, buyers = sides
    shorten(edition, "10:00")
    wish(buyers[0], exhibitors[1], "would")
    wish(buyers[1], exhibitors[0], "would")
    Edition.objects.filter(pk=edition.pk).update(meeting_tables=2)
    edition.refresh_from_db()
    make_timetable(edition, seconds=2)
    publish_timetable(edition)
    Edition.objects.filter(pk=edition.pk).update(meeting_tables=1)
    edition.refresh_from_db()
    run = make_timetable(edition, seconds=2, move_told=True)
    assert (run.placed, len(run.changes)) == (1, 1)


# ---- the day itself ------------------------------------------------------------------------------


@pytest.fixture
def published(edition: Edition, sides: Sides) -> Sides:
    """Three buyers who meet two exhibitors each, all told."""
    exhibitors, buyers = sides
    shorten(edition, "11:30")
    for buyer in buyers:
        for exhibitor in exhibitors:
            wish(buyer, exhibitor)
    make_timetable(edition, seconds=2)
    publish_timetable(edition)
    return sides


def test_a_no_show_drops_its_meetings_and_moves_no_other(edition: Edition, published: Sides) -> None:
    _exhibitors, buyers = published
    run = live.propose(edition, live.Happened(now=0, absent=(buyers[0].pk,)))
    with scope(edition=edition):
        found = differences(run)
        assert {one.what for one in found} == {"gone"}
        assert {one.meeting.guest for one in found} == {buyers[0]}
        assert Meeting.objects.filter(state="scheduled").count() == 6
    live.apply_change(edition)
    with scope(edition=edition):
        assert Meeting.objects.count() == 6
        assert Meeting.objects.filter(state="scheduled").count() == 4
        assert MeetingTerms.objects.get(participation=buyers[0]).away
    assert AuditEntry.objects.filter(action="meeting.unseated").count() == 2
    with pytest.raises(live.NothingToApplyError):
        live.apply_change(edition)


def test_who_comes_late_is_met_later(edition: Edition, published: Sides) -> None:
    _exhibitors, buyers = published
    run = live.propose(edition, live.Happened(now=0, late={buyers[0].pk: 2}))
    live.apply_change(edition)
    with scope(edition=edition):
        starts = Meeting.objects.filter(guest=buyers[0], state="scheduled").values_list("starts_at", flat=True)
        assert all(at is not None and at >= slots(edition)[2].starts_at for at in starts)
        assert run.status


def test_a_locked_meeting_stays_even_where_a_side_does_not_come(edition: Edition, published: Sides) -> None:
    exhibitors, buyers = published
    with scope(edition=edition):
        lock(only(edition, exhibitors[0], buyers[0]), locked=True)
    run = live.propose(edition, live.Happened(now=0, absent=(buyers[0].pk,)))
    with scope(edition=edition):
        assert [one.meeting.host for one in differences(run)] == [exhibitors[1]]


def test_a_walk_in_is_written_with_its_seat_when_the_change_is_applied(
    edition: Edition, published: Sides, take_part: Make[Participation]
) -> None:
    exhibitors, _buyers = published
    newcomer = take_part(edition, kind="buyer")
    live.propose(edition, live.Happened(now=0, walk_in=((exhibitors[0].pk, newcomer.pk),)))
    with scope(edition=edition):
        assert not Meeting.objects.filter(guest=newcomer).exists()
    live.apply_change(edition)
    made = only(edition, exhibitors[0], newcomer)
    assert made.why_not == ""
    assert (made.state, made.source, bool(made.place)) == ("scheduled", "walk_in", True)
    with pytest.raises(live.ChangeRefusedError, match="have a meeting already"):
        live.propose(edition, live.Happened(walk_in=((newcomer.pk, exhibitors[0].pk),)))


def test_a_change_that_names_a_stranger_is_refused(edition: Edition, published: Sides) -> None:
    with pytest.raises(live.ChangeRefusedError, match="does not take part"):
        live.propose(edition, live.Happened(absent=(987_654,)))
    with pytest.raises(live.ChangeRefusedError, match="no such time"):
        live.propose(edition, live.Happened(now=99))


def test_the_live_board_proposes_shows_applies_and_forgets(
    edition: Edition, published: Sides, organiser_client: Client
) -> None:
    exhibitors, buyers = published
    page = f"/en/{edition.slug}/organiser/live/"
    assert "Does not come" in organiser_client.get(page, {"q": exhibitors[0].firm.legal_name}).text
    answer = organiser_client.post(page, {"now": "0", "absent": str(buyers[0].pk)}, follow=True)
    assert "Proposed change" in answer.text
    assert "gone" in answer.text
    assert "is forgotten" in organiser_client.post(page, {"discard": "1"}, follow=True).text
    organiser_client.post(page, {"now": "0", "late": str(buyers[0].pk), "arrives": "2"})
    assert "The change is told." in organiser_client.post(page, {"apply": "1"}, follow=True).text
    assert "There is no change to apply." in organiser_client.post(page, {"apply": "1"}, follow=True).text


# ---- pages ---------------------------------------------------------------------------------------


def test_settings_sessions_and_interpreters_are_kept_from_their_page(
    edition: Edition, organiser_client: Client
) -> None:
    page = f"/en/{edition.slug}/organiser/timetable/settings/"
    sent = {
        "what": "settings",
        "musts_first": "on",
        "protected_floor": "2",
        "gap_cost": "0.5",
        "metres_a_minute": "50",
        "booth_minutes": "45",
        "minutes_between_halls": "9",
    }
    assert organiser_client.post(page, sent).status_code == 302
    block = {"what": "block", "block-title_0": "Morning", "block-from_time": "09:30", "block-until_time": "12:00"}
    assert organiser_client.post(page, block).status_code == 302
    wrong = organiser_client.post(page, block | {"block-until_time": "09:00"})
    assert (wrong.status_code, "ends after it begins" in wrong.text) == (400, True)
    pool = {"what": "interpreters", "interpreters-one": "zh", "interpreters-other": "fr", "interpreters-number": "3"}
    assert organiser_client.post(page, pool).status_code == 302
    assert "These two are there already" in organiser_client.post(page, pool).text
    with scope(edition=edition):
        kept = TimetableSettings.objects.get()
        assert (kept.protected_floor, kept.metres_a_minute, kept.booth_minutes) == (2, 50, 45)
        assert MeetingBlock.objects.get().until_time == time(12)
        assert (InterpreterPool.objects.get().one, InterpreterPool.objects.get().number) == ("fr", 3)
        pk = InterpreterPool.objects.get().pk
    organiser_client.post(page, {"what": "remove-interpreters", "pk": str(pk)})
    with scope(edition=edition):
        assert not InterpreterPool.objects.exists()


def test_presence_is_kept_session_by_session_and_the_page_says_why_not(
    edition: Edition, published: Sides, organiser_client: Client
) -> None:
    _exhibitors, buyers = published
    page = f"/en/{edition.slug}/organiser/timetable/participants/{buyers[0].pk}/"
    assert "What it got, and what not and why" in organiser_client.get(page).text
    sent = {"people": "2", "least": "1", "most": "5", "booth_minutes": "60"}
    assert organiser_client.post(page, sent).status_code == 302  # not one session is ticked
    with scope(edition=edition):
        terms = MeetingTerms.objects.get()
        (span,) = terms.away
        assert datetime.fromisoformat(span[0]).date() == edition.starts_on
        assert (terms.people, terms.participation.meetings_maximum, terms.booth_minutes) == (2, 5, 60)
    assert "No fewer than were promised." in organiser_client.post(page, sent | {"most": "0"}).text


def test_a_meeting_is_locked_and_arranged_on_its_page_which_shows_its_history(
    edition: Edition, published: Sides, organiser_client: Client
) -> None:
    exhibitors, buyers = published
    one, other = only(edition, exhibitors[0], buyers[0]), only(edition, exhibitors[1], buyers[0])
    page = f"/en/{edition.slug}/organiser/timetable/meetings/{one.pk}/"
    organiser_client.post(page, {"lock": "1"})
    assert only(edition, exhibitors[0], buyers[0]).locked
    answer = organiser_client.post(page, {"host_people": "1", "guest_people": "1", "comes_after": str(other.pk)})
    assert answer.status_code == 302
    changed = only(edition, exhibitors[0], buyers[0])
    assert (changed.comes_after_id, changed.locked) == (other.pk, False)
    assert "locked" in organiser_client.get(page).text
    wrong = organiser_client.post(page, {"host_people": "1", "guest_people": "1", "comes_after": str(one.pk)})
    assert "There is no other meeting with this number." in wrong.text


def test_the_changes_page_takes_as_many_queries_for_three_meetings_as_for_one(
    edition: Edition, sides: Sides, organiser_client: Client, django_assert_max_num_queries: Callable[..., object]
) -> None:
    exhibitors, buyers = sides
    page = f"/en/{edition.slug}/organiser/timetable/changes/"
    for buyer in buyers:
        wish(buyer, exhibitors[0])
    make_timetable(edition, seconds=2)
    with django_assert_max_num_queries(26):  # with what waits on each page of the desk
        assert organiser_client.get(page).text.count("tag-good") == 3
    with scope(edition=edition):
        assert TimetableRun.objects.filter(state="draft").count() == 1
