"""Collect the strings of the interface and compile their translations.

    python scripts/messages.py

Collecting brings src/serai/expo/locale/<language>/LC_MESSAGES/django.po up to date and needs GNU gettext (as root:
apt-get install gettext). Compiling to django.mo does not: Babel does it, so that a translator needs nothing else.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.core.management import call_command

EXPO = Path(__file__).parents[1] / "src" / "serai" / "expo"
PLURALS = {
    "zh_Hans": "nplurals=1; plural=0;",
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5;",
    "fr": "nplurals=2; plural=n>1;",
    "es": "nplurals=2; plural=n!=1;",
    "ru": "nplurals=3; plural=n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2;",
}
HEADER = """# The interface of Serai; licence Apache-2.0.
msgid ""
msgstr ""
"Project-Id-Version: Serai\\n"
"Language: {locale}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"
"""
TOOLS = ("xgettext", "msgmerge", "msguniq", "msgattrib")


def main() -> int:
    if missing := [tool for tool in TOOLS if shutil.which(tool) is None]:
        print(f"Not collecting: {', '.join(missing)} missing; as root: apt-get install gettext", file=sys.stderr)
    else:
        collect()
    for locale in PLURALS:
        catalogue = compile_catalogue(source(locale))
        messages = [message for message in catalogue if message.id]
        unsaid = [message for message in messages if message.fuzzy or not is_said(message.string)]
        print(f"{locale}: {len(messages)} strings, {len(unsaid)} not translated")
        for message in unsaid:
            print(f"    {message.id if isinstance(message.id, str) else message.id[0]}")
    return bool(missing)


def collect() -> None:
    """Bring the .po files up to date with the code and the templates."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "serai.expo.settings", "SERAI_HOME": folder}
        os.chdir(EXPO)  # Django collects what lies below the current folder
        django.setup()
        for locale, plurals in PLURALS.items():
            if not source(locale).exists():
                source(locale).parent.mkdir(parents=True, exist_ok=True)
                source(locale).write_text(HEADER.format(locale=locale, plurals=plurals), encoding="utf-8")
        # No line numbers and no wrapping: a change shows in the history as the strings that changed.
        call_command(
            "makemessages", locale=list(PLURALS), add_location="file", no_wrap=True, no_obsolete=True, verbosity=0
        )
    for locale in PLURALS:
        lines = source(locale).read_text(encoding="utf-8").splitlines(keepends=True)
        # The hour of collecting is no change.
        source(locale).write_text("".join(line for line in lines if "POT-Creation-Date" not in line), encoding="utf-8")


def source(locale: str) -> Path:
    """The .po file of a language, which translators edit."""
    return EXPO / "locale" / locale / "LC_MESSAGES" / "django.po"


def compile_catalogue(path: Path) -> Catalog:
    """Write the .mo beside the .po, and return the catalogue."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parents[1].name, abort_invalid=True)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)
    return catalogue


def is_said(text: str | tuple[str, ...] | list[str]) -> bool:
    """Whether a string, or each of its plural forms, has a translation."""
    return bool(text) if isinstance(text, str) else bool(text) and all(text)


if __name__ == "__main__":
    sys.exit(main())
