"""A stored picture holds its points and nothing of where, when, with what and by whom it was taken."""

import io
import struct
import subprocess
import sys
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageFile, PngImagePlugin

from serai.expo.base.files.domain import FileRefusedError, keep, place
from serai.expo.base.pictures import LONGEST_SIDE, PictureRefusedError, without_metadata
from serai.expo.firms.record.models import Firm

SECRET = "39.9042N 116.4074E Li Na"


@pytest.fixture(autouse=True)
def home(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_HOME", str(tmp_path))


def taken(kind: str, size: tuple[int, int] = (40, 20), *, turned: int = 1, mode: str = "RGB") -> bytes:
    """A picture with everything that a camera writes: left half red, right half blue."""
    picture = Image.new(mode, size, "red")
    picture.paste(Image.new(mode, (size[0] // 2, size[1]), "blue"), (size[0] // 2, 0))
    exif = Image.Exif()
    exif[0x0112], exif[0x010E], exif[0x013B] = turned, SECRET, SECRET
    exif.get_ifd(0x8825)[1] = "N"
    written = io.BytesIO()
    more: dict[str, Any] = {"exif": exif}
    if kind == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Author", SECRET)
        more["pnginfo"] = text
    if kind == "JPEG":
        more["comment"] = SECRET.encode()
    if kind == "WEBP":
        more |= {"xmp": SECRET.encode(), "lossless": True}
    picture.save(written, kind, **more)
    return written.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_nothing_of_the_camera_is_left_and_the_picture_is_the_same(kind: str) -> None:
    content = taken(kind)
    assert SECRET.encode() in content
    clean = without_metadata(content, f"image/{kind.lower()}")
    assert SECRET.encode() not in clean
    found = Image.open(io.BytesIO(clean))
    assert (found.format, found.size, dict(found.getexif())) == (kind, (40, 20), {})
    assert not {"exif", "xmp", "comment", "Author", "icc_profile"} & set(found.info)
    red, _green, blue = found.convert("RGB").getpixel((2, 10))  # type: ignore[misc]
    assert red > 200 > 50 > blue


def test_a_picture_that_the_camera_held_sideways_stands_upright_without_the_mark() -> None:
    clean = Image.open(io.BytesIO(without_metadata(taken("JPEG", turned=6), "image/jpeg")))
    assert clean.size == (20, 40)


def test_what_is_see_through_stays_so() -> None:
    drawn = io.BytesIO()
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(drawn, "PNG")
    found = Image.open(io.BytesIO(without_metadata(drawn.getvalue(), "image/png")))
    assert found.convert("RGBA").getpixel((1, 1)) == (255, 0, 0, 0)


def test_a_picture_is_no_larger_than_a_page_can_use() -> None:
    clean = Image.open(io.BytesIO(without_metadata(taken("PNG", (3000, 1500)), "image/png")))
    assert clean.size == (LONGEST_SIDE, LONGEST_SIDE // 2)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "image/png"),
        (taken("PNG")[:60], "image/png"),
        (taken("PNG"), "image/jpeg"),
        (b"\xff\xd8\xff" + b"<script>alert(1)</script>", "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBP", "image/webp"),
    ],
)
def test_what_is_no_whole_picture_of_its_kind_is_refused_with_a_sentence(content: bytes, kind: str) -> None:
    with pytest.raises(PictureRefusedError, match="cannot be read"):
        without_metadata(content, kind)


@pytest.mark.parametrize(
    ("kind", "options", "most"), [("PNG", {}, 25), ("JPEG", {"progressive": True}, 25), ("JPEG", {}, 64)]
)
def test_a_picture_with_too_many_points_is_refused_before_one_is_decoded(
    kind: str, options: dict[str, Any], most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = io.BytesIO()
    Image.new("L", (8_100, 8_000)).save(drawn, kind, **options)
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda _picture: pytest.fail("it is decoded"))
    with pytest.raises(PictureRefusedError, match=f"more than {most} million points"):
        without_metadata(drawn.getvalue(), f"image/{kind.lower()}")


def test_a_bomb_is_refused_by_its_points() -> None:
    header = b"IHDR" + struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    chunks = [
        struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in (header, b"IDAT")
    ]
    with pytest.raises(PictureRefusedError, match="million points"):
        without_metadata(b"\x89PNG\r\n\x1a\n" + b"".join(chunks), "image/png")


DECODED = """
import resource, sys
from serai.expo.base.pictures import without_metadata
content = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
without_metadata(content, "image/jpeg")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_a_photograph_of_49_million_points_takes_less_memory_than_its_points() -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (7_000, 7_000), (10, 200, 30)).save(drawn, "JPEG")
    decoded = subprocess.run([sys.executable, "-c", DECODED], input=drawn.getvalue(), capture_output=True, check=True)
    assert int(decoded.stdout) < 100_000  # KB; all of its points are 147,000


def test_what_is_kept_is_the_clean_picture(db: None, a_firm: Any) -> None:
    firm: Firm = a_firm()
    kept = keep(SimpleUploadedFile("plant.jpg", taken("JPEG")), firm=firm)
    written = place(kept).read_bytes()
    assert SECRET.encode() not in written
    assert kept.size == len(written)
    with pytest.raises(FileRefusedError, match="cannot be read"):
        keep(SimpleUploadedFile("plant.jpg", b"\xff\xd8\xff nothing"), firm=firm)
