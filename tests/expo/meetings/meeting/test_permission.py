"""Who may ask whom: the first rule that fits decides, for requests, wishes and the timetable alike."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation, Section
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.meeting.domain.permission import (
    MOST_OPEN,
    NotPermittedError,
    against_the_rules,
    permits,
    require_request_left,
    require_rules,
    save_rule,
    set_limits,
)
from serai.expo.meetings.meeting.models import Meeting, MeetingRequest, MeetingRule, RequestLimit, Wish
from serai.expo.meetings.timetable.domain.candidates import WEIGHT, candidates
from serai.expo.meetings.timetable.domain.drafts import make_timetable
from serai.expo.meetings.timetable.domain.problem import ask
from serai.expo.offers.chains.domain.placements import load_builtin_chains, place_edition
from serai.expo.people.account.models import User

type Make[Thing] = Callable[..., Thing]


@pytest.fixture
def rule(edition: Edition) -> Make[MeetingRule]:
    def make(order: int, allowed: bool, **fields: object) -> MeetingRule:
        return save_rule(MeetingRule(edition=edition, order=order, allowed=allowed, **fields))

    return make


@pytest.fixture
def maker(edition: Edition, take_part: Make[Participation], a_firm: Make[Firm]) -> Participation:
    return take_part(edition, a_firm("Maker", "DE"))


@pytest.fixture
def buyer(edition: Edition, take_part: Make[Participation], a_firm: Make[Firm]) -> Participation:
    return take_part(edition, a_firm("Buyer", "BD"), "buyer")


def test_without_rules_everyone_may_ask_everyone_but_its_own_firm(
    edition: Edition, maker: Participation, buyer: Participation, take_part: Make[Participation]
) -> None:
    known = permits(edition)
    assert known.may_ask(maker, buyer)
    assert known.may_ask(buyer, maker)
    assert not known.may_ask(maker, take_part(edition, maker.firm, "buyer"))


def test_the_first_rule_that_fits_decides(
    edition: Edition, maker: Participation, buyer: Participation, rule: Make[MeetingRule]
) -> None:
    rule(20, False, asker_kind="exhibitor", asked_kind="exhibitor")
    rule(30, False, asker_kind="exhibitor")
    assert not permits(edition).may_ask(maker, buyer)
    assert permits(edition).may_ask(buyer, maker)
    rule(10, True, asker_kind="exhibitor", asked_kind="buyer")
    assert permits(edition).may_ask(maker, buyer)


def test_a_rule_looks_at_sections_and_at_groups_of_countries_on_the_opening_day(
    edition: Edition, maker: Participation, buyer: Participation, rule: Make[MeetingRule]
) -> None:
    """Bangladesh leaves the least developed countries on 24 November 2026, four days before the fair."""
    rule(10, False, asker_group="LDC")
    assert permits(edition).may_ask(buyer, maker)
    edition.starts_on = date(2026, 11, 23)
    assert not permits(edition).may_ask(buyer, maker)
    assert permits(edition).may_ask(maker, buyer)
    with scope(edition=edition):
        buyer.section = Section.objects.get()
    rule(5, True, asker_section=buyer.section)
    assert permits(edition).may_ask(buyer, maker)


def test_two_may_be_seated_together_where_one_of_them_may_ask(
    edition: Edition, maker: Participation, buyer: Participation, rule: Make[MeetingRule]
) -> None:
    rule(10, False, asker_kind="buyer")
    assert permits(edition).may_meet(buyer, maker)
    rule(20, False)
    assert not permits(edition).may_meet(buyer, maker)


def test_requests_have_a_limit_by_kind_or_that_of_every_fair_and_a_sentence_that_says_so(
    edition: Edition, maker: Participation, buyer: Participation, organiser: User, rule: Make[MeetingRule]
) -> None:
    set_limits(edition, {"exhibitor": 2, "buyer": None}, user=organiser)
    assert [permits(edition).requests_left(maker, waiting) for waiting in (0, 1, 2, 3)] == [2, 1, 0, 0]
    require_request_left(edition, maker, waiting=1)
    require_request_left(edition, buyer, waiting=MOST_OPEN - 1)
    with pytest.raises(NotPermittedError, match=f"{MOST_OPEN} requests waiting"):
        require_request_left(edition, buyer, waiting=MOST_OPEN)
    with pytest.raises(NotPermittedError, match="2 requests waiting"):
        require_request_left(edition, maker, waiting=2)
    set_limits(edition, {"exhibitor": None}, user=organiser)
    assert permits(edition).requests_left(maker, 1) == MOST_OPEN - 1
    rule(10, False, asker_kind="exhibitor")
    with pytest.raises(NotPermittedError, match="rules of this fair"):
        require_rules(edition, maker, buyer)
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["request_limit.set", "request_limit.removed", "meeting_rule.set"]


def test_any_number_of_pairs_is_judged_by_two_queries(
    edition: Edition, maker: Participation, buyer: Participation, rule: Make[MeetingRule]
) -> None:
    for order in range(3):
        rule(order, False, asker_kind="press")
    with CaptureQueriesContext(connection) as queries:
        known = permits(edition)
        assert all(known.may_ask(maker, buyer) for _number in range(50))
    assert len(queries) == 2


def seated(edition: Edition) -> dict[frozenset[int], tuple[bool, str]]:
    """By pair whether a timetable made now seats it, and why not."""
    make_timetable(edition, seconds=5)
    return {
        frozenset((meeting.host_id, meeting.guest_id)): (meeting.starts_at is not None, meeting.why_not)
        for meeting in Meeting.objects.filter(edition=edition)
    }


def test_the_timetable_seats_nobody_against_the_rules_and_keeps_the_wish(
    edition: Edition,
    maker: Participation,
    buyer: Participation,
    take_part: Make[Participation],
    rule: Make[MeetingRule],
) -> None:
    other, asking = take_part(edition), take_part(edition)
    sides = {name: frozenset((buyer.pk, one.pk)) for name, one in {"maker": maker, "other": other, "a": asking}.items()}
    with scope(edition=edition):
        for wished in (maker, other, asking):
            Wish.objects.create(edition=edition, wisher=buyer, wished=wished, strength=Wish.Strength.MUST)
        assert seated(edition) == dict.fromkeys(sides.values(), (True, ""))
        rule(1, False, asker_kind="buyer", asked_kind="exhibitor")
        rule(2, True, asker_kind="exhibitor", asker_group="BRICS")
        rule(3, False)
        assert {other.firm.country, asking.firm.country} == {"CN"}
        would = Wish.objects.create(edition=edition, wisher=asking, wished=buyer, strength=Wish.Strength.WOULD)
        no = (False, "VETOED")
        assert seated(edition) == {sides["maker"]: no, sides["other"]: no, sides["a"]: (True, "")}
        assert Meeting.objects.get(guest=buyer, host=asking).value == WEIGHT[Wish.Strength.WOULD]
        assert against_the_rules(edition) == 2
        # The other may ask; that its buyer, who may not, wishes for it is no reason, until it wishes itself.
        Wish.objects.create(edition=edition, wisher=other, wished=buyer, strength=Wish.Strength.WOULD)
        would.delete()
        assert seated(edition) == {sides["maker"]: no, sides["other"]: (True, ""), sides["a"]: no}
        assert Wish.objects.filter(wisher=buyer).count() == 3


def test_a_wish_of_who_may_not_ask_makes_no_meeting_and_is_no_must_beside_one_that_may(
    edition: Edition,
    maker: Participation,
    buyer: Participation,
    take_part: Make[Participation],
    rule: Make[MeetingRule],
) -> None:
    other = take_part(edition)
    rule(1, False, asker_kind="buyer")
    with scope(edition=edition):
        for wisher, wished, strength in ((buyer, maker, "must"), (maker, buyer, "would"), (buyer, other, "must")):
            Wish.objects.create(edition=edition, wisher=wisher, wished=wished, strength=strength)
        [one] = candidates(edition)
        assert (one.host_id, one.guest_id, one.value) == (maker.pk, buyer.pk, WEIGHT[Wish.Strength.WOULD])
        assert ask(edition, [one]).problem.must.tolist() == [False]


def test_a_wish_that_was_taken_back_seats_nobody_any_more(
    edition: Edition, maker: Participation, buyer: Participation, take_part: Make[Participation]
) -> None:
    other = take_part(edition)
    with scope(edition=edition):
        for wished in (maker, other):
            Wish.objects.create(edition=edition, wisher=buyer, wished=wished, strength="must")
        assert seated(edition)[frozenset((buyer.pk, maker.pk))] == (True, "")
        Wish.objects.filter(wished=maker).delete()
        pairs = {one: frozenset((buyer.pk, one.pk)) for one in (maker, other)}
        assert seated(edition) == {pairs[maker]: (False, "VETOED"), pairs[other]: (True, "")}


def test_who_has_agreed_to_a_request_wishes_though_it_may_not_ask(
    edition: Edition, maker: Participation, buyer: Participation, rule: Make[MeetingRule]
) -> None:
    rule(1, False, asker_kind="buyer")
    with scope(edition=edition):
        now = timezone.now()
        MeetingRequest.objects.create(
            edition=edition, asker=maker, asked=buyer, awaiting=buyer, state="accepted", said_at=now, expires_at=now
        )
        for wisher, wished in ((buyer, maker), (maker, buyer)):
            Wish.objects.create(edition=edition, wisher=wisher, wished=wished, strength="must")
        [one] = candidates(edition)
        assert one.value == 2 * WEIGHT[Wish.Strength.MUST]


def test_what_the_rules_do_not_let_be_wished_may_be_proposed_as_a_match_for_the_side_that_may_ask(
    edition: Edition,
    maker: Participation,
    buyer: Participation,
    rule: Make[MeetingRule],
    offer: Make[Any],
    need: Make[Any],
) -> None:
    load_builtin_chains()
    offer(maker, "Lithium battery separator film")
    need(buyer, "Lithium battery separator film")
    place_edition(edition)
    with scope(edition=edition):
        Wish.objects.create(edition=edition, wisher=buyer, wished=maker, strength="must")
        [wished] = candidates(edition)
        rule(1, False, asker_kind="buyer")
        [matched] = candidates(edition)
        assert (matched.pk, wished.source, matched.source) == (wished.pk, "wish", "match")
        assert seated(edition) == {frozenset((buyer.pk, maker.pk)): (True, "")}


def test_the_page_adds_changes_and_removes_rules_and_says_what_they_contradict(
    edition: Edition, maker: Participation, buyer: Participation, organiser_client: Client
) -> None:
    with scope(edition=edition):
        Wish.objects.create(edition=edition, wisher=buyer, wished=maker, strength=Wish.Strength.MUST)
        section = Section.objects.get()
    address = reverse("meeting-rules", args=[edition.slug])
    assert "everyone may ask everyone" in organiser_client.get(address).text
    assert organiser_client.post(address, {"order": "1", "asked_section": "987654"}).status_code == 400
    assert organiser_client.post(address, {"order": "1", "asked_kind": "nobody"}).status_code == 400
    assert organiser_client.post(address, {"order": "1", "asker_group": "EU"}).status_code == 302
    with scope(edition=edition):
        made = MeetingRule.objects.get()
    assert (made.allowed, made.asker_kind, made.asker_group) == (False, "", "EU")
    text = organiser_client.get(address).text
    assert "against the rules" not in text
    one = reverse("meeting-rule", args=[edition.slug, made.pk])
    assert organiser_client.post(one, {"order": "1"}).status_code == 302
    assert "1 wish that was given is against the rules" in organiser_client.get(address).text
    organiser_client.post(one, {"order": "1", "allowed": "on", "asker_section": section.pk})
    with scope(edition=edition):
        changed = MeetingRule.objects.get()
    assert (changed.allowed, changed.asker_section_id) == (True, section.pk)
    assert f'<option value="{section.pk}" selected>' in organiser_client.get(one).text
    organiser_client.post(one, {"remove": "1"})
    with scope(edition=edition):
        assert not MeetingRule.objects.exists()
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["meeting_rule.set", "meeting_rule.set", "meeting_rule.set", "meeting_rule.removed"]


def test_the_page_sets_limits(edition: Edition, organiser_client: Client) -> None:
    address = reverse("request-limits", args=[edition.slug])
    organiser_client.post(address, {"limit-buyer": "5", "limit-press": ""})
    organiser_client.post(address, {"limit-buyer": "many", "limit-press": "3"})
    with scope(edition=edition):
        assert list(RequestLimit.objects.values_list("kind", "most_open")) == [("buyer", 5)]
    page = organiser_client.get(reverse("meeting-rules", args=[edition.slug])).text
    assert 'value="5"' in page
    assert f"{MOST_OPEN} where nothing is said" in page


def test_a_rule_of_another_fair_is_not_found_and_nobody_else_changes_one(
    edition: Edition,
    other_edition: Edition,
    organiser_client: Client,
    member_client: Client,
    other_organiser_client: Client,
    anonymous_client: Client,
) -> None:
    there = save_rule(MeetingRule(edition=other_edition))
    here = save_rule(MeetingRule(edition=edition))
    assert (
        organiser_client.post(reverse("meeting-rule", args=[edition.slug, there.pk]), {"remove": "1"}).status_code
        == 404
    )
    one = reverse("meeting-rule", args=[edition.slug, here.pk])
    clients = (member_client, other_organiser_client, anonymous_client)
    assert [client.post(one, {"remove": "1"}).status_code for client in clients] == [403, 403, 302]
    with scope(edition=edition):
        assert MeetingRule.objects.exists()


def test_the_list_of_rules_has_the_same_number_of_queries_for_one_and_for_three(
    edition: Edition, rule: Make[MeetingRule], organiser_client: Client
) -> None:
    address = reverse("meeting-rules", args=[edition.slug])
    with scope(edition=edition):
        section = Section.objects.get()
    seen = []
    for number in range(3):
        rule(number, False, asker_section=section)
        with CaptureQueriesContext(connection) as queries:
            organiser_client.get(address)
        seen.append(len(queries))
    assert seen[0] == seen[2]
