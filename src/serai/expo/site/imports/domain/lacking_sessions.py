"""Sessions that a programme of another software held before and lacks now: they are proposed as cancelled.

Only a file that names sessions by identifiers of which one is known is the same programme read again; a first file, or
that of another programme, says nothing of what it does not hold.
"""

from collections.abc import Mapping
from dataclasses import replace

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.programme.sessions.models import Session
from serai.expo.site.imports.domain.sheet import Sheet

IDENTIFIER, STATE = "identifier", "state"


def with_lacking(sheet: Sheet, edition: Edition) -> Sheet:
    """The sheet with a row of state "cancelled" for each session that it lacks. Call in the scope of the edition."""
    if not sheet.is_whole or IDENTIFIER not in sheet.header:
        return sheet
    column = sheet.header.index(IDENTIFIER)
    told = {cells[column] for _number, cells in sheet.rows}
    imported = Session.objects.filter(edition=edition).exclude(identifier="").order_by("starts_at", "pk")
    lacking = [
        session
        for session in imported.exclude(state=Session.State.CANCELLED).select_related("room")
        if session.identifier not in told
    ]
    if not lacking or not imported.filter(identifier__in=told).exists():
        return sheet
    header = sheet.header if STATE in sheet.header else (*sheet.header, STATE)
    rows = [(number, (*cells, *[""] * (len(header) - len(cells)))) for number, cells in sheet.rows]
    first = max(number for number, _cells in rows) + 1
    rows += [(number, _cells_of(session, header)) for number, session in enumerate(lacking, start=first)]
    return replace(sheet, header=header, rows=tuple(rows))


def _cells_of(session: Session, header: tuple[str, ...]) -> tuple[str, ...]:
    """A session as it is stored, in the columns of the file, but cancelled."""
    spoken = session.languages[0] if session.languages else ""
    minutes = int((session.ends_at - session.starts_at).total_seconds() // 60)
    cells: Mapping[str, str] = {
        IDENTIFIER: session.identifier,
        "title": session.title.get(spoken) or in_language(session.title).text,
        **{f"title:{language}": text for language, text in session.title.items()},
        "begins": session.starts_at.isoformat(),
        "ends": session.ends_at.isoformat(),
        "duration": str(minutes),
        "languages": ", ".join(session.languages),
        STATE: Session.State.CANCELLED,
    }
    return tuple(cells.get(name, "") for name in header)
