"""The glossary in the interface: the words of the trade, what each means, and the word that each language has."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field

import serai.expo
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import Room

room = Room(_("Words"))

LANGUAGES = ("zh-hans", "ar", "es", "fr", "ru")


class WordShown(Schema):
    en: str
    means: str = Field(description="What it is, in a sentence")
    words: dict[str, str] = Field(description="The word that each other language has, by its code")


@cache
def _terms() -> tuple[dict[str, Any], ...]:
    (folder,) = serai.expo.__path__
    return tuple(tomllib.loads((Path(folder) / "locale" / "glossary.toml").read_text(encoding="utf-8"))["term"])


def _word(term: dict[str, Any]) -> WordShown:
    words = {language: term[language] for language in LANGUAGES if language in term}
    return WordShown(en=term["en"], means=term["means"], words=words)


@room.list("/words", _("Glossary"), WordShown, _word)
def words(_request: Call) -> Any:
    """The words of the trade as all pages use them."""
    return _terms()
