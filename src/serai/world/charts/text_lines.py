"""Text in a drawing without a browser: how wide it is at most, and in which lines it fits."""

from unicodedata import combining, east_asian_width


def text_width(text: str, size: float) -> float:
    """The width of a text in px at most: letters of Noto Sans in bold are narrower than this."""
    return size * sum(_width_of(letter) for letter in text)


def unbreakable(text: str) -> list[str]:
    """The parts of a text that stay in one line: words, single signs of scripts without spaces."""
    pieces: list[str] = []
    for word in text.split():
        if _is_wide(word):
            pieces.extend(word)
        else:
            pieces.append(word)
    return pieces


def wrapped(text: str, room: float, size: float) -> list[str]:
    """A text in lines of at most `room` px; a single word may be wider."""
    lines: list[str] = []
    for piece in unbreakable(text):
        wide = _is_wide(piece)
        joined = f"{lines[-1]}{'' if wide else ' '}{piece}" if lines else piece
        if lines and text_width(joined, size) <= room:
            lines[-1] = joined
        else:
            lines.append(piece)
    # A sign of Chinese does not stand alone in the last line.
    if len(lines) > 1 and len(lines[-1]) == 1 and _is_wide(lines[-1]) and len(lines[-2]) > 2:
        lines[-2:] = [lines[-2][:-1], lines[-2][-1] + lines[-1]]
    return lines or [""]


def _width_of(letter: str) -> float:
    if combining(letter):
        return 0.0
    if _is_wide(letter):
        return 1.0
    if letter in "iljtfr.,:;'|!()[] -":
        return 0.38
    if letter in "mwMW%@&":
        return 0.95
    return 0.72 if letter.isupper() else 0.62


def _is_wide(text: str) -> bool:
    """Whether a sign of the text is as wide as it is high, like those of Chinese."""
    return any(east_asian_width(letter) in "WF" for letter in text)
