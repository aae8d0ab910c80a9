"""Whatever two exhibitors and three buyers do with their meetings, in whatever order: nothing vanishes, nobody is in
two places at once, and nobody is made to meet whom it does not want to."""

import contextlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django_scopes import scope
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from serai.expo.fairs.edition.domain.phases import slots
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.names import new_firm
from serai.expo.meetings.day.domain import advisers as advising
from serai.expo.meetings.day.domain import attendance as holding
from serai.expo.meetings.meeting.domain import wishes as wishing
from serai.expo.meetings.meeting.domain.life import COMING, FOLLOWS, TOLD, MeetingRefusedError
from serai.expo.meetings.meeting.models import Meeting, MeetingEvent, MeetingRequest, Wish
from serai.expo.meetings.requests.domain import requests as requesting
from serai.expo.meetings.timetable.domain.publication import publish_timetable
from serai.expo.meetings.timetable.models import TimetableRun
from serai.expo.participants.participation.domain.representation import Acting
from serai.expo.people.account.models import Organisation, Role, User

PARTIES = 5
PARTY = st.integers(0, PARTIES - 1)
SLOT = st.integers(0, 3)


class LifeOfMeetings(RuleBasedStateMachine):
    """Four slots, one table and no booth, so that there is always somebody in the way."""

    def __init__(self) -> None:
        super().__init__()
        self.all_of_it = transaction.atomic()
        self.all_of_it.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.all_of_it.__exit__(None, None, None)

    @initialize()
    def open_the_fair(self) -> None:
        organisation = Organisation.objects.create(slug="body", name={"en": "Body"}, country="CN")
        today = datetime.now(tz=UTC).date() + timedelta(days=30)
        self.edition = Edition.objects.create(
            organisation=organisation,
            slug="life",
            name={"en": "Life"},
            country="CN",
            starts_on=today,
            ends_on=today,
            meetings_from="10:00",
            meetings_until="12:00",
            meeting_minutes=30,
            meeting_tables=1,
            state="published",
        )
        self.edition.refresh_from_db()
        self.times = [slot.starts_at for slot in slots(self.edition)]
        self.now = datetime.now(tz=UTC)
        self.by: list[Acting] = []
        with scope(edition=self.edition):
            for number in range(PARTIES):
                firm = new_firm(legal_name=f"Firm {number}", country="CN", on=date(2026, 1, 1))
                firm.save()
                kind = "exhibitor" if number < 2 else "buyer"
                participation = Participation.objects.create(edition=self.edition, firm=firm, kind=kind)
                user = User.objects.create_user(f"u{number}@example.org")
                Role.objects.create(user=user, firm=firm, kind="owner")
                self.by.append(Acting(user, participation))
        self.seen: dict[int, str] = {}
        self.requests: set[int] = set()

    def attempt(self, do: Callable[[], Any]) -> None:
        with scope(edition=self.edition), contextlib.suppress(MeetingRefusedError, wishing.WishRefusedError):
            do()

    def request(self, number: int) -> MeetingRequest | None:
        with scope(edition=self.edition):
            known = list(MeetingRequest.objects.filter(state="open").order_by("pk"))
        return known[number % len(known)] if known else None

    def meeting(self, number: int) -> Meeting | None:
        with scope(edition=self.edition):
            known = list(Meeting.objects.order_by("pk"))
        return known[number % len(known)] if known else None

    @rule(one=PARTY, other=PARTY, slot=st.none() | SLOT)
    def ask(self, one: int, other: int, slot: int | None) -> None:
        at = None if slot is None else self.times[slot]
        self.attempt(lambda: requesting.ask(self.by[one], self.by[other].participation, starts_at=at, now=self.now))

    @rule(number=st.integers(0, 9), party=PARTY, slot=st.none() | SLOT, what=st.sampled_from("acdw"))
    def answer(self, number: int, party: int, slot: int | None, what: str) -> None:
        request, by = self.request(number), self.by[party]
        if request is None:
            return
        at = None if slot is None else self.times[slot]
        self.attempt(
            {
                "a": lambda: requesting.accept(request, by, now=self.now),
                "c": lambda: requesting.counter(request, by, starts_at=at, now=self.now),
                "d": lambda: requesting.decline(request, by, now=self.now),
                "w": lambda: requesting.withdraw(request, by, now=self.now),
            }[what]
        )

    @rule(number=st.integers(0, 9))
    def accept_as_whose_answer_is_awaited(self, number: int) -> None:
        request = self.request(number)
        if request is not None:
            by = next(each for each in self.by if each.participation.pk == request.awaiting_id)
            self.attempt(lambda: requesting.accept(request, by, now=self.now))

    @rule(one=PARTY, other=PARTY, strength=st.sampled_from(Wish.Strength))
    def wish(self, one: int, other: int, strength: Wish.Strength) -> None:
        self.attempt(lambda: wishing.wish(self.by[one], self.by[other].participation, strength))

    @rule(one=PARTY, other=PARTY)
    def take_back(self, one: int, other: int) -> None:
        self.attempt(lambda: wishing.take_back(self.by[one], self.by[other].participation))

    @rule(number=st.integers(0, 9), side=st.integers(0, 1))
    def cancel(self, number: int, side: int) -> None:
        if (meeting := self.meeting(number)) is not None:
            self.attempt(lambda: requesting.cancel(meeting, self.side(meeting, side), now=self.now))

    @rule(number=st.integers(0, 9), side=st.integers(0, 1), missed=st.booleans())
    def arrive(self, number: int, side: int, missed: bool) -> None:
        meeting = self.meeting(number)
        if meeting is not None and meeting.starts_at is not None:
            at = meeting.starts_at + timedelta(minutes=15)
            do = holding.report_missed if missed else holding.confirm
            self.attempt(lambda: do(meeting, self.side(meeting, side), now=at))

    @rule(one=PARTY, other=PARTY, slot=st.none() | SLOT)
    def arrange(self, one: int, other: int, slot: int | None) -> None:
        at = None if slot is None else self.times[slot]
        sides = self.by[one].participation, self.by[other].participation
        self.attempt(lambda: advising.arrange(*sides, by=self.by[0].user, starts_at=at, now=self.now))

    @rule(one=PARTY, other=PARTY, slot=SLOT, minutes=st.integers(0, 29))
    def walk_in(self, one: int, other: int, slot: int, minutes: int) -> None:
        at = self.times[slot] + timedelta(minutes=minutes)
        sides = self.by[one].participation, self.by[other].participation
        self.attempt(lambda: advising.walk_in(*sides, by=self.by[0].user, now=at))

    @rule()
    def publish(self) -> None:
        with scope(edition=self.edition):
            TimetableRun.objects.create(
                edition=self.edition, status="optimal", objective=0, bound=0, seconds=0, wished=0, placed=0
            )
            publish_timetable(self.edition)

    @rule()
    def a_week_goes_by_for_requests(self) -> None:
        with scope(edition=self.edition):
            MeetingRequest.objects.filter(state="open").update(expires_at=self.now - timedelta(minutes=1))
            requesting.expire_due(self.edition, now=self.now)

    def side(self, meeting: Meeting, number: int) -> Acting:
        key = (meeting.host_id, meeting.guest_id)[number]
        return next(by for by in self.by if by.participation.pk == key)

    @invariant()
    def nothing_vanishes_and_each_state_follows_the_one_before(self) -> None:
        if not hasattr(self, "seen"):
            return
        with scope(edition=self.edition):
            now = dict(Meeting.objects.values_list("pk", "state"))
            requests = set(MeetingRequest.objects.values_list("pk", flat=True))
            assert set(self.seen) <= set(now)
            for pk, before in self.seen.items():
                # One step may lead through two states: what was wished for is confirmed, then held.
                assert now[pk] == before or now[pk] in FOLLOWS[before], (before, now[pk])
            assert self.requests <= requests
            told = set(MeetingEvent.objects.filter(meeting__isnull=False).values_list("meeting", flat=True))
            assert set(now) <= told, "a meeting has no history"
        self.seen, self.requests = now, requests

    @invariant()
    def nobody_is_in_two_places_at_once_and_no_table_is_taken_twice(self) -> None:
        if not hasattr(self, "seen"):
            return
        with scope(edition=self.edition):
            told = list(Meeting.objects.filter(state__in=TOLD))
        for one in told:
            assert one.starts_at
            assert one.ends_at
            assert one.place
            for other in told:
                if other.pk < one.pk and one.starts_at < other.ends_at and other.starts_at < one.ends_at:
                    assert not {one.host_id, one.guest_id} & {other.host_id, other.guest_id}
                    assert one.place != other.place

    @invariant()
    def a_veto_is_never_broken(self) -> None:
        if not hasattr(self, "seen"):
            return
        with scope(edition=self.edition):
            vetoes = Wish.objects.filter(strength=Wish.Strength.NO_THANKS).values_list("wisher", "wished")
            coming = Meeting.objects.filter(state__in=COMING).values_list("host", "guest")
            assert not {frozenset(pair) for pair in vetoes} & {frozenset(pair) for pair in coming}
            for wisher, wished in vetoes:
                own = next(by.participation for by in self.by if by.participation.pk == wisher)
                assert wished not in {request.asker_id for request in requesting.received(own, self.now)}


@pytest.mark.django_db
def test_whatever_is_done_nothing_vanishes_nobody_is_doubled_and_no_veto_is_broken() -> None:
    run_state_machine_as_test(
        LifeOfMeetings,
        settings=settings(
            max_examples=10, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
