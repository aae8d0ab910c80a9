"""Tokens of a text: words folded to one spelling; runs of Han and kana cut into characters and pairs of characters.

Texts, keywords and queries are folded in the same way, so that two spellings of a word are found together.
"""

import re
import unicodedata
from functools import cache
from itertools import pairwise

LONGEST_TEXT = 2_000
"""Characters of a text that are read; the rest is left out.

NFKC turns one character into as many as eighteen, so the limit holds before and after it."""

MOST_PARTS = 8
"""Largest number of parts of `LONGEST_TEXT` characters in which `parts` cuts a longer text."""

LEAST_SENTENCE = 8
"""Least length of a sentence in characters."""

PIECE = 4
"""Length of a piece of a word in characters."""

_ONE_SPELLING = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
    | {"ى": "ي", "ة": "ه", "ٱ": "ا", "ک": "ك", "ی": "ي"}
)
"""Letters that Unicode does not decompose into a plain letter and a mark: Latin ones, and Arabic and Persian forms."""

_UNSPOKEN = re.compile(r"[\u0610-\u061a\u0640\u064b-\u0652\u0656-\u065f\u0670\u06d6-\u06ed]")
"""Arabic vowel signs, and the stroke that only lengthens a word."""

_ARTICLE = re.compile(r"\b(?:[وبكف]?ال|لل)(?=\w{3})")
"""The Arabic article with the conjunction or preposition written onto it; looked for before alef forms are folded, so
that the first letters of a word that begins with alef and hamza stay."""

_MARKS = re.compile(r"[\u0300-\u036f\u0653-\u0655]")
"""Combining marks of the Latin, Greek, Cyrillic and Arabic scripts; in other scripts a mark is part of the letter."""

_HAN = r"\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KANA = r"\u3040-\u30ff"
_RUN = re.compile(rf"[{_HAN}{_KANA}]+|[^\W_{_HAN}{_KANA}]+")
_HAN_RUN = re.compile(rf"[{_HAN}]+")
_UNSPACED = re.compile(rf"[{_HAN}{_KANA}]")
_SCRIPTS = {
    "han": re.compile(rf"[{_HAN}]"),
    "kana": re.compile(rf"[{_KANA}]"),
    "arabic": re.compile(r"[\u0600-\u06ff\u0750-\u077f]"),
    "cyrillic": re.compile(r"[\u0400-\u04ff]"),
    "hangul": re.compile(r"[\uac00-\ud7a3]"),
    "latin": re.compile(r"[A-Za-z\u00c0-\u024f]"),
}
SCRIPTS = tuple(_SCRIPTS)
"""The scripts that `script_of` distinguishes."""

_LANGUAGE_OF_SCRIPT = {"han": "zh", "kana": "ja", "arabic": "ar", "cyrillic": "ru", "hangul": "ko"}
_APOSTROPHE = re.compile(r"\b(?:[cdjlmnst]|qu)['’]|['’](?:s|t|d|m|re|ve|ll)?\b")
"""A French elision before a word, or an English ending with an apostrophe."""

CLAUSE_END = re.compile(r"[.!?;:,](?=\s|$)|[\n\r\t•|/()\[\]。！？；：，、（）【】؛،؟]+")

LEGAL_FORMS = (
    *("inc", "ltd", "co", "corp", "plc", "pty", "pte", "bhd", "tbk", "llc", "gmbh", "s.p.a", "s.r.l", "s.a", "n.v"),
    *("b.v", "a.s", "p.l.c", "k.k"),
)
"""Ends of names of firms that have a stop after them."""

_NO_NAME = "".join(rf"(?<!\b(?i:{re.escape(form)}))" for form in LEGAL_FORMS)
SENTENCE_END = re.compile(rf"{_NO_NAME}\.(?=\s|$)|\.(?=\s+[^\sa-z(,]|\s*$)|[!?;\n\r。؛؟]+")
"""A stop, unless it stands in a name: behind a legal form and before a small letter."""

_STOP_WORDS = {
    "en": "a an and are as at be been but by can could do for from had has have he her his how i if in into is it its "
    "more most no not of on or our out own she should so such than that the their them then there these they this "
    "those through to up us via was we were what when where which who will with without would you your",
    "fr": "ainsi au aux avec ce ces cette chez comme d dans de des du elle en entre est et eux il ils je l la le les "
    "leur leurs mais n ne nos notre nous on ont ou par pas plus pour qu que qui s sa sans se ses son sont sous sur "
    "un une vos votre vous",
    "es": "a al ante cada como con cual de del desde donde el ella en entre es esta este estos ha han hasta la las "
    "le lo los mas mi muy ni no nos nuestra nuestras nuestro nuestros o para pero por que se ser si sin sobre son su "
    "sus también tan un una unas uno unos y ya",
    "ru": "а без более был была были быть в во все вы где для до его ее если есть еще же за и из или им их к как ко "
    "которые который мы на над наш наша наши не нет но о об он она они от по под при про с со так также такой то у что "
    "чтобы это эта эти этот",
    "ar": "أن أو إلى إن التي الذي الذين بعد بين تم ثم حتى حيث ذلك عن عند على في قد كان كانت كل كما لا لدى له لها ما مع "
    "من منذ نحن هذا هذه هم هو هي و",
}
HAN_PARTICLES = "的了是和与與及或之"
_HAN_STOP = re.compile(f"[{HAN_PARTICLES}]")
"""Particles and conjunctions between Chinese words; a pair of characters across one of them is not a word."""


