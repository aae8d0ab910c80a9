"""Texts in several languages: stored as a mapping from language to text, shown in the reader's language."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any
from unicodedata import bidirectional, normalize

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.functional import Promise, lazy
from django.utils.translation import get_language, get_language_bidi, get_language_info, override, to_locale
from django.utils.translation import gettext_lazy as _

from serai.world.classifications import countries

type Text = str | Promise
"""A text in the language of the reader: as it is, or translated when it is shown."""

WRITTEN = (
    *("en", "zh-hans", "ar", "fr", "es", "ru"),
    *("am", "bn", "cs", "de", "el", "fa", "fil", "he", "hi", "hu", "id", "it", "ja", "kk", "km", "ko", "lo", "mn"),
    *("ms", "my", "nl", "pl", "pt", "ro", "sw", "ta", "th", "tr", "uk", "ur", "uz", "vi"),
)
"""The common languages, those of the interface first. Texts may be in any language (`every_language`)."""

CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
"""Characters that no text keeps: controls, halves of characters and what is no character. Nobody sees them, and
workbooks, calendars and databases refuse them. Tabs and ends of lines are not among them."""

_CONTROL = re.compile(f"[{CONTROLS}]")

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


def isolated(name: object) -> str:
    """A name within a sentence, between marks where either runs right to left: its full stop stays at its own end."""
    text = str(name)
    if (text and get_language_bidi()) or any(bidirectional(letter) in {"R", "AL"} for letter in text):
        return f"\u2068{text}\u2069"
    return text


def apart(text: str) -> str:
    """A text that is read from left to right also within Arabic, such as numbers with their signs."""
    return f"\N{LEFT-TO-RIGHT ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}" if get_language_bidi() else text


@cache
def in_every_language(words: str | Promise) -> dict[str, str]:
    """A text of the interface in each of its languages."""
    texts = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            texts[code] = str(words)
    return texts


def each_language(languages: Iterable[str], say: Callable[[], object]) -> dict[str, str]:
    """The text that ``say`` returns in each of these languages."""
    texts = {}
    for language in languages:
        with override(language):
            texts[language] = str(say())
    return texts


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


def country_name(code: str) -> str:
    """A country or region in the reader's language; empty for an empty code."""
    return countries.name(code, get_language() or "en") if code else ""


def country_in_sentence(code: str) -> str:
    """The same within a sentence, with its article where the language has one."""
    return countries.in_sentence(code, get_language() or "en") if code else ""


def written_languages(kept: Iterable[str] = ()) -> list[tuple[str, str]]:
    """The languages that forms offer, and those that are ``kept`` already, with their own names."""
    return [(code, language_name(code)) for code in dict.fromkeys([*WRITTEN, *kept])]


@cache
def every_language() -> Mapping[str, tuple[str, str]]:
    """Every language of the CLDR by its code: its own name and its English one, in the order of the English names."""
    text = resources.files("serai.expo.base").joinpath("languages.txt").read_text(encoding="utf-8")
    rows = (line.split(";") for line in text.splitlines())
    return {code: (name, english) for code, name, english in rows}


def grouped_languages() -> list[tuple[Any, list[tuple[str, str]]]]:
    """Every language as the choices of a long list: the common ones first, then all others.

    Each has its own name, by which a reader who types finds it, and that in the reader's language.
    """
    label = lazy(named, str)  # forms are made once, before any reader's language is known
    others = [(code, label(code)) for code in every_language() if code not in WRITTEN]
    return [(_("Common languages"), [(code, label(code)) for code in WRITTEN]), (_("All languages"), others)]


def named(code: str) -> str:
    """A language by its own name, and by that in the reader's language where it is another."""
    name, english = every_language().get(code, (language_name(code), ""))
    told = _told(code, get_language() or "en") or english
    return name if name.casefold() == told.casefold() or not told else f"{name} ({told})"


@cache
def _told(code: str, reader: str) -> str:
    """The name of a language in another; empty where the CLDR has none."""
    try:
        return str(Locale.parse(to_locale(code)).get_display_name(to_locale(reader)) or "")
    except (UnknownLocaleError, ValueError):
        return ""


_content: ContextVar[tuple[str, ...]] = ContextVar("content languages", default=())


def content_languages() -> tuple[str, ...]:
    """The languages in which the fair of this page is written, as its organiser chose them; none outside of a fair."""
    return _content.get()


@contextmanager
def written_in(languages: Iterable[str]) -> Iterator[None]:
    """Inside, forms show these languages first."""
    token = _content.set(tuple(languages))
    try:
        yield
    finally:
        _content.reset(token)


def languages_to_add(shown: Collection[str]) -> list[tuple[str, str]]:
    """The languages that a page does not show yet, with their own names."""
    return [(code, name) for code, name in written_languages() if code not in shown]


def without_controls(value: Any) -> Any:
    """A text, or all texts in lists and mappings, without `CONTROLS`; anything else unchanged."""
    if isinstance(value, str):
        return _CONTROL.sub("", value) if _CONTROL.search(value) else value
    if isinstance(value, dict):
        return {without_controls(name): without_controls(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(without_controls, value))
    return value


def controls(value: object, *path: str | int) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Where a text, or a text in lists and mappings, first has one of `CONTROLS`: the way to it and a sentence."""
    if isinstance(value, str):
        if control := _CONTROL.search(value):
            yield path, _control_sentence % {"code": f"{ord(control[0]):04X}", "place": control.start() + 1}
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from controls(name, *path)
            yield from controls(inner, *path, name)
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from controls(inner, *path, number)


_control_sentence = _(
    "Character %(place)d is U+%(code)s, a control character that cannot be seen or kept. Remove it and send this again."
)


def validate_no_control(value: object) -> None:
    """Raise ValidationError for the first of `CONTROLS` in a text, or in texts in lists and mappings."""
    for _path, sentence in controls(value):
        raise ValidationError(sentence, code="control_character")


def keep_no_control(field: models.Field[Any, Any]) -> None:
    """Let a field refuse `CONTROLS` when its row is validated, and never store one, whoever writes the row."""
    prepare = field.get_db_prep_save
    field.__dict__["validators"] = [*field.validators, validate_no_control]  # not those of which migrations know
    field.__dict__["get_db_prep_save"] = lambda value, connection: prepare(without_controls(value), connection)


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
