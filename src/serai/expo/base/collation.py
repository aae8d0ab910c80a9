"""Texts folded for finding, and put in the order of an index whatever script they are written in."""

import re
import unicodedata
from functools import lru_cache

_HAN = re.compile(r"[\u3400-\u9fff]+")
_VOICED = "\u3099\u309a"
"""The marks of kana that make another letter of one, as ga of ka."""
_ARTICLE = re.compile(r"^[اٱ]ل(?=\w{2})")
_AS_IN_AN_INDEX = str.maketrans("ٱىة", "ايه")


def fold(text: str) -> str:
    """Lower case without accents, marks and punctuation, in compatibility form, one space between words."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(
        character if character.isalnum() or character in _VOICED else " "
        for character in decomposed
        if character in _VOICED or not unicodedata.combining(character)
    )
    return unicodedata.normalize("NFKC", " ".join(kept.split()))


@lru_cache(maxsize=16_384)
def sort_name(name: str) -> str:
    """The folded name with Han characters in pinyin, so that Chinese and Latin names stand in one alphabet."""
    from pypinyin import lazy_pinyin  # its dictionary takes a quarter of a second, which not every process needs

    romanised = _HAN.sub(
        lambda run: " " + " ".join(lazy_pinyin(run.group())) + " ", unicodedata.normalize("NFKC", name)
    )
    return fold(romanised)[:300]


def index_key(name: str) -> str:
    """The key that orders names as an index does. The article of an Arabic name and the forms of alef do not count.

    The article has a bare alef. An alef with a hamza, as in the Arabic name of Germany, is a letter of the name.
    """
    return sort_name(_ARTICLE.sub("", name).translate(_AS_IN_AN_INDEX))
