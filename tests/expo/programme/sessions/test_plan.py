"""Rooms and times of sessions are planned with a proof, or what stands against it is said."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition
from serai.expo.programme.sessions.domain import plan as planning
from serai.expo.programme.sessions.domain.conflicts import conflicts_of
from serai.expo.programme.sessions.models import Appearance, Forum, Room, Session, Speaker

BEGINS, ENDS = time(9), time(11)


@pytest.fixture
def rooms(edition: Edition) -> list[Room]:
    """A small room and a large one."""
    with scope(edition=edition):
        return [
            Room.objects.create(edition=edition, title={"en": f"Room of {seats}"}, seats=seats, order=seats)
            for seats in (50, 200)
        ]


def hold(edition: Edition, title: str, *, forum: str = "", **fields: object) -> Session:
    starts = datetime.combine(edition.starts_on, time(9), ZoneInfo(edition.time_zone))
    with scope(edition=edition):
        of = forum or title.lower()
        group, _made = Forum.objects.get_or_create(
            edition=edition, slug=of, defaults={"kind": "themed_forum", "title": {"en": of}}
        )
        given = {"title": {"en": title}, "starts_at": starts, "ends_at": starts + timedelta(hours=1)}
        return Session.objects.create(edition=edition, forum=group, **(given | fields))


def speak(session: Session, name: str) -> None:
    with scope(edition=session.edition):
        speaker, _made = Speaker.objects.get_or_create(
            edition=session.edition, sort_name=name, defaults={"name": {"en": name}}
        )
        Appearance.objects.create(edition=session.edition, session=session, speaker=speaker)


def one_day(edition: Edition) -> None:
    Edition.objects.filter(pk=edition.pk).update(ends_on=edition.starts_on)
    edition.refresh_from_db()


def test_sessions_get_rooms_that_seat_them_with_the_fewest_empty_seats(edition: Edition, rooms: list[Room]) -> None:
    small, large = hold(edition, "Small", capacity=40), hold(edition, "Large", capacity=180)
    with scope(edition=edition):
        found = planning.plan(edition, {small.pk, large.pk}, begins=BEGINS, ends=ENDS)
    assert (found.status, found.empty_seats, found.bound) == ("optimal", 30, 30)
    assert {one.session: one.room for one in found.placed} == {small: rooms[0], large: rooms[1]}


def test_a_speaker_and_a_forum_are_never_needed_twice_at_once(edition: Edition, rooms: list[Room]) -> None:
    first, second, third = hold(edition, "A"), hold(edition, "B"), hold(edition, "C", forum="a")
    speak(first, "Ada")
    speak(second, "Ada")
    with scope(edition=edition):
        found = planning.plan(edition, {first.pk, second.pk, third.pk}, begins=BEGINS, ends=ENDS)
    at = {one.session: one.starts_at for one in found.placed}
    assert at[first] not in (at[second], at[third])


def test_what_stands_against_a_programme_is_said_in_words(edition: Edition, rooms: list[Room]) -> None:
    first, second = hold(edition, "A", room=rooms[0]), hold(edition, "B", room=rooms[1])
    speak(first, "Ada")
    speak(second, "Ada")
    with scope(edition=edition):
        found = planning.plan(edition, set(), begins=BEGINS, ends=ENDS)
    assert (found.status, found.placed) == ("infeasible", ())
    assert "Ada speaks in “A”, “B”." in found.against
    assert any("keeps its time" in sentence for sentence in found.against)


def test_a_speaker_speaks_between_absences_and_a_session_without_such_a_time_is_named(
    edition: Edition, rooms: list[Room], organiser_client: Client
) -> None:
    one_day(edition)
    talk = hold(edition, "Talk", room=rooms[0])
    speak(talk, "Ada")
    with scope(edition=edition):
        ada = Speaker.objects.get()
    day = edition.starts_on.isoformat()
    page = f"/en/{edition.slug}/organiser/programme/speaker/{ada.pk}/"

    def away(*spans: tuple[str, str]) -> None:
        said = {"name_en": "Ada", "country": ""}
        for row, (begins, ends) in enumerate(spans):
            said |= {f"away-from-{row}": f"{day}T{begins}", f"away-until-{row}": f"{day}T{ends}"}
        assert organiser_client.post(page, said).status_code == 302

    away(("08:00", "09:30"), ("10:30", "12:00"))
    with scope(edition=edition):
        assert [conflict.sentence for conflict in conflicts_of(edition)] == ["Ada cannot speak when “Talk” is held."]
        (placed,) = planning.plan(edition, {talk.pk}, begins=BEGINS, ends=ENDS).placed
        assert placed.starts_at.astimezone(ZoneInfo(edition.time_zone)).time() == time(9, 30)
    away(("08:00", "09:30"), ("10:00", "12:00"))
    with scope(edition=edition):
        found = planning.plan(edition, {talk.pk}, begins=BEGINS, ends=ENDS)
    assert (found.status, found.against) == ("infeasible", ("Ada, who speaks in “Talk”, is away at times.",))
    wrong = organiser_client.post(page, {"name_en": "Ada", "away-from-0": f"{day}T10:00"})
    assert wrong.status_code == 400
    assert "Give both ends of an absence" in wrong.text
    with scope(edition=edition):
        ada.refresh_from_db()
    assert len(ada.absences) == 2


def test_more_sessions_than_rooms_have_time_for_is_proved_impossible(edition: Edition, rooms: list[Room]) -> None:
    one_day(edition)
    made = {hold(edition, f"S{number}").pk for number in range(5)}
    with scope(edition=edition):
        found = planning.plan(edition, made, begins=BEGINS, ends=ENDS)
    assert (found.status, found.against) == ("infeasible", ("The sessions fill more time than the rooms have.",))


def test_hours_that_hold_no_session_are_refused(edition: Edition, rooms: list[Room]) -> None:
    with scope(edition=edition), pytest.raises(planning.PlanError, match="no sessions or no rooms"):
        planning.plan(edition, set(), begins=BEGINS, ends=ENDS)
    long = hold(edition, "Long")
    for hours, sentence in (
        ((time(9), time(9, 30)), "longer than the hours"),
        ((time(12), time(9)), "ends after it begins"),
        ((time(12), time(15)), "outside of the hours"),
    ):
        free = {long.pk} if "longer" in sentence else set()
        with scope(edition=edition), pytest.raises(planning.PlanError, match=sentence):
            planning.plan(edition, free, begins=hours[0], ends=hours[1])


def test_the_organiser_sees_the_plan_and_accepts_it(
    edition: Edition, rooms: list[Room], organiser_client: Client
) -> None:
    first, second = hold(edition, "A", room=rooms[1]), hold(edition, "B", room=rooms[1])
    page = f"/en/{edition.slug}/organiser/programme/plan/"
    assert organiser_client.get(page).text.count(" checked") == 2
    sent = {"begins": "09:00", "ends": "11:00", "free": [str(first.pk), str(second.pk)]}
    answer = organiser_client.post(page, sent)
    assert "Proved: no programme leaves fewer seats empty." in answer.text
    with scope(edition=edition):
        assert {one.starts_at for one in Session.objects.all()} == {first.starts_at}
    plan = answer.context["plan"]
    assert "moved." in organiser_client.post(page, {"plan": plan}, follow=True).text
    with scope(edition=edition):
        assert len({(one.starts_at, one.room_id) for one in Session.objects.all()}) == 2
    assert AuditEntry.objects.filter(action="session.planned").exists()
    assert "too old" in organiser_client.post(page, {"plan": plan + "x"}, follow=True).text


@pytest.mark.parametrize("changed", ["moved", "of the plan", "longer", "added"])
def test_a_plan_is_refused_once_a_session_does_not_stand_as_it_stood(
    edition: Edition, rooms: list[Room], changed: str
) -> None:
    first, second = hold(edition, "A", room=rooms[1]), hold(edition, "B", room=rooms[1])
    stays = hold(edition, "C", room=rooms[0])
    with scope(edition=edition):
        found = planning.kept(planning.plan(edition, {first.pk, second.pk}, begins=BEGINS, ends=ENDS))
        moving = Session.objects.get(pk=next(iter(found["moves"])))
        if changed == "added":
            hold(edition, "D", room=rooms[0])
        else:
            hour = timedelta(hours=1)
            one = moving if changed == "moved" else stays
            one.starts_at += hour * (changed != "longer")
            one.ends_at += hour
            one.save()
        before = list(Session.objects.order_by("pk").values_list("starts_at", "room_id"))
        with pytest.raises(planning.PlanError, match="have changed since"):
            planning.accept(edition, found)
        assert list(Session.objects.order_by("pk").values_list("starts_at", "room_id")) == before
