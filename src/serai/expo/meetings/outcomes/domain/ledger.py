"""The ledger of outcomes: claimed by one party, confirmed by all, proved by documents, and then fulfilled or lapsed.

An agreement of three parties is one outcome with three parties. Nothing is deleted; outcomes that are disputed,
withdrawn or lapsed are not counted.
"""

import hashlib
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count, Exists, Model, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base import filters
from serai.expo.base.audit.domain.entries import record, record_change, state
from serai.expo.base.files.domain import place, write
from serai.expo.base.files.models import Audience, StoredFile
from serai.expo.base.pictures import FORMATS, PictureRefusedError, without_metadata
from serai.expo.base.rows import made_once
from serai.expo.fairs.edition.domain.phases import require_open
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.firms.identity.domain.merges import leading
from serai.expo.meetings.meeting.domain.life import lock
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.outcomes.models import FollowUp, Outcome, OutcomeEvidence, OutcomeParty
from serai.expo.participants.participation.domain.representation import Acting, desks_of, trace
from serai.expo.people.account.models import User

if TYPE_CHECKING:
    from serai.expo.meetings.leads.models import Lead


State = Outcome.State

LIVE = (State.CLAIMED, State.CONFIRMED, State.EVIDENCED, State.FULFILLED)
"""States that the ledger counts, each apart."""

OPEN = (State.CLAIMED, State.DISPUTED)
"""States in which the claimant can still change it."""

AGREED = (State.CONFIRMED, State.EVIDENCED)

MONTHS = (3, 6, 12)

