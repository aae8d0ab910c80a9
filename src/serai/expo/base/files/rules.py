"""Who may read a file."""

from typing import Any

from serai.expo.base.files.models import Audience, StoredFile
from serai.expo.base.rooms import Hook

reading = Hook[[Any, StoredFile], bool]("a file is read")
"""Whether a user may read a file of an organisation, a firm or a person."""


def may_read(user: Any, file: StoredFile) -> bool:
    """Whether a user may read the file, by its audience and by whom it belongs to."""
    return file.audience == Audience.PUBLIC or any(reading.call(user, file))
