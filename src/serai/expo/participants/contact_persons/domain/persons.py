"""The persons of a cell: several in one, with their titles and mail addresses."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

_HARD = re.compile(r"[;；؛\n|、]+")
_WORD = re.compile(r"\s+(?:und|u\.|and|et|y|e|и|和)\s+|\s*[&＆+]\s*|\s+و\s*", re.IGNORECASE)
_SLASH = re.compile(r"\s*/\s*")
_MAIL = re.compile(r"[^\s<>,;；؛|()\[\]\"']+@[^\s<>,;；؛|()\[\]\"']+")
_HAN = re.compile(r"[\u3400-\u9fff]")

_BEFORE = frozenset(
    re.split(
        r"\s+",
        "herr herrn hr. frau fr. mr mr. mrs mrs. ms ms. miss mx mx. monsieur m. madame mme mme. mlle mlle. mademoiselle"
        " señor senor sr. sr señora senora sra. sra srta. srta don doña dr dr. prof prof. professor ing. dipl.-ing."
        " dipl.-kfm. dr.-ing. mag. eng. ir. г-н г-жа господин госпожа السيد السيدة الدكتور الدكتورة الأستاذ م. د.",
    )
)
"""What stands before a name and is no part of it, in lower case."""
_AFTER = ("先生", "女士", "小姐", "博士", "教授")
_PARTICLES = frozenset(
    re.split(" ", "van von der den de del della di da dos das la le el al bin ibn ben zu zur zum ter ten te")
)


@dataclass(frozen=True)
class SaidPerson:
    """A person as a cell names it."""

    name: str
    salutation: str = ""
    email: str = ""


def persons(cell: str) -> list[SaidPerson]:
    """The persons of a cell, each with the titles before its name and the mail address beside it."""
    return [person for person in map(_person, _names(cell)) if person.name or person.email]


def mails(cell: str) -> tuple[list[str], list[str]]:
    """The mail addresses of a cell in lower case, each once, and those parts that are none."""
    good, bad = [], []
    for part in re.split(r"[\s;；؛,，、|]+|(?<=\w)/(?=\w)", cell):
        address = part.strip("<>()[]\"'.").removeprefix("mailto:").lower()
        if not address or "@" not in address:
            if address and not re.fullmatch(r"und|and|et|y|и|&|/|-|–|—|oder|or|\w+", address):
                bad.append(part)
            continue
        try:
            validate_email(address)
        except ValidationError:
            bad.append(part)
        else:
            good.append(address)
    if cell.strip() and not good and not bad:
        bad.append(cell.strip())
    return list(dict.fromkeys(good)), bad


def lines(cell: str) -> list[str]:
    """The parts of a cell of titles or positions, which belong to its persons in their order."""
    return [part for piece in _HARD.split(cell) if (part := " ".join(piece.split()))]


def _names(cell: str) -> list[str]:
    parts: list[str] = []
    for line in _HARD.split(cell):
        for slash in _parted(line, _SLASH, everywhere=True):
            for pair in _parted(slash, _WORD, everywhere=False):
                parts += _between_commas(pair)
    return [part for part in parts if part.strip()]


def _parted(text: str, separator: re.Pattern[str], *, everywhere: bool) -> list[str]:
    """The text divided where what stands on both sides can be a person, else whole.

    'Ramón y Cajal' and 'Müller & Söhne' stay whole; of 'Anna und Peter Schmidt' both are called Schmidt.
    """
    pieces = [piece for piece in (part.strip(" ,") for part in separator.split(text)) if piece]
    if len(pieces) < 2:
        return [text]
    if not all(_can_be_a_person(piece) for piece in (pieces if everywhere else pieces[1:])):
        return [text]
    family = pieces[-1].split()[-1]
    return [
        f"{piece} {family}" if len(piece.split()) == 1 and "@" not in piece and not _HAN.search(piece) else piece
        for piece in pieces
    ]


def _can_be_a_person(text: str) -> bool:
    return len(text.split()) >= 2 or "@" in text or bool(_HAN.search(text))


def _between_commas(text: str) -> list[str]:
    """Several persons where each part has two words; else 'Schmidt, Anna' is turned round."""
    pieces = [piece for piece in (part.strip() for part in re.split(r"[,，]", text)) if piece]
    if len(pieces) < 2:
        return [text]
    if all(_can_be_a_person(_bare(piece)) for piece in pieces):
        return pieces
    family, given = _bare(pieces[0]), pieces[1]
    *before, _last = family.split() or [""]
    if len(pieces) == 2 and all(word.lower() in _PARTICLES for word in before):
        titles = pieces[0][: len(pieces[0]) - len(family)]
        return [f"{titles}{given} {family}"]
    return [pieces[0]]  # what follows is a position


def _bare(text: str) -> str:
    words = text.split()
    while words and words[0].lower() in _BEFORE:
        words = words[1:]
    return " ".join(words)


def _person(text: str) -> SaidPerson:
    address = _MAIL.search(text)
    words = _MAIL.sub(" ", text).replace("mailto:", " ").split()
    words = [word for word in (word.strip("<>()[]\"'") for word in words) if word]
    titles: list[str] = []
    while words and words[0].lower() in _BEFORE:
        titles.append(words.pop(0))
    name = " ".join(words).strip(" -–,")
    for title in _AFTER:
        if name.endswith(title):
            name, titles = name.removesuffix(title).strip(), [title]
    good, _bad = mails(address.group()) if address else ([], [])
    return SaidPerson(name, " ".join(titles), good[0] if good else "")
