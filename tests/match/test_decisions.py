"""What people decide moves texts that are like it, and leaves nothing behind once it is taken back."""

from collections.abc import Sequence

import numpy as np
import pytest

from serai.match.decisions import corrected, residuals, worth
from serai.match.placing import Decision, Item, Placement, Side, place
from serai.world.chains import builtin_chains

CHAINS = [chain for chain in builtin_chains() if chain.slug in {"green-agriculture", "clean-energy"}]
WINE = Item("wine", Side.OFFER, "Plum wine and fruit liqueur from our own orchard")
LIKE = Item("like", Side.OFFER, "Fruit liqueurs and plum wines in small bottles")
OTHER = Item("other", Side.OFFER, "Monocrystalline solar wafers")
DRINKS, FRUIT = ("green-agriculture", "coffee-and-drinks"), ("green-agriculture", "fruit-and-nuts")


def placed(decisions: Sequence[Decision] = (), items: Sequence[Item] = (LIKE, OTHER)) -> list[Placement]:
    return place(items, CHAINS, floor=0.001, per_item=5, decisions=decisions)


def chance(placements: Sequence[Placement], item: Item, node: tuple[str, str]) -> float:
    return max(
        (row.confidence for row in placements if (row.item, row.chain, row.node) == (item.key, *node)), default=0
    )


def test_a_decision_moves_a_text_that_is_like_the_decided_one_and_hardly_any_other() -> None:
    before, after = placed(), placed([Decision(WINE, FRUIT)])
    assert chance(after, LIKE, FRUIT) > chance(before, LIKE, FRUIT) + 0.05
    assert chance(after, LIKE, DRINKS) < chance(before, LIKE, DRINKS)
    surest = max(before, key=lambda row: (row.item == "other", row.confidence))
    assert chance(after, OTHER, (surest.chain, surest.node)) == pytest.approx(surest.confidence, abs=0.01)


def test_none_of_these_lowers_every_node_and_a_refusal_its_own() -> None:
    before = placed()
    assert chance(placed([Decision(WINE, None)]), LIKE, DRINKS) < chance(before, LIKE, DRINKS) - 0.05
    refused = placed([Decision(WINE, DRINKS, right=False)])
    assert chance(refused, LIKE, DRINKS) < chance(before, LIKE, DRINKS) - 0.05
    assert chance(refused, LIKE, FRUIT) == chance(before, LIKE, FRUIT)


def test_taking_a_decision_back_restores_every_placement_bit_for_bit() -> None:
    kept = [Decision(OTHER, ("clean-energy", "wafers"))]
    before, with_kept = placed(), placed(kept)
    assert placed([Decision(WINE, FRUIT), *kept]) != with_kept
    assert placed(kept) == with_kept
    assert placed([]) == before


def test_the_order_of_decisions_changes_nothing_and_a_node_that_the_fair_has_not_is_passed_over() -> None:
    decisions = [Decision(WINE, FRUIT), Decision(OTHER, None), Decision(WINE, DRINKS, right=False)]
    assert placed(decisions) == placed(decisions[::-1])
    assert placed([Decision(WINE, ("no-chain", "no-node"))]) == placed()


def test_a_decision_that_repeats_what_is_sure_teaches_little() -> None:
    chances = np.array([[0.98, 0.01], [0.3, 0.6]])
    chosen, no = np.array([0, 0]), np.zeros(2, np.bool_)
    residual, weight = residuals(chances, chosen, no, no)
    assert residual == pytest.approx(np.array([[0.02, 0.0], [0.7, -0.3]]))
    assert weight == pytest.approx(np.array([[1.0, 0.0], [1.0, 0.5]]))


def test_many_like_decisions_move_more_than_one_and_without_end_none() -> None:
    text, chances = np.array([[1.0, 0.0]]), np.array([[0.2, 0.0]])
    moved = []
    for n in (0, 1, 3, 1000):
        residual, weight = residuals(np.full((n, 2), 0.2), np.zeros(n, int), np.zeros(n, bool), np.zeros(n, bool))
        moved.append(corrected(chances, text, np.tile(text, (n, 1)), residual, weight)[0])
    first = [row[0] for row in moved]
    assert first == sorted(first)
    assert first[0] == 0.2
    assert first[-1] < 1
    assert all(row[1] == 0 for row in moved), "a text without a word stays nowhere"


def test_most_is_gained_near_one_half_at_a_thin_node_that_many_look_at() -> None:
    confidence, firms, audience = np.array([0.5, 0.9, 0.5, 0.5]), np.array([0, 0, 9, 0]), np.array([0, 0, 0, 9])
    assert worth(confidence, firms, audience) == pytest.approx([1, 0.36, 0.1, 10])
