"""The ledger of what came of the fair: claimed by one, confirmed by all, evidenced, followed, fulfilled or lapsed.

An agreement of three parties is one outcome with three parties. What one claims the others confirm or dispute; nothing
is ever deleted, and what is disputed, withdrawn or lapsed is counted nowhere.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base import filters
from serai.expo.base.audit.domain.entries import record, state
from serai.expo.fairs.edition.domain.phases import is_open, require_open
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.meetings.meeting.domain.life import lock
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.outcomes.models import FollowUp, Outcome, OutcomeEvidence, OutcomeParty
from serai.expo.participants.participation.domain.representation import Acting, desks_of, trace
from serai.expo.people.account.models import User

if TYPE_CHECKING:
    from serai.expo.meetings.leads.models import Lead

S = Outcome.State

LIVE = (S.CLAIMED, S.CONFIRMED, S.EVIDENCED, S.FULFILLED)
"""States in which an outcome stands in the ledger's counts, each counted apart."""

OPEN = (S.CLAIMED, S.DISPUTED)
"""States in which the claimant can still change it."""

AGREED = (S.CONFIRMED, S.EVIDENCED)

MONTHS = (3, 6, 12)

FOLLOWS: Mapping[str, frozenset[str]] = {
    S.CLAIMED: frozenset({S.CONFIRMED, S.DISPUTED, S.WITHDRAWN}),
    S.DISPUTED: frozenset({S.CLAIMED, S.CONFIRMED, S.WITHDRAWN}),
    S.CONFIRMED: frozenset({S.EVIDENCED, S.LAPSED}),
    S.EVIDENCED: frozenset({S.FULFILLED, S.LAPSED}),
    S.FULFILLED: frozenset(),
    S.LAPSED: frozenset(),
    S.WITHDRAWN: frozenset(),
}
"""Only what a document proves is ever fulfilled, so that 'evidenced' stays true of all that is counted under it."""

MOST_VALUE = Decimal(10) ** 13


class OutcomeRefusedError(ValueError):
    """Why something cannot be done with an outcome, in the reader's language."""


@dataclass(frozen=True)
class Terms:
    """What an outcome is about. A value is an amount with its currency, or a band in US dollars, or not said."""

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
    """State what came of a meeting, a lead or another encounter with ``others``; stating it is one's own confirmation.

    Raises OutcomeRefusedError, also where a party has stated the same of the same meeting: it is to be confirmed, not
    stated twice. Call inside of the scope.
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
        parties |= {other.pk: other for other in [_of_lead(by, lead, kind)]}
    parties |= {other.pk: other for other in others}
    if len({party.firm_id for party in parties.values()}) < 2:
        raise OutcomeRefusedError(_("An outcome has at least two parties. Name the other firm."))
    lock(*parties.values())
    _not_stated_yet(meeting, kind)
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
    """The other side of a lead of one's own. Raises OutcomeRefusedError."""
    if lead.participation_id != by.participation.pk:
        raise OutcomeRefusedError(_("This lead is not yours."))
    if lead.other is None:
        raise OutcomeRefusedError(
            _("Of this lead no participant of the fair is known. Name the firm among your outcomes.")
        )
    if Outcome.objects.filter(lead=lead, kind=kind).exclude(state=Outcome.State.WITHDRAWN).exists():
        raise OutcomeRefusedError(_("You have stated this of this lead already."))
    return lead.other


def _not_stated_yet(meeting: Meeting | None, kind: Outcome.Kind) -> None:
    if meeting is None:
        return
    if Outcome.objects.filter(meeting=meeting, kind=kind, state__in=(*LIVE, S.DISPUTED)).exists():
        raise OutcomeRefusedError(
            _("This has been stated of this meeting already. Confirm it, or change it, instead of stating it twice.")
        )


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
    """The claimant says it better, as long as not all have confirmed; who has confirmed is asked again.

    Raises OutcomeRefusedError, also while outcomes cannot be stated: what is wrong then is disputed or withdrawn.
    """
    require_open(by.edition, Phase.Kind.OUTCOMES, refusal=OutcomeRefusedError)
    outcome, own = _held(outcome, by)
    if not own.claimant or outcome.state not in OPEN:
        raise OutcomeRefusedError(_("Only who stated it can change it, and only until all have confirmed."))
    before = state(outcome)
    _set(outcome, terms)
    outcome.state = S.CLAIMED
    outcome.save()
    outcome.parties.exclude(pk=own.pk).update(confirmed_at=None, disputed_at=None, words="")
    trace("outcome.amended", outcome, by, before=before)


@transaction.atomic
def add_party(outcome: Outcome, by: Acting, participation: Participation) -> None:
    """One more party to the same agreement, which stays one outcome, while outcomes can be stated.

    Raises OutcomeRefusedError.
    """
    require_open(by.edition, Phase.Kind.OUTCOMES, refusal=OutcomeRefusedError)
    outcome, own = _held(outcome, by)
    if not own.claimant or outcome.state not in OPEN:
        raise OutcomeRefusedError(_("Only who stated it can change it, and only until all have confirmed."))
    if outcome.parties.filter(participation__firm=participation.firm_id).exists():
        raise OutcomeRefusedError(_("This firm is a party already."))
    made = OutcomeParty.objects.create(outcome=outcome, participation=participation)
    trace("outcome.party_added", made, by)


