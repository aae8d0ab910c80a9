"""Pictures of a report as SVG that stands alone, in a page and in a PDF, with the same fonts and colours."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from serai.expo.insight.pictures.domain import FONTS, GROUND, INK, QUIET, half_widths
from serai.expo.insight.supply.domain.chain_map import Box, ChainMap

LINE, ALARM = "#8a7d66", "#a3221c"
STEPS = ("#ffffff", "#e7eeef", "#cedddf", "#b4cbcf", "#97b6bb")
"""How dark a box is, from least to most; the ink stands on each with a contrast of at least 4.5."""
BAR, GAP, VALUE, WIDTH = 24, 10, 90, 720
"""A chart of bars, in pixels: height of a bar, room between two, room of the numbers, and the whole."""
NARROW, ABOVE = 340, 20
"""The width of a narrow one, and the room of a label above its bar."""
LEAST_LABEL, MOST_LABEL, HALF_WIDTH = 150.0, 360.0, 8.2
"""Room of the labels, and what half an ideograph takes of it."""
LETTER = 5.85
"""What an Arabic letter takes at the size of the map's letters, 14."""


def map_picture(drawn: ChainMap, *, mirrored: bool = False, marks_gaps: bool = True) -> SafeString:
    """The map of a chain, as it is drawn; ``marks_gaps`` says whether nodes that nobody here offers are dashed."""
    turn = format_html(' transform="translate({} 0) scale(-1 1)"', f"{drawn.width:.0f}") if mirrored else ""
    edges = format_html_join("", '<path d="{}"/>', ((edge.path,) for edge in drawn.edges))
    marks = format_html_join("", '<circle cx="{}" cy="{}" r="5"/>', drawn.marks)
    heads = format_html_join(
        "", '<text x="{}" y="{}">{}</text>', ((head.x, y, line) for head in drawn.columns for y, line in head.lines)
    )
    boxes = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" rx="7" fill="{}" stroke="{}" stroke-width="{}"{}/>',
        (
            (
                *(box.x, box.y, box.width, box.height, STEPS[box.step]),
                *((ALARM, 3) if box.is_single_source else (LINE, 1.5)),
                SafeString(' stroke-dasharray="6 4"') if marks_gaps and box.place.is_gap else "",
            )
            for box in drawn.boxes
        ),
    )
    titles = format_html_join(
        "",
        '<text x="{}" y="{}"{}>{}</text>',
        (
            (box.middle, y, weight, _directed(line) if mirrored else line)
            for box in drawn.boxes
            for weight, lines in (
                (SafeString(' font-weight="600"'), box.lines),
                (_fitting(box) if mirrored else "", [(box.figure_y, box.figure)]),
            )
            for y, line in lines
        ),
    )
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}" font-family="{fonts}" '
        'font-size="14"><rect width="{w}" height="{h}" fill="{paper}"/><g fill="none" stroke="{line}" '
        'stroke-width="1.25"{turn}>{edges}<g fill="{paper}" stroke-width="2">{marks}</g></g><g fill="{quiet}" '
        'text-anchor="middle" font-weight="600">{heads}</g>{boxes}'
        '<g fill="{ink}" text-anchor="middle">{titles}</g></svg>',
        w=f"{drawn.width:.0f}",
        h=f"{drawn.height:.0f}",
        fonts=FONTS,
        paper=GROUND,
        line=LINE,
        quiet=QUIET,
        ink=INK,
        turn=turn,
        edges=edges,
        marks=marks,
        heads=heads,
        boxes=boxes,
        titles=titles,
    )


def _fitting(box: Box) -> SafeString | str:
    """A smaller size for Arabic figures that would touch the sides of their box, as of the United States."""
    width, room = LETTER * len(box.figure), box.width - 6
    return format_html(' font-size="{}"', f"{14 * room / width:.1f}") if width > room else ""


def _directed(words: str) -> str:
    """A line that begins on the right, whatever letters it has: the sign of per cent stays after its number."""
    return f"\N{RIGHT-TO-LEFT ISOLATE}{words}\N{POP DIRECTIONAL ISOLATE}"


def bars_picture(
    rows: Sequence[tuple[str, float, str]], *, right_to_left: bool = False, is_narrow: bool = False
) -> SafeString:
    """Bars of label, value, and the value in words; from right to left they begin on the right.

    In a narrow one each label stands above its bar.
    """
    most = max((value for _label, value, _words in rows), default=0) or 1
    longest = max((half_widths(name) for name, _value, _words in rows), default=0)
    labels = GAP if is_narrow else min(MOST_LABEL, max(LEAST_LABEL, HALF_WIDTH * longest + 20))
    above, width = (ABOVE, NARROW) if is_narrow else (0, WIDTH)
    room = width - labels - VALUE
    height = len(rows) * (above + BAR + GAP) + GAP

    def place(start: float, size: float = 0) -> str:
        return f"{width - start - size if right_to_left else start:.1f}"

    # Text-anchor follows the direction of the script, so each label is pinned by an attribute that does not turn.
    before, after = ("start", "end") if right_to_left else ("end", "start")
    label_at, label_end = (labels, after) if is_narrow else (labels - 10, before)
    drawn = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="{}" fill="{}">{}</text><rect x="{}" y="{}" width="{}" height="{}" rx="3" '
        'fill="#0c5460"/><text x="{}" y="{}" text-anchor="{}" fill="{}" font-weight="600">{}</text>',
        (
            (
                *(place(label_at), top - 6 if is_narrow else top + BAR * 0.7, label_end, INK),
                _directed(label) if right_to_left else label,
                *(place(labels, size), top, f"{size:.1f}", BAR),
                *(place(labels + size + 8), top + BAR * 0.7, after, INK, words),
            )
            for number, (label, value, words) in enumerate(rows)
            for top, size in [(GAP + above + number * (above + BAR + GAP), max(1.0, room * value / most))]
        ),
    )
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}" font-family="{fonts}" '
        'font-size="14" direction="ltr"><rect width="{w}" height="{h}" fill="{paper}"/>{drawn}</svg>',
        w=width,
        h=height,
        fonts=FONTS,
        paper=GROUND,
        drawn=drawn,
    )
