"""A need finds who can make what is needed though no offer names it: by its plants and outputs, below who names it."""

from collections.abc import Callable

import pytest
from django.utils.translation import override
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Certification, Firm, Flow, Plant
from serai.expo.meetings.matchmaking.domain.matching import explain_pair, partners_of, suppliers_for
from serai.expo.meetings.matchmaking.domain.partners import with_reasons
from serai.expo.offers.chains.domain.fair_chains import refresh_everywhere
from serai.expo.offers.chains.domain.placements import load_builtin_chains, place_edition
from serai.expo.offers.chains.models import ChainPosition, Node, Placement
from serai.expo.offers.market.models import Need, Offer
from serai.match.reasons import ReasonKind

type Make[Thing] = Callable[..., Thing]

SEPARATORS = "Lithium battery separator film"
PROCESS = {"en": "Wet process separator", "zh-hans": "湿法隔膜"}


@pytest.fixture
def buyer(edition: Edition, take_part: Make[Participation], need: Make[Need]) -> Participation:
    load_builtin_chains()
    found = take_part(edition, kind="buyer")
    need(found, SEPARATORS)
    return found


def with_plant(firm: Firm) -> Firm:
    Plant.objects.create(firm=firm, country="CN", place={"en": "Suzhou", "zh-hans": "苏州"}, process=PROCESS)
    return firm


def suppliers(edition: Edition, buyer: Participation) -> list[Participation]:
    place_edition(edition)
    with scope(edition=edition):
        return [one.participation for one in partners_of(buyer, public=False)]


def test_a_plant_meets_a_need_below_an_offer_and_is_told_with_its_process_and_place(
    edition: Edition,
    buyer: Participation,
    take_part: Make[Participation],
    a_firm: Make[Firm],
    offer: Make[Offer],
) -> None:
    able, names = take_part(edition, with_plant(a_firm())), take_part(edition)
    offer(names, SEPARATORS)
    assert suppliers(edition, buyer) == [names, able]
    said = explain_pair(buyer, able)
    assert said.match is not None
    assert said.match.reasons[0].kind is ReasonKind.CAN_SUPPLY_WHAT_YOU_NEED
    assert "makes Battery separators (both on Battery separators, by their plant" in said.sentences[0]
    assert "their plant (Wet process separator, Suzhou, China)" in said.sentences[0]
    assert explain_pair(able, buyer).sentences[0] == said.sentences[0]
    with scope(edition=edition):
        read, found = suppliers_for(Need.objects.get())
        assert [one.sentences for one in with_reasons(read, buyer, found)][1] == said.sentences
        with override("zh-hans"):
            assert "其工厂（湿法隔膜, 苏州, 中国）" in partners_of(buyer, public=False)[1].sentences[0]


def test_an_output_meets_a_need_and_an_input_does_not(
    edition: Edition, buyer: Participation, take_part: Make[Participation], a_firm: Make[Firm]
) -> None:
    makes, uses = take_part(edition, a_firm()), take_part(edition, a_firm())
    for firm, direction in ((makes.firm, Flow.Direction.OUTPUT), (uses.firm, Flow.Direction.INPUT)):
        Flow.objects.create(firm=firm, direction=direction, code="3920", text={"en": "Battery separators"})
    assert suppliers(edition, buyer) == [makes]
    assert "the products that they say they make" in explain_pair(buyer, makes).sentences[0]


def test_a_plant_or_an_output_that_is_not_for_everyone_tells_nobody_anything(
    edition: Edition, buyer: Participation, take_part: Make[Participation], a_firm: Make[Firm]
) -> None:
    hidden = a_firm(visibility={"plants": "firm", "flows": "organiser"})
    Flow.objects.create(firm=with_plant(hidden), direction="output", code="3920", text=PROCESS)
    take_part(edition, hidden)
    assert suppliers(edition, buyer) == []


def test_a_place_that_the_firm_states_stands_before_the_guess_from_its_plant_and_one_denied_is_none(
    edition: Edition, buyer: Participation, take_part: Make[Participation], a_firm: Make[Firm]
) -> None:
    able = take_part(edition, with_plant(a_firm()))
    node = Node.objects.get(code="separators")
    position = ChainPosition.objects.create(firm=able.firm, node=node)
    assert suppliers(edition, buyer) == [able]
    with scope(edition=edition):
        assert list(Placement.objects.filter(participation=able).values_list("position", flat=True)) == [position.pk]
    assert "the firm's own word" in explain_pair(buyer, able).sentences[0]
    ChainPosition.objects.update(state=ChainPosition.State.DENIED)
    assert suppliers(edition, buyer) == []


def test_a_certificate_that_is_demanded_is_shown_by_the_firm_where_no_offer_is_named(
    edition: Edition, buyer: Participation, take_part: Make[Participation], a_firm: Make[Firm]
) -> None:
    able, bare, _none = (take_part(edition, with_plant(a_firm())) for _ in range(3))
    Certification.objects.create(firm=able.firm, scheme="ISO 9001")
    Certification.objects.create(firm=bare.firm, scheme="ISO 9001", valid_until="2020-01-01")
    # The third firm carries none at all.
    with scope(edition=edition):
        Need.objects.update(certificates=["ISO 9001"])
    assert suppliers(edition, buyer) == [able]
    with scope(edition=edition):
        Need.objects.update(musts=[])
    assert "met: certificates (ISO 9001)" in explain_pair(buyer, able).sentences[1]


def test_a_plant_that_is_entered_later_counts_from_then_on(
    edition: Edition, buyer: Participation, take_part: Make[Participation], a_firm: Make[Firm]
) -> None:
    able = take_part(edition, a_firm())
    assert suppliers(edition, buyer) == []
    refresh_everywhere(with_plant(able.firm))
    with scope(edition=edition):
        assert [one.participation for one in partners_of(buyer, public=False)] == [able]
