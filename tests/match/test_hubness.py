"""Texts that lie near to everybody are no longer everybody's nearest, and codes join what no word joins."""

import numpy as np
import pytest

from serai.match.codes.likeness import code_shares
from serai.match.hubness import SAMPLE, USUAL, crowded, likeness
from serai.match.vectors import unit


def test_how_crowded_a_place_is_is_the_mean_cosine_of_its_nearest() -> None:
    random = np.random.default_rng(0)
    some, others = (unit(random.normal(size=(n, 16)).astype(np.float32)) for n in (7, 40))
    expected = np.sort(some @ others.T, axis=1)[:, -10:].mean(axis=1)
    np.testing.assert_allclose(crowded(some, others), expected, rtol=1e-5)
    few = crowded(some, others[:3])
    np.testing.assert_allclose(few, (some @ others[:3].T).mean(axis=1), rtol=1e-5)
    assert not crowded(some, others[:0]).any()


def test_a_text_is_not_its_own_neighbour() -> None:
    vectors = np.eye(3, dtype=np.float32)
    np.testing.assert_allclose(crowded(vectors, vectors), [1 / 3] * 3, rtol=1e-6)
    np.testing.assert_allclose(crowded(vectors, vectors, np.arange(3)), [0, 0, 0], atol=1e-7)


def test_of_many_a_sample_tells_nearly_the_same() -> None:
    random = np.random.default_rng(1)
    others = unit(random.normal(size=(SAMPLE, 8)).astype(np.float32))
    same = np.repeat(others, 3, axis=0)
    np.testing.assert_allclose(crowded(others[:5], same), crowded(others[:5], others), atol=0.02)


def test_a_hub_loses_its_first_place() -> None:
    needs = unit(np.array([[1, 0, 0.3], [0, 1, 0.3]], dtype=np.float32))
    hub = np.array([0.7, 0.7, 0.35])
    offers = unit(np.array([[1, -1, 0.3], [-1, 1, 0.3], hub], dtype=np.float32))
    cosine = needs @ offers.T
    assert cosine.argmax(axis=1).tolist() == [2, 2]
    moved = likeness(cosine, crowded(needs, offers), crowded(offers, needs))
    assert moved.argmax(axis=1).tolist() == [0, 1]
    assert likeness(np.float32([[0.5]]), np.float32([0.5]), np.float32([0.5]))[0, 0] == pytest.approx(USUAL)
    assert moved.min() >= 0
    assert moved.max() <= 1


def test_codes_join_the_same_goods_in_two_languages_and_part_others() -> None:
    shares = code_shares(["Lithium-ion batteries", "锂离子电池", "Fresh cut roses", "", "!!"])
    common = (shares @ shares.T).toarray()
    assert common[0, 1] > 0.5 > 10 * common[0, 2]
    np.testing.assert_allclose(common.diagonal(), [1, 1, 1, 0, 0], atol=1e-5)
    np.testing.assert_allclose(
        code_shares(["Fresh cut roses", "锂离子电池"])[[0]].toarray(), shares[[2]].toarray(), atol=1e-4
    )
