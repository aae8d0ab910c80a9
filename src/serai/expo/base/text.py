"""Texts in several languages: stored as a mapping from language to text, shown in the reader's language."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from unicodedata import normalize

from babel import Locale, UnknownLocaleError
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language, get_language_info, to_locale
from django.utils.translation import gettext_lazy as _

WRITTEN = (
    *("en", "zh-hans", "ar", "fr", "es", "ru"),
    *("am", "bn", "cs", "de", "el", "fa", "fil", "he", "hi", "hu", "id", "it", "ja", "kk", "km", "ko", "lo", "mn"),
    *("ms", "my", "nl", "pl", "pt", "ro", "sw", "ta", "th", "tr", "uk", "ur", "uz", "vi"),
)
"""The languages that forms offer, those of the interface first. Workbooks and calls accept any language."""

validate_language = RegexValidator(
    r"\A[a-z]{2,3}(-[a-z0-9]{2,8})*\Z", _("A language is written as in 'en' or 'zh-hans' (BCP 47, lower case).")
)


@dataclass(frozen=True)
class Said:
    """A text and the language it is in, so that a page can mark it for screen readers and fonts."""

    text: str
    language: str

    @property
    def direction(self) -> str:
        return "rtl" if self.language.split("-")[0] in {"ar", "fa", "he", "ps", "sd", "ug", "ur", "yi"} else "ltr"

    def __str__(self) -> str:
        return self.text


def in_language(texts: Mapping[str, str], language: str | None = None) -> Said:
    """The text in ``language`` (else the reader's), or in its base language, or in English, or in the first."""
    wanted = language or get_language() or "en"
    base = wanted.split("-")[0]
    for candidate in (wanted, base, *(key for key in texts if key.split("-")[0] == base), "en", *texts):
        if texts.get(candidate):
            return Said(texts[candidate], candidate)
    return Said("", wanted)


@cache
def language_name(language: str) -> str:
    """The language's name in itself, or its code if neither Django nor the CLDR knows it."""
    try:
        info = get_language_info(language)
        if info["name_local"] != info["name"]:
            return normalize("NFC", str(info["name_local"]))
    except KeyError:
        pass  # Django knows only the languages of its own translations
    try:
        locale = Locale.parse(to_locale(language))
    except (UnknownLocaleError, ValueError):
        return language
    return str(locale.get_display_name() or language)


def written_languages(kept: Iterable[str] = ()) -> list[tuple[str, str]]:
    """The languages that forms offer, and those that are ``kept`` already, with their own names."""
    return [(code, language_name(code)) for code in dict.fromkeys([*WRITTEN, *kept])]


def languages_to_add(shown: Collection[str]) -> list[tuple[str, str]]:
    """The languages that a page does not show yet, with their own names."""
    return [(code, name) for code, name in written_languages() if code not in shown]


def validate_texts(value: object) -> None:
    """Raise ValidationError unless ``value`` maps languages to texts."""
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise ValidationError(_("A text is kept per language, as in {'en': 'Separator', 'zh-hans': '隔膜'}."))
    for language in value:
        validate_language(language)


class LocalizedTextField(models.JSONField):
    """A mapping from language to text. Empty texts are not kept."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)
        self.validators = [*self.validators, validate_texts]

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, dict):
            value = {language: text for language, text in value.items() if text}
        return super().get_prep_value(value)

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        """An input for each language instead of one for JSON; ``long=True`` for texts of several lines."""
        from serai.expo.base.text_form import (
            LocalizedTextFormField,  # it needs the settings, which load this module's app
        )

        return super().formfield(*args, **({"form_class": LocalizedTextFormField} | kwargs))
