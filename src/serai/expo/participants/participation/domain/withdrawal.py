"""Withdrawal of a confirmed participation, by the organiser with a reason or by its firm; and undoing it.

A room declares in its ``hooks`` what ends with a participation:

    ends("booth-events", rows=_events, end=_cancel, words=ngettext_lazy("%d event ...", "..."))

What only counts while the participation is confirmed (offers and needs, badges, wishes) ends and comes back by itself.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.rooms import load_hooks
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.domain.phases import today_at
from serai.expo.fairs.edition.models import ApplicationDecision, Participation
from serai.expo.fairs.mailing.domain.letters import send_letters
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.participants.buyers.domain.registration import reopen
from serai.expo.participants.participation.domain.decisions import DecisionRefusedError, notify, withdrawal_begins
from serai.expo.people.account.models import Role, User
from serai.registry import Registry

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

State = Participation.State


@dataclass(frozen=True)
class Leaving:
    """A withdrawal: which participation ends, when, and by whom (its own people or the organiser)."""

    participation: Participation
    user: User
    at: datetime
    is_own: bool


type Rows = Callable[[Participation, datetime], Iterable[Any]]
type End = Callable[[Leaving, list[Any]], None]


@dataclass(frozen=True)
class Ending:
    """Rows that end with a participation: how they are found, how they end, and the sentence for people.

    Without ``end`` they end by themselves, as they only count of who is confirmed, or stay for somebody to see to;
    without ``words`` nobody is told. What ``named`` says of each of them follows the words.
    """

    key: str
    rows: Rows
    end: End | None
    words: "_StrPromise | None"
    named: Callable[[Any], str] | None
    order: int

    def sentence(self, found: Sequence[Any]) -> str:
        """The sentence for these rows; empty if there is nothing to say."""
        words = self.words % len(found) if self.words and found else ""
        return f"{words} {' · '.join(map(self.named, found))}" if words and self.named else words


_endings: Registry[Ending] = Registry("ending")


def ends(
    key: str,
    *,
    rows: Rows,
    end: End | None = None,
    words: "_StrPromise | None" = None,
    named: Callable[[Any], str] | None = None,
    order: int = 50,
) -> None:
    """Declare what ends with a participation, the lowest ``order`` first: who has no booth any more has no meetings
    at it that would have to be held elsewhere. ``rows`` and ``end`` are called inside of the edition's scope."""
    _endings.add(key, Ending(key, rows, end, words, named, order))


def _declared() -> list[Ending]:
    load_hooks()
    return sorted(_endings.values(), key=lambda ending: ending.order)


def what_ends(participation: Participation) -> list[str]:
    """What would end with the participation, in sentences of the reader's language."""
    now = timezone.now()
    sentences = (ending.sentence(list(ending.rows(participation, now))) for ending in _declared() if ending.words)
    return [sentence for sentence in sentences if sentence]


def is_over(participation: Participation) -> bool:
    """Whether the fair has ended, by the date of its own time zone. Afterwards nobody withdraws."""
    return today_at(participation.edition) > participation.edition.ends_on


@transaction.atomic
def cancel(
    participation: Participation, reason: Mapping[str, str], *, by: User, now: datetime | None = None
) -> ApplicationDecision:
    """The organiser cancels a confirmed participation; its people read the reason.

    All that `what_ends` names ends with it. Raises DecisionRefusedError without a reason, for one that is not
    confirmed, and after the fair; and then nothing has changed.
    """
    reasons = {language: text.strip() for language, text in reason.items() if text.strip()}
    if not reasons:
        raise DecisionRefusedError(
            _("%(firm)s: give the reason that its people are to read.") % {"firm": participation.firm.legal_name}
        )
    return _end(participation, reasons, Leaving(participation, by, now or timezone.now(), is_own=False))


@transaction.atomic
def step_back(participation: Participation, reason: Mapping[str, str], *, by: User) -> ApplicationDecision:
    """The firm itself ends its confirmed participation, through an owner; it may say why, for the organiser.

    Raises DecisionRefusedError for who does not own the firm, for one that is not confirmed, and after the fair.
    """
    if not owns(by, participation):
        raise DecisionRefusedError(_("Only an owner of the firm ends its participation."))
    reasons = {language: text.strip() for language, text in reason.items() if text.strip()}
    return _end(participation, reasons, Leaving(participation, by, timezone.now(), is_own=True))


