"""Published initiatives as plain records, for files that anybody may take away."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from serai.expo.base.exporters import as_csv_file
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.programme.initiatives.domain.initiatives import published
from serai.expo.programme.initiatives.domain.presentation import Shown, shown_initiatives

type Record = dict[str, Any]

COLUMNS = (
    *("initiative", "kind", "title", "launched_on"),
    *("institution", "office", "name", "country", "signed_on", "withdrawn_on"),
)


def records(edition: Edition) -> list[Record]:
    """Each published initiative with its texts by language, confirmed signatures, and commitments with their notes."""
    return [record_of(shown) for shown in shown_initiatives(published(edition))]


def record_of(shown: Shown) -> Record:
    """One initiative as the public reads it."""
    initiative = shown.initiative
    return {
        "number": initiative.pk,
        "kind": initiative.kind,
        "title": initiative.title,
        "summary": initiative.summary,
        "text": initiative.text,
        "session": initiative.session_id,
        "launched_on": _day(initiative.launched_on),
        "published_at": initiative.published_at.isoformat() if initiative.published_at else None,
        "signatures": [
            {
                "name": signature.name,
                "office": signature.office,
                "institution": signature.institution,
                "country": signature.country,
                "signed_on": _day(signature.signed_on),
                "withdrawn_on": _day(signature.withdrawn_on),
            }
            for signature in (*(row.signature for row in shown.signatories), *shown.withdrawn)
        ],
        "commitments": [
            {
                "text": commitment.text,
                "by": commitment.signature.institution if commitment.signature else None,
                "due_on": _day(commitment.due_on),
                "state": commitment.state,
                "notes": [
                    {
                        "noted_on": _day(note.noted_on),
                        "state": note.state,
                        "words": note.words,
                        "link": note.link,
                        "has_document": note.document_id is not None,
                    }
                    for note in notes
                ],
            }
            for commitment, notes in shown.commitments
        ],
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def as_json(edition: Edition) -> bytes:
    """All published initiatives, in JSON."""
    document = {"edition": edition.slug, "initiatives": records(edition)}
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def as_csv(edition: Edition) -> bytes:
    """A line for each signature of a published initiative, in English."""
    return as_csv_file([COLUMNS, *_lines(records(edition))])


def _lines(initiatives: list[Record]) -> Iterator[list[object]]:
    for initiative in initiatives:
        about = [initiative["number"], initiative["kind"], _english(initiative["title"]), initiative["launched_on"]]
        for signature in initiative["signatures"]:
            words = [_english(signature[name]) for name in ("institution", "office", "name")]
            yield [*about, *words, *(signature[name] for name in ("country", "signed_on", "withdrawn_on"))]


def _english(texts: Mapping[str, str]) -> str:
    return in_language(texts, "en").text
