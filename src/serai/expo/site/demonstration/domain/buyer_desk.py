"""The desk of a buyer: requests in and out, agreed meetings, an exchange of times, a claim to confirm, a delegation,
terms of hosted buyers, a badge and a seat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from serai.expo.fairs.edition.domain.phases import Slot, slots
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.leads.models import Lead
from serai.expo.meetings.meeting.models import Meeting, MeetingEvent, MeetingRequest, Wish
from serai.expo.meetings.outcomes.models import Outcome, OutcomeParty
from serai.expo.meetings.requests.models import MeetingExchange
from serai.expo.meetings.timetable.models import InterpreterPool
from serai.expo.participants.buyers.models import HostedTerms, TermsAccepted, Vetting
from serai.expo.participants.delegations.models import Delegation, DelegationMember
from serai.expo.people.account.models import User
from serai.expo.programme.badges.domain.badges import decide
from serai.expo.programme.badges.models import Badge, Kind
from serai.expo.programme.sessions.domain.sign_ups import fill_seats
from serai.expo.programme.sessions.models import Session, SignUp
from serai.expo.site.demonstration.domain.content import moment, read
from serai.expo.site.demonstration.domain.entrants import Entrant
from serai.expo.venue.halls.models import Stand

R, K = MeetingRequest.State, MeetingEvent.Kind
INTERPRETERS = (("en", "zh", 12), ("zh", "ja", 6), ("zh", "ar", 6), ("zh", "ru", 4), ("zh", "fr", 4), ("zh", "es", 4))
TERMS_ACCEPTED = 9
"""How many buyers have accepted the terms of hosted buyers."""


@dataclass(frozen=True)
class _Desk:
    edition: Edition
    buyer: Participation
    user: User
    said_at: datetime
    grid: Sequence[Slot]


def arrange(edition: Edition, exhibitors: Sequence[Entrant], buyers: Sequence[Entrant], user: User) -> None:
    """Write everything on the desk of the first buyer, for whom ``user`` acts."""
    desk = _Desk(edition, buyers[0].participation, user, moment(edition, -9), slots(edition))
    texts = read("buyer_desk.toml")
    # The first is the exhibitor of the demonstration, which then has a request to answer.
    asked, asking, countered, agreed, waiting = _partners(exhibitors, buyers[0])
    _request(desk, desk.buyer, asked, texts["asked"])
    _request(desk, asking, desk.buyer, texts["asking"], slot=4)
    _request(desk, desk.buyer, countered, texts["countered"], slot=9, awaiting=desk.buyer)
    meeting = _agreed(desk, agreed, texts["agreed"], slot=14)
    _agreed(desk, waiting, texts["waiting"])
    _exchange(desk, meeting, [entrant.participation for entrant in buyers[1:]], texts["exchange"])
    _claim(desk, meeting, texts["claim"])
    name = agreed.firm.name.get("en", agreed.firm.legal_name)
    Lead.objects.create(
        edition=edition,
        participation=desk.buyer,
        other=agreed,
        key=f"participation-{agreed.pk}",
        person=name[:120],
        firm_name=name,
        notes=texts["kept"],
        met_at=desk.said_at,
        met_by=user,
    )
    _delegation(desk, texts["delegation"], [entrant.participation for entrant in buyers[1:3]])
    InterpreterPool.objects.bulk_create(
        InterpreterPool(edition=edition, one=one, other=other, number=number) for one, other, number in INTERPRETERS
    )


def hosted(edition: Edition, buyers: Sequence[Entrant], user: User) -> None:
    """Terms of hosted buyers, accepted by the buyers with the most meetings and by the first ones.

    ``user`` acts for the first of the buyers, who has not read the terms yet.
    """
    said_at = moment(edition, -9)
    text = read("buyer_desk.toml")["terms"]["text"]
    terms = HostedTerms.objects.create(edition=edition, version=1, text=text, published_at=said_at)
    meetings = Meeting.objects.filter(edition=edition).order_by().values_list("guest").annotate(met=Count("pk"))
    busy = [guest for guest, _met in meetings.order_by("-met", "guest")[: TERMS_ACCEPTED // 2]]
    others = [entrant.participation.pk for entrant in buyers[1:] if entrant.participation.pk not in busy]
    TermsAccepted.objects.bulk_create(
        TermsAccepted(
            edition=edition, participation_id=pk, terms=terms, accepted_at=said_at + timedelta(hours=7 * number)
        )
        for number, pk in enumerate([*busy, *others[: TERMS_ACCEPTED - len(busy)]], 1)
    )
    first = buyers[0].participation
    Vetting.objects.create(
        edition=edition,
        participation=first,
        applicant=user,
        purpose=Vetting.Purpose.OWN_USE,
        hosted=True,
        state=Vetting.State.APPROVED,
        applied_at=first.entered_at,
        decided_at=said_at,
    )


def badge_and_seat(edition: Edition, buyer: Participation, user: User, *, by: User) -> None:
    """A badge that the organiser grants and a seat that becomes free: a letter about each lies in the outbox."""
    badge = Badge.objects.create(
        edition=edition, kind=Kind.BUYER, participation=buyer, name="Tunde Bello", position="Buyer", state="asked"
    )
    decide([badge], Badge.State.GRANTED, user=by)
    session = Session.objects.filter(edition=edition, state=Session.State.CONFIRMED, capacity__isnull=False)[0]
    before = session.starts_at - timedelta(days=9)
    SignUp.objects.create(edition=edition, session=session, user=user, state=SignUp.State.WAITING, signed_up_at=before)
    fill_seats(session, by=by, now=before)


def _refusals(participation: Participation) -> set[int]:
    """Participations with which one side does not want to meet, by primary key."""
    vetoes = Wish.objects.filter(strength=Wish.Strength.NO_THANKS)
    return {
        *vetoes.filter(wisher=participation).values_list("wished", flat=True),
        *vetoes.filter(wished=participation).values_list("wisher", flat=True),
    }


def _partners(exhibitors: Sequence[Entrant], buyer: Entrant) -> list[Participation]:
    """The demonstration's exhibitor and four others, first of all those that offer something the buyer needs."""
    refusals = _refusals(buyer.participation)
    wanted = {trade.key for trade in buyer.looks_for}
    by_fit = sorted(exhibitors[1:], key=lambda entrant: wanted.isdisjoint(trade.key for trade in entrant.stands_at))
    possible = [entrant.participation for entrant in by_fit if entrant.participation.pk not in refusals]
    return [exhibitors[0].participation, *possible[:4]]


