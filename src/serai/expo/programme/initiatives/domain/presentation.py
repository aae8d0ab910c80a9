"""An initiative as a page shows it: who signed, whose signature was withdrawn, and what became of each commitment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.record.models import Firm
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
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
