"""A mounted model as an encoder: ONNX Runtime computes one vector a text from its pieces."""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serai.match.onnx_encoder.calibration import Prepared
from serai.match.onnx_encoder.folder import TOKENIZER, Mounting, MountingError, Pooling, verify
from serai.match.onnx_encoder.tokenizer import Pieces
from serai.match.vectors import Encoder, Remembering, Vectors, unit

TEXTS_AT_ONCE = 32
CACHED = 10_000_000
"""Coordinates of vectors that are kept in memory: 40 MB."""

_FILLED: Mapping[str, Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.int64]]] = {
    "input_ids": lambda pieces, _mask: pieces,
    "attention_mask": lambda _pieces, mask: mask,
    "token_type_ids": lambda pieces, _mask: np.zeros_like(pieces),
    "position_ids": lambda pieces, _mask: np.broadcast_to(np.arange(pieces.shape[1]), pieces.shape),
}
"""The inputs of an encoder, by the names in exports of transformers."""

_SENTENCE, _PIECES = ("sentence_embedding", "pooler_output"), ("last_hidden_state", "token_embeddings")
"""Names of outputs; if the description names none, the first that the model has is used."""


class Model:
    """Vectors of texts from the model, of length 1, not centred."""

    def __init__(self, mounting: Mounting, session: Any, pieces: Pieces) -> None:
        self._mounting = mounting
        self._session = session
        self._pieces = pieces
        self._inputs = {node.name: np.int32 if "int32" in node.type else np.int64 for node in session.get_inputs()}
        unknown = self._inputs.keys() - _FILLED.keys()
        if unknown:
            raise MountingError(
                f"The model {self._path} wants the input '{min(unknown)}', which is not known here; known are: "
                f"{', '.join(_FILLED)}."
            )
        self._output = self._chosen_output([node.name for node in session.get_outputs()])

    @property
    def _path(self) -> str:
        return str(self._mounting.folder / self._mounting.model)

    def _chosen_output(self, names: Sequence[str]) -> str:
        usual = _SENTENCE if self._mounting.pooling is Pooling.NONE else _PIECES
        wanted = self._mounting.output or next((name for name in usual if name in names), names[0])
        if wanted not in names:
            raise MountingError(
                f"The model {self._path} has no output '{wanted}' as encoder.toml says; it has: {', '.join(names)}."
            )
        return wanted

    def passages(self, texts: Sequence[str]) -> Vectors:
        """(len(texts), dimension) vectors of texts that are to be found or compared."""
        return self._encode(self._mounting.passage, texts)

    def queries(self, texts: Sequence[str]) -> Vectors:
        """(len(texts), dimension) vectors of queries."""
        return self._encode(self._mounting.query, texts)

    def _encode(self, before: str, texts: Sequence[str]) -> Vectors:
        read = [self._pieces.of(before + text, self._mounting.longest) for text in texts]
        vectors = np.zeros((len(texts), self._mounting.dimension), dtype=np.float32)
        order = sorted(range(len(read)), key=lambda row: len(read[row]))  # of like length, so that little is padded
        for start in range(0, len(order), TEXTS_AT_ONCE):
            rows = order[start : start + TEXTS_AT_ONCE]
            vectors[rows] = self._run([read[row] for row in rows])
        return unit(vectors)

    def _run(self, read: Sequence[Sequence[int]]) -> Vectors:
        width = max(1, *map(len, read))
        pieces = np.full((len(read), width), self._pieces.padding, dtype=np.int64)
        mask = np.zeros_like(pieces)
        for row, numbers in enumerate(read):
            pieces[row, : len(numbers)], mask[row, : len(numbers)] = numbers, 1
        given = {name: _FILLED[name](pieces, mask).astype(kind) for name, kind in self._inputs.items()}
        try:
            [output] = self._session.run([self._output], given)
        except Exception as error:  # whatever ONNX Runtime raises is of its own kind
            raise MountingError(f"The model {self._path} cannot be run: {_first_line(error)}.") from None
        return self._pooled(np.asarray(output, dtype=np.float32), mask)

    def _pooled(self, output: NDArray[np.float32], mask: NDArray[np.int64]) -> Vectors:
        pooling = self._mounting.pooling
        wanted = 2 if pooling is Pooling.NONE else 3
        if output.ndim != wanted or output.shape[-1] != self._mounting.dimension:
            gives = "x".join(map(str, output.shape[1:]))
            per = "a text" if pooling is Pooling.NONE else "a piece"
            raise MountingError(
                f"The model {self._path} gives {gives} numbers a text in its output '{self._output}'; encoder.toml "
                f"says {self._mounting.dimension} {per} (pooling '{pooling}'). Correct dimension, pooling or output."
            )
        if pooling is Pooling.NONE:
            return output
        if pooling is Pooling.FIRST:
            return output[:, 0]
        weight = mask.astype(np.float32)
        mean: Vectors = np.einsum("tpd,tp->td", output, weight) / np.maximum(1, weight.sum(axis=1, keepdims=True))
        return mean


def load(mounting: Mounting) -> Model:
    """The model, after a check of its files. Raises MountingError if it cannot be used."""
    verify(mounting)
    try:
        import onnxruntime  # an extra, needed for mounted models only
    except ImportError:
        raise MountingError(
            "A mounted encoder is run by ONNX Runtime, which is not installed; install serai[onnx]."
        ) from None
    options = onnxruntime.SessionOptions()
    # As with linear algebra: one thread a process, unless the environment allows more.
    options.intra_op_num_threads = int(os.environ.get("OMP_NUM_THREADS") or 1)
    path = mounting.folder / mounting.model
    try:
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # whatever ONNX Runtime raises is of its own kind
        raise MountingError(f"The model {path} cannot be loaded: {_first_line(error)}.") from None
    return Model(mounting, session, Pieces(mounting.folder / TOKENIZER))


def mounted(mounting: Mounting, model: Model, prepared: Prepared) -> Encoder:
    """The encoder, named by its identity, with the means and the scale that were estimated for it."""
    return Remembering(
        mounting.identity,
        prepared.means,
        model.passages,
        CACHED // mounting.dimension,
        dimension=mounting.dimension,
        scale=prepared.scale,
        asking=None if mounting.query == mounting.passage else model.queries,
        asked_means=prepared.asked_means,
    )


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__).rstrip(".")
