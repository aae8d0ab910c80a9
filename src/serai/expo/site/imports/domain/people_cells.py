"""Several persons in one cell, each with a position and a firm, as people write them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from serai.expo.base.collation import fold

_BETWEEN = re.compile(r"[;；؛\n、|]+|\s/\s")
_AND = re.compile(r"\s+(?:&|and|und|et|y|и|و)\s+")
_DASH = re.compile(r"\s+[-–—]\s+")
_BRACKETS = re.compile(r"^(.+?)\s*[(（\[](.+?)[)）\]]\s*$")
_NAME = re.compile(r"[^\d,()@]+")
_TITLES = re.compile(
    r"^(?:(?:dr|prof|mag|ing|dipl|phd|mr|mrs|ms|mme|herr|frau|sr|sra|h\.?\s?e|hon)\b\.?[\s-]*)+", re.IGNORECASE
)
_POSITIONS = re.compile(
    r"\b(?:c[efmtio]o|president|vice|director|manager|head|lead|chair\w*|professor|engineer|founder|partner|minister|"
    r"secretary|officer|analyst|consultant|leiter\w*|geschäftsführ\w*|vorstand\w*|präsident\w*|referatsleit\w*|"
    r"direct\w+|président\w*|responsable|chef\w*|gerente|ministr\w+|директор|президент|руководител\w*|министр|"
    r"professeur|ingénieur)\b|总监|经理|总裁|主任|教授|院长|部长|董事长|مدير|رئيس|وزير",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Person:
    """A person as a list names them."""

    name: str
    position: str = ""
    affiliation: str = ""
    biography: str = ""

    @property
    def key(self) -> str:
        """By which the same person is found again: the folded name without titles."""
        return fold(_TITLES.sub("", self.name)) or fold(self.name)


def people(names: str, affiliations: str = "", positions: str = "", biographies: str = "") -> tuple[Person, ...]:
    """The persons of a cell. Other cells give as many firms, positions and texts about them, in the same order; where
    there is one person or one firm, the cell is of all.
    """
    persons = [_person(part) for part in _parts(names)]
    firms, roles = (_of_each(cell, len(persons)) for cell in (affiliations, positions))
    texts = _texts_of_each(biographies, len(persons))
    return tuple(
        Person(person.name, role or person.position, firm or person.affiliation, text)
        for person, firm, role, text in zip(persons, firms, roles, texts, strict=True)
    )


def _parts(cell: str) -> Iterator[str]:
    for part in _BETWEEN.split(cell):
        joined = _AND.split(part)
        alone = len(joined) > 1 and all(
            _NAME.fullmatch(name) and 2 <= len(_TITLES.sub("", name.strip()).split()) <= 4 for name in joined
        )
        for name in joined if alone else [part]:
            if text := " ".join(name.split()).strip(" ,•·-–"):
                yield text


def _person(text: str) -> Person:
    if match := _BRACKETS.match(text):
        return _with(match[1], [part.strip() for part in match[2].split(",")])
    name, *rest = [part.strip() for part in _DASH.split(text, maxsplit=1)]
    first, *more = [part.strip() for part in name.split(",")]
    if len(more) == 1 and not rest and len(first.split()) == len(more[0].split()) == 1:
        return Person(f"{more[0]} {first}")  # family name first, as in 'Muster, Anna'
    return _with(first, [part for part in [*more, *(rest[0].split(",") if rest else [])] if part.strip()])


def _with(name: str, said: Sequence[str]) -> Person:
    """What is said after a name: position and firm, or one of them."""
    parts = [part.strip() for part in said]
    roles = [part for part in parts if _POSITIONS.search(part)]
    firms = [part for part in parts if part not in roles]
    if len(parts) > 1 and not roles:
        roles, firms = firms[:1], firms[1:]
    return Person(" ".join(name.split()), ", ".join(roles)[:300], ", ".join(firms)[:300])


def _of_each(cell: str, count: int) -> list[str]:
    parts = [" ".join(part.split()) for part in _BETWEEN.split(cell) if part.strip()]
    if len(parts) == count:
        return parts
    whole = " ".join(cell.split()) if count == 1 or len(parts) == 1 else ""
    return [whole] * count


def _texts_of_each(cell: str, count: int) -> list[str]:
    """The texts about each person: of one person the whole cell, else a paragraph each."""
    if count == 1:
        return [cell.strip()]
    for between in (r"\n\s*\n", r"\n", r"[;；]"):
        parts = [part.strip() for part in re.split(between, cell) if part.strip()]
        if len(parts) == count:
            return parts
    return [text for text, _number in zip_longest([cell.strip()] if cell.strip() else [], range(count), fillvalue="")]
