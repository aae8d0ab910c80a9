"""What Serai says of a source is said in the reader's language; the publisher's title stays as it is."""

import pytest
from django.utils.translation import override

from serai.expo.insight.supply.domain.node_facts import SOURCE_WORDS, source_in_words

pytestmark = pytest.mark.any_database
OECD = "OECD Inter-Country Input-Output Tables, 2025 edition, year 2022, basic prices"


@pytest.mark.parametrize("language", ["zh-hans", "ar"])
def test_words_of_serai_are_translated_and_titles_are_not(language: str) -> None:
    with override(language):
        words, rest = source_in_words(f"output of the industry, {OECD}")
        assert rest == OECD
        assert words not in {"", *SOURCE_WORDS}
        assert source_in_words(OECD) == ("", OECD)
