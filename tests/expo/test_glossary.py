"""The catalogues keep to the glossary: each term of the trade has one word per language."""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

pytestmark = pytest.mark.any_database

LOCALE = Path(__file__).parents[2] / "src" / "serai" / "expo" / "locale"
FOLDERS = {"zh-hans": "zh_Hans", "ar": "ar", "es": "es", "fr": "fr", "ru": "ru"}
NOT_WORDS = re.compile(r"%\(\w+\)[a-z]|%[a-z%]|\{[^{}]*\}|<code>.*?</code>|<[^>]*>", re.DOTALL)
"""Placeholders, commands and tags: no words of either language."""
MEASURE_WORDS = {"firms", "offers", "meetings", "sessions", "outcomes", "nodes", "countries and regions"}
"""Units beside a number, for which Chinese has measure words."""


@dataclass
class Term:
    """A term of the glossary, as the file has it."""

    en: str
    means: str
    words: dict[str, str]
    where: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    stems: dict[str, list[str]] = field(default_factory=dict)

    @cached_property
    def wanted(self) -> re.Pattern[str]:
        phrases = "|".join(re.escape(phrase) for phrase in self.where or (self.en, plural(self.en)))
        return re.compile(rf"(?<![\w-])(?:{phrases})(?![\w-])", re.IGNORECASE)

    @cached_property
    def other_senses(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, self.unless)) or "(?!)", re.IGNORECASE)

    def stands_in(self, english: str) -> bool:
        return bool(self.wanted.search(english)) and bool(self.wanted.search(self.other_senses.sub(" ", english)))

    def is_kept_in(self, translation: str, language: str) -> bool:
        stems = self.stems.get(language, [self.words[language]])
        return any(stem.lower() in translation.lower() for stem in stems)


def plural(word: str) -> str:
    if word.endswith("y") and word[-2] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "sh", "ch", "x")) else f"{word}s"


def read_glossary() -> dict[str, Any]:
    return tomllib.loads((LOCALE / "glossary.toml").read_text(encoding="utf-8"))


def read_terms() -> list[Term]:
    return [
        Term(
            en=entry["en"],
            means=entry["means"],
            words={language: entry[language] for language in FOLDERS},
            where=tuple(entry.get("where", ())),
            unless=tuple(entry.get("unless", ())),
            stems=entry.get("stems", {}),
        )
        for entry in read_glossary()["term"]
    ]


@cache
def pairs(language: str) -> list[tuple[str, str]]:
    """English and translation of every message, in the form for many, without what is no word."""

    def last(text: str | tuple[str, ...] | list[str] | None) -> str:
        return NOT_WORDS.sub(" ", text if isinstance(text, str) else (text or ("",))[-1])

    def pair(message: Message) -> tuple[str, str]:
        return last(message.id), last(message.string)

    with (LOCALE / FOLDERS[language] / "LC_MESSAGES" / "django.po").open("rb") as file:
        return [pair(message) for message in read_po(file, locale=FOLDERS[language]) if message.id and message.string]


@pytest.mark.parametrize("language", FOLDERS)
def test_a_term_of_the_trade_has_its_one_word(language: str) -> None:
    messages = [(english, said) for english, said in pairs(language) if english not in MEASURE_WORDS]
    assert [
        (term.en, term.words[language], english, said)
        for term in read_terms()
        for english, said in messages
        if term.stands_in(english) and not term.is_kept_in(said, language)
    ] == []


@pytest.mark.parametrize("language", FOLDERS)
def test_no_message_holds_a_word_to_avoid(language: str) -> None:
    avoided = read_glossary()["avoid"][language]
    assert [
        (word, instead, said)
        for _english, said in pairs(language)
        for word, instead in avoided.items()
        if word in said.lower()
    ] == []


def test_a_term_is_decided_once_and_explained() -> None:
    terms = read_terms()
    assert len({term.en for term in terms}) == len(terms) >= 60
    assert [term.en for term in terms if not term.means.endswith(".")] == []


def test_a_chosen_word_passes_its_own_rule() -> None:
    broken = [
        (term.en, language)
        for term in read_terms()
        for language in FOLDERS
        if not term.is_kept_in(term.words[language], language)
    ]
    assert broken == []


def test_a_term_is_found_in_its_plural_and_not_in_another_sense() -> None:
    chain = Term("chain", "", {}, unless=("supply chain",))
    assert chain.stands_in("Two chains of this fair")
    assert not chain.stands_in("News of supply chains")
    assert not chain.stands_in("Chained")
