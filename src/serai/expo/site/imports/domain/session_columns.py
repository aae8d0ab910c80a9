"""The columns of a list of sessions and speakers, and several persons in one cell, each with a position and a
firm.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest

from django.utils.translation import gettext_lazy as _

from serai.expo.base.collation import fold
from serai.expo.firms.record.domain import cells, firm_cells
from serai.expo.site.imports.domain.fields import Column, aliases_of, with_aliases, worded

MOST_SPEAKERS = 8
"""So many columns of speakers are known: 'Speaker 2', 'Speaker 3' ..."""

_LONGEST = 300
_OF_SPEAKER = ("speakers", "affiliations", "positions", "biographies")


@cache
def session_columns() -> Mapping[str, Column]:
    """All columns by key, in the order of the template."""
    aliases = aliases_of("sessions")
    line, text = cells.line(_LONGEST), cells.text
    # fmt: off
    columns = [
        worded("title", line, _("Title"), _("One column for each language, as in 'Title (zh)'."),
               "Example session", localized=True, names=True),
        worded("date", line, _("Day"), _("As in 2026-11-28 or 28.11.; an empty cell is the day of the row above."),
               "2026-11-28"),
        worded("begins", line, _("Begins"), _("As in 10:00, in the time of the place; or from and to: 10:00-10:45."),
               "10:00"),
        worded("ends", line, _("Ends"), _("As in 10:45. It is not needed where the length is given."), "10:45"),
        worded("duration", line, _("Length"), _("In minutes."), ""),
        worded("room", line, _("Room"), _("A room that is not known is made."), "Room 1", localized=True),
        worded("seats", firm_cells.quantity, _("Seats of the room"), _("A number."), "120"),
        worded("forum", line, _("Forum"), _("Sessions under one title. A forum that is not known is made."),
               "Main forum", localized=True),
        worded("kind", line, _("Kind"), _("Ceremony, main forum, themed forum or side event."), ""),
        worded("summary", text, _("Summary"), _("What it is about. One column for each language."),
               "What buyers expect of cells.", localized=True),
        worded("themes", cells.items, _("Themes"), _("With semicolons between. Two sessions of a theme are not held "
               "at once."), ""),
        worded("languages", firm_cells.spoken, _("Languages spoken"), _("Names or codes, with commas between."), "en"),
        worded("interpreted", firm_cells.spoken, _("Languages interpreted into"),
               _("Names or codes, with commas between."), "zh"),
        worded("capacity", firm_cells.quantity, _("Seats to sign up for"), _("Empty: as many as come."), ""),
        worded("state", line, _("State"), _("Proposed, confirmed or cancelled; empty: confirmed."), ""),
        worded("speakers", text, _("Speakers"), _("With semicolons between; also as 'Name (position, firm)'."),
               "Ada Example; Li Example"),
        worded("affiliations", text, _("Firms of the speakers"), _("As many as speakers, in the same order."),
               "Example Cells; Example Institute"),
        worded("positions", text, _("Positions of the speakers"), _("As many as speakers, in the same order."), ""),
        worded("biographies", text, _("About the speakers"), _("A paragraph for each speaker, in the same order."), ""),
        worded("moderators", text, _("Moderators"), _("With semicolons between; also as 'Name (position, firm)'."), ""),
        worded("identifier", cells.line(255), _("Identifier"), _("By which another program knows the session. With it "
               "a session is found again though its title changes."), ""),
    ]
    # fmt: on
    by_key = {column.key: column for column in columns}
    further = [
        _numbered(by_key[key], aliases[key], number) for number in range(2, MOST_SPEAKERS + 1) for key in _OF_SPEAKER
    ]
    return with_aliases("sessions", [*columns, *further])


def _numbered(column: Column, aliases: Sequence[str], number: int) -> Column:
    """The same column of a further speaker."""
    return worded(
        f"{column.key}_{number}",
        column.parse,
        f"{column.title['en']} {number}",
        column.hint["en"],
        aliases=[f"{title} {number}" for title in (*column.title.values(), *aliases, column.key)],
        in_template=False,
    )


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
