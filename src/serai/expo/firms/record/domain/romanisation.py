"""Names in Latin letters, whatever they are written in, for comparing: pinyin, and one letter for another elsewhere.

Cyrillic after BGN/PCGN without its marks, Greek after ISO 843, Hangul after the Revised Romanisation syllable by
syllable, Arabic by its consonants and long vowels, kana after Hepburn without long vowels. What comes out is for
comparing, never for showing.
"""

import re
import unicodedata

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
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψως",
        "a v g d e z i th i k l m n x o p r s t y f ch ps o s".split(),  # noqa: SIM905
        strict=True,
    )
)
_LETTERS = {ord(letter): latin.replace("_", "") for letter, latin in (_CYRILLIC | _ARABIC | _GREEK).items()}
_FIRST = "g kk n d tt r m b pp s ss _ j jj ch k t p h".split()  # noqa: SIM905  as the standard lists them
_MIDDLE = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split()  # noqa: SIM905
_LAST = "_ k k k n n n t l k m l l l p l m p p t t ng t t k t p t".split()  # noqa: SIM905
_HANGUL = re.compile(r"[가-힣]")
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u30fc]+")
_HEPBURN = (
    (re.compile(r"tsu!(?=[a-z])"), "!"), (re.compile(r"[iu]\?(?=[yaiueo])"), "?"), (re.compile(r"(sh|ch|j)\?y"), r"\1"),
    (re.compile(r"!([a-z])"), r"\1\1"), (re.compile(r"[!?]"), ""),
)  # fmt: skip
"""A small tsu doubles what follows, and a small vowel takes the place of the vowel before it."""
_KANA_SOUNDS = {
    "si": "shi", "ti": "chi", "tu": "tsu", "hu": "fu", "zi": "ji", "di": "ji", "du": "zu", "small tu": "tsu!",
}  # fmt: skip


def romanised(name: str) -> str:
    """The folded name in Latin letters; of a Latin name the folded name itself."""
    latin = _HANGUL.sub(lambda syllable: _syllable(syllable.group()), unicodedata.normalize("NFKC", name))
    return sort_name(_KANA.sub(lambda run: _kana(run.group()), latin)).translate(_LETTERS)


def _kana(run: str) -> str:
    letters = (unicodedata.name(letter).lower().partition("letter ")[2] for letter in run)
    sounds = (_KANA_SOUNDS.get(sound, sound.replace("small ", "?")) for sound in letters)
    text = "".join(sounds)
    for pattern, sound in _HEPBURN:
        text = pattern.sub(sound, text)
    return text


def _syllable(character: str) -> str:
    number = ord(character) - 0xAC00
    parts = _FIRST[number // 588], _MIDDLE[number % 588 // 28], _LAST[number % 28]
    return "".join(parts).replace("_", "")
