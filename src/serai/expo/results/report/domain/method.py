"""The last part of a report: how its numbers are made, what limits them, and how anyone computes each of them again."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import serai
from serai.expo.base.text import each_language, in_language
from serai.expo.results.report.domain.blocks import Block, Table

type Content = dict[str, Any]
type Text = str | Promise

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
