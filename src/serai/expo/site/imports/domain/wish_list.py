"""A list of wishes: each row whom a participant must, would or does not want to meet."""

from collections.abc import Mapping
from functools import cache

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain import cells
from serai.expo.firms.record.domain.fields import longest
from serai.expo.meetings.meeting.domain.life import COMING
from serai.expo.meetings.meeting.domain.permission import Permits, permits
from serai.expo.meetings.meeting.domain.wishes import may_be_wished, may_know
from serai.expo.meetings.meeting.models import Meeting, MeetingRequest, Wish
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.site.imports.domain.draft import Change, Draft, Drafting, Make, Remark
from serai.expo.site.imports.domain.fields import Column, meaning, with_aliases, worded
from serai.expo.site.imports.domain.identity import Participants, identify_participant, participants_of
from serai.expo.site.imports.domain.rows import Cells, annotator, details_of, notes_on, read_cells
from serai.expo.site.imports.domain.subject import Plan, RowPlan, Sent, rejected, state_of

type Pair = tuple[int, int]
"""Primary keys of who wishes and of who is wished for."""


strength = meaning("strengths", ("must", "would", "no thanks"))
"""Must, would or no thanks, in words, letters or numbers of priority."""


@cache
def wish_columns() -> Mapping[str, Column]:
    """All columns by key, in the order of the template."""
    firm = cells.line(longest("legal_name"))
    # fmt: off
    columns = [
        worded("wisher", firm, _("Who wishes"), _("The name or the identifier of a firm of the fair."),
               "Example Cars Ltd", names=True),
        worded("wished", firm, _("Whom to meet"), _("The name or the identifier of a firm of the fair."),
               "Example Cells Ltd"),
        worded("strength", strength, _("How much"), _("Must, would, or no thanks, which nothing overrides. Empty:"
               " would."), "must"),
    ]
    # fmt: on
    return with_aliases("wishes", columns)


def plan_wishes(sent: Sent) -> Plan:
    """The plan of a list of wishes, in a fixed number of queries."""
    wishers = participants_of(sent.edition, Participation.Kind.BUYER)
    wished = participants_of(sent.edition, *EXHIBITING)
    permitted, engaged = permits(sent.edition), _engaged(sent.edition)
    wishes = {(wish.wisher_id, wish.wished_id): wish for wish in Wish.objects.filter(edition=sent.edition)}
    draft, annotate = Draft(()), annotator(sent)
    rows_of: dict[Pair, tuple[int, str]] = {}
    plans = []
    for row in sent.rows:
        read = read_cells(row, sent.header, sent.mapped, wish_columns())
        if isinstance(read, RowPlan):
            plans.append(read)
            continue
        plan, pair = _pair(read, sent, wishers, wished, permitted, engaged)
        if pair is None:
            plans.append(plan)
            continue
        by, other = pair
        is_new = (by.pk, other.pk) not in wishes
        draft.take(read.number, _wish(read, by, other, wishes, rows_of))
        details = details_of(notes_on(read.number, read.notes, draft, annotate))
        state = state_of(read.number, draft, is_new=is_new)
        plans.append(RowPlan(read.number, state, plan.reason, details, by.firm, by))
    return Plan(plans, draft)


def _pair(
    read: Cells, sent: Sent, wishers: Participants, wished: Participants, permitted: Permits, engaged: set[Pair]
) -> tuple[RowPlan, tuple[Participation, Participation] | None]:
    """Who wishes to meet whom; or the plan of a row for which that is not certain or not allowed."""
    number, values = read.number, read.values
    notes = details_of(read.notes)

    def refused(reason: str) -> tuple[RowPlan, None]:
        return rejected(number, reason, notes), None

    if not (values.get("wisher") and values.get("wished")):
        return refused("no_pair")
    identity = identify_participant([values["wisher"]], "", sent.choices.get(number, ""), wishers)
    by = wishers.by_firm.get(identity.firm.pk) if identity.firm else None
    if by is None:
        return RowPlan(number, identity.state, identity.reason, {**identity.details, **notes}), None
    other_firm = identify_participant([values["wished"]], "", "", wished).firm
    other = wished.by_firm.get(other_firm.pk) if other_firm else None
    if other is None:
        return refused("no_such_wished")
    if not may_know(by, other):
        return refused("may_not_wish")
    veto = values.get("strength") == Wish.Strength.NO_THANKS
    if not veto and not may_be_wished(by, other, permitted):
        return refused("rules_forbid_wish")
    if veto and (min(by.pk, other.pk), max(by.pk, other.pk)) in engaged:
        return refused("veto_of_meeting")
    return RowPlan(number, identity.state, identity.reason), (by, other)


def _wish(
    read: Cells,
    by: Participation,
    other: Participation,
    wishes: dict[Pair, Wish],
    rows_of: dict[Pair, tuple[int, str]],
) -> Drafting[None]:
    """The wish of a row; the first row of a pair counts."""
    pair = by.pk, other.pk
    stated = str(read.values.get("strength", Wish.Strength.WOULD))
    first, heard = rows_of.setdefault(pair, (read.number, stated))
    if first != read.number:
        if heard != stated:
            yield Remark("strength", "said_before", {"first": first})
        return
    wish = wishes.get(pair)
    if wish is None:
        wishes[pair] = wish = Wish(edition=by.edition, wisher=by, wished=other, strength=stated)
        yield Make(wish)
    elif "strength" in read.values:
        yield Change(wish, {"strength": stated})


def _engaged(edition: Edition) -> set[Pair]:
    """Pairs with a request to answer or a meeting to come, the lower number first."""
    requests = MeetingRequest.objects.filter(edition=edition, state=MeetingRequest.State.OPEN)
    pairs = {*requests.values_list("asker", "asked")}
    meetings = Meeting.objects.filter(edition=edition).filter(Q(state__in=COMING) | Q(state=Meeting.State.WISHED))
    pairs |= {*meetings.values_list("host", "guest")}
    return {(min(pair), max(pair)) for pair in pairs}
