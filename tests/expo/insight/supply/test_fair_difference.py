"""What a fair did to its chains: confirmed links change their buyers' sourcing, claims stand apart, chance beside."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.insight.supply.domain.fair_difference import KIND, difference_of_chain, rows_of
from serai.expo.insight.supply.domain.networks import network_of
from serai.expo.insight.supply.domain.stored_results import compute, stored
from serai.expo.insight.supply.models import StoredResult
from serai.expo.meetings.matchmaking.models import Suggestion
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.outcomes.models import Outcome, OutcomeParty
from serai.expo.offers.chains.domain.fair_chains import set_sections
from serai.expo.offers.chains.domain.placements import load_builtin_chains
from serai.expo.offers.chains.models import Chain, Node, Placement
from serai.expo.offers.market.models import Need, Offer
from serai.world.supply import Link, difference, needs_of

type Make[Thing] = Callable[..., Thing]

SLUG, NODE = "clean-energy", "battery-cells"


class Fair:
    """A fair with a buyer of battery cells in Germany and makers of them elsewhere."""

    def __init__(
        self,
        edition: Edition,
        take_part: Make[Participation],
        a_firm: Make[Firm],
        offer: Make[Offer],
        need: Make[Need],
    ) -> None:
        self.edition, self.take_part, self.a_firm, self.offer = edition, take_part, a_firm, offer
        (self.chain,) = load_builtin_chains((SLUG,))
        with scope(edition=edition):
            set_sections(edition, [self.chain], user=None)
        self.buyer = take_part(edition, a_firm(country="DE"), kind="buyer")
        self.need = need(self.buyer)
        self.place(self.buyer, need=self.need)

    def place(self, participation: Participation, **item: Any) -> None:
        with scope(edition=self.edition):
            node = Node.objects.get(chain=self.chain, code=NODE)
            Placement.objects.create(
                edition=self.edition,
                participation=participation,
                side=next(iter(item)),
                node=node,
                confidence=1,
                **item,
            )

    def maker(self, country: str, size: str = "") -> Participation:
        maker = self.take_part(self.edition, self.a_firm(country=country, size=size))
        self.place(maker, offer=self.offer(maker))
        return maker

    def outcome(self, maker: Participation, state: str = "confirmed", **terms: Any) -> None:
        with scope(edition=self.edition):
            meeting, _ = Meeting.objects.get_or_create(edition=self.edition, host=maker, guest=self.buyer)
            row = Outcome.objects.create(edition=self.edition, meeting=meeting, kind="contract", state=state, **terms)
            now = timezone.now()
            OutcomeParty.objects.create(outcome=row, participation=maker, confirmed_at=now)
            OutcomeParty.objects.create(
                outcome=row, participation=self.buyer, confirmed_at=now if state == "confirmed" else None
            )

    def result(self) -> Any:
        compute.call(self.edition.pk, KIND, "")
        return StoredResult.objects.get(kind=KIND).data


@pytest.fixture
def fair(
    edition: Edition, take_part: Make[Participation], a_firm: Make[Firm], offer: Make[Offer], need: Make[Need]
) -> Fair:
    return Fair(edition, take_part, a_firm, offer, need)


def figures(told: Any, of: str = "figures") -> dict[str, Any]:
    return {row["figure"]: row for row in told[of]}


def test_a_confirmed_link_gives_a_buyer_a_second_country_as_the_library_says(fair: Fair) -> None:
    fair.outcome(fair.maker("JP", size="small"))
    with scope(edition=fair.edition):
        told = fair.result()
    chain = told["chains"][SLUG]
    assert (chain["links"], chain["inputs"], chain["from_small_firms"], chain["across_borders"]) == (1, 1, 1, 1)
    network = network_of(SLUG)
    expected = difference(network, needs_of(network, [(NODE, "DEU")]), [Link(0, "JPN")])
    row = figures(chain)["effective"]
    place = [record["figure"] for record in expected.records()].index("effective")
    assert (row["before"], row["after"]) == pytest.approx((expected.before[place], expected.after[place]))
    assert row["after"] > row["before"]
    assert figures(told["whole"])["effective"] == row


def test_a_claim_stands_apart_and_changes_no_figure_of_what_was_confirmed(fair: Fair) -> None:
    fair.outcome(fair.maker("JP"), state="claimed")
    with scope(edition=fair.edition):
        chain = fair.result()["chains"][SLUG]
    assert (chain["links"], chain["claimed_links"]) == (0, 1)
    assert figures(chain)["effective"]["change"] == 0
    assert figures(chain, "claimed_figures")["effective"]["change"] > 0


def test_beside_the_links_stand_as_many_at_random_from_the_suggestions(fair: Fair) -> None:
    makers = [fair.maker(country) for country in ("JP", "CN", "CN")]
    with scope(edition=fair.edition):
        for rank, maker in enumerate(makers, 1):
            Suggestion.objects.create(
                edition=fair.edition,
                participation=fair.buyer,
                partner=maker,
                rank=rank,
                score=0.5,
                made_on=timezone.now().date(),
            )
        fair.outcome(makers[0])
        row = figures(fair.result()["chains"][SLUG])["effective"]
    assert row["by_chance_low"] <= row["by_chance"] < row["change"]


def test_a_stated_value_says_how_much_of_the_need_moves(fair: Fair) -> None:
    fair.need.budget_low = fair.need.budget_high = 1_000_000
    fair.need.currency = "USD"
    with scope(edition=fair.edition):
        fair.need.save()
        fair.outcome(fair.maker("JP"), value=100_000, currency="USD", months=6)
        part = difference_of_chain(fair.edition, Chain.objects.get(slug=SLUG))
    assert part is not None
    assert part.links[0].theta == pytest.approx(0.2)


def test_fewer_than_five_links_are_not_told_one_by_one(fair: Fair) -> None:
    with scope(edition=fair.edition):
        for country in ("JP", "KR", "US", "PL"):
            fair.outcome(fair.maker(country))
        assert fair.result()["whole"]["most_moved"] == []
        fair.outcome(fair.maker("FR"))
        told = fair.result()["whole"]["most_moved"]
    assert len(told) == 5
    taken = [link["taken_away"] for link in told]
    assert taken == sorted(taken, reverse=True)


def test_it_is_computed_anew_after_a_new_confirmation(fair: Fair) -> None:
    with scope(edition=fair.edition):
        maker = fair.maker("JP")
        fair.result()
        assert stored(fair.edition, KIND).is_current
        fair.outcome(maker)
        assert not stored(fair.edition, KIND).is_current


def test_without_a_need_there_is_nothing_to_tell(edition: Edition) -> None:
    load_builtin_chains()
    with scope(edition=edition):
        compute.call(edition.pk, KIND, "")
    told = StoredResult.objects.get(kind=KIND).data
    assert (told["whole"], told["chains"]) == (None, {})


def test_several_chains_together_are_the_mean_over_their_needs() -> None:
    from serai.world.supply import combined, generate_supply

    network, parts = generate_supply(6, 4, seed=3), []
    for count in (2, 3):
        needs = needs_of(network, [(network.nodes[0], network.countries[0])] * count)
        links = [Link(0, network.countries[1])]
        parts.append(difference(network, needs, links, suggestions=[Link(1, network.countries[2])]))
    whole = combined(parts)
    assert (whole.needs, len(whole.links), whole.links[1].need) == (5, 2, 2)
    for name in ("before", "after"):
        values = [getattr(part, name) for part in parts]
        mean = (2 * values[0] + 3 * values[1]) / 5
        assert np.allclose(getattr(whole, name), mean, equal_nan=True)
    assert combined(parts[:1]).records() == parts[0].records()


def test_a_figure_that_not_every_input_has_says_on_which_part_it_is_measured() -> None:
    row = {"figure": "green", "before": 2e-4, "after": 1e-4, "change": -1e-4, "low": -2e-4, "high": -1e-5}
    whole, part = rows_of([row | {"by_chance": None, "covered": covered} for covered in (1.0, 0.83)])
    assert (whole.covered, part.covered, part.verdict) == ("", "83 %", 1)
