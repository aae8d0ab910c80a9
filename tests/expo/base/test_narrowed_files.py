"""Narrower copies of pictures: made once, never wider than the picture, and gone with it."""

import io
from pathlib import Path

import pytest
from PIL import Image

from serai.expo.base import narrowed_files
from serai.expo.base.narrowed_files import forget_narrowed, narrowed_file, width_asked
from serai.expo.base.pictures import WIDTHS, narrowed


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(narrowed_files, "home", lambda: tmp_path)
    return tmp_path


def a_picture(form: str = "PNG", size: tuple[int, int] = (1000, 500)) -> bytes:
    written = io.BytesIO()
    Image.new("RGBA" if form == "PNG" else "RGB", size, "#0c5460").save(written, form)
    return written.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_copy_keeps_the_form_and_the_proportions(form: str) -> None:
    content = narrowed(a_picture(form), 320)
    assert content is not None
    with Image.open(io.BytesIO(content)) as copy:
        assert (copy.format, copy.size) == (form, (320, 160))


def test_no_picture_is_made_wider(folder: Path) -> None:
    small = folder / "small"
    small.write_bytes(a_picture(size=(320, 320)))
    assert narrowed(small.read_bytes(), 320) is None
    assert narrowed_file(small, 640) == small


def test_a_copy_is_made_once_and_goes_with_its_picture(folder: Path) -> None:
    picture = folder / "files" / "picture"
    picture.parent.mkdir()
    picture.write_bytes(a_picture())
    copy = narrowed_file(picture, 320)
    made = copy.stat().st_mtime_ns
    assert copy != picture
    assert narrowed_file(picture, 320).stat().st_mtime_ns == made
    assert narrowed_file(folder / "other" / "picture", 320) != copy  # of the same name elsewhere
    forget_narrowed(picture)
    assert not copy.exists()


def test_what_is_no_picture_is_given_as_it_is(folder: Path) -> None:
    damaged = folder / "damaged"
    damaged.write_bytes(b"\x89PNG\r\n\x1a\n")
    assert narrowed_file(damaged, 320) == damaged


def test_only_the_widths_that_are_made_can_be_asked_for() -> None:
    assert [width_asked(str(width)) for width in WIDTHS] == list(WIDTHS)
    assert {width_asked(text) for text in ("", "321", "-320", "320.0", "٣٢٠", "1e9")} == {None}
