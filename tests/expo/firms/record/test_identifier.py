"""The identifier of a firm finds its own typing errors."""

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serai.expo.firms.record.models import ALPHABET, is_identifier, new_identifier

identifiers = st.integers(0, 10_000).map(lambda seed: new_identifier("KE", date(2026, 11, 24), Random(seed)))


def test_it_tells_country_year_and_day() -> None:
    assert new_identifier("KE", date(2026, 11, 24)).startswith("KE2026328")


@given(identifiers)
def test_a_new_identifier_is_one(identifier: str) -> None:
    assert len(identifier) == 15
    assert is_identifier(identifier)


@given(identifiers, st.integers(9, 13), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_found(identifier: str, place: int, character: str) -> None:
    wrong = identifier[:place] + character + identifier[place + 1 :]
    assert is_identifier(wrong) == (wrong == identifier)


def test_nearly_every_swap_of_neighbours_is_found() -> None:
    found = []
    for seed in range(500):
        identifier = new_identifier("KE", date(2026, 11, 24), Random(seed))
        for place in range(9, 13):
            swapped = identifier[:place] + identifier[place + 1] + identifier[place] + identifier[place + 2 :]
            if swapped != identifier:
                found.append(not is_identifier(swapped))
    assert sum(found) / len(found) > 0.99


@pytest.mark.parametrize("text", ["", "KE", "coffee", "KE2026328", "ke2026328aaaaa0", "咖啡咖啡咖啡咖啡咖啡咖啡咖啡咖"])
def test_other_texts_are_none(text: str) -> None:
    assert not is_identifier(text)
