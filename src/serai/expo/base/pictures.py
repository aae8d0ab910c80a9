"""Pictures that people hand in, stored without the metadata of cameras and programs.

The metadata of a photograph tell where, when and with which camera it was taken, sometimes by whom. Each picture is
therefore drawn anew: only its pixels are kept, turned upright, and no larger than a page can use.

A small file can hold a picture that fills the memory. So its points are counted before they are decoded, photographs
are decoded at a fraction of their size, and a process decodes one picture at a time: it needs some 280 MB at most.
"""

import io
import threading
import warnings

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
LONGEST_SIDE = 2400
MOST_POINTS = 25_000_000
MOST_POINTS_OF_A_PHOTOGRAPH = 64_000_000
"""Of a JPEG in one pass, which needs no memory for the points that are left out."""

WIDTHS = (320, 640, 1280)
"""Widths in points of the narrower copies of a picture that a page may ask for."""

_one_at_a_time = threading.Lock()


class PictureRefusedError(ValueError):
    """Why a picture is not taken, in the reader's language."""


def without_metadata(content: bytes, media_type: str) -> bytes:
    """The picture drawn anew in its own format; the first image of an animation.

    Raises PictureRefusedError if it cannot be read as a picture of this type or has too many pixels.
    """
    wanted = FORMATS[media_type]
    try:
        with _one_at_a_time, warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[wanted]) as picture:
                _check_points(picture)
                drawn = _plain(_upright(_small(picture)), wanted)
    except Image.DecompressionBombError as error:  # far too many
        raise _too_many(MOST_POINTS) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        if isinstance(error, PictureRefusedError):
            raise
        raise PictureRefusedError(_("The picture cannot be read: it is damaged or of another kind.")) from error
    return _written(drawn, wanted)


def narrowed(content: bytes, width: int) -> bytes | None:
    """The picture drawn anew with ``width`` points a line, in its own format; None where it is not wider than that."""
    with _one_at_a_time, Image.open(io.BytesIO(content), formats=list(FORMATS.values())) as picture:
        wanted = str(picture.format)
        if picture.width <= width:
            return None
        picture.draft(picture.mode, (width, width))
        drawn = picture if picture.mode in {"L", "RGB", "RGBA"} else picture.convert("RGBA")
        drawn = drawn.resize((width, max(1, round(picture.height * width / picture.width))), reducing_gap=2.0)
        return _written(_plain(drawn, wanted), wanted)


def _written(drawn: Image.Image, wanted: str) -> bytes:
    written = io.BytesIO()
    drawn.save(written, wanted, **({"quality": 88} if wanted != "PNG" else {"optimize": True}))
    return written.getvalue()


def _check_points(picture: Image.Image) -> None:
    """Refuse a picture by its header, before a point of it is decoded. Raises PictureRefusedError."""
    in_one_pass = picture.format == "JPEG" and "progressive" not in picture.info
    most = MOST_POINTS_OF_A_PHOTOGRAPH if in_one_pass else MOST_POINTS
    if picture.width * picture.height > most:
        raise _too_many(most)


def _too_many(most: int) -> PictureRefusedError:
    return PictureRefusedError(_("The picture has more than %d million points. Make it smaller.") % (most // 1_000_000))


def _small(picture: Image.Image) -> Image.Image:
    """The picture, no larger than a page can use."""
    picture.draft(picture.mode, (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded at a half, a quarter or an eighth
    if picture.mode not in {"L", "RGB", "RGBA", "CMYK"} or "transparency" in picture.info:
        picture = picture.convert("RGBA" if _is_clear(picture) else "RGB")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
    return picture


def _is_clear(picture: Image.Image) -> bool:
    return "A" in picture.getbands() or "transparency" in picture.info


def _upright(picture: Image.Image) -> Image.Image:
    """The picture turned by its metadata, or unchanged if the metadata are broken."""
    try:
        return ImageOps.exif_transpose(picture)
    except (OSError, ValueError, SyntaxError, KeyError, TypeError):
        return picture


def _plain(picture: Image.Image, wanted: str) -> Image.Image:
    """The pixels alone, in a mode that the format and every browser know."""
    clear = _is_clear(picture)
    mode = "RGBA" if clear and wanted != "JPEG" else "RGB"
    points = picture.convert("RGBA") if clear and wanted == "JPEG" else picture.convert(mode)
    if points.mode != mode:
        white = Image.new("RGBA", points.size, "white")
        points = Image.alpha_composite(white, points).convert(mode)
    bare = Image.new(mode, points.size)
    bare.paste(points)
    return bare
