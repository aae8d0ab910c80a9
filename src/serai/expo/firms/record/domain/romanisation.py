"""Names in Latin letters, whatever they are written in, for comparing: pinyin, and one letter for another elsewhere.

Cyrillic after BGN/PCGN without its marks, Hangul after the Revised Romanisation syllable by syllable, Arabic by its
consonants and long vowels. What comes out is for comparing, never for showing.
"""

import re

from serai.expo.base.collation import sort_name

_CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґў",
        "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya i i e g u".split(),  # noqa: SIM905
        strict=True,
    )
)
_ARABIC = dict(
    zip(
        "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإآؤئپچژگ",
        "a b t th j h kh d dh r z s sh s d t z _ gh f q k l m n h w y a a _ a i a w y p ch zh g".split(),  # noqa: SIM905
        strict=True,
    )
)
_LETTERS = {ord(letter): said.replace("_", "") for letter, said in (_CYRILLIC | _ARABIC).items()}
_FIRST = "g kk n d tt r m b pp s ss _ j jj ch k t p h".split()  # noqa: SIM905  as the standard lists them
_MIDDLE = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split()  # noqa: SIM905
_LAST = "_ k k k n n n t l k m l l l p l m p p t t ng t t k t p t".split()  # noqa: SIM905
_HANGUL = re.compile(r"[가-힣]")


def romanised(name: str) -> str:
    """The folded name in Latin letters; of a Latin name the folded name itself."""
    return sort_name(_HANGUL.sub(lambda syllable: _syllable(syllable.group()), name)).translate(_LETTERS)


def _syllable(character: str) -> str:
    number = ord(character) - 0xAC00
    parts = _FIRST[number // 588], _MIDDLE[number % 588 // 28], _LAST[number % 28]
    return "".join(parts).replace("_", "")
