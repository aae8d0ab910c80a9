"""A text without each of its words in turn, to see which of them tells (occlusion: Zeiler and Fergus 2014)."""

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from serai.match.text import clean, is_han, tokens

MOST_WORDS = 40
"""Words of a long text that are looked at."""

MOST_TOLD = 3
LEAST_EFFECT = 0.3
"""A word is told where leaving it out costs this share of what leaving out the most telling one does."""

_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")


def without_each_word(text: str) -> tuple[Sequence[str], Sequence[str]]:
    """The telling words of `text`, each once, and the text with all places of that word cut out.

    Of a run of Han characters the words are its pairs of neighbours. Stop words tell nothing and are left out.
    """
    whole = clean(text)
    listed: dict[str, None] = {}
    for run in _WORD.findall(whole):
        listed |= dict.fromkeys(a + b for a, b in pairwise(run)) if is_han(run) and len(run) > 1 else {run: None}
    words = [word for word in listed if tokens(word)][:MOST_WORDS]
    return words, [whole.replace(word, " ") for word in words]


def telling(text: str, words: Sequence[str], loss: NDArray[np.floating]) -> tuple[str, ...]:
    """The words that tell most, in their order, given what is lost without each; pairs that overlap become one."""
    strongest = sorted(range(len(words)), key=lambda number: -loss[number])[:MOST_TOLD]
    kept = [number for number in strongest if loss[number] > 0 and loss[number] >= LEAST_EFFECT * loss.max()]
    told: list[str] = []
    for word in (words[number] for number in sorted(kept)):
        joined = told[-1] + word[1:] if told and is_han(word) and told[-1][-1] == word[0] else ""
        if joined and joined in clean(text):
            told[-1] = joined
        else:
            told.append(word)
    return tuple(told)
