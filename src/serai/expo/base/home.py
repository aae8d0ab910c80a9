"""The folder of one instance, with its database, secret key and uploaded files.

``SERAI_HOME`` names it; by default it is ``serai-data`` in the current folder.
"""

import os
import secrets
from pathlib import Path


def home() -> Path:
    """The folder of this instance. It is made if it does not exist."""
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
    """The secret from the variable ``name``, from the file that ``name_FILE`` names, or from a file of the instance.

    That file is made once, with ``length`` hexadecimal digits.
    """
    if value := given_secret(name):
        return value
    path = home() / file_name
    if not path.exists():
        # The file is opened with its final rights, so that nobody else can read the secret even for a moment.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(length // 2))
    return path.read_text(encoding="utf-8").strip()
