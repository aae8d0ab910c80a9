"""What a name is made of: legal forms, generic words, and names of cities."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from importlib import resources
from operator import or_

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from serai.expo.base.collation import fold
from serai.expo.firms.record.domain.names import folded_name, name_key, romanised

_LOSSY = re.compile(r"[\u0600-\u06ff\u3400-\u9fff\uac00-\ud7a3]")
"""Scripts of which several words have one Latin writing."""

_EAST = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_SOUNDS = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (r"our", "or"), (r"([aou])e(?!u)", r"\1"), (r"x", "ks"), (r"kh|gh", "h"), (r"ph", "f"), (r"ck|[cq](?!h)", "k"),
        (r"[yj]", "i"), (r"w", "v"), (r"ou|oo", "u"), (r"ee", "i"), (r"(.)\1+", r"\1"),
    )
)  # fmt: skip
"""What transliterations write now so, now so."""

_UMLAUT = re.compile(r"([aou])e(?!u)")
_PLURAL = re.compile(r"(?<=\w{4})s$")
_LINKING = frozenset("de du des del della di do of for fur pour para per von für для".split())  # noqa: SIM905
_ARTICLES = frozenset("the der die das la le les el al los las il".split())  # noqa: SIM905
_ARABIC_ARTICLE = re.compile(r"^ال(?=\w{3})")

_ARABIC = re.compile(r"[\u0600-\u06ff]")
_LEAST_HEARD = 3
_LONG = 12
"""Letters of its own from which a name says so much that a generic word more says little."""
_VOWELS = re.compile(r"[aeiouv]")
_OTHER_TRADE, _MORE_SAID = 0.85, 0.13
"""What is left of likeness where each name has a generic word that the other lacks, what is lost by one in one name."""

_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_SHORTEST_WRITTEN = 5
"""Letters of a transliterated word from which it is taken for one."""
_SYLLABIC = re.compile(r"[\u0600-\u06ff\u3041-\u30ff\uac00-\ud7a3]")
"""Scripts that write a foreign name by its sound: its vowels come and go, and l is r, b is v."""
_HEARD = str.maketrans({"l": "r", "v": "b", "z": "s", "q": "k", "g": "k", "d": "t", "p": "b", "h": "", "w": ""})

_SHORTEST_INITIALS = 2

_SURE = 4
"""Letters of its own that a name needs, so that the same sound in another script is no chance."""


@dataclass(frozen=True)
class _Known:
    """The words of generic_words.txt."""

    meanings: Mapping[str, str]
    """The English word by each written word."""
    generic: frozenset[str]
    """The English words that are generic."""
    phrases: re.Pattern[str]
    eastern: re.Pattern[str]


@cache
def _known() -> _Known:
    """The words, read when a name is first compared: that takes a third of a second."""
    meanings: dict[str, str] = {}
    generic = set()
    text = resources.files("serai.expo.firms.identity").joinpath("generic_words.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        meaning, written = line.removeprefix("*").split(": ")
        meanings |= {folded_name(word): meaning for word in written.split("; ")}
        if not line.startswith("*"):
            generic.add(meaning)
    # A Cyrillic word in Latin letters is that word, unless the letters mean another.
    written_in_latin = {
        latin: meaning
        for word, meaning in meanings.items()
        if _CYRILLIC.search(word) and len(latin := romanised(word)) >= _SHORTEST_WRITTEN
    }
    meanings = written_in_latin | meanings
    return _Known(
        meanings,
        frozenset(generic),
        re.compile(r"\b(?:" + "|".join(re.escape(word) for word in meanings if " " in word) + r")\b"),
        re.compile("|".join(sorted((word for word in meanings if _EAST.search(word)), key=len, reverse=True))),
    )


def generic_words() -> frozenset[str]:
    """Words that many firms of a trade share, in English."""
    return _known().generic


@lru_cache(maxsize=32_768)
def translated(key: str) -> str:
    """The key of a name with its generic words in English."""
    known = _known()
    apart = known.eastern.sub(lambda word: f" {word.group()} ", key)
    apart = known.phrases.sub(lambda phrase: known.meanings[phrase.group()], apart)
    return " ".join(known.meanings.get(word, word) for word in apart.split())


@dataclass(frozen=True)
class Words:
    """A name for comparing: its generic words, and its own words as they sound."""

    generic: frozenset[str]
    own: tuple[str, ...]

    @property
    def joined(self) -> str:
        return "".join(self.own)


@lru_cache(maxsize=32_768)
def words_of(name: str, *, as_written: bool = False) -> Words:
    """The words of a name, or its own words as they are written. One that has no words of its own is taken whole."""
    words = translated(name_key(name)).split()
    generic = frozenset(generic_words().intersection(words))
    own = [word for word in words if word not in generic_words() | _LINKING | _ARTICLES] or words
    own = [_ARABIC_ARTICLE.sub("", word) for word in _without_initials(own, words)]
    return Words(
        generic,
        tuple(own if as_written else (_PLURAL.sub("", sound) for word in own for sound in _sound(word).split())),
    )


def _without_initials(own: list[str], words: Sequence[str]) -> list[str]:
    """Without letters in front that are the first ones of words that follow, as in "MR Maschinenfabrik Reinhausen"."""
    letters = 1 if len(own[0]) > 1 else next((n for n, word in enumerate(own) if len(word) > 1), len(own))
    initials, rest = "".join(own[:letters]), own[letters:]
    follow = words[words.index(own[letters - 1]) + 1 :] if rest else []
    firsts = [word[0] for word in follow]
    is_short = _SHORTEST_INITIALS <= len(initials) <= len(firsts)
    return rest if rest and is_short and list(initials) == firsts[: len(initials)] else own


@dataclass(frozen=True)
class NameKeys:
    """What a name is found by: what is kept of a known firm's name, and what is looked up for a name that is sought."""

    kept: frozenset[str] = frozenset()
    sought: frozenset[str] = frozenset()

    def __or__(self, other: "NameKeys") -> "NameKeys":
        return NameKeys(self.kept | other.kept, self.sought | other.sought)


