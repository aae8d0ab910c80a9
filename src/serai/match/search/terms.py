"""Terms of a text for search: its tokens and their stems.

Stems are those of the Snowball stemmers (Porter 2001). The language of a query is not always known, so a word may have
stems in several languages; the words of a text have those of its language.
"""

from functools import cache, lru_cache
from typing import Any

from serai.match.text import base_language, script_of, tokens

STEMMERS = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}

LIKELY = {"latin": ("en", "fr", "es"), "cyrillic": ("ru",), "arabic": ("ar",)}
"""Languages in which a word of a script is stemmed if the language of the query is unknown."""

STEM_MARK = "\u02bc"
"""The last character of a stem, so that it differs from a word. Databases take it for a letter."""


def terms(text: str, language: str | None = None) -> tuple[str, ...]:
    """The tokens of `text`, each once in their order, each followed by its stem in `language` if it has one."""
    listed: dict[str, None] = {}
    for token in tokens(text):
        listed[token] = None
        if language and (stemmed := stem(token, base_language(language))):
            listed[stemmed] = None
    return tuple(listed)


def alternatives(token: str, language: str | None = None) -> tuple[str, ...]:
    """The terms that match a token of a query: the token, and its stems in `language` or in the likely languages."""
    languages = (base_language(language),) if language else LIKELY.get(script_of(token), ())
    return tuple(dict.fromkeys((token, *(stemmed for likely in languages if (stemmed := stem(token, likely))))))


@lru_cache(maxsize=200_000)
def stem(token: str, language: str) -> str:
    """The marked stem of a folded word; "" for numbers and Han, and for languages without a stemmer."""
    if language not in STEMMERS or len(token) < 4 or not token.isalpha():
        return ""
    return f"{_stemmer(language).stemWord(token)}{STEM_MARK}"


@cache
def _stemmer(language: str) -> Any:
    from snowballstemmer import stemmer  # two dozen modules of rules

    return stemmer(STEMMERS[language])
