"""Every string of the interface is translated, whole, with its placeholders, and compiled."""

import importlib.util
import re
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.db.models.fields import BLANK_CHOICE_LABEL
from django.test import override_settings
from django.utils import translation
from django.utils.translation import to_locale

pytestmark = pytest.mark.any_database

LOCALES = ("zh_Hans", "ar", "fr", "es", "ru")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z%]|\{[^{}]*\}|</?\w+>")


def load_script() -> ModuleType:
    path = Path(__file__).parents[2] / "scripts" / "messages.py"
    spec = importlib.util.spec_from_file_location("messages", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def script() -> ModuleType:
    """scripts/messages.py, fresh, so that a test may turn it to another folder."""
    return load_script()


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parents[1].name, abort_invalid=True)


def messages_of(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """A string as its plural forms; one form where it has no plural."""
    return (text,) if isinstance(text, str) else tuple(text or ())


@pytest.fixture(params=LOCALES)
def locale(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def catalogue(script: ModuleType, locale: str) -> Catalog:
    return read(script.source(locale))


def test_the_languages_of_the_catalogues_are_those_of_the_site(script: ModuleType) -> None:
    assert {"en", *script.PLURALS} == {to_locale(code) for code, _name in settings.LANGUAGES}
    assert set(script.PLURALS) == set(LOCALES)


def test_every_string_is_translated_in_every_plural_form(catalogue: Catalog) -> None:
    def is_whole(message: Message) -> bool:
        wanted = catalogue.num_plurals if message.pluralizable else 1
        said = forms(message.string)
        return len(said) == wanted and all(form.strip() for form in said)

    assert [message.id for message in messages_of(catalogue) if not is_whole(message)] == []


def test_no_translation_is_a_guess_of_the_tool(catalogue: Catalog) -> None:
    assert [message.id for message in messages_of(catalogue) if message.fuzzy] == []


def test_a_translation_keeps_the_placeholders(catalogue: Catalog) -> None:
    def placeholders(text: str) -> list[str]:
        return sorted(PLACEHOLDER.findall(text))

    changed = [
        (message.id, form)
        for message in messages_of(catalogue)
        for form in forms(message.string)
        if placeholders(form) != placeholders(forms(message.id)[-1])
    ]
    assert changed == []


def test_the_compiled_catalogue_is_in_step(script: ModuleType, locale: str, catalogue: Catalog) -> None:
    def said(binary: BytesIO) -> tuple[str, dict[tuple[str | None, tuple[str, ...]], tuple[str, ...]]]:
        held = read_mo(binary)
        return held.plural_forms, {(m.context, forms(m.id)): forms(m.string) for m in messages_of(held)}

    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    assert said(BytesIO(script.source(locale).with_suffix(".mo").read_bytes())) == said(compiled)


def test_every_string_of_code_and_templates_is_in_the_catalogues(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if missing := [tool for tool in script.TOOLS if shutil.which(tool) is None]:
        pytest.skip(f"{', '.join(missing)} missing; as root: apt-get install gettext")
    here = {locale: read(script.source(locale)) for locale in LOCALES}
    copy = tmp_path / "expo"
    shutil.copytree(script.EXPO, copy, ignore=shutil.ignore_patterns("__pycache__", "static", "*.toml", "*.mo"))
    # Collecting sets these and does not set them back.
    monkeypatch.chdir(copy)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "serai.expo.settings")
    monkeypatch.setenv("SERAI_HOME", str(tmp_path))
    monkeypatch.setattr(script, "EXPO", copy)
    with override_settings(LOCALE_PATHS=[copy / "locale"]):
        script.collect()
    for locale, catalogue in here.items():
        known = {(message.context, message.id) for message in messages_of(catalogue)}
        collected = messages_of(read(script.source(locale)))
        assert [message.id for message in collected if (message.context, message.id) not in known] == []


def test_translations_are_asked_for_by_names_that_are_collected(script: ModuleType) -> None:
    """What is asked for by any other name of one's own than ``_`` is in no catalogue, and stays English."""
    renamed = re.compile(r"^from django\.utils\.translation import .*gettext\w* as (?!_$)\w+", re.MULTILINE)
    assert [path.name for path in script.EXPO.rglob("*.py") if renamed.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("language", ["zh-hans", "ar", "fr", "es", "ru"])
def test_what_django_says_above_every_list_is_translated_too(language: str) -> None:
    """Its own catalogues are behind its words; ours has what they lack."""
    with translation.override(language):
        assert str(BLANK_CHOICE_LABEL) != "- Select an option -"
