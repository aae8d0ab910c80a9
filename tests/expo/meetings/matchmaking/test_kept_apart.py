"""Whom the rules of the fair keep apart: neither wishes, suggestions, sources nor calls let them plan to meet."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.interface.domain.keys import make_key
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.matchmaking.domain.matching import partners_of_edition
from serai.expo.meetings.matchmaking.domain.suggestions import suggest, suggested_to
from serai.expo.meetings.matchmaking.models import Suggestion
from serai.expo.meetings.meeting.domain.life import MeetingRefusedError
from serai.expo.meetings.meeting.domain.permission import MOST_OPEN, save_rule
from serai.expo.meetings.meeting.domain.wishes import WishRefusedError, partner_of, wish
from serai.expo.meetings.meeting.models import Meeting, MeetingRequest, MeetingRule, RequestLimit, Wish
from serai.expo.meetings.requests.domain.requests import accept, ask
from serai.expo.meetings.timetable.domain.candidates import candidates
from serai.expo.offers.chains.domain.placements import load_builtin_chains, place_edition
from serai.expo.participants.participation.domain.representation import Acting, acting
from serai.expo.people.account.models import User

type Make[Thing] = Callable[..., Thing]

WHY = "The rules of this fair don&#x27;t provide for a request from you to this participant."
SAID = WHY.replace("&#x27;", "'")
TOGETHER = "The rules of this fair do not let these two meet."
MUST = Wish.Strength.MUST
SEPARATORS = "Lithium battery separator film"


@dataclass(frozen=True)
class Apart:
    """A buyer of separators, and makers of them whom it may not ask and who may not ask it."""

    buyer: Acting
    makers: list[Participation]
    need: int

    @property
    def edition(self) -> Edition:
        return self.buyer.edition

    def client(self) -> Client:
        client = Client()
        client.force_login(self.buyer.user)
        return client

    def address(self, page: str) -> str:
        return f"/en/{self.edition.slug}/{page}"

    def call(self, path: str, method: str = "get", body: Any = None) -> Any:
        key = make_key(self.buyer.user, "a program", ("read", "write"))[1]
        more = {"data": body, "content_type": "application/json"} if body is not None else {}
        address = f"/api/v1/editions/{self.edition.slug}/my{path}"
        return getattr(Client(), method)(address, headers={"authorization": f"Bearer {key}"}, **more)


@pytest.fixture
def market(fair: Any, take_part: Make[Participation], a_firm: Make[Firm], offer: Make[Any], need: Make[Any]) -> Apart:
    """The same before there is a rule."""
    load_builtin_chains()
    makers = [take_part(fair.edition, a_firm(name={"en": f"Film {number} Ltd"})) for number in range(3)]
    for maker in makers:
        offer(maker, SEPARATORS, review="published")
    wanted = need(fair.buyer.participation, SEPARATORS)
    place_edition(fair.edition)
    return Apart(fair.buyer, makers, wanted.pk)


def forbid(edition: Edition, **sides: str) -> MeetingRule:
    return save_rule(MeetingRule(edition=edition, order=1, allowed=False, **sides))


@pytest.fixture
def apart(market: Apart) -> Apart:
    forbid(market.edition, asker_kind="buyer", asked_kind="exhibitor")
    forbid(market.edition, asker_kind="exhibitor", asked_kind="buyer")
    return market


def test_a_wish_against_the_rules_is_refused_and_a_veto_is_heard_and_what_was_said_can_be_taken_back(
    market: Apart,
) -> None:
    maker, edition = market.makers[0], market.edition
    with scope(edition=edition):
        wish(market.buyer, maker, MUST)
    forbid(edition, asker_kind="buyer")
    client = market.client()
    page = client.get(market.address("meetings/wishes/")).text
    assert WHY in page
    assert 'value="" aria-pressed="true">Must meet' in page
    assert "Would like to" not in page
    assert "Ask for a meeting" not in page
    said = market.address(f"meetings/wishes/{maker.firm.identifier}/")
    client.post(said, {"strength": ""})
    assert WHY in client.post(said, {"strength": "would"}, follow=True).text
    with scope(edition=edition):
        assert not Wish.objects.exists()
        with pytest.raises(WishRefusedError, match="rules of this fair"):
            wish(market.buyer, maker, MUST)
        wish(market.buyer, maker, Wish.Strength.NO_THANKS)
        assert Wish.objects.get().strength == "no_thanks"


def test_the_form_to_ask_says_why_not_and_shows_no_times(apart: Apart) -> None:
    client = apart.client()
    page = apart.address(f"meetings/ask/{apart.makers[0].firm.identifier}/")
    shown = client.get(page).text
    assert WHY in shown
    assert "<select" not in shown.partition("<main")[2]
    assert "Send the request" not in shown
    refused = client.post(page, {"message": "Separators"})
    assert (refused.status_code, WHY in refused.text) == (400, True)
    with scope(edition=apart.edition):
        assert not MeetingRequest.objects.exists()


def test_sources_and_partners_are_shown_without_the_way_to_a_meeting(apart: Apart) -> None:
    client = apart.client()
    pages = (
        f"buyer/needs/{apart.need}/",
        f"firms/{apart.buyer.participation.firm.identifier}/partners/",
        f"firms/{apart.makers[0].firm.identifier}/",
    )
    for page in pages:
        shown = client.get(apart.address(page)).text
        assert "Film 0 Ltd" in shown, page
        assert WHY in shown, page
        assert "Must meet" not in shown, page
        assert "Ask for a meeting" not in shown, page


def test_nobody_is_suggested_or_proposed_whom_the_rules_keep_apart(market: Apart) -> None:
    edition, own = market.edition, market.buyer.participation
    assert {one.participation for one in partners_of_edition(edition)[own.pk]} == set(market.makers)
    suggest(edition)
    with scope(edition=edition):
        assert len(suggested_to(own)) == 3
    forbid(edition, asker_kind="buyer")
    with scope(edition=edition):
        assert suggested_to(own) == []  # of a day before the rule
    assert partners_of_edition(edition)[own.pk]  # the makers may ask
    forbid(edition, asked_kind="buyer")
    assert partners_of_edition(edition)[own.pk] == []
    assert suggest(edition) == 0
    with scope(edition=edition):
        assert not Suggestion.objects.exists()
        assert candidates(edition) == []
        assert not Meeting.objects.exists()


def test_calls_are_refused_in_the_same_words(apart: Apart) -> None:
    other = apart.makers[0].firm.identifier
    said = apart.call(f"/wishes/{other}", "put", {"strength": "must"})
    assert (said.status_code, said.json()["detail"]) == (409, SAID)
    asked = apart.call("/requests", "post", {"to": other})
    assert (asked.status_code, asked.json()["detail"]) == (409, SAID)
    times = apart.call(f"/free-times/{other}")
    assert (times.status_code, times.json()["detail"]) == (409, TOGETHER)
    assert apart.call(f"/wishes/{other}", "put", {"strength": "no_thanks"}).status_code == 200
    with scope(edition=apart.edition):
        assert [one.strength for one in Wish.objects.all()] == ["no_thanks"]
        assert not MeetingRequest.objects.exists()


def test_a_request_of_before_the_rule_is_not_agreed_to_after_it(market: Apart, new_user: Make[User]) -> None:
    maker = market.makers[0]
    with scope(edition=market.edition):
        seller = acting(new_user("filmer", firm=maker.firm), maker)
        request = ask(market.buyer, maker)
        forbid(market.edition)
        with pytest.raises(MeetingRefusedError, match="do not let these two meet"):
            accept(request, seller)
        assert not Meeting.objects.exists()


def test_of_a_firm_that_takes_part_twice_the_one_is_meant_that_may_be_wished(
    apart: Apart, take_part: Make[Participation]
) -> None:
    own, firm = apart.buyer.participation, apart.makers[0].firm
    with scope(edition=apart.edition):
        assert partner_of(own, firm.identifier) == apart.makers[0]
        beside = take_part(apart.edition, firm, "service")
        assert partner_of(own, firm.identifier) == beside
        assert partner_of(own, own.firm.identifier) is None


@pytest.mark.parametrize("page", ["buyer/needs/{need}/", "firms/{own}/partners/", "meetings/wishes/"])
def test_a_page_takes_as_many_queries_for_one_as_for_three(apart: Apart, page: str) -> None:
    client, own = apart.client(), apart.buyer.participation
    address = apart.address(page.format(need=apart.need, own=own.firm.identifier))
    seen = []
    for shown in (1, 3):
        with scope(edition=apart.edition):
            for number, maker in enumerate(apart.makers):
                maker.state = "confirmed" if number < shown else "applied"
                maker.save()
                if number < shown:
                    Wish.objects.get_or_create(edition=apart.edition, wisher=own, wished=maker, strength=MUST)
        place_edition(apart.edition)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            text = client.get(address).text
        assert text.count(WHY) == shown
        seen.append(len(queries))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("most", [None, 3, 60])
def test_as_many_requests_may_wait_as_the_organiser_says_and_forty_where_nothing_is_said(
    market: Apart, take_part: Make[Participation], most: int | None
) -> None:
    buyer, edition, now = market.buyer, market.edition, timezone.now()
    allowed = most or MOST_OPEN
    with scope(edition=edition):
        if most is not None:
            RequestLimit.objects.create(edition=edition, kind="buyer", most_open=most)
        others = [take_part(edition) for _number in range(allowed - 1)]
        MeetingRequest.objects.bulk_create(
            MeetingRequest(
                edition=edition,
                asker=buyer.participation,
                asked=other,
                awaiting=other,
                said_at=now,
                expires_at=now + timedelta(days=2),
            )
            for other in others
        )
        ask(buyer, market.makers[0])
        with pytest.raises(MeetingRefusedError, match=f"{allowed} requests waiting"):
            ask(buyer, market.makers[1])
        assert MeetingRequest.objects.count() == allowed
