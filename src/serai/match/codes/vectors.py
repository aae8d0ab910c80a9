"""The vectors of the phrases that come with Serai, made beforehand: 20,000 would take a dozen seconds to encode.

Stored are their 192 strongest directions in bytes, which finds as many right codes as all 512 in full precision. A
phrase that is not stored, such as one of an organiser's own chain, is encoded when it is met.

They are always those of the packaged encoder, because the calibration of the codes was fitted to its vectors.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

from serai.match.codes.phrases import Phrase
from serai.match.meanings import meant_with_gloss
from serai.match.vectors import Vectors, meant, unit

DIRECTIONS = 192

SCALE = 254.0
"""A stored byte is the coordinate times this: no coordinate of a unit vector here is beyond a half."""


@dataclass(frozen=True)
class Stored:
    """Vectors by fingerprint. `basis` (512, DIRECTIONS) has orthonormal columns."""

    basis: NDArray[np.float32]
    fingerprints: NDArray[np.uint64]
    """Ascending."""
    coordinates: NDArray[np.int8]


def text_vectors(texts: Sequence[str], languages: Sequence[str | None]) -> Vectors:
    """(len(texts), DIRECTIONS) of length 1, centred by language, each with its gloss in English."""
    return unit(meant_with_gloss(texts, languages) @ _stored().basis)


def phrase_vectors(phrases: Sequence[Phrase]) -> Vectors:
    """(len(phrases), DIRECTIONS) of length 1, from the store where they are in it."""
    stored = _stored()
    sought = fingerprints(phrases)
    place = np.minimum(np.searchsorted(stored.fingerprints, sought), len(stored.fingerprints) - 1)
    vectors = stored.coordinates[place].astype(np.float32)
    vectors /= np.float32(SCALE)
    if new := np.flatnonzero(stored.fingerprints[place] != sought).tolist():
        texts, languages = [phrases[row].text for row in new], [phrases[row].language for row in new]
        vectors[new] = meant(texts, languages) @ stored.basis
    return unit(vectors)


def fingerprints(phrases: Sequence[Phrase]) -> NDArray[np.uint64]:
    """64 bits of each phrase and its language."""
    digests = (
        hashlib.blake2b(f"{phrase.language}\n{phrase.text}".encode(), digest_size=8).digest() for phrase in phrases
    )
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64)


def store(phrases: Sequence[Phrase]) -> Stored:
    """The vectors of these phrases for storage, computed without those that are stored."""
    full = meant([phrase.text for phrase in phrases], [phrase.language for phrase in phrases])
    _, basis = np.linalg.eigh(full.T @ full)
    basis = basis[:, : -DIRECTIONS - 1 : -1].astype(np.float16).astype(np.float32)
    bytes_ = np.clip(np.round(unit(full @ basis) * SCALE), -127, 127).astype(np.int8)
    order = np.argsort(sought := fingerprints(phrases))
    return Stored(basis, sought[order], bytes_[order])


@cache
def _stored() -> Stored:
    with as_file(files("serai.match") / "data" / "code_vectors.npz") as path, np.load(path) as file:
        return Stored(file["basis"].astype(np.float32), file["fingerprints"], file["coordinates"])
