"""Codes for the words of an offer or a need, what a code is called, and whether any code is right at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
