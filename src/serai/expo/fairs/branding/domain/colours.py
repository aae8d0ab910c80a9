"""Colours of a fair, checked for contrast (WCAG 2.2, 1.4.3: text needs 4.5 to 1 on its ground)."""

import re
from collections.abc import Mapping, Sequence
from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

NEEDED = 4.5
STEPS = 255
ON_BRAND = ("#ffffff", "#08242a")
"""Colours of text on the main colour, the better of which is taken."""


class ColourRefusedError(ValueError):
    """Why a colour is not taken: a sentence for the reader, with the nearest colour that passes."""


@dataclass(frozen=True)
class Use:
    """What a colour is for, and the colours of the stylesheet with which it is read (static/serai/tokens.css)."""

    title: "_StrPromise"
    against: Sequence[str]
    carries_text: bool = False
    """Whether text stands on it in one of ON_BRAND."""


USES: Mapping[str, Use] = {
    "brand": Use(gettext_lazy("Main colour on light pages"), ("#faf7f1", "#ffffff", "#f1ece1"), carries_text=True),
    "dark": Use(gettext_lazy("Main colour on dark pages"), ("#11161d", "#1a212b", "#0c1117"), carries_text=True),
    "night": Use(gettext_lazy("Colour of the header"), ("#f6f1e6", "#f2ede2", "#c3d2d8", "#b8c7ce", "#f2b24c")),
}
"""Each colour that a fair may choose, by its key."""


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour such as #0c5460 (WCAG 2.2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21."""
    less, more = sorted((luminance(one), luminance(other)))
    return (more + 0.05) / (less + 0.05)


def text_on(colour: str) -> str:
    """The colour of text on a main colour."""
    return max(ON_BRAND, key=lambda text: contrast(text, colour))


def weakest(key: str, colour: str) -> tuple[float, str]:
    """The least contrast of a colour in its use, and the colour with which it has it."""
    use = USES[key]
    pairs = [(contrast(colour, other), other) for other in use.against]
    if use.carries_text:
        pairs.append((contrast(text_on(colour), colour), text_on(colour)))
    return min(pairs)


def checked(key: str, colour: str) -> str:
    """A colour as #rrggbb in small letters. Raises ColourRefusedError for none, and for one that can't be read."""
    colour = colour.strip().lower()
    if short := re.fullmatch(r"#([0-9a-f])([0-9a-f])([0-9a-f])", colour):
        colour = "#" + "".join(2 * digit for digit in short.groups())
    if not re.fullmatch(r"#[0-9a-f]{6}", colour):
        raise ColourRefusedError(_("Write the colour as six digits after a hash, such as #0c5460."))
    reached, other = weakest(key, colour)
    if reached >= NEEDED:
        return colour
    raise ColourRefusedError(
        _(
            "%(colour)s beside %(other)s has a contrast of %(reached)s to 1; to be read it needs 4.5 to 1. The nearest"
            " colour that passes is %(nearest)s."
        )
        % {"colour": colour, "other": other, "reached": f"{reached:.1f}", "nearest": nearest(key, colour)}
    )


def nearest(key: str, colour: str) -> str:
    """The colour of the same hue that passes in its use and differs least in lightness."""
    hue, lightness, saturation = rgb_to_hls(*_channels(colour))
    shades = sorted((step / STEPS for step in range(STEPS + 1)), key=lambda shade: abs(shade - lightness))
    found = (_written(hls_to_rgb(hue, shade, saturation)) for shade in shades)
    return next(shade for shade in found if weakest(key, shade)[0] >= NEEDED)


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _written(channels: Sequence[float]) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)