@transaction.atomic
def confirm(outcome: Outcome, by: Acting, *, now: datetime | None = None) -> None:
    """A party says that it is so. When all have, it is a fact of the ledger, and is asked after later.

    Raises OutcomeRefusedError.
    """
    at = now or timezone.now()
    outcome, own = _held(outcome, by)
    if outcome.state not in OPEN:
        raise OutcomeRefusedError(_("This outcome does not wait for your confirmation."))
    before = state(own)
    own.confirmed_at, own.disputed_at, own.words = own.confirmed_at or at, None, ""
    own.save()
    trace("outcome.confirmed_by_a_party", own, by, before=before)
    if outcome.parties.filter(confirmed_at__isnull=True).exists():
        return
    was = state(outcome)
    outcome.state, outcome.confirmed_at = S.CONFIRMED, at
    outcome.save()
    trace("outcome.confirmed", outcome, by, before=was)
    FollowUp.objects.bulk_create(
        FollowUp(edition=by.edition, outcome=outcome, months=months, due_on=after(at.date(), months))
        for months in MONTHS
    )
    if outcome.evidence.filter(state=OutcomeEvidence.State.ACCEPTED).exists():
        _move(outcome, S.EVIDENCED, by.user)


@transaction.atomic
def dispute(outcome: Outcome, by: Acting, words: str, *, now: datetime | None = None) -> None:
    """A party says that it is not so, and why. Raises OutcomeRefusedError."""
    outcome, own = _held(outcome, by)
    if own.claimant:
        raise OutcomeRefusedError(_("You stated it yourself: change it or withdraw it."))
    if outcome.state not in OPEN:
        raise OutcomeRefusedError(
            _("All have confirmed this outcome; it cannot be disputed any more. Tell the organiser.")
        )
    if not words.strip():
        raise OutcomeRefusedError(_("Say what is wrong, so that it can be put right."))
    before = state(own)
    own.confirmed_at, own.disputed_at, own.words = None, now or timezone.now(), words.strip()
    own.save()
    trace("outcome.disputed_by_a_party", own, by, before=before)
    if outcome.state == S.CLAIMED:
        was = state(outcome)
        outcome.state = S.DISPUTED
        outcome.save()
        trace("outcome.disputed", outcome, by, before=was)


@transaction.atomic
def withdraw(outcome: Outcome, by: Acting, *, now: datetime | None = None) -> None:
    """The claimant takes the claim back. Raises OutcomeRefusedError."""
    outcome, own = _held(outcome, by)
    if not own.claimant or outcome.state not in OPEN:
        raise OutcomeRefusedError(_("Only who stated it can withdraw it, and only until all have confirmed."))
    before = state(outcome)
    outcome.state, outcome.ended_at = S.WITHDRAWN, now or timezone.now()
    outcome.save()
    trace("outcome.withdrawn", outcome, by, before=before)


@transaction.atomic
def judge(evidence: OutcomeEvidence, by: User, *, accepted: bool) -> None:
    """The organiser has seen a document: with one that it accepts, what all confirmed is evidenced.

    Raises OutcomeRefusedError for a document that has been judged.
    """
    outcome = Outcome.objects.select_for_update(of=("self",)).select_related("edition").get(pk=evidence.outcome_id)
    evidence.refresh_from_db()
    if evidence.state != OutcomeEvidence.State.WAITING:
        raise OutcomeRefusedError(_("This document has been judged already."))
    before = state(evidence)
    evidence.state = OutcomeEvidence.State.ACCEPTED if accepted else OutcomeEvidence.State.REFUSED
    evidence.save()
    record("evidence.judged", evidence, before=before, after=state(evidence), user=by, edition=outcome.edition)
    if accepted and outcome.state == S.CONFIRMED:
        _move(outcome, S.EVIDENCED, by)


@transaction.atomic
def answer(
    follow_up: FollowUp, by: Acting, said: FollowUp.Answer, words: str = "", *, now: datetime | None = None
) -> None:
    """What has become of it, while the follow-up is open. Said again it replaces what was said. Raises
    OutcomeRefusedError.

    'Fulfilled' needs a document that the organiser accepted; 'nothing comes of it' takes it out of the counts.
    """
    at = now or timezone.now()
    require_open(by.edition, Phase.Kind.FOLLOW_UP, at, refusal=OutcomeRefusedError)
    outcome, _own = _held(follow_up.outcome, by)
    if outcome.state not in AGREED:
        raise OutcomeRefusedError(_("This outcome is not followed any more."))
    if said == FollowUp.Answer.FULFILLED and outcome.state != S.EVIDENCED:
        raise OutcomeRefusedError(
            _("What is fulfilled is proved by a document. Add one; when the organiser has accepted it, say it again.")
        )
    before = state(follow_up)
    follow_up.answer, follow_up.words = said, words.strip()
    follow_up.answered_at, follow_up.answered_by = at, by.participation
    follow_up.save()
    trace("follow_up.answered", follow_up, by, before=before)
    ends = {FollowUp.Answer.FULFILLED: S.FULFILLED, FollowUp.Answer.LAPSED: S.LAPSED}
    if said in ends:
        outcome.ended_at = at
        _move(outcome, ends[said], by.user)


