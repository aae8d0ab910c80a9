"""Wishes to meet, meetings that were held, and their outcomes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from random import Random

from serai.expo.fairs.edition.domain.phases import slots
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.meeting.models import Meeting, Wish
from serai.expo.meetings.outcomes.domain.ledger import MONTHS, after
from serai.expo.meetings.outcomes.models import FollowUp, Outcome, OutcomeParty
from serai.expo.offers.market.models import Need
from serai.expo.site.demonstration.domain.entrants import Entrant

MEETINGS = 3_000
MISSED = 0.05
"""The share of meetings that one side missed."""

KINDS = {
    Outcome.Kind.CONTRACT: (96, "Supply contract", "供货合同"),
    Outcome.Kind.MEMORANDUM: (74, "Memorandum", "谅解备忘录"),
    Outcome.Kind.JOINT_VENTURE: (14, "Joint venture", "合资"),
    Outcome.Kind.LICENCE: (12, "Licence", "许可"),
    Outcome.Kind.INVESTMENT: (12, "Investment", "投资"),
    Outcome.Kind.INTENTION: (160, "Intention", "合作意向"),
    Outcome.Kind.SAMPLE: (90, "Samples", "寄样"),
    Outcome.Kind.QUOTE: (70, "Quotation", "报价"),
    Outcome.Kind.VISIT: (40, "Visit to the plant", "到厂考察"),
}
"""How many outcomes of each kind, and their titles. The first five are agreements: more than 200, as was published of
the first fair."""

STATES = {Outcome.State.CLAIMED: 25, Outcome.State.CONFIRMED: 55, Outcome.State.EVIDENCED: 20}
VALUED = (Outcome.Kind.CONTRACT, Outcome.Kind.JOINT_VENTURE, Outcome.Kind.INVESTMENT)


def meetings(
    edition: Edition, random: Random, wishes: Iterable[Wish], entrants: Mapping[int, Entrant], places: Mapping[int, str]
) -> list[Meeting]:
    """Meetings that came of the wishes, musts first; nobody is in two places at a time. Unsaved.

    ``entrants`` and ``places`` (booths) are by primary key of the participation.
    """
    grid = slots(edition)
    wanted: dict[tuple[int, int], float] = defaultdict(random.random)
    for wish in wishes:
        if wish.strength != Wish.Strength.NO_THANKS:
            wanted[_host_and_guest(wish)] -= 2.0 if wish.strength == Wish.Strength.MUST else 1.0
    busy: set[tuple[int, int]] = set()
    held = []
    for host, guest in sorted(wanted, key=lambda sides: wanted[sides])[:MEETINGS]:
        free = [number for number in range(len(grid)) if not {(host, number), (guest, number)} & busy]
        if not free:
            continue
        number = random.choice(free)
        busy |= {(host, number), (guest, number)}
        slot = grid[number]
        missed = random.random() < MISSED
        held.append(
            Meeting(
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
        )
    return held


def _host_and_guest(wish: Wish) -> tuple[int, int]:
    """The exhibitor is host, the buyer guest."""
    if wish.wished.kind == Participation.Kind.BUYER:
        return wish.wisher_id, wish.wished_id
    return wish.wished_id, wish.wisher_id


def _need(meeting: Meeting, entrants: Mapping[int, Entrant]) -> Need:
    """A need of the buyer that the exhibitor can meet."""
    offered = {trade.key for trade in entrants[meeting.host_id].stands_at}
    buyer = entrants[meeting.guest_id]
    return next(need for need, trade in zip(buyer.needs, buyer.looks_for, strict=True) if trade.key in offered)


def outcomes(
    edition: Edition, random: Random, meetings: Iterable[Meeting], entrants: Mapping[int, Entrant]
) -> list[Outcome | OutcomeParty | FollowUp]:
    """Outcomes of some of the meetings, each with two parties and, once confirmed, its follow-ups. Unsaved.

    The claim of the claimant is its own confirmation.
    """
    kinds = [kind for kind, (number, *_titles) in KINDS.items() for _ in range(number)]
    held = [meeting for meeting in meetings if meeting.state == Meeting.State.HELD]
    rows: list[Outcome | OutcomeParty | FollowUp] = []
    for kind, meeting in zip(kinds, random.sample(held, len(kinds)), strict=True):
        assert meeting.ends_at is not None
        claimed_at = meeting.ends_at + timedelta(hours=random.randint(1, 20))
        state = random.choices(list(STATES), list(STATES.values()))[0]
        (_number, en, zh), title = KINDS[kind], _need(meeting, entrants).title
        outcome = Outcome(
            edition=edition,
            meeting=meeting,
            kind=kind,
            state=state,
            title={"en": f"{en}: {title['en']}", "zh-hans": f"{zh}：{title['zh-hans']}"},
            value=Decimal(random.choice((12, 20, 35, 60, 90, 150, 240, 400, 650))) * 10_000 if kind in VALUED else None,
            currency=random.choice(("CNY", "USD", "EUR")) if kind in VALUED else "",
            confidential=random.random() < 0.8,
            claimed_at=claimed_at,
        )
        sides = [meeting.host, meeting.guest]
        random.shuffle(sides)
        if state != Outcome.State.CLAIMED:
            outcome.confirmed_at = claimed_at + timedelta(hours=random.randint(2, 40))
        rows.append(outcome)
        rows += [
            OutcomeParty(outcome=outcome, participation=side, confirmed_at=at, claimant=at == claimed_at)
            for side, at in zip(sides, (claimed_at, outcome.confirmed_at), strict=True)
        ]
        if outcome.confirmed_at is not None:
            days = ((months, after(outcome.confirmed_at.date(), months)) for months in MONTHS)
            rows += [FollowUp(edition=edition, outcome=outcome, months=months, due_on=day) for months, day in days]
    return rows


WISHES_OF_BUYERS = 12_000
WISHES_OF_EXHIBITORS = 3_000
VETOES = 300
MUST = 0.25
"""The share of wishes with the strength of a must."""

SKEW = 0.9
"""The exponent of Zipf's law: a few exhibitors are wished for by many."""