def _request(
    desk: _Desk,
    asker: Participation,
    asked: Participation,
    message: str,
    *,
    slot: int | None = None,
    awaiting: Participation | None = None,
    meeting: Meeting | None = None,
) -> None:
    """A request with its history: open, or accepted where it has led to a meeting."""
    starts_at = desk.grid[slot].starts_at if slot is not None else None
    request = MeetingRequest.objects.create(
        edition=desk.edition,
        asker=asker,
        asked=asked,
        awaiting=awaiting or asked,
        message=message,
        starts_at=starts_at,
        said_at=desk.said_at,
        expires_at=desk.grid[0].starts_at,
        state=R.ACCEPTED if meeting else R.OPEN,
        answered_at=desk.said_at + timedelta(hours=3) if meeting else None,
        meeting=meeting,
    )
    user = desk.user if asker.pk == desk.buyer.pk else None
    _event(desk, K.ASKED, 0, request=request, side=asker, user=user, starts_at=starts_at)
    if awaiting is not None:
        _event(desk, K.COUNTERED, 2, request=request, side=asked, starts_at=starts_at)
    if meeting is not None:
        _event(desk, K.ACCEPTED, 3, request=request, side=asked, starts_at=starts_at)


def _event(desk: _Desk, kind: str, hours: int, **fields: object) -> None:
    MeetingEvent.objects.create(edition=desk.edition, kind=kind, at=desk.said_at + timedelta(hours=hours), **fields)


