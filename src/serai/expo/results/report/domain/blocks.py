"""What a part of a report shows, ready to be read in one language: sentences, pictures and tables under a title.

Pages, the HTML that stands alone and the PDF show the same blocks.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from serai.expo.base.collation import index_key
from serai.expo.base.text import apart
from serai.expo.insight.supply.domain.source_words import source_in_words

STOP_BEHIND_QUESTION = re.compile(r"(?<=\?)[.。]$|(?<=\?\u2069)[.。]$")


def listed(words: Iterable[str]) -> str:
    """Words one after the other, as the reader's script parts them."""
    return pgettext("between the members of a list", ", ").join(words)


def listed_with_commas(members: Iterable[str]) -> str:
    """Members one after the other that hold commas themselves, as "Hong Kong, China 8 %" does."""
    return pgettext("between the members of a list that hold commas", "; ").join(members)


def in_index_order(named: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Names with their codes, in the order of an index of the reader's language."""
    return sorted(named, key=lambda pair: (index_key(pair[0]), pair[1]))


def joined(sentences: Iterable[str]) -> str:
    """Sentences one after the other; those of Chinese have no space between them."""
    return ("" if (get_language() or "").startswith("zh") else " ").join(filter(None, sentences))


def with_unit(title: str, unit: str) -> str:
    """A name with its unit, unless it says it already."""
    if not unit or unit.casefold() in title.casefold():
        return title
    return _("%(title)s (%(unit)s)") % {"title": title, "unit": unit}


def sources(texts: Iterable[str]) -> str:
    """Sources, each once, without their final stops: those in words of Serai, then publications. These are English, so
    they are kept apart within Arabic, as one."""
    described: dict[str, None] = {}
    published: dict[str, None] = {}
    for text in texts:
        words, rest = source_in_words(text.rstrip("."))
        if words:
            described[f"{words}{apart(rest) if rest else ''}"] = None
        else:
            # A text may name several publications, of which another names some too.
            published |= dict.fromkeys(rest.split("; "))
    return listed_with_commas([*described, *([apart("; ".join(published))] if published else [])])


def sourced(named: str) -> str:
    """The sentence on sources; a title that ends with a question has its own mark."""
    sentence = _("Sources: %s.") % named
    return STOP_BEHIND_QUESTION.sub("", sentence)


@dataclass(frozen=True)
class Picture:
    """A drawing with its text alternative, which holds its data; a wide one takes a page of its own on paper."""

    svg: SafeString
    title: str
    alt: str
    caption: str = ""
    is_wide: bool = False
    ratio: float = 1.0
    """Its width over its height."""


@dataclass(frozen=True)
class Table:
    """Rows of text; ``numbers`` are the columns that hold numbers, ``widths`` those of a page in Typst's words."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[int] = ()
    widths: Sequence[str] = ()
    title: str = ""
    means: str = ""

    @property
    def cells(self) -> list[list[tuple[str, bool, str]]]:
        """The rows, each cell with whether it is a number, and what its column is called but for the first.

        A number and its sign of per cent stay in one line.
        """
        names, together = ["", *self.header[1:]], "\N{NO-BREAK SPACE}%"
        return [
            [(cell.replace(" %", together), column in self.numbers, names[column]) for column, cell in enumerate(row)]
            for row in self.rows
        ]

    @property
    def heads(self) -> list[tuple[str, bool]]:
        return [(cell, column in self.numbers) for column, cell in enumerate(self.header)]


@dataclass(frozen=True)
class Block:
    """A title with what stands below it, in this order; empty where there is nothing."""

    title: str = ""
    sentences: Sequence[str] = ()
    pictures: Sequence[Picture] = ()
    tables: Sequence[Table] = ()
    remark: str = ""
