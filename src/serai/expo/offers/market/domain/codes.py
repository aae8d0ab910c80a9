"""HS codes for the words of an offer or a need, and what such a code is called."""

from collections.abc import Mapping
from dataclasses import dataclass

from serai.match.codes import CodeKind, suggest

MOST = 6


@dataclass(frozen=True)
class Suggested:
    """A heading that the text may have, how sure that is, and what led there.

    `why` is a title or name of the heading, in the text's language or English; `words`, in `language`, are those of the
    text without which it would lie furthest from that, whether the title has them or means the same.
    """

    code: str
    confidence: float
    why: str
    words: tuple[str, ...]
    language: str


def suggested_codes(title: Mapping[str, str], text: Mapping[str, str]) -> list[Suggested]:
    """The likeliest HS headings of a text, the likeliest first; none where nothing is said."""
    languages = [language for language in title if title[language]]
    if not languages:
        return []
    language = "en" if "en" in languages else languages[0]
    text_of_item = "\n".join(part for part in (title[language], text.get(language, "")) if part)
    [suggestions] = suggest([text_of_item], [language.split("-")[0]], kinds=[CodeKind.HS], most=MOST)
    return [
        Suggested(
            suggestion.code, suggestion.confidence, next(iter(suggestion.sayings), ""), suggestion.words, language
        )
        for suggestion in suggestions[CodeKind.HS]
    ]
