"""What the demonstration's buyer finds on its desk: requests in and out, meetings agreed, a claim to confirm, a
delegation, and for the organiser two buyers to vet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from serai.expo.fairs.edition.domain.slots import Slot, slots
from serai.expo.fairs.edition.models import ApplicationDecision, Edition, Participation
from serai.expo.meetings.leads.models import Lead
from serai.expo.meetings.outcomes.models import Outcome, OutcomeParty
from serai.expo.meetings.requests.models import Meeting, MeetingEvent, MeetingRequest, Wish
from serai.expo.meetings.requests.models.exchanges import MeetingExchange
from serai.expo.meetings.timetable.models.arrangements import InterpreterPool
from serai.expo.participants.buyers.models import Vetting
from serai.expo.participants.delegations.models import Delegation, DelegationMember
from serai.expo.people.account.models import User
from serai.expo.site.demonstration.domain.content import read
from serai.expo.site.demonstration.domain.entering import Entrant
from serai.expo.venue.contracts.domain.contracts import confirmed_stands, offer, publish_terms
from serai.expo.venue.halls.models import Stand

R, K = MeetingRequest.State, MeetingEvent.Kind
INTERPRETERS = (("en", "zh", 12), ("zh", "ja", 6), ("zh", "ar", 6), ("zh", "ru", 4), ("zh", "fr", 4), ("zh", "es", 4))


@dataclass(frozen=True)
class _Desk:
    edition: Edition
    buyer: Participation
    user: User
    said_at: datetime
    grid: Sequence[Slot]

    @property
    def expires_at(self) -> datetime:
        return self.grid[0].starts_at


def arrange(edition: Edition, exhibitors: Sequence[Entrant], buyers: Sequence[Entrant], user: User) -> None:
    """Write all of it for the first buyer, for whom ``user`` acts. Call inside of the scope."""
    said_at = datetime.combine(edition.starts_on - timedelta(days=9), time(10, 30), ZoneInfo(edition.time_zone))
    desk = _Desk(edition, buyers[0].participation, user, said_at, slots(edition))
    texts = read("arranging.toml")
    # The first is the exhibitor of the demonstration, who so finds a request to answer.
    asked, asking, countered, agreed, waiting = _fitting(exhibitors, buyers[0])
    _request(desk, desk.buyer, asked, texts["asked"])
    _request(desk, asking, desk.buyer, texts["asking"], slot=4)
    _request(desk, desk.buyer, countered, texts["countered"], slot=9, awaiting=desk.buyer)
    met = _agreed(desk, agreed, texts["agreed"], slot=14)
    _agreed(desk, waiting, texts["waiting"])
    _exchange(desk, met, [one.participation for one in buyers[1:]], texts["exchange"])
    _claim(desk, agreed, met)
    Lead.objects.create(
        edition=edition,
        participation=desk.buyer,
        other=agreed,
        key=f"participation-{agreed.pk}",
        person=agreed.firm.name.get("en", agreed.firm.legal_name)[:120],
        firm_name=agreed.firm.name.get("en", agreed.firm.legal_name),
        notes=texts["kept"],
        met_at=said_at,
        met_by=user,
    )
    _delegation(desk, texts["delegation"], [one.participation for one in buyers[1:3]])
    InterpreterPool.objects.bulk_create(
        InterpreterPool(edition=edition, one=one, other=other, number=number) for one, other, number in INTERPRETERS
    )


def contract(edition: Edition, exhibitor: Participation, by: User) -> None:
    """The contract of the demonstration's exhibitor, offered and waiting for its signature. Inside of the scope."""
    texts = read("contracts.toml")
    publish_terms(edition, texts["text"], party=texts["party"], language="zh-hans", currency="USD", by=by)
    stand = confirmed_stands(edition).filter(participation=exhibitor).first()
    if stand is not None:
        offer(stand, by=by)


def vetting(edition: Edition, exhibitors: Sequence[Entrant]) -> None:
    """Some exhibitors who would also buy, and wait for the organiser. Call inside of the scope."""
    for one, said in zip(exhibitors[-3:], read("arranging.toml")["vetting"], strict=False):
        asking = Participation.objects.create(
            edition=edition,
            firm=one.firm,
            kind=Participation.Kind.BUYER,
            state=Participation.State.APPLIED,
            tokens=one.participation.tokens,
            entered_at=one.participation.entered_at,
        )
        Vetting.objects.create(
            edition=edition,
            participation=asking,
            position=said["position"],
            purpose=said["purpose"],
            hosted=said["hosted"],
            about=said["about"],
            applied_at=asking.entered_at,
        )


def taken_out(edition: Edition, exhibitors: Sequence[Entrant], by: User) -> None:
    """A participation beside a stand that the organiser has cancelled, and may take back. Inside of the scope."""
    for one in exhibitors[-4:-3]:
        ended = Participation.objects.create(
            edition=edition,
            firm=one.firm,
            kind=Participation.Kind.SERVICE,
            state=Participation.State.CANCELLED,
            tokens=one.participation.tokens,
            entered_at=one.participation.entered_at,
        )
        reason = read("arranging.toml")["taken_out"]
        ApplicationDecision.objects.create(
            edition=edition, participation=ended, state=ended.state, reason=reason, decided_by=by
        )


