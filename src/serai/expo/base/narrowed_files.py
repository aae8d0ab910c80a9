"""Narrower copies of pictures, made when a page first asks for one and kept, so that a page loads what it shows.

They lie in a folder of their own, under a name made from that of the picture. They are no data of the fair: what is
deleted there is made again. With a picture its copies go too.
"""

from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from django.db import transaction

from serai.expo.base.home import home, write_whole
from serai.expo.base.pictures import WIDTHS, narrowed


def width_asked(text: str) -> int | None:
    """The width that an address asks for; None where it asks for none, or for one that is not made."""
    return int(text) if text in map(str, WIDTHS) else None


def narrowed_file(picture: Path, width: int | None) -> Path:
    """Where the copy of a picture with ``width`` points a line lies; the picture itself where it is not wider."""
    if width is None:
        return picture
    copy = _place(picture, width)
    if copy.exists():
        return copy
    try:
        content = narrowed(picture.read_bytes(), width)
    except (OSError, ValueError, SyntaxError):
        return picture
    if content is None:
        return picture
    copy.parent.mkdir(parents=True, exist_ok=True)
    write_whole(copy, content)
    return copy


def delete_on_commit(file: Path) -> None:
    """Delete a file that was handed in, once the transaction is committed; of a picture the copies too."""

    def delete() -> None:
        file.unlink(missing_ok=True)
        forget_narrowed(file)

    transaction.on_commit(delete)


def forget_narrowed(picture: Path) -> None:
    """Delete the copies of a picture."""
    for width in WIDTHS:
        with suppress(OSError):
            _place(picture, width).unlink(missing_ok=True)


def _place(picture: Path, width: int) -> Path:
    within = picture.relative_to(home()) if picture.is_relative_to(home()) else picture
    name = sha256(within.as_posix().encode()).hexdigest()
    return home() / "narrowed" / name[:2] / f"{name}-{width}"