type Pairing = tuple[Entrant, Entrant]


def wishes(edition: Edition, random: Random, exhibitors: list[Entrant], buyers: list[Entrant]) -> list[Wish]:
    """The wishes of both sides, at most one in each direction. A pair with a veto has no other wish."""
    offering: dict[str, dict[int, Entrant]] = defaultdict(dict)
    for number, exhibitor in enumerate(exhibitors):
        for trade in exhibitor.stands_at:
            offering[trade.key][number] = exhibitor
    ranks = random.sample(range(1, len(exhibitors) + 1), len(exhibitors))

    fitting: list[Pairing] = []
    liked: list[float] = []
    for buyer in buyers:
        offering_it = {number: seller for trade in buyer.looks_for for number, seller in offering[trade.key].items()}
        fitting += [(buyer, exhibitor) for exhibitor in offering_it.values()]
        liked += [ranks[number] ** -SKEW for number in offering_it]

    order = sorted(range(len(fitting)), key=lambda _: random.random())
    refused, open_ = order[:VETOES], order[VETOES:]
    # Efraimidis and Spirakis 2006: the largest of u**(1/w) are a sample without replacement with weights w.
    wished = sorted(open_, key=lambda pair: random.random() ** (1 / liked[pair]))[-WISHES_OF_BUYERS:]
    returned = random.sample(open_, WISHES_OF_EXHIBITORS)

    written = [_wish(edition, fitting[pair], _strength(random)) for pair in wished]
    written += [_wish(edition, fitting[pair][::-1], _strength(random)) for pair in returned]
    for pair in refused:
        sides = fitting[pair] if random.random() < 0.8 else fitting[pair][::-1]
        written.append(_wish(edition, sides, Wish.Strength.NO_THANKS))
    return written


def _strength(random: Random) -> Wish.Strength:
    return Wish.Strength.MUST if random.random() < MUST else Wish.Strength.WOULD


def _wish(edition: Edition, pair: Pairing, strength: Wish.Strength) -> Wish:
    wisher, wished = pair
    return Wish(edition=edition, wisher=wisher.participation, wished=wished.participation, strength=strength)