FOLLOWS: Mapping[str, frozenset[str]] = {
    State.CLAIMED: frozenset({State.CONFIRMED, State.DISPUTED, State.WITHDRAWN}),
    State.DISPUTED: frozenset({State.CLAIMED, State.CONFIRMED, State.WITHDRAWN}),
    State.CONFIRMED: frozenset({State.EVIDENCED, State.LAPSED}),
    State.EVIDENCED: frozenset({State.FULFILLED, State.LAPSED}),
    State.FULFILLED: frozenset(),
    State.LAPSED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
"""State -> the states that may follow. Only evidenced outcomes become fulfilled, so every fulfilled one is proved."""

MOST_VALUE = Decimal(10) ** 13


class OutcomeRefusedError(ValueError):
    """Why something cannot be done with an outcome, in the reader's language."""


@dataclass(frozen=True)
class Terms:
    """The terms of an outcome. Its value is an amount with a currency, a band in US dollars, or not given."""

    title: str = ""
    value: Decimal | None = None
    currency: str = ""
    band: str = ""
    months: int | None = None
    confidential: bool = True
    language: str = "en"


@transaction.atomic
def claim(
    by: Acting,
    kind: Outcome.Kind,
    *,
    others: Iterable[Participation] = (),
    meeting: Meeting | None = None,
    lead: "Lead | None" = None,
    terms: Terms | None = None,
    now: datetime | None = None,
) -> Outcome:
    """Claim an outcome of a meeting, of a lead, or of another encounter with ``others``. The claimant confirms by it.

    Raises OutcomeRefusedError, also if a party has claimed the same kind of outcome for the same meeting.
    """
    at = now or timezone.now()
    require_open(by.edition, Phase.Kind.OUTCOMES, at, refusal=OutcomeRefusedError)
    parties = {by.participation.pk: by.participation}
    if meeting is not None:
        if by.participation.pk not in (meeting.host_id, meeting.guest_id):
            raise OutcomeRefusedError(_("This meeting is not yours."))
        if meeting.state != Meeting.State.HELD:
            raise OutcomeRefusedError(_("Something can come of a meeting only once both sides have confirmed it."))
        parties |= {meeting.host_id: meeting.host, meeting.guest_id: meeting.guest}
    if lead is not None:
        others = [_of_lead(by, lead, kind), *others]
    parties |= {other.pk: other for other in others}
    if len({party.firm_id for party in parties.values()}) < 2:
        raise OutcomeRefusedError(_("An outcome has at least two parties. Name the other firm."))
    lock(*parties.values())
    if meeting and Outcome.objects.filter(meeting=meeting, kind=kind, state__in=(*LIVE, State.DISPUTED)).exists():
        raise OutcomeRefusedError(
            _("This has been stated of this meeting already. Confirm it, or change it, instead of stating it twice.")
        )
    made = Outcome(edition=by.edition, meeting=meeting, lead=lead, kind=kind, claimed_at=at)
    _set(made, terms or Terms())
    made.save()
    OutcomeParty.objects.bulk_create(
        OutcomeParty(
            outcome=made,
            participation=party,
            claimant=party.pk == by.participation.pk,
            confirmed_at=at if party.pk == by.participation.pk else None,
        )
        for party in parties.values()
    )
    trace("outcome.claimed", made, by)
    return made


def _of_lead(by: Acting, lead: "Lead", kind: Outcome.Kind) -> Participation:
    """The other side of a lead. Raises OutcomeRefusedError."""
    if lead.participation_id != by.participation.pk:
        raise OutcomeRefusedError(_("This lead is not yours."))
    if lead.other is None:
        raise OutcomeRefusedError(
            _("Of this lead no participant of the fair is known. Name the firm among your outcomes.")
        )
    if Outcome.objects.filter(lead=lead, kind=kind).exclude(state=Outcome.State.WITHDRAWN).exists():
        raise OutcomeRefusedError(_("You have stated this of this lead already."))
    return lead.other


def _set(outcome: Outcome, terms: Terms) -> None:
    if terms.value is not None and not 0 < terms.value < MOST_VALUE:
        raise OutcomeRefusedError(_("Give a value above zero, without thousands of billions."))
    if (terms.value is None) != (not terms.currency):
        raise OutcomeRefusedError(_("Give an amount together with its currency, or neither."))
    if terms.value is not None and terms.band:
        raise OutcomeRefusedError(_("Give an amount or a band, not both."))
    outcome.title = {terms.language: terms.title.strip()} if terms.title.strip() else {}
    outcome.value, outcome.currency, outcome.band = terms.value, terms.currency, terms.band
    outcome.months, outcome.confidential = terms.months, terms.confidential


@transaction.atomic
def amend(outcome: Outcome, by: Acting, terms: Terms) -> None:
    """The claimant changes the terms before all have confirmed; the other parties confirm anew.

    Raises OutcomeRefusedError, also while the phase of outcomes is closed.
    """
    outcome, own = _hold_to_change(outcome, by)
    before = state(outcome)
    _set(outcome, terms)
    outcome.state = State.CLAIMED
    outcome.save()
    outcome.parties.exclude(pk=own.pk).update(confirmed_at=None, disputed_at=None, words="")
    trace("outcome.amended", outcome, by, before=before)


@made_once
def add_party(outcome: Outcome, by: Acting, participation: Participation) -> None:
    """Add a party to an agreement, which stays one outcome. Raises OutcomeRefusedError as amend()."""
    outcome, _own = _hold_to_change(outcome, by)
    if outcome.parties.filter(participation__firm=participation.firm_id).exists():
        raise OutcomeRefusedError(_("This firm is a party already."))
    made = OutcomeParty.objects.create(outcome=outcome, participation=participation)
    trace("outcome.party_added", made, by)


@transaction.atomic
def confirm(outcome: Outcome, by: Acting, *, now: datetime | None = None) -> None:
    """A party confirms the outcome. When all have, it becomes confirmed and gets its follow-ups.

    Raises OutcomeRefusedError.
    """
    at = now or timezone.now()
    outcome, own = hold(outcome, by)
    if outcome.state not in OPEN:
        raise OutcomeRefusedError(_("This outcome does not wait for your confirmation."))
    change("outcome.confirmed_by_a_party", own, by, confirmed_at=own.confirmed_at or at, disputed_at=None, words="")
    if outcome.parties.filter(confirmed_at__isnull=True).exists():
        return
    change("outcome.confirmed", outcome, by, state=State.CONFIRMED, confirmed_at=at)
    FollowUp.objects.bulk_create(
        FollowUp(edition=by.edition, outcome=outcome, months=months, due_on=after(at.date(), months))
        for months in MONTHS
    )
    if outcome.evidence.filter(state=OutcomeEvidence.State.ACCEPTED).exists():
        move(outcome, State.EVIDENCED, by.user)


@transaction.atomic
def dispute(outcome: Outcome, by: Acting, words: str) -> None:
    """A party disputes the outcome, with a reason. Raises OutcomeRefusedError."""
    outcome, own = hold(outcome, by)
    if own.claimant:
        raise OutcomeRefusedError(_("You stated it yourself: change it or withdraw it."))
    if outcome.state not in OPEN:
        raise OutcomeRefusedError(
            _("All have confirmed this outcome; it cannot be disputed any more. Tell the organiser.")
        )
    if not words.strip():
        raise OutcomeRefusedError(_("Say what is wrong, so that it can be put right."))
    change("outcome.disputed_by_a_party", own, by, confirmed_at=None, disputed_at=timezone.now(), words=words.strip())
    if outcome.state == State.CLAIMED:
        change("outcome.disputed", outcome, by, state=State.DISPUTED)


@transaction.atomic
def withdraw(outcome: Outcome, by: Acting, *, now: datetime | None = None) -> None:
    """The claimant withdraws the claim. Raises OutcomeRefusedError."""
    outcome, own = hold(outcome, by)
    if not own.claimant or outcome.state not in OPEN:
        raise OutcomeRefusedError(_("Only who stated it can withdraw it, and only until all have confirmed."))
    change("outcome.withdrawn", outcome, by, state=State.WITHDRAWN, ended_at=now or timezone.now())


@transaction.atomic
def judge(evidence: OutcomeEvidence, by: User, *, accepted: bool) -> None:
    """The organiser accepts or refuses a document. A confirmed outcome with an accepted one becomes evidenced.

    Raises OutcomeRefusedError for a document that has been judged.
    """
    outcome = Outcome.objects.select_for_update(of=("self",)).select_related("edition").get(pk=evidence.outcome_id)
    evidence.refresh_from_db()
    if evidence.state != OutcomeEvidence.State.WAITING:
        raise OutcomeRefusedError(_("This document has been judged already."))
    judgement = OutcomeEvidence.State.ACCEPTED if accepted else OutcomeEvidence.State.REFUSED
    record_change("evidence.judged", evidence, user=by, state=judgement)
    if accepted and outcome.state == State.CONFIRMED:
        move(outcome, State.EVIDENCED, by)


def hold(outcome: Outcome, by: Acting) -> tuple[Outcome, OutcomeParty]:
    """Lock the outcome. Returns it as it is now, with the party for whom ``by`` acts. Raises OutcomeRefusedError."""
    row = Outcome.objects.select_for_update(of=("self",)).select_related("edition").get(pk=outcome.pk)
    own = row.parties.filter(participation=by.participation).first()
    if own is None:
        raise OutcomeRefusedError(_("You are no party to this outcome."))
    return row, own


def _hold_to_change(outcome: Outcome, by: Acting) -> tuple[Outcome, OutcomeParty]:
    require_open(by.edition, Phase.Kind.OUTCOMES, refusal=OutcomeRefusedError)
    outcome, own = hold(outcome, by)
    if not own.claimant or outcome.state not in OPEN:
        raise OutcomeRefusedError(_("Only who stated it can change it, and only until all have confirmed."))
    return outcome, own


def change(action: str, row: Model, by: Acting, **values: Any) -> None:
    """Set fields of a row for a party, save them, and trace it."""
    before = state(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    trace(action, row, by, before=before)


def move(outcome: Outcome, to: Outcome.State, user: User, **values: Any) -> None:
    """Give an outcome its next state, with other values. Raises ValueError for a state that does not follow."""
    if to not in FOLLOWS[outcome.state]:
        raise ValueError(f"An outcome that is {outcome.state} does not become {to}.")
    record_change(f"outcome.{to}", outcome, user=user, state=to, **values)


def after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@dataclass(frozen=True)
class OutcomeFilter:
    """Filter of a list of outcomes. Empty fields match everything."""

    state: str = filters.code("Where it stands", choices=Outcome.State.choices)
    kind: str = filters.code("Of what kind", choices=Outcome.Kind.choices)
    documents: bool = filters.flag("With a document that waits for the organiser's judgement")


def narrowed(rows: QuerySet[Outcome], wanted: OutcomeFilter) -> QuerySet[Outcome]:
    """The outcomes that match the filter."""
    outcomes = rows.filter(**{name: value for name in ("state", "kind") if (value := getattr(wanted, name))})
    if wanted.documents:
        waiting = OutcomeEvidence.objects.filter(outcome=OuterRef("pk"), state=OutcomeEvidence.State.WAITING)
        outcomes = outcomes.filter(Exists(waiting))
    return outcomes


def visible_to(user: User, edition: Edition) -> QuerySet[Outcome]:
    """Outcomes that the user may read: all for an organiser, those of their own firms for others."""
    outcomes = Outcome.objects.filter(edition=edition)
    if user.has_perm("expo.read_meetings", edition):
        return outcomes
    own = OutcomeParty.objects.filter(outcome=OuterRef("pk"), participation__in=desks_of(user, edition))
    return outcomes.filter(Exists(own))


def participant_of(edition: Edition, identifier: str) -> Participation | None:
    """The confirmed participation of the firm with this identifier, current or former."""
    rows = Participation.objects.filter(edition=edition, state=Participation.State.CONFIRMED)
    return rows.filter(firm__identifier=leading(identifier)).select_related("firm", "edition").order_by("pk").first()


def number_by_state(edition: Edition) -> dict[str, int]:
    """How many outcomes of the edition are in each state."""
    rows = Outcome.objects.filter(edition=edition).order_by()
    return dict(rows.values_list("state").annotate(Count("pk")))


def waits_for(outcome: Outcome, participation: Participation) -> bool:
    """Whether the participant has neither confirmed nor disputed the open outcome; reads the loaded parties."""
    own = (party for party in outcome.parties.all() if party.participation_id == participation.pk)
    return outcome.state in OPEN and any(party.confirmed_at is None and party.disputed_at is None for party in own)


def of_participation(participation: Participation) -> QuerySet[Outcome]:
    """The outcomes to which a participant is a party."""
    return Outcome.objects.filter(parties__participation=participation).prefetch_related("parties__participation__firm")


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