def _fitting(exhibitors: Sequence[Entrant], buyer: Entrant) -> Iterator[Participation]:
    """The demonstration's exhibitor, and four that offer what the buyer looks for, none of them refused."""
    refused = set(
        Wish.objects.filter(wished=buyer.participation, strength=Wish.Strength.NO_THANKS).values_list(
            "wisher", flat=True
        )
    ) | set(
        Wish.objects.filter(wisher=buyer.participation, strength=Wish.Strength.NO_THANKS).values_list(
            "wished", flat=True
        )
    )
    wanted = {trade.key for trade in buyer.looks_for}
    offering = [one for one in exhibitors[1:] if wanted & {trade.key for trade in one.stands_at}]
    others = [one for one in exhibitors[1:] if one not in offering]
    chosen = [one.participation for one in (*offering, *others) if one.participation.pk not in refused]
    return iter([exhibitors[0].participation, *chosen[:4]])


def _request(
    desk: _Desk,
    asker: Participation,
    asked: Participation,
    message: str,
    *,
    slot: int | None = None,
    awaiting: Participation | None = None,
    state: str = R.OPEN,
    meeting: Meeting | None = None,
) -> MeetingRequest:
    at = desk.grid[slot].starts_at if slot is not None else None
    made = MeetingRequest.objects.create(
        edition=desk.edition,
        asker=asker,
        asked=asked,
        awaiting=awaiting or asked,
        message=message,
        starts_at=at,
        said_at=desk.said_at,
        expires_at=desk.expires_at,
        state=state,
        answered_at=desk.said_at + timedelta(hours=3) if state != R.OPEN else None,
        meeting=meeting,
    )
    user = desk.user if asker.pk == desk.buyer.pk else None
    _happened(desk, K.ASKED, 0, request=made, side=asker, user=user, starts_at=at)
    if awaiting is not None:
        _happened(desk, K.COUNTERED, 2, request=made, side=asked, starts_at=at)
    if state == R.ACCEPTED:
        _happened(desk, K.ACCEPTED, 3, request=made, side=asked, starts_at=at)
    return made


def _happened(desk: _Desk, kind: str, hours: int, **fields: object) -> None:
    MeetingEvent.objects.create(edition=desk.edition, kind=kind, at=desk.said_at + timedelta(hours=hours), **fields)


def _agreed(desk: _Desk, host: Participation, message: str, *, slot: int | None = None) -> Meeting:
    """A meeting that both agreed to, with its time, or waiting for the timetable."""
    at = desk.grid[slot] if slot is not None else None
    stand = Stand.objects.filter(participation=host).select_related("booth__hall").order_by("pk").first()
    met = Meeting.objects.create(
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
    _request(desk, desk.buyer, host, message, slot=slot, state=R.ACCEPTED, meeting=met)
    _happened(desk, K.ACCEPTED, 3, meeting=met, side=host, starts_at=met.starts_at)
    for one, other in ((desk.buyer, host), (host, desk.buyer)):
        Wish.objects.update_or_create(
            wisher=one, wished=other, defaults={"edition": desk.edition, "strength": Wish.Strength.MUST}
        )
    return met


def _exchange(desk: _Desk, met: Meeting, others: Sequence[Participation], message: str) -> None:
    """The host of the meeting asks to exchange its time with that of another buyer's: the first is asked to agree."""
    begins = desk.grid[17]
    refused = Wish.objects.filter(wisher=met.host, strength=Wish.Strength.NO_THANKS).values_list("wished", flat=True)
    refusing = Wish.objects.filter(wished=met.host, strength=Wish.Strength.NO_THANKS).values_list("wisher", flat=True)
    other = next(one for one in others if one.pk not in {*refused, *refusing})
    second = Meeting.objects.create(
        edition=desk.edition,
        host=met.host,
        guest=other,
        state=Meeting.State.CONFIRMED,
        source=Meeting.Source.ORGANISER,
        value=6.0,
        starts_at=begins.starts_at,
        ends_at=begins.ends_at,
        place=met.place,
    )
    assert met.starts_at is not None
    MeetingExchange.objects.create(
        edition=desk.edition,
        asker=met.host,
        first=met,
        second=second,
        first_starts_at=met.starts_at,
        second_starts_at=begins.starts_at,
        second_agreed_at=desk.said_at + timedelta(hours=1),
        message=message,
        said_at=desk.said_at,
        expires_at=min(met.starts_at, begins.starts_at),
    )


def _claim(desk: _Desk, claimant: Participation, met: Meeting) -> None:
    """Samples agreed before the fair: stated by the exhibitor, for the buyer to confirm."""
    at = desk.said_at + timedelta(days=1)
    texts = read("arranging.toml")["claim"]
    outcome = Outcome.objects.create(
        edition=desk.edition, kind=Outcome.Kind.SAMPLE, title=texts, claimed_at=at, confidential=True
    )
    OutcomeParty.objects.create(outcome=outcome, participation=claimant, claimant=True, confirmed_at=at)
    OutcomeParty.objects.create(outcome=outcome, participation=met.guest)


def _delegation(desk: _Desk, texts: dict[str, str], firms: Sequence[Participation]) -> None:
    made = Delegation.objects.create(edition=desk.edition, name=texts["name"], leader=desk.user, made_at=desk.said_at)
    people = [texts["head"], texts["delegate"], texts["interpreter"]]
    for number, (name, part) in enumerate(zip(people, DelegationMember.Part.values, strict=False)):
        DelegationMember.objects.create(
            edition=desk.edition,
            delegation=made,
            name=name,
            part=part,
            participation=firms[number] if number < len(firms) else None,
            arrives_on=desk.edition.starts_on - timedelta(days=1),
            leaves_on=desk.edition.ends_on + timedelta(days=1),
            letter=DelegationMember.Letter.WANTED if number == 1 else DelegationMember.Letter.NONE,
            proxy_since=desk.said_at if number == 0 else None,
        )
