"""The terms by which a text is found: its tokens, and the stems of those that have another form.

Stems are those of the Snowball stemmers (Porter 2001). A query does not always tell its language, so one word may have
a stem in several; a text has those of its own.
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
"""The languages in which a word of a script is looked for where a query does not tell its own."""

STEM_MARK = "\u02bc"
"""Ends a stem, so that it is not taken for a word: a letter to every database, and to no tokenizer of words."""


def terms(text: str, language: str | None = None) -> tuple[str, ...]:
    """The tokens of `text`, each once in their order, each followed by its stem in `language` where there is one."""
    listed: dict[str, None] = {}
    for token in tokens(text):
        listed[token] = None
        if language and (stemmed := stem(token, base_language(language))):
            listed[stemmed] = None
    return tuple(listed)


def alternatives(token: str, language: str | None = None) -> tuple[str, ...]:
    """The terms that stand for a token of a query: itself, and its stems in its language or the likely ones."""
    languages = (base_language(language),) if language else LIKELY.get(script_of(token), ())
    return tuple(dict.fromkeys((token, *(stemmed for likely in languages if (stemmed := stem(token, likely))))))


@lru_cache(maxsize=200_000)
def stem(token: str, language: str) -> str:
    """The marked stem of a folded word; "" where it is a number or Han, or where the language has no stemmer."""
    if language not in STEMMERS or len(token) < 4 or not token.isalpha():
        return ""
    return f"{_stemmer(language).stemWord(token)}{STEM_MARK}"


@cache
def _stemmer(language: str) -> Any:
    from snowballstemmer import stemmer  # two dozen modules of rules

    return stemmer(STEMMERS[language])
