"""Where this machine keeps what can be fetched or made again."""

import os
from pathlib import Path


def cache_folder(name: str) -> Path:
    """The folder of a kind of files, which may not be there yet."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "serai" / name
