"""Floor plan of a hall as SVG: booths with their names, and a way if wanted; for print and for screen readers."""

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from serai.match.halls.layout import Booth
from serai.match.halls.ways import Way

MARGIN = 2.0
"""Metres around the booths."""


def draw(
    booths: Sequence[Booth],
    occupants: Mapping[str, str],
    *,
    title: str,
    description: str,
    way: Way | None = None,
    language: str = "en",
) -> str:
    """The booths of one hall at scale, one unit a metre; `occupants` is booth name -> who stands there.

    No style and no script: classes ``booth``, ``booth-free``, ``booth-name``, ``occupant`` and ``way`` are for the
    page to style, and the attributes that are set print in black and white.
    """
    right = max((booth.x + booth.width for booth in booths), default=0.0)
    bottom = max((booth.y + booth.depth for booth in booths), default=0.0)
    left, top = min((booth.x for booth in booths), default=0.0), min((booth.y for booth in booths), default=0.0)
    box = f"{left - MARGIN:g} {top - MARGIN:g} {right - left + 2 * MARGIN:g} {bottom - top + 2 * MARGIN:g}"
    labelled = 'role="img" aria-labelledby="plan-title plan-description"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" lang="{_attribute(language)}" {labelled}>',
        f'<title id="plan-title">{escape(title)}</title>',
        f'<desc id="plan-description">{escape(description)}</desc>',
    ]
    parts += [_booth(booth, occupants.get(booth.name, "")) for booth in booths]
    if way is not None:
        line = " ".join(f"{x:g},{y:g}" for x, y in way.corners)
        parts.append(
            f'<polyline class="way" points="{line}" fill="none" stroke="black" stroke-width="0.4" '
            'stroke-linejoin="round" stroke-dasharray="1 0.6"/>'
        )
    return "\n".join([*parts, "</svg>"]) + "\n"


def _booth(booth: Booth, occupant: str) -> str:
    """A rectangle with its name, and below it its occupant, in the largest size that fits."""
    x, middle = booth.x + booth.width / 2, booth.y + booth.depth / 2
    label = f"{booth.name}: {occupant}" if occupant else booth.name
    lines = [("booth-name", booth.name, middle - 0.1 if occupant else middle + 0.3)]
    if occupant:
        lines.append(("occupant", occupant, middle + 0.8))
    texts = "".join(
        f'<text class="{kind}" x="{x:g}" y="{y:g}" text-anchor="middle" font-size="{_size(text, booth):.3g}">'
        f"{escape(text)}</text>"
        for kind, text, y in lines
    )
    return (
        f'<g class="{"booth" if occupant else "booth booth-free"}"><title>{escape(label)}</title>'
        f'<rect x="{booth.x:g}" y="{booth.y:g}" width="{booth.width:g}" height="{booth.depth:g}" fill="white" '
        f'stroke="black" stroke-width="0.1"/>{texts}</g>'
    )


def _size(text: str, booth: Booth) -> float:
    """Font size: a letter is about 0.6 as wide as high, a Chinese one as wide as high."""
    width = sum(1.0 if ord(letter) >= 0x2E80 else 0.6 for letter in text)
    return min(0.8, booth.depth / 3, 0.9 * booth.width / max(width, 1.0))


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;"})