@transaction.atomic
def remind_due(edition: Edition, *, on: date | None = None, now: datetime | None = None) -> list[FollowUp]:
    """The follow-ups whose day has come and that nobody was reminded of; each is returned once. Call inside of the
    scope. Who calls tells the parties. While the follow-up is closed nobody is asked: it could not be answered."""
    at = now or timezone.now()
    if not is_open(edition, Phase.Kind.FOLLOW_UP, at):
        return []
    due = list(
        FollowUp.objects.filter(
            edition=edition,
            due_on__lte=on or timezone.localdate(),
            reminded_at__isnull=True,
            answer="",
            outcome__state__in=AGREED,
        ).select_related("outcome")
    )
    for follow_up in due:
        follow_up.reminded_at = at
        follow_up.save(update_fields=["reminded_at"])
        record("follow_up.reminded", follow_up, after={"reminded_at": at.isoformat()}, edition=edition)
    return due


def _held(outcome: Outcome, by: Acting) -> tuple[Outcome, OutcomeParty]:
    """The outcome as it is now, held against others who change it, and the party for whom one acts."""
    found = Outcome.objects.select_for_update(of=("self",)).select_related("edition").get(pk=outcome.pk)
    own = found.parties.filter(participation=by.participation).first()
    if own is None:
        raise OutcomeRefusedError(_("You are no party to this outcome."))
    return found, own


def _move(outcome: Outcome, to: Outcome.State, user: User) -> None:
    before = state(outcome)
    if to not in FOLLOWS[outcome.state]:
        raise ValueError(f"An outcome that is {outcome.state} does not become {to}.")
    outcome.state = to
    outcome.save()
    record(f"outcome.{to}", outcome, before=before, after=state(outcome), user=user, edition=outcome.edition)


def after(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    for last in (day.day, 30, 29, 28):
        if last <= day.day:
            try:
                return date(year, month, last)
            except ValueError:
                continue
    raise AssertionError


@dataclass(frozen=True)
class OutcomeFilter:
    """By what a list of outcomes is narrowed. Empty fields do not narrow."""

    state: str = filters.code("Where it stands", choices=Outcome.State.choices)
    kind: str = filters.code("Of what kind", choices=Outcome.Kind.choices)
    documents: bool = filters.flag("With a document that waits for the organiser's judgement")


def narrowed(rows: QuerySet[Outcome], wanted: OutcomeFilter) -> QuerySet[Outcome]:
    """The outcomes that the filter asks for."""
    found = rows.filter(**{name: said for name in ("state", "kind") if (said := getattr(wanted, name))})
    if wanted.documents:
        waiting = OutcomeEvidence.objects.filter(outcome=OuterRef("pk"), state=OutcomeEvidence.State.WAITING)
        found = found.filter(Exists(waiting))
    return found


def visible_to(user: User, edition: Edition) -> QuerySet[Outcome]:
    """All outcomes for an organiser, for others those of which they act for a party. Call inside of the scope."""
    outcomes = Outcome.objects.filter(edition=edition)
    if user.has_perm("expo.organise_edition", edition):
        return outcomes
    own = OutcomeParty.objects.filter(outcome=OuterRef("pk"), participation__in=desks_of(user, edition))
    return outcomes.filter(Exists(own))


def number_by_state(edition: Edition) -> dict[str, int]:
    """How many outcomes of the edition are in each state."""
    rows = Outcome.objects.filter(edition=edition).order_by()
    return dict(rows.values_list("state").annotate(Count("pk")))


def waits_for(outcome: Outcome, participation: Participation) -> bool:
    """Whether the participant has neither confirmed nor disputed the open outcome; reads the loaded parties."""
    own = (party for party in outcome.parties.all() if party.participation_id == participation.pk)
    return outcome.state in OPEN and any(party.confirmed_at is None and party.disputed_at is None for party in own)


def due_follow_ups(outcomes: Iterable[Outcome]) -> QuerySet[FollowUp]:
    """Follow-ups of agreed outcomes that are due today and not answered."""
    due = FollowUp.objects.filter(due_on__lte=timezone.localdate(), answer="", outcome__state__in=AGREED)
    return due.filter(outcome__in=[outcome.pk for outcome in outcomes]).select_related("outcome")


def of_participation(participation: Participation) -> QuerySet[Outcome]:
    """The outcomes to which a participant is a party."""
    return Outcome.objects.filter(parties__participation=participation).prefetch_related("parties__participation__firm")
