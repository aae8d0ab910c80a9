"""Blocks of a report: what an organiser puts together, and the page of the method."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

import serai
from serai.expo.base.collation import index_key
from serai.expo.base.text import Text, apart, each_language, in_language
from serai.expo.insight.supply.domain.node_facts import source_in_words

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


type Content = dict[str, Any]

OF_CHAINS: Sequence[Text] = (
    gettext_lazy(
        "Chains. Who makes each node is taken from the closest source: shares stated for the product, exports under "
        "its headings, the output of its industry in a table of the world. A node has a single source where one "
        "country or region makes 70 % or more of it. What stops is computed along the chain: a node makes as much as "
        "its scarcest input allows, in the first weeks, without stocks."
    ),
)
OF_THEMES: Sequence[Text] = (
    gettext_lazy(
        "Themes. Each indicator stands by itself, with year and source. A number for a theme is told only as growth "
        "against a base year, as the geometric mean of at least three relatives, with the interval over all weights."
    ),
)
OF_THE_FAIR: Sequence[Text] = (
    gettext_lazy(
        "Figures of the fair are counted from its records at the time that is stated; each has its definition with a "
        "version. What one side only claims is never added to what both sides confirm."
    ),
)
OF_EFFECT: Sequence[Text] = (
    gettext_lazy(
        "What the fair did. Only links of supply that all parties have confirmed change the sourcing of their buyers. "
        "Means before and after are over all inputs that participants need here; a change is told in a sentence only "
        "where its interval does not hold zero. Where partners were suggested, the change by as many links drawn at "
        "random stands beside it. This is a comparison and no proof of a cause."
    ),
)
LIMITS: Sequence[Text] = (
    gettext_lazy(
        "Limits. Shares of exports are those of exporters, not of makers. Sources have different years, which are "
        "shown. Stocks and spare capacity of makers are not published, so losses are those of the first weeks and no "
        "forecast. Prices, substitution between products and reactions of governments are left out."
    ),
)

COMMANDS_OF_WORLD: Sequence[tuple[Text, str]] = (
    (gettext_lazy("Makers of a chain's nodes, with grade, year and source"), "serai chain shares CHAIN"),
    (gettext_lazy("Concentration and single sources"), "serai chain show CHAIN"),
    (gettext_lazy("What stops when makers stop"), "serai chain stop CHAIN"),
    (gettext_lazy("The map of a chain"), "serai chain map CHAIN chain.svg"),
    (gettext_lazy("The themes, their matrix and their numbers"), "serai world themes --json"),
)
COMMANDS_OF_FAIR: Sequence[tuple[Text, str]] = (
    (gettext_lazy("Every figure of the fair, with its definition"), "serai report --edition %(edition)s --json"),
    (gettext_lazy("This report, with all its files"), "serai report publish --edition %(edition)s --to FOLDER"),
)
COMMANDS_OF_EDITION: Sequence[tuple[Text, str]] = (
    (gettext_lazy("The properties of countries"), "serai world measure %(table)s --json"),
    (gettext_lazy("This edition, with all its files"), "serai report world --year %(year)s --to FOLDER"),
)


def method_content(
    paragraphs: Sequence[Text], commands: Sequence[tuple[Text, str]], given: Mapping[str, Any], languages: Sequence[str]
) -> Content:
    """The words of the part in each language, the commands with what is ``given`` filled in, and the code's version."""
    return {
        "paragraphs": [each_language(languages, partial(str, words)) for words in paragraphs],
        "commands": [
            {"what": each_language(languages, partial(str, what)), "command": command % given}
            for what, command in commands
        ],
        "version": serai.__version__,
    }


def method_block(method: Content) -> Block:
    """The part as it is read."""
    rows = [(in_language(row["what"]).text, row["command"]) for row in method["commands"]]
    return Block(
        sentences=[in_language(texts).text for texts in method["paragraphs"]],
        tables=[Table(header=(_("What"), _("Computed again by")), rows=rows, widths=("1fr", "1fr"))],
        remark=_(
            "Computed with Serai %(version)s, open source under the licence Apache-2.0; its data come with it, with "
            "their sources and terms."
        )
        % {"version": method["version"]},
    )
