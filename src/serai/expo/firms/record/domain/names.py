"""Names of firms: keys to compare them by, names in other scripts, and the name that is shown."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from serai.expo.base.collation import fold, sort_name
from serai.expo.base.text import in_language
from serai.expo.firms.record.models import Chooser, Firm, new_identifier

if TYPE_CHECKING:
    from serai.expo.firms.record.models import Firm


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


_CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґў",
        "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya i i e g u".split(),  # noqa: SIM905
        strict=True,
    )
)
_ARABIC = dict(
    zip(
        "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإآؤئپچژگ",
        "a b t th j h kh d dh r z s sh s d t z _ gh f q k l m n h w y a a _ a i a w y p ch zh g".split(),  # noqa: SIM905
        strict=True,
    )
)
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψως",
        "a v g d e z i th i k l m n x o p r s t y f ch ps o s".split(),  # noqa: SIM905
        strict=True,
    )
)
_LATIN_OF_LETTERS = {ord(letter): latin.replace("_", "") for letter, latin in (_CYRILLIC | _ARABIC | _GREEK).items()}
_FIRST = "g kk n d tt r m b pp s ss _ j jj ch k t p h".split()  # noqa: SIM905  as the standard lists them
_MIDDLE = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split()  # noqa: SIM905
_LAST = "_ k k k n n n t l k m l l l p l m p p t t ng t t k t p t".split()  # noqa: SIM905
_HANGUL = re.compile(r"[가-힣]")
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u30fc]+")
_HEPBURN = (
    (re.compile(r"tsu!(?=[a-z])"), "!"), (re.compile(r"[iu]\?(?=[yaiueo])"), "?"), (re.compile(r"(sh|ch|j)\?y"), r"\1"),
    (re.compile(r"!([a-z])"), r"\1\1"), (re.compile(r"[!?]"), ""),
)  # fmt: skip
"""A small tsu doubles what follows, and a small vowel takes the place of the vowel before it."""
_KANA_SOUNDS = {
    "si": "shi", "ti": "chi", "tu": "tsu", "hu": "fu", "zi": "ji", "di": "ji", "du": "zu", "small tu": "tsu!",
}  # fmt: skip


def romanised(name: str) -> str:
    """The folded name in Latin letters; of a Latin name the folded name itself."""
    latin = _HANGUL.sub(lambda syllable: _syllable(syllable.group()), unicodedata.normalize("NFKC", name))
    return sort_name(_KANA.sub(lambda run: _kana(run.group()), latin)).translate(_LATIN_OF_LETTERS)


def _kana(run: str) -> str:
    letters = (unicodedata.name(letter).lower().partition("letter ")[2] for letter in run)
    sounds = (_KANA_SOUNDS.get(sound, sound.replace("small ", "?")) for sound in letters)
    text = "".join(sounds)
    for pattern, sound in _HEPBURN:
        text = pattern.sub(sound, text)
    return text


def _syllable(character: str) -> str:
    number = ord(character) - 0xAC00
    parts = _FIRST[number // 588], _MIDDLE[number % 588 // 28], _LAST[number % 28]
    return "".join(parts).replace("_", "")


def shown_name(firm: "Firm", language: str | None = None) -> str:
    """The firm's name in ``language``, else the reader's; its legal name where it has said none."""
    return in_language(firm.name, language).text or firm.legal_name


def new_firm(
    *,
    legal_name: str,
    country: str,
    on: date,
    name: Mapping[str, str] | None = None,
    chooser: Chooser | None = None,
    **fields: Any,
) -> Firm:
    """A firm not yet written, with its identifier and its keys for finding and ordering."""
    names = dict(name or {})
    return Firm(
        identifier=new_identifier(country, on, chooser),
        legal_name=legal_name,
        name=names,
        name_key=name_key(legal_name)[:300],
        sort_name=sort_name(str(in_language(names, "en")) or legal_name),
        country=country,
        **fields,
    )
