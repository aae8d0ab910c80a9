"""What sources of shares say in words of Serai, in the reader's language; titles of publications stay as they are."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SOURCE_WORDS: Mapping[str, str | Promise] = {
    "output of the industry, ": _("output of the industry, "),
    "Shares of makers that come with Serai, each with its own source and year": _(
        "shares of makers that come with Serai, each with its own source and year"
    ),
    "Shares of exports derived from UN Comtrade, 2017, by heading of the Harmonized System (as cleaned by the Growth "
    "Lab's economiccomplexity data); an exporter's share, not a maker's": _(
        "shares of exports of 2017 by heading of the Harmonized System, derived from UN Comtrade as cleaned by the "
        "Growth Lab (shares of exporters, not of makers)"
    ),
}
"""By how such a source begins."""


def source_in_words(text: str) -> tuple[str, str]:
    """What a source says in words of Serai, in the reader's language, and the rest, which is of its publisher."""
    begins = next((begins for begins in SOURCE_WORDS if text.startswith(begins)), "")
    return (str(SOURCE_WORDS[begins]), text.removeprefix(begins)) if begins else ("", text)
