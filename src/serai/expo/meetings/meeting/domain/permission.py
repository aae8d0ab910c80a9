"""Who may ask whom to meet, and how many requests may wait for an answer: the organiser's rules as a predicate.

Read the rules of an edition once and ask as often as needed:

    permitted = permits(edition)
    permitted.may_ask(asker, asked)    # a request or a wish; the firms must be loaded (select_related("firm"))
    permitted.may_meet(host, guest)    # a meeting: whichever side may ask the other
    permitted.requests_left(asker, waiting)
    permitted.apart(sides)             # the same of many at once
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import numpy as np
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.rows import made_once
from serai.expo.fairs.edition.domain.phases import closed_sentence, slots
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.fairs.groups.domain import members
from serai.expo.meetings.meeting.domain.life import MeetingRefusedError
from serai.expo.meetings.meeting.models import MeetingRequest, MeetingRule, RequestLimit, Wish
from serai.expo.people.account.models import User
from serai.match.market import Sorts

MOST_OPEN = 40
"""Requests that may wait for an answer if the organiser set no limit: enough for a fair, too few to mail everybody."""


class NotPermittedError(Exception):
    """The organiser's rules do not allow this request. The message is for the asker."""


@dataclass(frozen=True)
class Side:
    """What rules know of a participant."""

    kind: str
    section: int | None
    country: str


@dataclass(frozen=True)
class Fit:
    """Participants to whom one side of a rule applies. None or empty fits everyone."""

    kind: str
    section: int | None
    countries: frozenset[str] | None

    def fits(self, side: Side) -> bool:
        return (
            (not self.kind or self.kind == side.kind)
            and (self.section is None or self.section == side.section)
            and (self.countries is None or side.country in self.countries)
        )


@dataclass(frozen=True)
class Permits:
    """The rules of an edition in their order, and the limits of requests by kind."""

    rules: Sequence[tuple[Fit, Fit, bool]]
    limits: Mapping[str, int]

    def between(self, asker: Side, asked: Side) -> bool:
        """Whether ``asker`` may ask ``asked``: the first rule that fits both decides; without such a rule it may."""
        return next(
            (allowed for left, right, allowed in self.rules if left.fits(asker) and right.fits(asked)),
            True,
        )

    def may_ask(self, asker: Participation, asked: Participation) -> bool:
        """Whether ``asker`` may ask ``asked`` to meet, or wish to meet it. Nobody may ask its own firm."""
        return asker.firm_id != asked.firm_id and self.between(side(asker), side(asked))

    def may_meet(self, first: Participation, second: Participation) -> bool:
        """Whether the two may be seated together: at least one of them may ask the other."""
        return self.may_ask(first, second) or self.may_ask(second, first)

    def most_open(self, asker: Participation) -> int:
        """How many requests of this participant may wait for an answer at a time."""
        return self.limits.get(asker.kind, MOST_OPEN)

    def requests_left(self, asker: Participation, waiting: int) -> int:
        """How many more requests may be sent while ``waiting`` wait for an answer."""
        return max(self.most_open(asker) - waiting, 0)

    def apart(self, sides: Sequence[Side]) -> Sorts:
        """Which of these may never be seated together, by sort of participant; each pair of sorts is judged once."""
        row_of = {asker: row for row, asker in enumerate(dict.fromkeys(sides))}
        may = np.array([[self.between(asker, asked) for asked in row_of] for asker in row_of], np.bool_)
        may = may.reshape(len(row_of), len(row_of))
        return Sorts(np.array([row_of[asker] for asker in sides], np.int64), ~(may | may.T))


def closed_to_requests(edition: Edition, now: datetime | None = None) -> str:
    """Why nobody can ask for a meeting now, as a sentence: the phase is closed, or the hours are over; else empty."""
    at = now or timezone.now()
    if closed := closed_sentence(edition, Phase.Kind.REQUESTS, at):
        return closed
    return "" if any(slot.starts_at > at for slot in slots(edition)) else _("The hours for meetings are over.")


def permits(edition: Edition) -> Permits:
    """The rules and limits of an edition, by two queries."""
    with scope(edition=edition):
        rules = list(MeetingRule.objects.filter(edition=edition))
        limits = dict(RequestLimit.objects.filter(edition=edition).values_list("kind", "most_open"))
    day = edition.starts_on
    return Permits(
        tuple(
            (
                Fit(rule.asker_kind, rule.asker_section_id, _countries(rule.asker_group, day)),
                Fit(rule.asked_kind, rule.asked_section_id, _countries(rule.asked_group, day)),
                rule.allowed,
            )
            for rule in rules
        ),
        limits,
    )


def side(participation: Participation) -> Side:
    """What rules know of this participant."""
    return Side(participation.kind, participation.section_id, participation.firm.country)


