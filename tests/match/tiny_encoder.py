"""A tiny encoder to be mounted: a true model in ONNX, written byte by byte, with the tokenizer.json of its words.

Each word lies where what is said with it lies: the mean of a direction for each thing that is said with it (line of the
phrases that come with Serai, or of `others`), and a direction of its language, which centring has to take away. The
model looks its pieces up and knows nothing else; what stands before a query is a piece with a direction of its own.
"""

import hashlib
import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from serai.match.onnx_encoder.calibration import sample
from serai.match.text import clean

QUERY = "query: "


def write_encoder(
    folder: Path,
    *,
    dimension: int = 96,
    others: Iterable[Mapping[str, str]] = (),
    seed: int = 0,
    told: Mapping[str, object] | None = None,
) -> Path:
    """Write model, tokenizer and description into `folder`. `others` are texts by language that say the same each."""
    random = np.random.default_rng(seed)
    vectors_of: dict[str, list[NDArray[np.float64]]] = {}
    spoken_in: dict[str, NDArray[np.float64]] = {}
    mark: dict[str, NDArray[np.float64]] = {}
    directions: dict[int | str, NDArray[np.float64]] = {}
    spoken = sample()
    in_a_language = len(spoken) // len({language for language, _ in spoken})
    lines: list[tuple[int | str, str, str]] = [
        (number % in_a_language, language, text) for number, (language, text) in enumerate(spoken)
    ]
    lines += [(f"other {n}", language, text) for n, phrases in enumerate(others) for language, text in phrases.items()]
    for thing, language, text in lines:
        own = directions.setdefault(thing, random.normal(size=dimension))
        of_language = mark.setdefault(language, 1.5 * random.normal(size=dimension))
        for word in clean(text).split():
            vectors_of.setdefault(word, []).append(own)
            spoken_in[word] = of_language
    table = {word: 2 * np.mean(things, axis=0) + spoken_in[word] for word, things in vectors_of.items()}
    table["query:"] = 4 * random.normal(size=dimension)
    specials = ["<s>", "<pad>", "</s>", "<unk>"]
    vectors = np.array([*np.zeros((4, dimension)), *table.values()], dtype=np.float32)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(look_up(vectors))
    vocabulary = [*((piece, 0.0) for piece in specials), *(("\u2581" + word, -8.0) for word in table)]
    (folder / "tokenizer.json").write_text(json.dumps(unigram(vocabulary)), encoding="utf-8")
    description = {"name": "tiny", "dimension": dimension, "pooling": "mean", "query": QUERY} | dict(told or {})
    describe(folder, description)
    return folder


def describe(folder: Path, told: Mapping[str, object], files: Sequence[str] = ("model.onnx", "tokenizer.json")) -> None:
    """Write the description, with the fingerprints of the files as they are."""
    lines = [f"{key} = {json.dumps(value)}" for key, value in told.items()]
    prints = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files}
    lines += ["[files]", *(f'"{name}" = "{digest}"' for name, digest in prints.items())]
    (folder / "encoder.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def unigram(vocabulary: Sequence[tuple[str, float]]) -> dict[str, object]:
    """The tokenizer.json of an XLM-RoBERTa with this vocabulary, of which <s> is 0, </s> 2 and <unk> 3."""
    space = {"type": "Metaspace", "replacement": "\u2581", "add_prefix_space": True}
    return {
        "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFKC"}]},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, space]},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [
                {"SpecialToken": {"id": "<s>", "type_id": 0}},
                {"Sequence": {"id": "A", "type_id": 0}},
                {"SpecialToken": {"id": "</s>", "type_id": 0}},
            ],
            "special_tokens": {"<s>": {"ids": [0]}, "</s>": {"ids": [2]}},
        },
        "padding": {"pad_id": 1},
        "model": {"type": "Unigram", "unk_id": 3, "vocab": [list(piece) for piece in vocabulary]},
    }


# The few messages of ONNX that a graph of one node needs (onnx.proto: field numbers as there)


def look_up(table: NDArray[np.float32]) -> bytes:
    """A model that gives each piece its row of `table`: last_hidden_state (texts, pieces, dimension)."""
    weights = (
        b"".join(_number(1, size) for size in table.shape)
        + _number(2, _FLOAT)
        + _bytes(8, b"table")
        + _bytes(9, table.astype("<f4").tobytes())
    )
    node = _bytes(1, b"table") + _bytes(1, b"input_ids") + _bytes(2, b"last_hidden_state") + _bytes(4, b"Gather")
    graph = (
        _bytes(1, node)
        + _bytes(2, b"tiny")
        + _bytes(5, weights)
        + _bytes(11, _value("input_ids", _INTEGER, ["texts", "pieces"]))
        + _bytes(11, _value("attention_mask", _INTEGER, ["texts", "pieces"]))
        + _bytes(12, _value("last_hidden_state", _FLOAT, ["texts", "pieces", table.shape[1]]))
    )
    return _number(1, 8) + _bytes(7, graph) + _bytes(8, _bytes(1, b"") + _number(2, 13))


_FLOAT, _INTEGER = 1, 7


def _value(name: str, kind: int, shape: Iterable[str | int]) -> bytes:
    sizes = (_number(1, size) if isinstance(size, int) else _bytes(2, size.encode()) for size in shape)
    tensor = _number(1, kind) + _bytes(2, b"".join(_bytes(1, size) for size in sizes))
    return _bytes(1, name.encode()) + _bytes(2, _bytes(1, tensor))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 127:
        encoded.append(value & 127 | 128)
        value >>= 7
    return bytes([*encoded, value]) if encoded else struct.pack("B", value)