def owns(user: User, participation: Participation) -> bool:
    """Whether the user is an owner of the participant's firm."""
    return Role.objects.filter(user=user, firm_id=participation.firm_id, kind=Role.Kind.OWNER).exists()


def _end(participation: Participation, reasons: Mapping[str, str], leaving: Leaving) -> ApplicationDecision:
    by = leaving.user
    with scope(edition=participation.edition):
        withdrawal_begins.call(participation)
        held = _held(participation)
        if held.state != State.CONFIRMED:
            raise DecisionRefusedError(
                _("%(firm)s: only a confirmed participation is cancelled, and the state of this one is '%(state)s'.")
                % {"firm": held.firm.legal_name, "state": held.get_state_display()}
            )
        if is_over(held):
            raise DecisionRefusedError(_("The fair is over: who took part stays in its report."))
        leaving = replace(leaving, participation=held)
        before, ended = state(held), {}
        for ending in _declared():
            rows = list(ending.rows(held, leaving.at))
            if rows:
                ended[ending.key] = len(rows)
                if ending.end:
                    ending.end(leaving, rows)
        held.state = State.CANCELLED
        held.save(update_fields=["state"])
        after = state(held) | {"ended": ended} | ({"reason": reasons} if reasons else {})
        made = _decided(held, reasons, by)
        record("participation.cancelled", held, before=before, after=after, user=by, edition=held.edition)
        notify(held, "application-cancelled", reasons)
        if leaving.is_own:
            _tell_organiser(held, reasons)
    participation.state = held.state
    return made


def _tell_organiser(held: Participation, reasons: Mapping[str, str]) -> None:
    owning = Role.objects.filter(organisation=held.edition.organisation_id, kind=Role.Kind.OWNER, user__is_active=True)
    send_letters(
        held.edition,
        [role.user for role in owning.select_related("user").order_by("pk")],
        "participant-withdrew",
        lambda _owner: {
            "firm": shown_name(held.firm),
            "kind": held.get_kind_display(),
            "reason": in_language(reasons).text,
        },
    )


def _held(participation: Participation) -> Participation:
    # The lock takes the participation alone: PostgreSQL takes none over a join that may be empty.
    rows = Participation.objects.select_for_update(of=("self",))
    return rows.select_related("firm", "edition__organisation", "lead__firm").get(pk=participation.pk)


def _decided(held: Participation, reason: Mapping[str, str], by: User) -> ApplicationDecision:
    return ApplicationDecision.objects.create(
        edition=held.edition, participation=held, state=held.state, reason=reason, decided_by=by
    )


def can_be_restored(participation: Participation) -> bool:
    """Whether it was cancelled after it had been confirmed. A withdrawn application is made anew instead."""
    if participation.state != State.CANCELLED:
        return False
    last = ApplicationDecision.objects.filter(participation=participation).first()
    return last is not None and last.state == State.CANCELLED


@transaction.atomic
def restore(participation: Participation, to: str, *, by: User) -> ApplicationDecision:
    """The organiser undoes that a participation was cancelled: it is confirmed again, or an application to decide on.

    Its offers and needs, badges and wishes count again once it is confirmed. Its meetings and requests, the stand, the
    events at it, seats at sessions and who stood with it do not come back. Raises DecisionRefusedError.
    """
    with scope(edition=participation.edition):
        held = _held(participation)
        if to not in (State.CONFIRMED, State.APPLIED) or not can_be_restored(held):
            raise DecisionRefusedError(
                _("%(firm)s: this can't be undone, since its state is '%(state)s'.")
                % {"firm": held.firm.legal_name, "state": held.get_state_display()}
            )
        before = state(held)
        held.state = to
        held.save(update_fields=["state"])
        made = _decided(held, {}, by)
        if to == State.APPLIED:
            reopen(held, user=by)
        record("participation.restored", held, before=before, after=state(held), user=by, edition=held.edition)
        if to == State.CONFIRMED:
            notify(held, "application-confirmed")
    participation.state = held.state
    return made
