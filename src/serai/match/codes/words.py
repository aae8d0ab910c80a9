"""Words of a text that explain its codes: each word is left out in turn (occlusion: Zeiler and Fergus 2014)."""

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from serai.match.text import clean, is_han, tokens

MOST_WORDS = 40
"""Largest number of words of a text that are left out in turn."""

MOST_TOLD = 3
LEAST_EFFECT = 0.3
"""Least effect of a word that is shown, as a share of the effect of the strongest word."""

_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")


def without_each_word(text: str) -> tuple[Sequence[str], Sequence[str]]:
    """The words of `text`, each once, and for each word the text without it.

    The words of a run of Han characters are its pairs of neighbours. Stop words are left out.
    """
    whole = clean(text)
    listed: dict[str, None] = {}
    for run in _WORD.findall(whole):
        listed |= dict.fromkeys(a + b for a, b in pairwise(run)) if is_han(run) and len(run) > 1 else {run: None}
    words = [word for word in listed if tokens(word)][:MOST_WORDS]
    return words, [whole.replace(word, " ") for word in words]


def telling(text: str, words: Sequence[str], loss: NDArray[np.floating]) -> tuple[str, ...]:
    """The words of the largest `loss`, in their order; overlapping pairs of Han characters become one word.

    `loss` (len(words),) is the share of the evidence that is lost without each word.
    """
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