def clean(text: str, longest: int = LONGEST_TEXT) -> str:
    """`text` in NFKC, at most `longest` characters; control characters and lone surrogates become spaces."""
    whole = text[:longest].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    normal = unicodedata.normalize("NFKC", whole)[:longest]
    if normal.isprintable() and "\ufffd" not in normal:
        return normal
    return "".join(c if c >= " " or c in "\n\r\t" else " " for c in normal).replace("\ufffd", " ")


def parts(text: str) -> tuple[str, ...]:
    """`text` cleaned and cut at spaces into at most `MOST_PARTS` parts of at most `LONGEST_TEXT` characters.

    None where no character of it is a letter or a digit.
    """
    rest = clean(text, LONGEST_TEXT * MOST_PARTS).strip()
    kept: list[str] = []
    while rest and len(kept) < MOST_PARTS:
        space = rest.rfind(" ", 0, LONGEST_TEXT + 1) if len(rest) > LONGEST_TEXT else len(rest)
        end = space if space > 0 else LONGEST_TEXT
        kept.append(rest[:end])
        rest = rest[end:].lstrip()
    return tuple(part for part in kept if _RUN.search(part))


def base_language(language: str) -> str:
    """The language without its script and region: "zh" of "zh-hans"."""
    return language.partition("-")[0].lower()


def clauses(text: str) -> tuple[tuple[str, ...], ...]:
    """The words of each clause of `text`; clauses end at commas, stops, brackets, slashes and line ends.

    A clause is often about one product, a whole description about several. Stop words stay, because a keyword may have
    some ("over the air"). Empty clauses are left out.
    """
    parts = (words_of(part) for part in CLAUSE_END.split(clean(text)))
    return tuple(part for part in parts if part)


def tokens(text: str) -> tuple[str, ...]:
    """The words of `text` in their order, in one spelling, without stop words.

    Case, accents and Arabic vowel signs are folded, the Arabic article and a Latin plural `s` are taken off; of a run
    of Han or kana come its characters and its pairs of neighbouring characters. At most the first `LONGEST_TEXT`
    characters are read.
    """
    return tuple(word for word in words_of(clean(text)) if word not in stop_words())


def sentences(text: str) -> tuple[str, ...]:
    """The `parts` of `text` cut at stops and line ends, without sentences shorter than `LEAST_SENTENCE`.

    The parts themselves if no sentence is left.
    """
    whole = parts(text)
    found = (sentence.strip() for part in whole for sentence in SENTENCE_END.split(part))
    return tuple(sentence for sentence in found if len(sentence) >= LEAST_SENTENCE and _RUN.search(sentence)) or whole


def pieces(word: str) -> tuple[str, ...]:
    """`word` with a mark before and after it, and all its runs of `PIECE` characters; of Han only the word."""
    if is_han(word):
        return (word,)
    marked = f"<{word}>"
    return (marked, *(marked[start : start + PIECE] for start in range(len(marked) - PIECE + 1)))


@cache
def stop_words() -> frozenset[str]:
    """Stop words of six languages, as `tokens` spells them."""
    return frozenset(word for words in _STOP_WORDS.values() for word in words_of(words))


def guess_language(text: str) -> str | None:
    """The language guessed from the script of most letters of `text`: ar, ja, ko, ru or zh; None for others.

    The Latin script is shared by many languages; Cyrillic is taken for Russian, and the Arabic script for Arabic.
    """
    sample = clean(text)
    counts = {script: len(pattern.findall(sample)) for script, pattern in _SCRIPTS.items()}
    if counts["kana"] and counts["kana"] * 4 > counts["han"]:
        counts["kana"] += counts["han"]
    script = max(counts, key=counts.__getitem__)
    return _LANGUAGE_OF_SCRIPT.get(script) if counts[script] else None


def is_han(token: str) -> bool:
    """Whether `token` is a Han character or a pair of them."""
    return _SCRIPTS["han"].match(token) is not None


def script_of(token: str) -> str:
    """The script of the first letter of `token`, "" for a number or a script that is not in `SCRIPTS`."""
    return next((script for script, pattern in _SCRIPTS.items() if pattern.match(token)), "")


def han_runs(cleaned: str) -> tuple[str, ...]:
    """The runs of Han characters of a text that `clean` returned."""
    return tuple(_HAN_RUN.findall(cleaned))


def words_of(cleaned: str) -> tuple[str, ...]:
    """The words of a text that `clean` returned, with stop words."""
    words: list[str] = []
    for run in _RUN.findall(_fold(cleaned)):
        if _UNSPACED.match(run):
            for word in _HAN_STOP.split(run):
                words.extend(word)
                words.extend(a + b for a, b in pairwise(word))
        else:
            words.append(_stem(run))
    return tuple(words)


def _fold(text: str) -> str:
    bare = _ARTICLE.sub("", _APOSTROPHE.sub(" ", _UNSPOKEN.sub("", text.casefold())))
    unmarked = _MARKS.sub("", unicodedata.normalize("NFD", bare))
    return unicodedata.normalize("NFC", unmarked).translate(_ONE_SPELLING)


def _stem(word: str) -> str:
    """`word` without a plural `s`: so 93 % of the English phrases of tests/match are placed right, without this rule 74
    %."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
