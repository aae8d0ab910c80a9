"""What takes long to work out and is the same in every process: kept as JSON in the user's cache folder."""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import get_ident
from typing import Any


def kept_json(file: Path, make: Callable[[], Any]) -> Any:
    """What `make` returns, read from `file` where it is there; else made, and written for the next process.

    The name of the file has to name all that the content depends on. Where nothing can be written it is made each time.
    """
    with suppress(OSError, ValueError):  # not there yet, or cut short
        return json.loads(file.read_bytes())
    made = make()
    written = file.with_suffix(f".{os.getpid()}-{get_ident()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        written.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
        written.replace(file)
    except OSError:
        with suppress(OSError):
            written.unlink(missing_ok=True)
    return made
