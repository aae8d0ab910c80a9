"""Decisions on applications: accepted, not accepted with a reason, or on the waiting list, one or many at a time;
the history of a participation's states with the reasons; and the signals that tell higher rooms of its changes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.audit.models import AuditEntry
from serai.expo.base.rooms import Hook
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.domain.phases import require_open
from serai.expo.fairs.edition.models import ApplicationDecision, Edition, Participation, Phase
from serai.expo.fairs.mailing.domain.kinds import letters
from serai.expo.fairs.mailing.domain.letters import send_letters
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.firms.record.domain.visibility import people_of_firm
from serai.expo.people.account.models import User

State = Participation.State

NEXT: Mapping[str, frozenset[str]] = {
    State.INVITED: frozenset({State.CONFIRMED}),
    State.APPLIED: frozenset({State.CONFIRMED, State.WAITING, State.REJECTED}),
    State.WAITING: frozenset({State.CONFIRMED, State.REJECTED, State.APPLIED}),
    State.REJECTED: frozenset({State.APPLIED}),
}
"""What may be decided on an application that is in a state. Taking a confirmed firm out is cancelling, not this."""


class DecisionRefusedError(Exception):
    """The decision can't be taken: a sentence that names the firm and says why."""


@dataclass(frozen=True)
class Decided:
    """How many applications were decided, and of the others why not."""

    done: int
    refused: tuple[str, ...]


def applications(edition: Edition) -> QuerySet[Participation]:
    """Applications that wait for an answer, the oldest first."""
    return in_state(edition, State.APPLIED)


def in_state(edition: Edition, state: str) -> QuerySet[Participation]:
    """Participations in a state, the oldest first, with their firms."""
    found = Participation.objects.filter(edition=edition, state=state)
    return found.select_related("firm", "section", "lead__firm").order_by("entered_at", "pk")


@transaction.atomic
def decide(
    participation: Participation, to: str, reason: Mapping[str, str] | None = None, *, user: User | None = None
) -> ApplicationDecision:
    """Take one decision and keep it with its reason. Raises DecisionRefusedError, and then nothing has changed."""
    edition = participation.edition
    with scope(edition=edition):
        # Two organisers may decide at once: the second is told what the first has done.
        held = Participation.objects.select_for_update().get(pk=participation.pk)
        reasons = {language: text.strip() for language, text in (reason or {}).items() if text.strip()}
        if to not in NEXT.get(held.state, frozenset()):
            raise DecisionRefusedError(
                _("%(firm)s: this can't be decided, since its state is '%(state)s'.")
                % {"firm": participation.firm.legal_name, "state": held.get_state_display()}
            )
        if to == State.REJECTED and not reasons:
            raise DecisionRefusedError(
                _("%(firm)s: give the reason that the applicant is to read.") % {"firm": participation.firm.legal_name}
            )
        before = state(held)
        held.state = to
        held.save(update_fields=["state"])
        made = ApplicationDecision.objects.create(
            edition=edition, participation=held, state=to, reason=reasons, decided_by=user
        )
        after = state(held) | ({"reason": reasons} if reasons else {})
        record("application.decided", held, before=before, after=after, user=user, edition=edition)
    participation.state = to
    notify(held, f"application-{to}", reasons)
    return made


def decide_many(
    edition: Edition,
    numbers: Iterable[int],
    to: str,
    reason: Mapping[str, str] | None = None,
    *,
    user: User | None = None,
) -> Decided:
    """Take the same decision on several applications of an edition, each in a transaction of its own."""
    done, refused = 0, []
    with scope(edition=edition):
        participations = Participation.objects.filter(edition=edition, pk__in=set(numbers)).select_related(
            "firm", "edition"
        )
        for participation in participations.order_by("entered_at", "pk"):
            try:
                decide(participation, to, reason, user=user)
            except DecisionRefusedError as error:
                refused.append(str(error))
            else:
                done += 1
    return Decided(done, tuple(refused))


