"""What came of the fair, for the phase "after": meetings that were held, and outcomes in the ledger."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from serai.expo.fairs.edition.domain.slots import slots
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.outcomes.domain.ledger import MONTHS, after
from serai.expo.meetings.outcomes.models import FollowUp, Outcome, OutcomeParty
from serai.expo.meetings.requests.models import Meeting, Wish
from serai.expo.offers.market.models import Need
from serai.expo.site.demonstration.domain.entrants import Entrant

MEETINGS = 3_000
MISSED = 0.05
"""The share of meetings to which one side did not come."""

AGREEMENTS = {
    Outcome.Kind.CONTRACT: 96,
    Outcome.Kind.MEMORANDUM: 74,
    Outcome.Kind.JOINT_VENTURE: 14,
    Outcome.Kind.LICENCE: 12,
    Outcome.Kind.INVESTMENT: 12,
}
"""More than 200, as was published of the first fair."""

OTHERS = {Outcome.Kind.INTENTION: 160, Outcome.Kind.SAMPLE: 90, Outcome.Kind.QUOTE: 70, Outcome.Kind.VISIT: 40}
STATES = {Outcome.State.CLAIMED: 25, Outcome.State.CONFIRMED: 55, Outcome.State.EVIDENCED: 20}

VALUED = (Outcome.Kind.CONTRACT, Outcome.Kind.JOINT_VENTURE, Outcome.Kind.INVESTMENT)

TITLES = {
    Outcome.Kind.CONTRACT: ("Supply contract", "供货合同"),
    Outcome.Kind.MEMORANDUM: ("Memorandum", "谅解备忘录"),
    Outcome.Kind.JOINT_VENTURE: ("Joint venture", "合资"),
    Outcome.Kind.LICENCE: ("Licence", "许可"),
    Outcome.Kind.INVESTMENT: ("Investment", "投资"),
    Outcome.Kind.INTENTION: ("Intention", "合作意向"),
    Outcome.Kind.SAMPLE: ("Samples", "寄样"),
    Outcome.Kind.QUOTE: ("Quotation", "报价"),
    Outcome.Kind.VISIT: ("Visit to the plant", "到厂考察"),
}


@dataclass(frozen=True)
class Held:
    """A meeting of an exhibitor with a buyer, and the need that they spoke of."""

    meeting: Meeting
    ends_at: datetime
    need: Need


def meetings(
    edition: Edition,
    random: Random,
    wishes: Iterable[Wish],
    entrants: Mapping[int, Entrant],
    places: Mapping[int, str],
) -> list[Held]:
    """The meetings that came of the wishes, those that had to be first, each side in one place at a time.

    ``entrants`` and ``places`` (booths) are found by the primary key of the participation.
    """
    grid = slots(edition)
    wanted: dict[tuple[int, int], float] = defaultdict(random.random)
    for wish in wishes:
        if wish.strength != Wish.Strength.NO_THANKS:
            wanted[_sides(wish)] -= 2.0 if wish.strength == Wish.Strength.MUST else 1.0
    busy: set[tuple[int, int]] = set()
    held: list[Held] = []
    for host, guest in sorted(wanted, key=lambda sides: wanted[sides])[:MEETINGS]:
        free = [number for number in range(len(grid)) if not {(host, number), (guest, number)} & busy]
        if not free:
            continue
        number = random.choice(free)
        busy |= {(host, number), (guest, number)}
        slot = grid[number]
        missed = random.random() < MISSED
        meeting = Meeting(
            edition=edition,
            host=entrants[host].participation,
            guest=entrants[guest].participation,
            state=Meeting.State.MISSED if missed else Meeting.State.HELD,
            value=1.0,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            place=places.get(host, ""),
            host_arrived_at=slot.starts_at - timedelta(minutes=random.randint(0, 6)),
            guest_arrived_at=None if missed else slot.starts_at + timedelta(minutes=random.randint(-4, 5)),
        )
        held.append(Held(meeting, slot.ends_at, _subject(entrants[host], entrants[guest])))
    return held


def _sides(wish: Wish) -> tuple[int, int]:
    """The exhibitor, who is host, and the buyer."""
    if wish.wished.kind == Participation.Kind.BUYER:
        return wish.wisher_id, wish.wished_id
    return wish.wished_id, wish.wisher_id


def _subject(exhibitor: Entrant, buyer: Entrant) -> Need:
    offered = {trade.key for trade in exhibitor.stands_at}
    return next(need for need, trade in zip(buyer.needs, buyer.looks_for, strict=True) if trade.key in offered)


def outcomes(edition: Edition, random: Random, held: Iterable[Held]) -> tuple[list[Outcome], list[OutcomeParty]]:
    """Outcomes of some of the meetings, each of two parties; the claimant's claim is its own confirmation."""
    kinds = [kind for kind, number in (AGREEMENTS | OTHERS).items() for _ in range(number)]
    spoken = [one for one in held if one.meeting.state == Meeting.State.HELD]
    made, parties = [], []
    for kind, one in zip(kinds, random.sample(spoken, len(kinds)), strict=True):
        meeting = one.meeting
        claimed_at = one.ends_at + timedelta(hours=random.randint(1, 20))
        state = random.choices(list(STATES), list(STATES.values()))[0]
        en, zh = TITLES[kind]
        outcome = Outcome(
            edition=edition,
            meeting=meeting,
            kind=kind,
            state=state,
            title={"en": f"{en}: {one.need.title['en']}", "zh-hans": f"{zh}：{one.need.title['zh-hans']}"},
            value=Decimal(random.choice((12, 20, 35, 60, 90, 150, 240, 400, 650))) * 10_000 if kind in VALUED else None,
            currency=random.choice(("CNY", "USD", "EUR")) if kind in VALUED else "",
            confidential=random.random() < 0.8,
            claimed_at=claimed_at,
        )
        made.append(outcome)
        sides = [meeting.host, meeting.guest]
        random.shuffle(sides)
        answered = None if state == Outcome.State.CLAIMED else claimed_at + timedelta(hours=random.randint(2, 40))
        outcome.confirmed_at = answered
        parties += [
            OutcomeParty(outcome=outcome, participation=side, confirmed_at=at, claimant=at == claimed_at)
            for side, at in zip(sides, (claimed_at, answered), strict=True)
        ]
    return made, parties


def follow_ups(outcomes: Iterable[Outcome]) -> list[FollowUp]:
    """When each outcome that both sides confirmed is to be asked after."""
    return [
        FollowUp(edition=one.edition, outcome=one, months=months, due_on=after(one.confirmed_at.date(), months))
        for one in outcomes
        if one.confirmed_at is not None
        for months in MONTHS
    ]
