"""The folder of a mounted encoder: its description in `encoder.toml`, and the check of the files beside it."""

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

DESCRIPTION = "encoder.toml"
TOKENIZER = "tokenizer.json"

MOST_DIMENSIONS = 2_048
"""Largest dimension: a row with a vector has to fit on a page of PostgreSQL, and an index of pgvector allows 4,000."""

LONGEST = 512
"""Default of the largest number of pieces of a text."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


class MountingError(ValueError):
    """An encoder that cannot be used; the sentence says what is wrong, where, and what to do."""


class Pooling(StrEnum):
    """How the vectors of the pieces of a text become one vector."""

    MEAN = "mean"
    FIRST = "first"
    """The vector of the first piece, such as BERT's [CLS]."""
    NONE = "none"
    """The model gives one vector a text."""


@dataclass(frozen=True)
class Mounting:
    """The description of a mounted encoder."""

    folder: Path
    name: str
    dimension: int
    pooling: Pooling
    files: Mapping[str, str]
    """SHA-256 of each file by name, in hexadecimal digits."""
    query: str = ""
    passage: str = ""
    """Text that the model needs before a query, and before a text that is to be found or compared."""
    longest: int = LONGEST
    output: str = ""
    """The output of the model to use, if it has several."""
    model: str = field(init=False)
    """The name of the file of the model."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "model", next(name for name in self.files if name.endswith(".onnx")))

    @property
    def identity(self) -> str:
        """The name with a fingerprint of everything on which the vectors depend."""
        told = [self.dimension, self.pooling, sorted(self.files.items()), self.query, self.passage, self.longest]
        digest = hashlib.sha256(json.dumps([*told, self.output]).encode()).hexdigest()
        return f"{self.name}@{digest[:12]}"


def read_mounting(folder: Path) -> Mounting:
    """The description in `folder`. Raises MountingError if it is missing or not valid."""
    path = folder / DESCRIPTION
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise MountingError(
            f"The description of the encoder cannot be read: {path} ({error.strerror}). "
            "Write it as docs/encoder.md says, or correct SERAI_ENCODER."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MountingError(f"{path} is not TOML: {error}.") from None
    unknown = told.keys() - _KEYS.keys()
    if unknown:
        raise _error(path, f"has the unknown key '{min(unknown)}'; known are: {', '.join(_KEYS)}")
    for key, kind in _KEYS.items():
        if key in told and type(told[key]) is not kind:
            raise _error(path, f"gives '{key}' something else than a value of the kind {_CALLED[kind]}")
    for key in ("name", "dimension", "pooling", "files"):
        if key not in told:
            raise _error(path, f"does not say '{key}'")
    _check(path, told)
    return Mounting(folder=folder, **told | {"pooling": Pooling(told["pooling"])})


_KEYS: Mapping[str, type] = {
    "name": str,
    "dimension": int,
    "pooling": str,
    "files": dict,
    "query": str,
    "passage": str,
    "longest": int,
    "output": str,
}
_CALLED: Mapping[type, str] = {str: "text", int: "whole number", dict: "table"}


def _check(path: Path, told: Mapping[str, Any]) -> None:
    if not _NAME.fullmatch(told["name"]):
        raise _error(path, f"has the name '{told['name']}'; use at most 40 letters, digits, dots and dashes")
    if not 1 <= told["dimension"] <= MOST_DIMENSIONS:
        raise _error(path, f"says {told['dimension']} dimensions; from 1 to {MOST_DIMENSIONS} can be kept")
    if told["pooling"] not in set(Pooling):
        raise _error(path, f"says the pooling '{told['pooling']}'; known are: {', '.join(Pooling)}")
    if not 8 <= told.get("longest", LONGEST) <= 32_768:
        raise _error(path, f"says that texts have at most {told['longest']} pieces; from 8 to 32768 can be read")
    files: Mapping[str, Any] = told["files"]
    if TOKENIZER not in files or sum(name.endswith(".onnx") for name in files) != 1:
        raise _error(path, f"must name under [files] {TOKENIZER}, one .onnx file, and what else belongs to that")
    for name, fingerprint in files.items():
        if Path(name).name != name:
            raise _error(path, f"names the file '{name}'; all files stand beside it, without a folder")
        if not (isinstance(fingerprint, str) and _FINGERPRINT.fullmatch(fingerprint)):
            raise _error(path, f"gives the file {name} no SHA-256, 64 digits as `sha256sum {name}` prints them")


def verify(mounting: Mounting) -> None:
    """Check all files of the encoder. Raises MountingError if one is missing or differs from the description."""
    for name, fingerprint in mounting.files.items():
        path = mounting.folder / name
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise MountingError(f"The encoder's file {path} cannot be read ({error.strerror}).") from None
        if digest != fingerprint:
            raise MountingError(
                f"The encoder's file {path} is not the one that {DESCRIPTION} names: its SHA-256 is {digest}. "
                f"Bring the right file, or write this under [files] if it is the one you mean."
            )


def _error(path: Path, what: str) -> MountingError:
    return MountingError(f"{path} {what}.")
