"""Pictures that people hand in, stored without the metadata of cameras and programs.

The metadata of a photograph tell where, when and with which camera it was taken, sometimes by whom. Each picture is
therefore drawn anew: only its pixels are kept, turned upright, and no larger than a page can use.
"""

import io
import warnings

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
LONGEST_SIDE = 2400
MOST_POINTS = 50_000_000
"""Larger pictures are not read: a small file can hold a picture that fills the memory."""


class PictureRefusedError(ValueError):
    """Why a picture is not taken, in the reader's language."""


def without_metadata(content: bytes, media_type: str) -> bytes:
    """The picture drawn anew in its own format; the first image of an animation.

    Raises PictureRefusedError if it cannot be read as a picture of this type or has too many pixels.
    """
    wanted = FORMATS[media_type]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=[wanted])
        if picture.width * picture.height > MOST_POINTS:
            raise PictureRefusedError(
                _("The picture has more than %d million points. Make it smaller.") % (MOST_POINTS // 1_000_000)
            )
        picture.load()
        drawn = _plain(_upright(picture), wanted)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        if isinstance(error, PictureRefusedError):
            raise
        raise PictureRefusedError(_("The picture cannot be read: it is damaged or of another kind.")) from error
    drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    written = io.BytesIO()
    drawn.save(written, wanted, **({"quality": 88} if wanted != "PNG" else {"optimize": True}))
    return written.getvalue()


def _upright(picture: Image.Image) -> Image.Image:
    """The picture turned by its metadata, or unchanged if the metadata are broken."""
    try:
        return ImageOps.exif_transpose(picture)
    except (OSError, ValueError, SyntaxError, KeyError, TypeError):
        return picture


def _plain(picture: Image.Image, wanted: str) -> Image.Image:
    """The pixels alone, in a mode that the format and every browser know."""
    clear = "A" in picture.getbands() or "transparency" in picture.info
    mode = "RGBA" if clear and wanted != "JPEG" else "RGB"
    points = picture.convert("RGBA") if clear and wanted == "JPEG" else picture.convert(mode)
    if points.mode != mode:
        white = Image.new("RGBA", points.size, "white")
        points = Image.alpha_composite(white, points).convert(mode)
    bare = Image.new(mode, points.size)
    bare.paste(points)
    return bare
