"""As what the firms of a list take part, where no column tells: by the title of the column with their names, by the
name of the sheet, or by the name of the file, as in *Einkäufer* or *hosted-buyers-2027.csv*."""

import re
from collections.abc import Sequence
from pathlib import PurePath

from serai.expo.base.collation import fold
from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.record.domain.cells import meanings
from serai.expo.site.imports.domain.fields import split
from serai.expo.site.imports.domain.subject import Mapped

_NAMES = ("name", "legal_name")
_NUMBER = re.compile(r"\d+")
"""The year or the number of a list, which may stand at a word: buyers2, 2027buyers."""

_TOLD = (Participation.Kind.BUYER, Participation.Kind.DELEGATION)
"""Nobody calls a list by these words who means something else; "media" or "services" may be the theme of the fair."""


def kind_of_list(header: Sequence[str], mapped: Mapped, sheet: str, file_name: str) -> str:
    """Buyer or delegation; empty where a column tells it, or the first name that tells a kind tells another one."""
    fields = {column: split(name)[0] for column, name in mapped.items()}
    if "kind" in fields.values():
        return ""
    titles = [header[column] for column, name in sorted(fields.items()) if name in _NAMES and column < len(header)]
    told = (_kind_in(title) for title in (*titles, sheet, PurePath(file_name).stem))
    kind = next(filter(None, told), "")
    return kind if kind in _TOLD else ""


def _kind_in(title: str) -> str:
    """The kind that is named in a title; empty where none is, or several are."""
    folded = fold(title)
    words = f" {_NUMBER.sub(' ', folded)} "
    found = {
        kind for word, kind in meanings("kind").items() if f" {word} " in words or (_is_han(word) and word in folded)
    }
    return found.pop() if len(found) == 1 else ""


def _is_han(word: str) -> bool:
    """Chinese parts no words."""
    return "\u4e00" <= word[0] <= "\u9fff"
