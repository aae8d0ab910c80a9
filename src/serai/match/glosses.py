"""Glosses: the English words for the words of a text, by the dictionaries that come with Serai.

Most of what placing and the suggestion of codes learned from is English, and the encoder knows some languages less well
than English. So a text in a language that has a dictionary is read twice: as it stands, and word by word in English
(docs/method/placing.md). The dictionaries were written for Serai. A line of one is an English word, spelt as
`text.tokens` spells it, and its forms in the other language. Where a dictionary changes, a migration has the texts that
are kept read anew (docs/encoder.md).
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.resources import files
from re import compile as pattern

from serai.match.kept import fingerprint, kept_json
from serai.match.text import HAN_PARTICLES, base_language, clean, han_runs, tokens
from serai.world.cache import cache_folder

LANGUAGES = {"ar": "", "es": "spanish", "fr": "french", "ru": "russian", "zh": ""}
"""The languages that have a dictionary, and the rules of Snowball by which their words lose their ends."""

LONGEST_WORD = 8
"""Characters of the longest Chinese word."""

UNKNOWN = 2
"""Pieces for which a Chinese character counts that is no word, so that a text is cut into words that are known."""

WORDS_OF_ONE = 2
"""English words that are taken for one word, the likeliest first: one alone is often the wrong sense."""

_SPELT_ALIKE = str.maketrans("أإآё", "اااе")
_WORD = pattern(r"[^\W\d_]+")
_ARABIC_PRONOUN = pattern("(?<=...)(?:ت?(?:ها|هما?|نا|كم)|ته)$")
_ARABIC_END = pattern("(?<=...)(?:ي?(?:ان|ات|ون|ين|ه|ا)|ي)$")
_ARABIC_FRONTS = ("وفبلك", "بلكنتي")
"""What is written onto the front of a word: a conjunction or preposition, then a preposition or a verb's person."""


@dataclass(frozen=True)
class Gloss:
    """A text in English words."""

    english: str = ""
    """The words, in the order of the text; empty where no word is known."""
    known: float = 0.0
    """The share of the words of the text that the dictionary knows; of Chinese the share of the characters."""


@lru_cache(maxsize=4_096)
def gloss(text: str, language: str | None) -> Gloss:
    """The gloss of a text; an empty one where there is no dictionary of its language."""
    code = base_language(language or "")
    words = _words(text, code) if code in LANGUAGES else []
    english = [_english(word, code) for word in words]
    if not any(english):
        return Gloss()
    size = [len(word) if code == "zh" else 1 for word in words]
    known = sum(length for length, some in zip(size, english, strict=True) if some) / sum(size)
    return Gloss(" ".join(word for some in english for word in some), known)


@lru_cache(maxsize=50_000)
def _english(word: str, language: str) -> Sequence[str]:
    known = _dictionary(language)
    return next((known[form] for form in _forms(word, language) if form in known), ())


@cache
def _dictionary(language: str) -> Mapping[str, Sequence[str]]:
    """The English words for each spelling and for each stem, which has a mark before it."""
    written = (files("serai.match") / "data" / "glosses" / f"{language}.txt").read_bytes()
    made_of = fingerprint((written, version("snowballstemmer").encode()), made_by=("glosses.py", "text.py"))
    known: Mapping[str, Sequence[str]] = kept_json(
        cache_folder("glosses") / f"{language}-{made_of}.json", lambda: _read(written.decode(), language)
    )
    return known


def _read(written: str, language: str) -> Mapping[str, Sequence[str]]:
    senses: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for line in written.splitlines():
        english, _colon, forms = line.partition(": ")
        for place, form in enumerate(forms.split(", ")):
            for word in [form] if language == "zh" else _words(form, language):
                for key in _spelt(word, language):
                    senses[key].append((place, english))
    # Of several senses the likeliest is the one that names this form first.
    likeliest = {key: sorted(some, key=lambda sense: sense[0]) for key, some in senses.items()}
    return {
        key: list(dict.fromkeys(english for _place, english in some))[:WORDS_OF_ONE] for key, some in likeliest.items()
    }


def _forms(word: str, language: str) -> Iterator[str]:
    """The forms by which a word is looked up, the likeliest first."""
    yield from _spelt(word, language)
    if language == "ar":
        for front in _ARABIC_FRONTS:
            if len(word) > 3 and word[0] in front:
                word = word[1:]
                yield from _spelt(word, language)


def _spelt(word: str, language: str) -> Iterator[str]:
    yield word
    if language != "zh":
        yield "~" + _stemmer(language)(word)


def _words(text: str, language: str) -> Sequence[str]:
    """The words of a text without stop words. The rules of Snowball want their accents."""
    if language == "zh":
        words = [word for run in han_runs(clean(text)) for word in _cut(run, _dictionary(language))]
        return [word for word in words if word not in HAN_PARTICLES]
    if language == "ar":
        return [word.translate(_SPELT_ALIKE) for word in tokens(text)]
    return [word for word in _WORD.findall(clean(text).casefold().translate(_SPELT_ALIKE)) if _says_something(word)]


def _cut(run: str, known: Container[str]) -> Sequence[str]:
    """The fewest pieces that make up a run of Chinese characters: words that are known, and characters that are not."""
    pieces, last = [0] * (len(run) + 1), [""] * (len(run) + 1)
    for end in range(1, len(run) + 1):
        pieces[end], last[end] = pieces[end - 1] + UNKNOWN, run[end - 1]
        for start in range(max(0, end - LONGEST_WORD), end):
            if pieces[start] < pieces[end] - 1 and run[start:end] in known:
                pieces[end], last[end] = pieces[start] + 1, run[start:end]
    words, end = [], len(run)
    while end:
        words.append(last[end])
        end -= len(last[end])
    return words[::-1]


@lru_cache(maxsize=50_000)
def _says_something(word: str) -> bool:
    return len(word) > 1 and bool(tokens(word))


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    """What takes the end off a word; for Arabic as light stemming does (Larkey, Ballesteros and Connell 2007), since
    the rules of Snowball cut letters of the root."""
    if language == "ar":
        return lambda word: _ARABIC_END.sub("", _ARABIC_PRONOUN.sub("", word))
    from snowballstemmer import stemmer  # two dozen modules of rules

    stem: Callable[[str], str] = stemmer(LANGUAGES[language]).stemWord
    return stem
