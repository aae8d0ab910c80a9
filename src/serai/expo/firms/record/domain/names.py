"""Names of firms, folded for finding and romanised for ordering."""

import re
import unicodedata
from functools import lru_cache
from importlib import resources

# In the folded writing of `name_key`, the longest first, so that "co ltd" goes before "ltd".
LEGAL_FORMS = sorted(
    resources.files("serai.expo.firms.record").joinpath("legal_forms.txt").read_text(encoding="utf-8").splitlines(),
    key=len,
    reverse=True,
)
_END = re.compile(rf"(?:(?<=\s)|(?<=[\u4e00-\u9fff]))(?:{'|'.join(map(re.escape, LEGAL_FORMS))})$")
_START = re.compile(r"^(?:pt|ооо|оао|зао|пао|ао|شركة|株式会社|주식회사)\s+")
_HAN = re.compile(r"[\u3400-\u9fff]+")


def fold(text: str) -> str:
    """Lower case without accents, marks and punctuation, in compatibility form, one space between words."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(
        character if character.isalnum() else " " for character in decomposed if not unicodedata.combining(character)
    )
    return unicodedata.normalize("NFKC", " ".join(kept.split()))


@lru_cache(maxsize=16_384)
def name_key(name: str) -> str:
    """The folded name without its legal form: two writings of one firm's name have the same key.

    A name that consists of legal forms only keeps them: an empty key would find every firm.
    """
    folded = fold(name)
    key = _START.sub("", folded)
    while (shorter := _END.sub("", key).strip()) and shorter != key:
        key = shorter
    return key or folded


@lru_cache(maxsize=16_384)
def sort_name(name: str) -> str:
    """The folded name with Han characters in pinyin, so that Chinese and Latin names stand in one alphabet."""
    from pypinyin import lazy_pinyin  # its dictionary takes a quarter of a second, which not every process needs

    romanised = _HAN.sub(
        lambda run: " " + " ".join(lazy_pinyin(run.group())) + " ", unicodedata.normalize("NFKC", name)
    )
    return fold(romanised)[:300]
