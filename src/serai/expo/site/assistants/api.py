"""The glossary in the interface: the words of the trade, what each means, and the word that each language has."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field

from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import Room

room = Room(_("Words"))


class WordShown(Schema):
    en: str
    means: str = Field(description="What it is, in a sentence")
    words: dict[str, str] = Field(description="The word that each other language has, by its code")


@cache
def _terms() -> tuple[dict[str, Any], ...]:
    text = resources.files("serai.expo").joinpath("locale", "glossary.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["term"])


def _word(term: dict[str, Any]) -> WordShown:
    words = {
        language: term[language] for language, _name in settings.LANGUAGES if language != "en" and language in term
    }
    return WordShown(en=term["en"], means=term["means"], words=words)


@room.list("/words", _("Glossary"), WordShown, _word)
def words(_request: Call) -> Any:
    """The words of the trade as all pages use them."""
    return _terms()
