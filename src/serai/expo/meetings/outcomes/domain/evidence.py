"""Documents that prove an outcome: their types, their storage, and adding one."""

import hashlib

from django.db import transaction
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record
from serai.expo.base.files.domain import place, write
from serai.expo.base.files.models import Audience, StoredFile
from serai.expo.base.pictures import FORMATS, PictureRefusedError, without_metadata
from serai.expo.meetings.outcomes.domain.ledger import LIVE, OutcomeRefusedError, State
from serai.expo.meetings.outcomes.models import Outcome, OutcomeEvidence
from serai.expo.participants.participation.domain.representation import Acting, trace

MOST_BYTES = 5_000_000
KINDS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
"""First bytes of a file -> its type, since a file name proves nothing."""


@transaction.atomic
def add_evidence(outcome: Outcome, by: Acting, name: str, content: bytes) -> OutcomeEvidence:
    """Save a document, which only the parties and the organiser read, for the organiser to judge.

    Raises OutcomeRefusedError for another type of file, a file that is too large, and somebody who is no party.
    """
    if not outcome.parties.filter(participation=by.participation).exists():
        raise OutcomeRefusedError(_("You are no party to this outcome."))
    if outcome.state not in (*LIVE, State.DISPUTED):
        raise OutcomeRefusedError(_("This outcome is not in the ledger any more."))
    if len(content) > MOST_BYTES:
        raise OutcomeRefusedError(_("The file is larger than 5 MB. Hand in a smaller one."))
    media_type = next((kind for head, kind in KINDS.items() if content.startswith(head)), "")
    if not media_type:
        raise OutcomeRefusedError(_("Hand in a PDF, PNG or JPEG file; this is none of them."))
    if media_type in FORMATS:
        try:
            content = without_metadata(content, media_type)
        except PictureRefusedError as error:
            raise OutcomeRefusedError(str(error)) from error
    stored = StoredFile.objects.create(
        name=name[-200:] or "document",
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        firm=by.participation.firm,
        audience=Audience.ORGANISER,
        uploaded_by=by.user,
    )
    write(stored, content)
    record(
        "file.stored", stored, after={"name": stored.name, "sha256": stored.sha256}, user=by.user, edition=by.edition
    )
    made = OutcomeEvidence.objects.create(edition=by.edition, outcome=outcome, file=stored, added_by=by.user)
    trace("evidence.added", made, by)
    return made


def content_of(evidence: OutcomeEvidence) -> bytes:
    """The content of a document. Raises FileNotFoundError if the file is lost."""
    return place(evidence.file).read_bytes()


ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
