"""What takes long to work out and is the same in every process: kept as files in the user's cache folder."""

import json
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from threading import get_ident
from typing import Any

import numpy as np
from numpy.typing import NDArray


def fingerprint(content: Iterable[bytes], made_by: Sequence[str] = ()) -> str:
    """16 hexadecimal digits that change with the content, and with the files of serai.match that it is made by."""
    digest = sha256()
    for part in content:
        digest.update(part)
    for name in made_by:
        digest.update((files("serai.match") / name).read_bytes())
    return digest.hexdigest()[:16]


def kept_json(file: Path, make: Callable[[], Any]) -> Any:
    """What `make` returns, read from `file` where it is there; else made, and written for the next process.

    The name of the file has to name all that the content depends on. Where nothing can be written it is made each time.
    """
    with suppress(OSError, ValueError):  # not there yet, or cut short
        return json.loads(file.read_bytes())
    made = make()
    _write(file, lambda part: part.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8"))
    return made


def kept_array[T: np.generic](file: Path, make: Callable[[], NDArray[T]]) -> NDArray[T]:
    """The array that `make` returns, kept as `kept_json` keeps; processes share the memory of what they read of it."""
    with suppress(OSError, ValueError):
        return _open(file)
    made = make()

    def write(part: Path) -> None:
        with part.open("wb") as stream:
            np.save(stream, made)

    return _open(file) if _write(file, write) else made


def _open[T: np.generic](file: Path) -> NDArray[T]:
    array: NDArray[T] = np.load(file, mmap_mode="r")
    return array


def _write(file: Path, write: Callable[[Path], object]) -> bool:
    """Write a file whole or not at all, and say whether it could be written."""
    part = file.with_suffix(f".{os.getpid()}-{get_ident()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write(part)
        part.replace(file)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        return False
    return True
