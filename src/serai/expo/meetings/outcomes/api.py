"""The ledger of what came of the fair, for the parties and the organiser."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.base.rows import row_of
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.interface.domain.answers import (
    Code,
    Line,
    Number,
    Texts,
    Words,
    decimal,
    require_unchanged,
    shown,
)
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.files import FileGiven, Sent
from serai.expo.fairs.interface.domain.operations import DECIDE, READ, Room
from serai.expo.fairs.interface.domain.pagination import Cut, Listed, asked_by, filter_of
from serai.expo.fairs.interface.domain.problems import ProblemError
from serai.expo.meetings.meeting.domain.life import visible_to as meetings_visible_to
from serai.expo.meetings.outcomes.domain import follow_ups, ledger
from serai.expo.meetings.outcomes.domain.ledger import ENDINGS, MOST_BYTES, OutcomeRefusedError, Terms, add_evidence
from serai.expo.meetings.outcomes.models import FollowUp, Outcome, OutcomeEvidence, OutcomeParty
from serai.expo.meetings.outcomes.pages import handed_out
from serai.expo.participants.exhibitors.api.represented import For, acting_among, acting_for
from serai.expo.participants.participation.domain.representation import Acting, acted_for

room = Room(_("Outcomes"), OutcomeRefusedError)


class PartyShown(Schema):
    firm: str
    claimant: bool
    confirmed_at: datetime | None
    disputed_at: datetime | None
    words: str = Field(description="Why it is disputed")


class FollowUpShown(Schema):
    number: int
    months: int
    due_on: date
    answer: str
    words: str


class EvidenceShown(Schema):
    number: int
    name: str
    media_type: str
    state: str
    added_at: datetime


class OutcomeShown(Schema):
    number: int = Field(description="Its identifier in this interface")
    kind: str
    state: str
    title: Texts
    parties: list[PartyShown]
    meeting: int | None
    value: Decimal | None = Field(description="null too where it is confidential and you are no party")
    currency: str
    band: str
    months: int | None
    confidential: bool
    claimed_at: datetime
    confirmed_at: datetime | None
    ended_at: datetime | None


class OutcomeInFull(OutcomeShown):
    follow_ups: list[FollowUpShown]
    evidence: list[EvidenceShown]


class TermsGiven(Schema):
    title: Line = ""
    language: str = Field("en", pattern=r"^[a-z]{2,3}(-[a-z0-9]{2,8})*$", max_length=16)
    value: float | None = Field(None, gt=0, le=1e12)
    currency: str = Field("", pattern="^([A-Z]{3})?$")
    band: Outcome.Band | str = Field("", json_schema_extra={"enum": ["", *Outcome.Band.values]})
    months: int | None = Field(None, ge=1, le=240)
    confidential: bool = True

    def terms(self) -> Terms:
        given = self.model_dump(include={field.name for field in fields(Terms)})
        return Terms(**given | {"value": decimal(self.value)})


class Claim(TermsGiven):
    kind: Outcome.Kind
    firm: For = ""
    meeting: Number | None = Field(None, description="The meeting of which it came")
    others: list[Code] = Field(default_factory=list, max_length=20, description="Identifiers of other parties")


class Disputing(Schema):
    words: Annotated[Words, Field(max_length=500)] = ""


class PartyGiven(Schema):
    firm: Code = Field(min_length=1)


class FollowUpGiven(Schema):
    answer: FollowUp.Answer
    words: Annotated[Words, Field(max_length=500)] = ""


class Judgement(Schema):
    accepted: bool


@asked_by(ledger.OutcomeFilter)
class OutcomesWanted(Cut):
    """The filter of the ledger."""


def _fields(row: Outcome, own: frozenset[int]) -> dict[str, Any]:
    parties: list[OutcomeParty] = list(row.parties.all())
    is_party = any(party.participation_id in own for party in parties)
    hidden = row.confidential and not is_party
    return {
        "number": row.pk,
        "meeting": row.meeting_id,
        "parties": [shown(PartyShown, party, firm=party.participation.firm.identifier) for party in parties],
        "value": None if hidden else row.value,
        "band": "" if hidden else row.band,
    }


def _own(request: Call, edition: Edition) -> frozenset[int]:
    return frozenset(acted_for(request.user, edition).values_list("pk", flat=True))


def _rows(request: Call, edition: Edition) -> Any:
    return ledger.visible_to(request.user, edition).prefetch_related(
        "parties__participation__firm", "parties__participation__edition"
    )


def _outcome(request: Call, edition: Edition, number: int) -> Outcome:
    row: Outcome = row_of(_rows(request, edition), number, _("There is no such outcome."))
    return row


def in_full(request: Call, edition: Edition, number: int) -> OutcomeInFull:
    row = _outcome(request, edition, number)
    return shown(
        OutcomeInFull,
        row,
        **_fields(row, _own(request, edition)),
        follow_ups=[shown(FollowUpShown, part, number=part.pk) for part in row.follow_ups.all()],
        evidence=[
            shown(EvidenceShown, part, number=part.pk, name=part.file.name, media_type=part.file.media_type)
            for part in row.evidence.select_related("file")
        ],
    )


def _as_party(request: Call, edition: Edition, number: int) -> tuple[Outcome, Acting]:
    row = _outcome(request, edition, number)
    return row, acting_among(request, edition, *(party.participation for party in row.parties.all()))


def _after(
    request: Call, edition: Edition, number: int, act: Callable[[Outcome, Acting], object], *, unchanged: bool = False
) -> OutcomeInFull:
    """The outcome after the act of a party; ``unchanged`` requires that the caller has read its last version."""
    row, by = _as_party(request, edition, number)
    if unchanged:
        require_unchanged(request, in_full(request, edition, number))
    act(row, by)
    return in_full(request, edition, number)


@room.list("/outcomes", _("Outcomes"), OutcomeShown, scope=READ)
def outcomes(request: Call, edition: Edition, wanted: Query[OutcomesWanted]) -> Any:
    """Those to which you are a party; the whole ledger for an organiser."""
    own = _own(request, edition)
    rows = ledger.narrowed(_rows(request, edition), filter_of(ledger.OutcomeFilter, wanted))
    return Listed(rows, lambda row: shown(OutcomeShown, row, **_fields(row, own)))


@room.get("/outcomes/{number}", _("An outcome"), OutcomeInFull, scope=READ)
def outcome(request: Call, edition: Edition, number: int) -> Any:
    """With its documents and what has become of it."""
    return in_full(request, edition, number)


def _party(edition: Edition, identifier: str) -> Participation:
    participation = ledger.participant_of(edition, identifier)
    if participation is None:
        raise ProblemError(409, _("No participant of this fair has the identifier %s.") % identifier)
    return participation


@room.post("/outcomes", _("State an outcome"), OutcomeInFull, status=201)
def claim_outcome(request: Call, edition: Edition, given: Claim) -> Any:
    """What came of a meeting, or of another encounter. It is claimed until the other parties confirm it."""
    met = None
    if given.meeting is not None:
        rows = meetings_visible_to(request.user, edition).select_related(
            "host__firm", "guest__firm", "host__edition", "guest__edition"
        )
        met = rows.filter(pk=given.meeting).first()
        if met is None:
            raise ProblemError(409, _("There is no such meeting."))
        by = acting_among(request, edition, met.host, met.guest)
    else:
        by = acting_for(request, edition, given.firm)
    others = [_party(edition, identifier) for identifier in given.others]
    made = ledger.claim(by, given.kind, meeting=met, others=others, terms=given.terms())
    return in_full(request, edition, made.pk)


@room.put("/outcomes/{number}/terms", _("Say an outcome better"), OutcomeInFull)
def amend_outcome(request: Call, edition: Edition, number: int, given: TermsGiven) -> Any:
    """By who stated it, as long as not all have confirmed; who has confirmed is asked again."""
    return _after(request, edition, number, lambda row, by: ledger.amend(row, by, given.terms()), unchanged=True)


@room.post("/outcomes/{number}/confirm", _("Confirm an outcome"), OutcomeInFull)
def confirm_outcome(request: Call, edition: Edition, number: int) -> Any:
    return _after(request, edition, number, ledger.confirm, unchanged=True)


@room.post("/outcomes/{number}/dispute", _("Dispute an outcome"), OutcomeInFull)
def dispute_outcome(request: Call, edition: Edition, number: int, given: Disputing) -> Any:
    return _after(request, edition, number, lambda row, by: ledger.dispute(row, by, given.words))


@room.post("/outcomes/{number}/withdraw", _("Withdraw an outcome"), OutcomeInFull)
def withdraw_outcome(request: Call, edition: Edition, number: int) -> Any:
    return _after(request, edition, number, ledger.withdraw)


@room.post("/outcomes/{number}/parties", _("Add a party"), OutcomeInFull)
def add_party(request: Call, edition: Edition, number: int, given: PartyGiven) -> Any:
    """To the same agreement, which stays one outcome."""
    return _after(request, edition, number, lambda row, by: ledger.add_party(row, by, _party(edition, given.firm)))


@room.post("/outcomes/{number}/evidence", _("Add a document"), OutcomeInFull)
def add_evidence_(request: Call, edition: Edition, number: int, given: Annotated[FileGiven, Sent(...)]) -> Any:
    """A PDF, PNG or JPEG for the organiser to judge; the parties and the organiser read it, nobody else."""
    content = given.upload.read(MOST_BYTES + 1)
    return _after(request, edition, number, lambda row, by: add_evidence(row, by, given.name, content))


@room.get("/evidence/{number}/file", _("A document of an outcome"), None, scope=READ, media=tuple(ENDINGS))
def evidence_file(request: Call, edition: Edition, number: int) -> HttpResponse:
    """For its parties and the organiser."""
    seen = ledger.visible_to(request.user, edition)
    rows = OutcomeEvidence.objects.filter(outcome__in=seen.order_by().values("pk")).select_related("file")
    return handed_out(row_of(rows, number, _("There is no such document.")))


@room.post("/evidence/{number}/judge", _("Judge a document"), OutcomeInFull, scope=DECIDE)
def judge_evidence(request: Call, edition: Edition, number: int, given: Judgement) -> Any:
    """With one that the organiser accepts, what all confirmed is evidenced."""
    row = row_of(OutcomeEvidence.objects.filter(edition=edition), number, _("There is no such document."))
    ledger.judge(row, request.user, accepted=given.accepted)
    return in_full(request, edition, row.outcome_id)


@room.put("/follow-ups/{number}", _("Say what has become of it"), OutcomeInFull)
def answer_follow_up(request: Call, edition: Edition, number: int, given: FollowUpGiven) -> Any:
    seen = ledger.visible_to(request.user, edition)
    rows = FollowUp.objects.filter(edition=edition, outcome__in=seen).select_related("outcome")
    row = row_of(rows, number, _("There is no such outcome."))
    _outcome, by = _as_party(request, edition, row.outcome_id)
    follow_ups.answer(row, by, given.answer, given.words)
    return in_full(request, edition, row.outcome_id)
