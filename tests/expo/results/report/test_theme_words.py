"""Cautions of the library are told in words of a report, each once, in the reader's language where it has them."""

import pytest

from serai.expo.results.report.domain.theme_words import cautions_in_words
from serai.world.readers.icio2022 import CAUTIONS

pytestmark = pytest.mark.any_database


def test_a_caution_with_a_year_is_told_once_and_one_without_words_stays_as_it_is() -> None:
    complexity = "Complexity is of exports by heading of 2017."
    told = cautions_in_words([f"{CAUTIONS['value_added']} {complexity}", complexity, "Nobody has words for this."])
    assert told.count("2017") == 1
    assert told.startswith("In the table of 2022, value added holds taxes on products")
    assert told.endswith("Nobody has words for this.")
