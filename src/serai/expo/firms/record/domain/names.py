"""Names of firms without their legal forms, and what the legal forms say."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from serai.expo.base.collation import fold

_EAST = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]"
_CONNECTORS = re.compile(r"(?<=\w) (?:and|und|et|y|и|та|و) (?=\w)")
_HAN = r"[\u4e00-\u9fff]"
_MUNICIPAL = re.compile(rf"^(?:({_HAN}{{2,3}}?)(?:省|自治区))?(?:({_HAN}{{2,3}}?)市)?(?={_HAN}{{2}})")
_ARTICLE = re.compile(r"^(?:the|la|le|les|el|los|las|der|das|il|gli) (?=\w)|(?<=\w) the$")
_LETTERS = str.maketrans(
    {"ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "ng"}
)
"""Letters that are written with a plain one where a keyboard has none."""
_BRACKET = re.compile(r"[(（\[]([^()（）\[\]]{2,120})[)）\]]")
_OF_A_GROUP = re.compile(
    r"(?: group| groupe| grupo| gruppe|集团)$|^(?:formerly|ex|member of|part of|a division of|ehemals) "
)
_SCRIPTS = tuple(map(re.compile, (_EAST, r"[\u0400-\u04ff]", r"[\u0600-\u06ff]", r"[\u0370-\u03ff]")))
MARKS = frozenset({"holding", "group"})
"""What sets a holding or a group apart from the firm of the same name."""


@dataclass(frozen=True)
class LegalForm:
    """What names say of a firm's legal form: the forms that may be meant, none where it is unsaid, and its marks."""

    forms: frozenset[str] = frozenset()
    marks: frozenset[frozenset[str]] = frozenset({frozenset()})

    def contradicts(self, other: "LegalForm") -> bool:
        """Whether both say a form and cannot mean the same, or one is the group or holding of the other."""
        return bool(self.forms and other.forms and not self.forms & other.forms) or not self.marks & other.marks


def folded_name(name: str) -> str:
    """The folded name, in letters that every keyboard has."""
    return fold(name).translate(_LETTERS)


def _read() -> tuple[dict[str, frozenset[str]], list[str]]:
    """The forms that each written form may mean, and the written forms that stand before a name too."""
    meanings: dict[str, frozenset[str]] = {}
    leading = []
    text = resources.files("serai.expo.firms.record").joinpath("legal_forms.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        forms, written = line.split(":")
        for form in written.split(";"):
            folded = folded_name(form)
            meanings[folded] = meanings.get(folded, frozenset()) | frozenset(forms.split())
            if form.strip().startswith("^"):
                leading.append(folded)
    return meanings, leading


_MEANINGS, _LEADING = _read()


def _either(forms: Iterable[str]) -> str:
    """A pattern of the forms, the longest first, so that "co ltd" goes before "ltd"."""
    return "|".join(map(re.escape, sorted(forms, key=len, reverse=True)))


def _is_east(form: str) -> bool:
    """Whether the form may stand beside the name without a space."""
    return len(form) > 1 and bool(re.search(_EAST, form))


_END = re.compile(
    rf"(?:\s(?P<apart>{_either(_MEANINGS)})|(?<={_EAST})(?P<beside>{_either(filter(_is_east, _MEANINGS))}))$"
)
_START = re.compile(
    rf"^(?:(?P<beside>{_either(filter(_is_east, _LEADING))})\s*|(?P<apart>{_either(_LEADING)})\s+)(?=\S)"
)


@lru_cache(maxsize=16_384)
def name_key(name: str) -> str:
    """The folded name without its legal form: two writings of one firm's name have the same key.

    Articles and words for "and" are left out, and what says that a Chinese place is a city or a province.
    A name that consists of legal forms only keeps them: an empty key would find every firm.
    """
    return _CONNECTORS.sub(" ", bare_name(name))


def written_names(name: str) -> tuple[str, ...]:
    """A name as it is written, and those that it holds in brackets: in another script, or what its initials stand for.

    "CRRC Corporation (中国中车)" is said twice, "ST Engineering (Singapore Technologies Engineering)" too. Of "Bharat
    Forge (Kalyani Group)" the group is left out. A place in brackets belongs to the name and gives no other.
    """
    bracket = _BRACKET.search(name)
    if bracket is None:
        return (name,)
    outside, inside = " ".join(_BRACKET.sub(" ", name, count=1).split()), bracket[1].strip()
    if not fold(outside) or not fold(inside):
        return (name,)
    words = fold(inside).split()
    firsts = "".join(word[0] for word in words)
    is_spelt_out = len(words) > 1 and any(
        len(word) > 1 and word.isupper() and firsts.startswith(word.casefold()) for word in outside.split()
    )
    if is_spelt_out or (_script(inside) != _script(outside) and len(fold(inside)) > 1):
        return name, outside, inside
    return (name, outside) if _OF_A_GROUP.search(fold(inside)) else (name,)


def _script(text: str) -> int:
    """Which script the text has first of `_SCRIPTS`; as many as there are for any other, as for Latin letters."""
    return next((number for number, script in enumerate(_SCRIPTS) if script.search(text)), len(_SCRIPTS))


def bare_name(name: str) -> str:
    """The folded name without its legal form; words for "and" stay."""
    bare, _forms = _parted(name)
    return bare


def legal_form(names: Iterable[str]) -> LegalForm:
    """What the names of one firm say of its legal form."""
    # A name with brackets is read without them.
    read = [written for name in names for written in written_names(name)[1:] or (name,)]
    meanings = [frozenset[str]().union(*(_MEANINGS[form] for form in forms)) for _bare, forms in map(_parted, read)]
    forms = frozenset[str]().union(*meanings) - MARKS
    return LegalForm(forms, frozenset(meaning & MARKS for meaning in meanings) or LegalForm().marks)


@lru_cache(maxsize=16_384)
def _parted(name: str) -> tuple[str, tuple[str, ...]]:
    """The bare name, and the legal forms that were taken off it."""
    folded = folded_name(name)
    key, forms = _ARTICLE.sub("", folded), []
    for pattern in (_START, _END):
        while (form := pattern.search(key)) and (shorter := pattern.sub("", key, count=1).strip()):
            forms.append(form["apart"] or form["beside"])
            key = shorter
    return _MUNICIPAL.sub(r"\1\2", key) or folded, tuple(forms)
