"""An initiative as a page shows it and as a plain record for files: who signed, who withdrew, what became of each
commitment.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from serai.expo.base.data_packages import as_json_document
from serai.expo.base.exporters import as_csv_file
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.programme.initiatives.domain.initiatives import published
from serai.expo.programme.initiatives.models import Commitment, CommitmentNote, Initiative, Signature


@dataclass(frozen=True)
class Signatory:
    """A confirmed signature, and the firm with a page in the directory where the institution exhibits."""

    signature: Signature
    firm: Firm | None


@dataclass(frozen=True)
class Shown:
    """What the public reads of an initiative."""

    initiative: Initiative
    signatories: Sequence[Signatory]
    """Whose signature stands."""
    withdrawn: Sequence[Signature]
    commitments: Sequence[tuple[Commitment, Sequence[CommitmentNote]]]
    """Each with the notes that are shown, the latest first."""

    @property
    def countries(self) -> list[str]:
        """The countries of the institutions that signed, each once, in the order of the signatures."""
        return list(dict.fromkeys(row.signature.country for row in self.signatories if row.signature.country))

    @property
    def done(self) -> int:
        """How many commitments are done."""
        return sum(commitment.state == Commitment.State.DONE for commitment, _notes in self.commitments)


def shown_initiatives(rows: QuerySet[Initiative]) -> list[Shown]:
    """The initiatives with all that is shown of them, in a number of queries that does not grow."""
    signed = Signature.objects.filter(confirmed_at__isnull=False).select_related("participation__firm")
    notes = CommitmentNote.objects.filter(decision=CommitmentNote.Decision.SHOWN).order_by("-noted_on", "-pk")
    promised = Commitment.objects.select_related("signature").prefetch_related(Prefetch("notes", notes))
    loaded = rows.select_related("session__forum", "session__room", "edition").prefetch_related(
        Prefetch("signatures", signed), Prefetch("commitments", promised)
    )
    return list(_shown(loaded))


def _shown(rows: Iterable[Initiative]) -> Iterable[Shown]:
    for initiative in rows:
        signatures = list(initiative.signatures.all())
        yield Shown(
            initiative=initiative,
            signatories=[
                Signatory(signature, _exhibiting(signature.participation))
                for signature in signatures
                if signature.state == Signature.State.CONFIRMED
            ],
            withdrawn=[signature for signature in signatures if signature.state == Signature.State.WITHDRAWN],
            commitments=[
                (commitment, list(commitment.notes.all()))
                for commitment in initiative.commitments.all()
                # Who has not signed, or has withdrawn, is committed to nothing that the public reads.
                if commitment.signature is None or commitment.signature.state == Signature.State.CONFIRMED
            ],
        )


def _exhibiting(participation: Participation | None) -> Firm | None:
    """The firm of an exhibitor of the directory."""
    if participation is None or participation.kind not in EXHIBITING:
        return None
    return participation.firm if participation.state == Participation.State.CONFIRMED else None


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
    return as_json_document({"edition": edition.slug, "initiatives": records(edition)})


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