def _countries(group: str, day: date) -> frozenset[str] | None:
    return members(group, day) if group else None


def not_provided() -> str:
    """The sentence that a participant reads if it may not ask another or wish to meet it."""
    return _("The rules of this fair don't provide for a request from you to this participant.")


def require_rules(
    edition: Edition, asker: Participation, asked: Participation, *, refusal: type[Exception] = NotPermittedError
) -> None:
    """Raise ``refusal`` unless the rules let ``asker`` ask ``asked``, or wish to."""
    if not permits(edition).may_ask(asker, asked):
        raise refusal(not_provided())


def require_request_left(
    edition: Edition, asker: Participation, waiting: int, *, refusal: type[Exception] = NotPermittedError
) -> None:
    """Raise ``refusal`` unless the limit lets ``asker`` send one more request while ``waiting`` wait for an answer."""
    permitted = permits(edition)
    if permitted.requests_left(asker, waiting) == 0:
        most = permitted.most_open(asker)
        raise refusal(
            ngettext(
                "You have %d request waiting for an answer, which is as many as this fair allows. Withdraw it or wait.",
                "You have %d requests waiting for an answer, which is as many as this fair allows. "
                "Withdraw one or wait.",
                most,
            )
            % most
        )


def wishes_against(edition: Edition) -> frozenset[tuple[int, int]]:
    """Wishes, as (wisher, wished), that lead to no meeting since the rules do not let the wisher ask.

    A wish that follows from an accepted request still counts. Two queries, and three more if there are rules.
    """
    permitted = permits(edition)
    if not permitted.rules:
        return frozenset()
    with scope(edition=edition):
        wishes = Wish.objects.filter(edition=edition).exclude(strength=Wish.Strength.NO_THANKS)
        wished_pairs = list(wishes.values_list("wisher_id", "wished_id"))
        requests = MeetingRequest.objects.filter(edition=edition, state=MeetingRequest.State.ACCEPTED)
        agreed = {frozenset(pair) for pair in requests.values_list("asker_id", "asked_id")}
        rows = Participation.objects.filter(edition=edition).values_list("pk", "kind", "section", "firm__country")
        sides = {pk: Side(kind, section, country) for pk, kind, section, country in rows}
    may = cache(permitted.between)
    return frozenset(
        (wisher, wished)
        for wisher, wished in wished_pairs
        if not may(sides[wisher], sides[wished]) and frozenset((wisher, wished)) not in agreed
    )


def against_the_rules(edition: Edition) -> int:
    """Number of wishes without effect: against the rules, and without a wish of the other side."""
    against = wishes_against(edition)
    if not against:
        return 0
    with scope(edition=edition):
        wishes = Wish.objects.filter(edition=edition).exclude(strength=Wish.Strength.NO_THANKS)
        counting = set(wishes.values_list("wisher_id", "wished_id")) - against
    return sum((wished, wisher) not in counting for wisher, wished in against)


@transaction.atomic
def save_rule(rule: MeetingRule, *, user: User | None = None) -> MeetingRule:
    """Save a new or a changed rule."""
    with scope(edition=rule.edition):
        old = MeetingRule.objects.filter(pk=rule.pk).first() if rule.pk else None
        before = state(old) if old else None
        rule.save()
    record("meeting_rule.set", rule, before=before, after=state(rule), user=user, edition=rule.edition)
    return rule


@transaction.atomic
def remove_rule(rule: MeetingRule, *, user: User | None = None) -> None:
    """Delete a rule."""
    record("meeting_rule.removed", rule, before=state(rule), user=user, edition=rule.edition)
    rule.delete()


@made_once
def set_limits(edition: Edition, limits: Mapping[str, int | None], *, user: User | None = None) -> None:
    """Set how many requests a participant of each kind may have waiting. None resets to `MOST_OPEN`."""
    with scope(edition=edition):
        limit_of = {limit.kind: limit for limit in RequestLimit.objects.filter(edition=edition)}
        for kind, most in limits.items():
            limit = limit_of.get(kind)
            before = state(limit) if limit else None
            if most is None and limit is not None:
                record("request_limit.removed", limit, before=before, user=user, edition=edition)
                limit.delete()
            elif most is not None and (limit is None or limit.most_open != most):
                limit = limit or RequestLimit(edition=edition, kind=kind)
                limit.most_open = most
                limit.save()
                record("request_limit.set", limit, before=before, after=state(limit), user=user, edition=edition)


def require_may_meet(first: Participation, second: Participation) -> None:
    """Raises MeetingRefusedError if the fair's rules let neither side ask the other."""
    if not permits(first.edition).may_meet(first, second):
        raise MeetingRefusedError(_("The rules of this fair do not let these two meet."))