@transaction.atomic
def answer_invitation(participation: Participation, accepts: bool, *, user: User | None = None) -> Participation:
    """What a firm that was invited again says: it takes part, as an application to decide on, or it does not.

    Raises DecisionRefusedError where it is not invited (any more), and where it would come and applications are closed.
    """
    if accepts:
        require_open(participation.edition, Phase.Kind.APPLY, refusal=DecisionRefusedError)
    with scope(edition=participation.edition):
        held = Participation.objects.select_for_update().get(pk=participation.pk)
        if held.state != State.INVITED:
            raise DecisionRefusedError(
                _("%(firm)s: this can't be decided, since its state is '%(state)s'.")
                % {"firm": participation.firm.legal_name, "state": held.get_state_display()}
            )
        before = state(held)
        held.state = State.APPLIED if accepts else State.CANCELLED
        held.entered_at = timezone.now()
        held.save(update_fields=["state", "entered_at"])
        record("invitation.answered", held, before=before, after=state(held), user=user, edition=held.edition)
    return held


def invitations_of(user: User, edition: Edition) -> QuerySet[Participation]:
    """The invitations to an edition that a user may answer for a firm."""
    return in_state(edition, State.INVITED).filter(firm__roles__user=user)


def notify(participation: Participation, key: str, reason: Mapping[str, str] | None = None) -> int:
    """Queue the letter ``key`` to everyone who acts for the firm, each in the own language, with the reason given.

    Returns how many were queued.
    """
    if key not in letters():
        return 0
    return send_letters(
        participation.edition,
        people_of_firm(participation.firm_id),
        key,
        lambda _reader: {"firm": shown_name(participation.firm), "reason": in_language(reason or {}).text},
    )


DECIDED = ("application.decided", "participation.cancelled", "participation.restored")
"""What leaves a decision with its reason, and is read from there."""


@dataclass(frozen=True)
class Moment:
    """A state that began, and the reason that was given for it, by language. Who decided is not told."""

    at: datetime
    state: str
    reason: Mapping[str, str]

    @property
    def words(self) -> str:
        return str(Participation.State(self.state).label)


def history_of(participation: Participation) -> list[Moment]:
    """All states of a participation, the first before the rest."""
    return histories_of([participation])[participation.pk]


def histories_of(participations: Iterable[Participation]) -> dict[int, list[Moment]]:
    """The same of several, by primary key, in two queries: from the decisions, and of other changes from the trail."""
    by_key = {participation.pk: participation for participation in participations}
    histories: dict[int, list[Moment]] = {pk: [] for pk in by_key}
    for decision in ApplicationDecision.objects.filter(participation__in=by_key):
        histories[decision.participation_id].append(Moment(decision.decided_at, decision.state, decision.reason))
    entries = AuditEntry.objects.filter(object_type="participation", object_id__in=[str(pk) for pk in by_key])
    for entry in entries.exclude(action__in=DECIDED).order_by("at", "pk"):
        state = (entry.after or {}).get("state")
        if state in Participation.State.values:
            histories[int(entry.object_id)].append(Moment(entry.at, state, {}))
    for pk, moments in histories.items():
        moments.sort(key=lambda participation: participation.at)
        if not moments:
            moments.append(Moment(by_key[pk].entered_at, by_key[pk].state, {}))
    return histories


participation_changed: Hook[[Participation], None] = Hook("participation changed")
"""A participation is new, or has another kind, section, place or leader."""

kind_changed: Hook[[Participation, User], None] = Hook("kind of a participation changed")
"""A participation may have another kind, by the choice of this user."""

withdrawal_begins: Hook[[Participation], None] = Hook("withdrawal begins")
"""A participation is about to end: whoever ends rows of others with it locks these first, in an order of its own."""

have_met: Hook[[Participation, User], bool] = Hook("have agreed to meet")
"""Whether the participant and a firm of this user have agreed to meet, or have met."""
