"""The folder in which one instance keeps everything: database, secret key, uploaded files.

``SERAI_HOME`` names it; without that it is ``serai-data`` in the current folder.
"""

import os
import secrets
from pathlib import Path


def home() -> Path:
    """The folder of this instance, made when it is not there yet."""
    folder = Path(os.environ.get("SERAI_HOME") or "serai-data").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def given_secret(name: str) -> str:
    """The secret from the variable ``name`` or from the file that ``name_FILE`` names; else the empty string."""
    if value := os.environ.get(name):
        return value
    path = os.environ.get(f"{name}_FILE")
    return Path(path).read_text(encoding="utf-8").strip() if path else ""


def secret(name: str, file_name: str, *, length: int = 64) -> str:
    """The secret from the variable ``name``, from the file that ``name_FILE`` names, or one made once and kept.

    One that is made has ``length`` hexadecimal digits.
    """
    if value := given_secret(name):
        return value
    kept = home() / file_name
    if not kept.exists():
        # Opened with its final rights: a secret must not be readable by others even for a moment.
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(length // 2))
    return kept.read_text(encoding="utf-8").strip()