def keys_in_other_writings(names: Iterable[str]) -> NameKeys:
    """Keys that are the same for names that differ in the language of generic words, or in script."""
    return reduce(or_, map(_other_writings, names), NameKeys())


@lru_cache(maxsize=32_768)
def _other_writings(name: str) -> NameKeys:
    """The translated name, also with u for ue, and its sound, which is looked up among names in other scripts only.

    A script that says less than the name has no sound here, nor has a name with few letters of its own.
    """
    key = translated(name_key(name))
    words = key.split()
    own = "".join(_sound(word) for word in words if word not in generic_words() | _LINKING)
    if len(own) < _SURE:
        return NameKeys()
    same = frozenset({f"={key}", f"+{_UMLAUT.sub(r'\1', key)}"})
    keys = NameKeys(same, same)
    if _LOSSY.search(key):
        return keys
    scripts = ("latin", "other") if key.isascii() else ("other", "latin")
    kept, sought = (f"{script}~{own} {' '.join(sorted(generic_words().intersection(words)))}" for script in scripts)
    return keys | NameKeys(frozenset({kept}), frozenset({sought}))


def likeness_of_names(name: str, other: str) -> float:
    """How like two names are, from 0 to 1, by the words that set them apart, in any order."""
    # Two names in one such script are compared as they are written: many words have one sound.
    as_written = bool(_LOSSY.search(name)) and bool(_LOSSY.search(other))
    words, others = words_of(name, as_written=as_written), words_of(other, as_written=as_written)
    own = _own_likeness(words.own, others.own)
    if bool(_ARABIC.search(name)) != bool(_ARABIC.search(other)) and words.generic == others.generic:
        own = max(own, 0.95 * (_without_vowels(words) == _without_vowels(others)))
    elif bool(_SYLLABIC.search(name)) != bool(_SYLLABIC.search(other)):
        sounds = heard(words), heard(others)
        own = max(own, 0.95 * (sounds[0] == sounds[1] and len(sounds[0]) >= _LEAST_HEARD))
    extra = len(words.generic - others.generic), len(others.generic - words.generic)
    more_said = _MORE_SAID / 2 if min(len(words.joined), len(others.joined)) >= _LONG else _MORE_SAID
    return own * _OTHER_TRADE if min(extra) else own - more_said * max(extra)


def _own_likeness(left: Sequence[str], right: Sequence[str]) -> float:
    """By all letters, and by those of the words that differ: a letter of a short word is another word."""
    like = (
        max(fuzz.ratio("".join(left), "".join(right)), fuzz.ratio("".join(sorted(left)), "".join(sorted(right)))) / 100
    )
    first, second = (
        "".join(word for word in words if word not in others) for words, others in ((left, right), (right, left))
    )
    if not (first and second):
        return like
    least = min(len(first), len(second))
    slips = min(OSA.distance(first, second), OSA.distance("".join(sorted(left)), "".join(sorted(right))))
    # One letter for another is more often another word than a letter too many, too few or swapped.
    is_other_letter = slips == 1 and len(first) == len(second) and sorted(first) != sorted(second)
    allowed = (least >= (_LONG if is_other_letter else 8)) + (least >= _LONG)
    return like if slips <= allowed else min(like, fuzz.ratio(first, second) / 100) * 0.9


def _without_vowels(words: Words) -> str:
    """The consonants, which is what Arabic writes; nothing where they are too few to say a name."""
    consonants = _VOWELS.sub("", words.joined)
    return consonants if len(consonants) + len(words.generic) > 2 else words.joined


def heard(words: Words) -> str:
    """The consonants as a script of syllables has them."""
    return re.sub(r"(.)\1+", r"\1", _VOWELS.sub("", words.joined.replace("v", "b").translate(_HEARD)))


def _sound(word: str) -> str:
    latin = romanised(word)
    for pattern, latin_sound in _SOUNDS:
        latin = pattern.sub(latin_sound, latin)
    return latin


@cache
def _names() -> Mapping[str, str]:
    """The first name of each city by each of its names, folded. One city a line of cities.txt."""
    text = resources.files("serai.expo.firms.identity").joinpath("cities.txt").read_text(encoding="utf-8")
    lines = ([fold(name) for name in line.split(";")] for line in text.splitlines())
    return {name: names[0] for names in lines for name in names}


def canonical(city: str) -> str:
    """The first name of the city with this folded name, else the name itself without "city" and the like."""
    return _names().get(city) or _names().get(bare := _bare(city)) or bare


def is_known(city: str) -> bool:
    """Whether the list knows the city."""
    return city in _names() or _bare(city) in _names()


def _bare(city: str) -> str:
    return city.removesuffix(" city").removesuffix("市").removeprefix("г ") or city