def _agreed(desk: _Desk, host: Participation, message: str, *, slot: int | None = None) -> Meeting:
    """A meeting that both agreed to: with its time, or waiting for the timetable."""
    at = desk.grid[slot] if slot is not None else None
    stand = Stand.objects.filter(participation=host).select_related("booth__hall").order_by("pk").first()
    meeting = Meeting.objects.create(
        edition=desk.edition,
        host=host,
        guest=desk.buyer,
        state=Meeting.State.CONFIRMED if at else Meeting.State.WISHED,
        source=Meeting.Source.REQUEST,
        value=6.0,
        starts_at=at.starts_at if at else None,
        ends_at=at.ends_at if at else None,
        place=(stand.booth.label if stand else "T1") if at else "",
        guest_person=desk.user,
    )
    _request(desk, desk.buyer, host, message, slot=slot, meeting=meeting)
    _event(desk, K.ACCEPTED, 3, meeting=meeting, side=host, starts_at=meeting.starts_at)
    for wisher, wished in ((desk.buyer, host), (host, desk.buyer)):
        must = {"edition": desk.edition, "strength": Wish.Strength.MUST}
        Wish.objects.update_or_create(wisher=wisher, wished=wished, defaults=must)
    return meeting


def _exchange(desk: _Desk, first: Meeting, buyers: Sequence[Participation], message: str) -> None:
    """The host asks to exchange the time of a meeting with that of another buyer, who has agreed already."""
    slot, refusals = desk.grid[17], _refusals(first.host)
    second = Meeting.objects.create(
        edition=desk.edition,
        host=first.host,
        guest=next(buyer for buyer in buyers if buyer.pk not in refusals),
        state=Meeting.State.CONFIRMED,
        source=Meeting.Source.ORGANISER,
        value=6.0,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        place=first.place,
    )
    assert first.starts_at is not None
    MeetingExchange.objects.create(
        edition=desk.edition,
        asker=first.host,
        first=first,
        second=second,
        first_starts_at=first.starts_at,
        second_starts_at=slot.starts_at,
        second_agreed_at=desk.said_at + timedelta(hours=1),
        message=message,
        said_at=desk.said_at,
        expires_at=min(first.starts_at, slot.starts_at),
    )


def _claim(desk: _Desk, meeting: Meeting, title: dict[str, str]) -> None:
    """Samples agreed before the fair: the exhibitor claims them, and the buyer has to confirm."""
    at = desk.said_at + timedelta(days=1)
    outcome = Outcome.objects.create(
        edition=desk.edition, kind=Outcome.Kind.SAMPLE, title=title, claimed_at=at, confidential=True
    )
    OutcomeParty.objects.create(outcome=outcome, participation=meeting.host, claimant=True, confirmed_at=at)
    OutcomeParty.objects.create(outcome=outcome, participation=meeting.guest)


def _delegation(desk: _Desk, texts: dict[str, str], firms: Sequence[Participation]) -> None:
    edition = desk.edition
    delegation = Delegation.objects.create(edition=edition, name=texts["name"], leader=desk.user, made_at=desk.said_at)
    people = [texts["head"], texts["delegate"], texts["interpreter"]]
    for number, (name, part) in enumerate(zip(people, DelegationMember.Part.values, strict=False)):
        DelegationMember.objects.create(
            edition=edition,
            delegation=delegation,
            name=name,
            part=part,
            participation=firms[number] if number < len(firms) else None,
            arrives_on=edition.starts_on - timedelta(days=1),
            leaves_on=edition.ends_on + timedelta(days=1),
            letter=DelegationMember.Letter.WANTED if number == 1 else DelegationMember.Letter.NONE,
            proxy_since=desk.said_at if number == 0 else None,
        )
