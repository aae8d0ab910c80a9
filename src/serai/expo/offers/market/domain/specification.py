"""What an offer or a need is specified by: codes for its words, attributes as people write them, and units of
quantities.

An attribute stands on a line: ``thickness <= 12 µm``.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from serai.match.codes import NONE_BELOW, CodeKind, Suggestion, service_chances, suggest

MOST = 6


@dataclass(frozen=True)
class Suggested:
    """A code that the text may have, how sure that is, and what led there.

    `why` is a title or name of the code, in the text's language or English; `words`, in `language`, are those of the
    text without which it would lie furthest from that, whether the title has them or means the same.
    """

    code: str
    confidence: float
    why: str
    words: tuple[str, ...]
    language: str


@dataclass(frozen=True)
class Codes:
    """What is suggested for a text: codes, the likeliest first, and the chance that it is about a service."""

    headings: tuple[Suggested, ...] = ()
    """Of the HS."""
    classes: tuple[Suggested, ...] = ()
    """Of ISIC: activities of services, and of who makes goods."""
    service: float = 0.0

    @property
    def is_service(self) -> bool:
        """Whether the text is about a service more likely than not: no heading of the HS is right."""
        return self.service >= 0.5

    @property
    def no_heading(self) -> bool:
        """Whether no heading fits: the likeliest is hardly likely."""
        return not self.headings or self.headings[0].confidence * (1 - self.service) < NONE_BELOW

    @property
    def no_class(self) -> bool:
        """Whether no class of activity fits: the likeliest is hardly likely."""
        return not self.classes or self.classes[0].confidence < NONE_BELOW


def suggested_codes(title: Mapping[str, str], text: Mapping[str, str]) -> Codes:
    """The likeliest codes of a text, the likeliest first, and whether it has any; none where nothing is said."""
    languages = [language for language in title if title[language]]
    if not languages:
        return Codes()
    language = "en" if "en" in languages else languages[0]
    text_of_item = "\n".join(part for part in (title[language], text.get(language, "")) if part)
    base = [language.split("-")[0]]
    [suggestions] = suggest([text_of_item], base, kinds=[CodeKind.HS, CodeKind.ISIC], most=MOST)
    [service] = service_chances([text_of_item], base)
    return Codes(
        _suggested(suggestions[CodeKind.HS], language), _suggested(suggestions[CodeKind.ISIC], language), float(service)
    )


def _suggested(suggestions: Sequence[Suggestion], language: str) -> tuple[Suggested, ...]:
    return tuple(
        Suggested(
            suggestion.code, suggestion.confidence, next(iter(suggestion.sayings), ""), suggestion.words, language
        )
        for suggestion in suggestions
    )


OPERATORS = {
    "<=": "≤",
    ">=": "≥",
    "==": "=",
    "=": "=",
    "<": "<",
    ">": ">",
    "≤": "≤",
    "≥": "≥",
    ":": "=",
    "：": "=",
    "~": "≈",
}
_LINE = re.compile(r"\s*(?P<name>.+?)\s*(?P<operator><=|>=|==|[=<>≤≥:：~≈])\s*(?P<value>\S+)\s*(?P<unit>.*?)\s*")

type Attribute = list[str]
"""Name, operator, value and unit."""


class UnreadableAttributeError(ValueError):
    """A line that is no attribute; its text is the line."""


def read(text: str) -> list[Attribute]:
    """The attributes of a text, a line each. Raises UnreadableAttributeError."""
    attributes = []
    for line in filter(str.strip, text.splitlines()):
        match = _LINE.fullmatch(line)
        if match is None:
            raise UnreadableAttributeError(line.strip())
        operator = OPERATORS.get(match["operator"], match["operator"])
        attributes.append([match["name"], operator, match["value"], match["unit"]])
    return attributes


def write(attributes: Iterable[Sequence[str]]) -> str:
    """The attributes as lines, which `read` reads back."""
    return "\n".join(" ".join(part for part in attribute if part) for attribute in attributes)


UNITS = (
    ("", "—"),
    ("H87", _("pieces")),
    ("C62", _("units")),
    ("PR", _("pairs")),
    ("DZN", _("dozens")),
    ("MIL", _("thousands")),
    ("SET", _("sets")),
    ("GRM", _("grams")),
    ("KGM", _("kilograms")),
    ("TNE", _("tonnes")),
    ("MLT", _("millilitres")),
    ("LTR", _("litres")),
    ("MMT", _("millimetres")),
    ("MTR", _("metres")),
    ("KMT", _("kilometres")),
    ("MTK", _("square metres")),
    ("HAR", _("hectares")),
    ("MTQ", _("cubic metres")),
    ("KWT", _("kilowatts")),
    ("MAW", _("megawatts")),
    ("KWH", _("kilowatt hours")),
    ("MWH", _("megawatt hours")),
    ("TKM", _("tonne-kilometres")),
    ("HUR", _("hours")),
    ("DAY", _("days")),
    ("WEE", _("weeks")),
    ("MON", _("months")),
    ("ANN", _("years")),
)
"""Of UN/CEFACT Recommendation 20 (revision 17, 2021) those that goods and services of a fair are counted in. A piece is
H87; C62, 'one', counts what is not a piece, such as licences or journeys."""
