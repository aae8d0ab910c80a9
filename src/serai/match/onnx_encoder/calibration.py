"""Calibration of a mounted encoder, so that its vectors can replace those of the packaged one.

Two things are estimated once: the mean of each language, which is subtracted from its vectors, and the scale of the
cosines. The sample are offers and needs of the same content in six languages, which also served for the packaged
encoder (scripts/language_means.py). Weights and thresholds of cosines were fitted to the packaged encoder. So the
cosines of the mounted one are mapped by a straight line, such that translations have the same mean cosine as with the
packaged encoder, and so have other pairs of texts. The line alone changes no order.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from serai.match.onnx_encoder.folder import MountingError
from serai.match.vectors import Means, Scale, Vectors, centred, encoder, mean_vectors, unit
from serai.world.progress import Progress, silent

LEAST_APART = 0.05
"""Least difference between the mean cosine of translations and that of other pairs of texts."""

DOING = "preparing the encoder"
_AT_ONCE = 32


@dataclass(frozen=True)
class Prepared:
    """The means of the languages for texts and for queries, and the scale of the cosines, of a mounted encoder."""

    means: Means
    asked_means: Means
    scale: Scale

    def write(self, path: Path) -> None:
        """Save it in a file, completely or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        with unfinished.open("wb") as file:
            np.savez(
                file,
                allow_pickle=False,
                scale=np.array([self.scale.slope, self.scale.offset]),
                **{f"means-{language}": mean for language, mean in self.means.items()},
                **{f"asked-{language}": mean for language, mean in self.asked_means.items()},
            )
        unfinished.replace(path)


def read_prepared(path: Path) -> Prepared | None:
    """The calibration in a file; None if there is no readable one."""
    try:
        with path.open("rb") as opened, np.load(opened) as file:
            slope, offset = file["scale"].tolist()
            return Prepared(_named(file, "means-"), _named(file, "asked-"), Scale(slope, offset))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


def _named(file: Mapping[str, NDArray[np.float32]], before: str) -> Means:
    return {name.removeprefix(before): file[name] for name in file if name.startswith(before)}


@cache
def sample() -> Sequence[tuple[str, str]]:
    """Languages and texts; every language has the same texts in the same order."""
    with (files("serai.match") / "data" / "language_phrases.csv").open(encoding="utf-8") as file:
        languages, *rows = csv.reader(file)
    return [(language, row[column]) for column, language in enumerate(languages) for row in rows]


def prepare(
    passages: Callable[[Sequence[str]], Vectors],
    queries: Callable[[Sequence[str]], Vectors],
    progress: Progress = silent,
) -> Prepared:
    """The calibration from the vectors of the sample, encoded as texts to be found and as queries.

    Raises MountingError if translations are not nearer to each other than other pairs of texts.
    """
    phrases = sample()
    texts, languages = [name for _, name in phrases], [language for language, _ in phrases]
    passage_vectors = _in_steps(passages, texts, lambda share: progress(DOING, share / 2))
    query_vectors = _in_steps(queries, texts, lambda share: progress(DOING, (1 + share) / 2))
    means, asked_means = mean_vectors(passage_vectors, languages), mean_vectors(query_vectors, languages)
    same, other = _cosines(
        centred(query_vectors, languages, asked_means), centred(passage_vectors, languages, means), languages
    )
    if not same - other >= LEAST_APART:
        raise MountingError(
            f"By the encoder texts that say the same in two languages have a mean cosine of {same:.3f}, others of "
            f"{other:.3f}: it does not tell across languages what a text says. Its pooling, a prefix or its tokenizer "
            "is another one, or it knows one language only."
        )
    packaged = encoder()
    packaged_vectors = centred(
        packaged.encode(texts), languages, packaged.means
    )  # the means were estimated from these very texts
    packaged_same, packaged_other = _cosines(packaged_vectors, packaged_vectors, languages)
    slope = (packaged_same - packaged_other) / (same - other)
    return Prepared(means, asked_means, Scale(slope, packaged_other - slope * other))


def _in_steps(
    encode: Callable[[Sequence[str]], Vectors], texts: Sequence[str], done: Callable[[float], None]
) -> Vectors:
    vectors = []
    for start in range(0, len(texts), _AT_ONCE):
        vectors.append(encode(texts[start : start + _AT_ONCE]))
        done(min(1.0, (start + _AT_ONCE) / len(texts)))
    return unit(np.concatenate(vectors))


def _cosines(queries: Vectors, passages: Vectors, languages: Sequence[str]) -> tuple[float, float]:
    """The mean cosine of texts in two languages: of translations, and of other pairs."""
    count = len(set(languages))
    size = len(languages) // count
    cosine = (queries @ passages.T).reshape(count, size, count, size)
    across = ~np.eye(count, dtype=np.bool_)
    same = np.einsum("agbg->abg", cosine)[across].mean()
    whole = cosine.transpose(0, 2, 1, 3)[across].mean()
    return float(same), float((whole * size - same) / (size - 1))
