"""From wishes to a published timetable: no conflict, every veto kept, nothing told is taken back."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.domain.phases import slots
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.meeting.models import Meeting, Wish
from serai.expo.meetings.timetable.domain.drafts import NoWishesError, make_timetable
from serai.expo.meetings.timetable.domain.publication import NothingToPublishError, publish_timetable
from serai.expo.meetings.timetable.models import TimetableRun
from serai.expo.offers.chains.domain.placements import load_builtin_chains, place_edition
from serai.expo.offers.market.models import Need, Offer
from serai.expo.venue.halls.models import Booth, Hall, Stand
from serai.match.timetable import Timetable, TimetableProblem, solve

type Make[Thing] = Callable[..., Thing]


@pytest.fixture
def sides(edition: Edition, take_part: Make[Participation]) -> tuple[list[Participation], list[Participation]]:
    """Three exhibitors, the first with a booth, and four buyers."""
    exhibitors = [take_part(edition) for _ in range(3)]
    buyers = [take_part(edition, kind="buyer") for _ in range(4)]
    with scope(edition=edition):
        hall = Hall.objects.create(edition=edition, code="W1", title={"en": "West 1"})
        booth = Booth.objects.create(edition=edition, hall=hall, code="A01")
        Stand.objects.create(edition=edition, booth=booth, participation=exhibitors[0])
    return exhibitors, buyers


def wish(wisher: Participation, wished: Participation, strength: str = "must") -> None:
    with scope(edition=wisher.edition):
        Wish.objects.create(edition=wisher.edition, wisher=wisher, wished=wished, strength=strength)


def meetings(edition: Edition) -> list[Meeting]:
    with scope(edition=edition):
        return list(Meeting.objects.select_related("host", "guest"))


def test_every_wish_that_can_be_is_seated_once_without_conflict(
    edition: Edition, sides: tuple[list[Participation], list[Participation]]
) -> None:
    exhibitors, buyers = sides
    for buyer in buyers:
        for exhibitor in exhibitors:
            wish(buyer, exhibitor)
    wish(exhibitors[0], buyers[0], "would")
    run = make_timetable(edition, seconds=5)
    assert (run.wished, run.placed, run.status, run.objective) == (12, 12, "optimal", 37.0)
    assert run.objective == run.bound
    times = Counter(
        (party, meeting.starts_at) for meeting in meetings(edition) for party in (meeting.host, meeting.guest)
    )
    assert max(times.values()) == 1
    assert {meeting.host for meeting in meetings(edition)} == set(exhibitors)
    assert {meeting.place for meeting in meetings(edition) if meeting.host == exhibitors[0]} == {"W1 A01"}
    tables = Counter((m.starts_at, m.place) for m in meetings(edition) if m.host != exhibitors[0])
    assert max(tables.values()) == 1


def test_a_veto_is_never_broken_and_is_counted(
    edition: Edition, sides: tuple[list[Participation], list[Participation]]
) -> None:
    exhibitors, buyers = sides
    wish(buyers[0], exhibitors[0])
    wish(exhibitors[0], buyers[0], "no_thanks")
    wish(buyers[1], exhibitors[0])
    run = make_timetable(edition, seconds=5)
    assert run.why_not == {"VETOED": 1}
    assert [meeting.guest for meeting in meetings(edition) if meeting.starts_at] == [buyers[1]]


def test_nobody_has_more_meetings_than_it_may(
    edition: Edition, sides: tuple[list[Participation], list[Participation]]
) -> None:
    exhibitors, buyers = sides
    with scope(edition=edition):
        Participation.objects.filter(pk=exhibitors[0].pk).update(meetings_maximum=2)
    for buyer in buyers:
        wish(buyer, exhibitors[0])
    run = make_timetable(edition, seconds=5)
    assert (run.placed, run.why_not) == (2, {"MAXIMUM_REACHED": 2})


def test_a_draft_tells_nobody_and_what_was_published_keeps_its_time(
    edition: Edition, sides: tuple[list[Participation], list[Participation]]
) -> None:
    exhibitors, buyers = sides
    wish(buyers[0], exhibitors[0])
    make_timetable(edition, seconds=5)
    assert {meeting.state for meeting in meetings(edition)} == {Meeting.State.WISHED}
    publish_timetable(edition)
    told = {meeting.pk: meeting.starts_at for meeting in meetings(edition)}
    assert {meeting.state for meeting in meetings(edition)} == {Meeting.State.SCHEDULED}
    for buyer in buyers[1:]:
        wish(buyer, exhibitors[0])
    make_timetable(edition, seconds=5)
    again = {meeting.pk: meeting.starts_at for meeting in meetings(edition)}
    assert told.items() <= again.items()
    assert len(again) == 4


def test_a_later_draft_replaces_an_earlier_one(
    edition: Edition, sides: tuple[list[Participation], list[Participation]]
) -> None:
    exhibitors, buyers = sides
    wish(buyers[0], exhibitors[0])
    for _ in range(2):
        make_timetable(edition, seconds=5)
    with scope(edition=edition):
        assert Counter(TimetableRun.objects.values_list("state", flat=True)) == {"draft": 1, "replaced": 1}
    assert AuditEntry.objects.filter(action="timetable.made", edition=edition).count() == 2


def test_without_wishes_there_is_nothing_to_solve_and_nothing_to_publish(edition: Edition) -> None:
    with pytest.raises(NoWishesError):
        make_timetable(edition)
    with pytest.raises(NothingToPublishError):
        publish_timetable(edition)
    assert AuditEntry.objects.count() == 0


def test_the_organiser_makes_and_publishes_it_on_the_page(
    edition: Edition, sides: tuple[list[Participation], list[Participation]], organiser_client: Client
) -> None:
    page = f"/en/{edition.slug}/organiser/timetable/"
    assert "There is no wish to meet yet" in organiser_client.post(page, follow=True).text
    exhibitors, buyers = sides
    wish(buyers[0], exhibitors[0])
    assert "1 meeting has been seated." in organiser_client.post(page, follow=True).text
    assert "has been published" in organiser_client.post(page + "publish/", follow=True).text
    assert "There is no draft" in organiser_client.post(page + "publish/", follow=True).text


def test_where_nobody_has_wished_yet_the_best_matches_are_proposed(
    edition: Edition, take_part: Make[Participation], offer: Make[Offer], need: Make[Need]
) -> None:
    load_builtin_chains()
    maker, buyer, other = take_part(edition), take_part(edition, kind="buyer"), take_part(edition)
    offer(maker, "Lithium battery separator film")
    need(buyer, "Battery separator film")
    offer(other, "Green coffee beans")
    place_edition(edition)
    run = make_timetable(edition, seconds=5)
    assert run.placed == 1
    (meeting,) = meetings(edition)
    assert (meeting.host, meeting.guest) == (maker, buyer)
    assert (meeting.state, meeting.source) == (Meeting.State.PROPOSED, Meeting.Source.MATCH)
    assert "separator" in meeting.reasons[0]
    wish(buyer, maker)
    make_timetable(edition, seconds=5)
    (meeting,) = meetings(edition)
    assert (meeting.state, meeting.value) == (Meeting.State.WISHED, 3.0)
    publish_timetable(edition)
    assert meetings(edition)[0].state == Meeting.State.SCHEDULED


def test_what_is_confirmed_while_the_solver_works_is_not_moved(
    edition: Edition, sides: tuple[list[Participation], list[Participation]], monkeypatch: pytest.MonkeyPatch
) -> None:
    exhibitors, buyers = sides
    wish(buyers[0], exhibitors[0])
    make_timetable(edition, seconds=5)
    told = meetings(edition)[0].starts_at

    def solve_slowly(problem: TimetableProblem, _draft: Any, *, seconds: float) -> Timetable:
        answer = solve(problem, seconds=seconds)
        Meeting.objects.update(state=Meeting.State.CONFIRMED)
        return replace(answer, slot=answer.slot + 1)

    monkeypatch.setattr("serai.match.timetable.solve_anew", solve_slowly)
    monkeypatch.setattr("serai.match.timetable.check", lambda problem, answer: ())
    make_timetable(edition, seconds=5)
    (meeting,) = meetings(edition)
    assert (meeting.starts_at, meeting.state) == (told, Meeting.State.CONFIRMED)


def test_a_meeting_agreed_on_while_the_solver_works_keeps_its_time_to_itself(
    edition: Edition,
    sides: tuple[list[Participation], list[Participation]],
    take_part: Make[Participation],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    exhibitors, buyers = sides
    wish(buyers[0], exhibitors[0])
    late = take_part(edition, kind="buyer")

    def solve_meanwhile(problem: TimetableProblem, _draft: Any, **options: float) -> Timetable:
        slot = slots(edition)[int((answer := solve(problem, **options)).slot[0])]
        with scope(edition=edition):
            agreed = {"host": exhibitors[0], "guest": late, "state": "scheduled", "place": "W1 A01"}
            Meeting.objects.create(edition=edition, starts_at=slot.starts_at, ends_at=slot.ends_at, **agreed)
        return answer

    monkeypatch.setattr("serai.match.timetable.solve_anew", solve_meanwhile)
    make_timetable(edition, seconds=5)
    publish_timetable(edition)
    held = {meeting.guest: meeting.starts_at for meeting in meetings(edition)}
    assert held[late] is not None
    assert held[buyers[0]] is None
    assert next(each.why_not for each in meetings(edition) if each.guest == buyers[0]) == "NO_COMMON_SLOT"
