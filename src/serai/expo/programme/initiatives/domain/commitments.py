"""Commitments of signatories: what became of each, told by organisers and by who is committed, and reminders."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record, record_change, save_and_record, state
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.people.account.models import User
from serai.expo.programme.initiatives.domain import signatures
from serai.expo.programme.initiatives.domain.initiatives import InitiativeRefusedError
from serai.expo.programme.initiatives.models import Commitment, CommitmentNote, Initiative, Signature

Decision = CommitmentNote.Decision
ENDED = (Commitment.State.DONE, Commitment.State.GIVEN_UP)
BEFORE = timedelta(days=30)
"""How long before its day who is committed is reminded for the first time."""


@dataclass(frozen=True)
class NoteContent:
    """What is told of a commitment."""

    state: str
    words: dict[str, str]
    noted_on: date
    link: str = ""
    document: "UploadedFile[bytes] | None" = None


@transaction.atomic
def save_commitment(commitment: Commitment, *, by: User) -> None:
    """Save a new commitment, or a change of one. Raises InitiativeRefusedError without words."""
    held = Commitment.objects.select_for_update().get(pk=commitment.pk) if commitment.pk else None
    if not any(commitment.text.values()):
        raise InitiativeRefusedError(_("Say what is promised."))
    if held is not None and held.due_on != commitment.due_on:
        commitment.reminded_on = None
    before = state(held) if held else None
    save_and_record(commitment, before, added="commitment.added", changed="commitment.changed", user=by)


@transaction.atomic
def remove(commitment: Commitment, *, by: User) -> None:
    """Delete a commitment of which nothing was told yet. Raises InitiativeRefusedError."""
    held = Commitment.objects.select_for_update().get(pk=commitment.pk)
    if held.notes.exists():
        raise InitiativeRefusedError(_("Something was told of this commitment already; it stays."))
    record("commitment.removed", held, before=state(held), user=by, edition=held.edition)
    held.delete()


@transaction.atomic
def note(
    commitment: Commitment, content: NoteContent, *, by: User | None = None, signature: Signature | None = None
) -> CommitmentNote:
    """Keep what became of a commitment: by an organiser, who shows it at once, or by a signatory's link.

    Raises InitiativeRefusedError for a day to come, a file that is not accepted, and a signature without this
    commitment.
    """
    held = (
        Commitment.objects.select_for_update(of=("self",)).select_related("edition__organisation").get(pk=commitment.pk)
    )
    if content.noted_on > timezone.localdate():
        raise InitiativeRefusedError(_("The day is to come. Tell what has happened until today."))
    if signature is not None and held not in commitments_of(signature):
        raise InitiativeRefusedError(_("This is no commitment of yours."))
    made = CommitmentNote.objects.create(
        edition=held.edition,
        commitment=held,
        state=content.state,
        words=content.words,
        noted_on=content.noted_on,
        link=content.link,
        document=None if content.document is None else signatures.keep_proof(content.document, held.edition, by),
        signature=signature,
        decision=Decision.WAITING if signature is not None else Decision.SHOWN,
        added_by=by,
    )
    record("commitment_note.added", made, after=state(made), user=by, edition=held.edition)
    _follow(held, by)
    return made


@transaction.atomic
def decide(waiting: CommitmentNote, decision: CommitmentNote.Decision, *, by: User) -> None:
    """Show a signatory's note to the public, or leave it out. Raises InitiativeRefusedError if it was decided on."""
    held = CommitmentNote.objects.select_for_update().get(pk=waiting.pk)
    if held.decision != Decision.WAITING:
        raise InitiativeRefusedError(_("This note was decided on already."))
    record_change(f"commitment_note.{decision.value}", held, user=by, decision=decision)
    _follow(Commitment.objects.select_for_update().get(pk=held.commitment_id), by)


def _follow(commitment: Commitment, by: User | None) -> None:
    """Take the state of the latest note that is shown."""
    latest = commitment.notes.filter(decision=Decision.SHOWN).order_by("-noted_on", "-pk").first()
    if latest is not None and latest.state != commitment.state:
        record_change("commitment.followed", commitment, user=by, state=latest.state)


def commitments_of(signature: Signature) -> QuerySet[Commitment]:
    """The commitments of a signature that stands: its own, and those of all signatories."""
    if signature.state not in signatures.ACTIVE:
        return Commitment.objects.none()
    rows = Commitment.objects.filter(initiative=signature.initiative_id).prefetch_related("notes")
    return rows.filter(signature=None) | rows.filter(signature=signature)


def notes_waiting(edition: Edition) -> QuerySet[CommitmentNote]:
    """The notes of signatories that wait for an organiser."""
    return CommitmentNote.objects.filter(edition=edition, decision=Decision.WAITING)


def is_due(commitment: Commitment, today: date) -> bool:
    """Whether who is committed is to be reminded: once a month before its day, and once when the day has passed."""
    if commitment.due_on is None or commitment.state in ENDED:
        return False
    if commitment.reminded_on is None:
        return today >= commitment.due_on - BEFORE
    return commitment.reminded_on <= commitment.due_on < today


def remind(on: date | None = None) -> int:
    """Remind the signatories of published initiatives at all fairs. Returns the number of letters."""
    today, letters = on or timezone.localdate(), 0
    for edition in Edition.objects.filter(pk__in=Commitment._base_manager.values("edition")):
        with scope(edition=edition):
            letters += _remind_in(edition, today)
    return letters


@transaction.atomic
def _remind_in(edition: Edition, today: date) -> int:
    """One letter to each signatory with commitments that are due, in which all of them are named."""
    rows = Commitment.objects.filter(
        edition=edition, initiative__state=Initiative.State.PUBLISHED, due_on__isnull=False
    )
    due = [row for row in rows.exclude(state__in=ENDED).select_for_update() if is_due(row, today)]
    if not due:
        return 0
    standing = Signature.objects.filter(
        initiative__in={row.initiative_id for row in due}, state=Signature.State.CONFIRMED
    )
    letters = 0
    for signature in standing.exclude(mail="").select_related("initiative", "edition"):
        of_signature = [
            row
            for row in due
            if row.initiative_id == signature.initiative_id and row.signature_id in (None, signature.pk)
        ]
        if of_signature:
            token = signatures.renew_link(signature)
            signatures.send_to_signatory(
                signature, "commitment-due", token, commitments=_lines(of_signature, signature)
            )
            letters += 1
    for row in due:
        record_change("commitment.reminded", row, user=None, reminded_on=today)
    return letters


def _lines(due: list[Commitment], signature: Signature) -> str:
    """The commitments, a line each, in the language of who signs."""
    with override(signature.language):
        return "\n".join(f"- {in_language(row.text).text} ({date_format(row.due_on)})" for row in due if row.due_on)
