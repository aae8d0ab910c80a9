"""The columns of a list of sessions and speakers."""

from collections.abc import Mapping, Sequence
from functools import cache

from django.utils.translation import gettext_lazy as _

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
