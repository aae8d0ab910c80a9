"""An edition grown to a fair of national size: its rows are copied until there are as many as asked for."""

import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from datetime import datetime, timedelta
from datetime import time as time_of_day
from itertools import cycle, islice
from typing import Any
from zoneinfo import ZoneInfo

EXHIBITORS, PEOPLE, MEETINGS, EVENTS = 1_200, 60_000, 24_000, 1_000
LEADS, REQUESTS, SEATS, OUTCOMES, ENTRIES = 30_000, 12_000, 20_000, 6_000, 100_000
"""How many rows so many people leave behind, beside a badge and a letter each."""
BATCH = 2_000


def say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def grow(edition: Any, share: float = 1.0) -> None:
    """Copy firms with their offers, needs and placements, then add people and meetings.

    `share` is the size of the fair: 1 is national, with the numbers above.
    """
    from serai.expo.fairs.edition.models import Participation

    exhibitors, people, meetings, events = (round(share * most) for most in (EXHIBITORS, PEOPLE, MEETINGS, EVENTS))
    exhibiting = list(Participation.objects.filter(kind__in=["exhibitor", "co_exhibitor"]).select_related("firm"))
    say(f"{len(exhibiting)} exhibitors become {exhibitors}")
    copy_participations(edition, list(islice(cycle(exhibiting), exhibitors - len(exhibiting))))
    everyone = list(Participation.objects.filter(edition=edition).select_related("firm"))
    say(f"{people} people")
    add_people(everyone, people)
    say(f"{meetings} meetings")
    add_meetings(edition, everyone, meetings)
    say(f"{events} events at booths")
    add_events(edition, events)
    say("badges, letters, leads, requests, seats, outcomes and the trail")
    add_traces(edition, everyone, share)


def copy_participations(edition: Any, originals: Sequence[Any]) -> None:
    """Each original once more under another firm, with its offers, needs and placements."""
    from serai.expo.offers.chains.models import Placement
    from serai.expo.offers.market.models import Need, Offer

    participations = [copied(original, lead=None) for original in originals]
    for participation, firm in zip(participations, copied_firms(edition, originals), strict=True):
        participation.firm = firm
    type(originals[0]).objects.bulk_create(participations, batch_size=BATCH)
    item_of: dict[tuple[type, int, int], Any] = {}
    for model in (Offer, Need):
        rows = by_participation(model, originals)
        made = [
            (row.pk, copied(row, participation=new))
            for old, new in zip(originals, participations, strict=True)
            for row in rows.get(old.pk, ())
        ]
        model.objects.bulk_create([row for _old, row in made], batch_size=BATCH)
        item_of |= {(model, old, row.participation_id): row for old, row in made}
    placed = by_participation(Placement, originals)
    placements = [
        copied(
            row,
            participation=new,
            offer=item_of.get((Offer, row.offer_id, new.pk)),
            need=item_of.get((Need, row.need_id, new.pk)),
        )
        for old, new in zip(originals, participations, strict=True)
        for row in placed.get(old.pk, ())
    ]
    Placement.objects.bulk_create(placements, batch_size=BATCH)


def copied(row: Any, **changes: Any) -> Any:
    """A row like this one, not yet written."""
    made = copy(row)
    made.pk, made._state = None, copy(row._state)
    made._state.adding = True
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def copied_firms(edition: Any, originals: Sequence[Any]) -> list[Any]:
    """A firm for each, under a name and an identifier of its own."""
    from serai.expo.firms.record.models import Firm, new_identifier

    firms, taken = [], set(Firm.objects.values_list("identifier", flat=True))
    for number, original in enumerate(originals):
        old = original.firm
        names = {language: f"{text} {number}" for language, text in old.name.items()}
        identifier = new_identifier(old.country, edition.starts_on)
        while identifier in taken:
            identifier = new_identifier(old.country, edition.starts_on)
        taken.add(identifier)
        firms.append(copied(old, identifier=identifier, legal_name=f"{old.legal_name} {number}", name=names))
    return list(Firm.objects.bulk_create(firms, batch_size=BATCH))


def by_participation(model: Any, participations: Sequence[Any]) -> Mapping[int, list[Any]]:
    """The rows of a model by the primary key of their participation."""
    rows: dict[int, list[Any]] = {}
    for row in model.objects.filter(participation__in={participation.pk for participation in participations}):
        rows.setdefault(row.participation_id, []).append(row)
    return rows


def add_people(participations: Sequence[Any], count: int) -> None:
    from serai.expo.people.account.models import Role, User

    users = [User(email=f"person{n}@example.org", name=f"Person {n}", password="!") for n in range(count)]
    User.objects.bulk_create(users, batch_size=BATCH)
    members = zip(users, cycle(participations), strict=False)
    roles = [Role(user=user, firm=side.firm, kind=Role.Kind.MEMBER) for user, side in members]
    Role.objects.bulk_create(roles, batch_size=BATCH, ignore_conflicts=True)


def _sides(participations: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """Who hosts meetings and who comes to them: exhibitors and buyers."""
    hosts = [side for side in participations if side.kind in {"exhibitor", "co_exhibitor"}]
    return hosts, [side for side in participations if side.kind == "buyer"]


def add_meetings(edition: Any, participations: Sequence[Any], count: int) -> None:
    from django.utils import timezone

    from serai.expo.meetings.meeting.models import Meeting

    hosts, guests = _sides(participations)
    slot, first = timedelta(minutes=edition.meeting_minutes), timezone.now()
    # Each round every exhibitor meets another buyer, some steps further on.
    rounds = -(-count // len(hosts))
    pairs = [
        (host, guests[(number + step * 1_201) % len(guests)], first + step * slot)
        for step in range(rounds)
        for number, host in enumerate(hosts)
    ]
    meetings = [
        Meeting(edition=edition, host=host, guest=guest, state="scheduled", starts_at=begins, ends_at=begins + slot)
        for host, guest, begins in pairs
    ]
    Meeting.objects.bulk_create(meetings, batch_size=BATCH, ignore_conflicts=True)
    say(f"{Meeting.objects.filter(edition=edition).count()} meetings are there")


def add_events(edition: Any, count: int) -> None:
    """Events at booths on every day of the fair, made known by a release."""
    from serai.expo.programme.sessions.domain.releases import release_programme
    from serai.expo.programme.sessions.models import Forum, Room, Session
    from serai.expo.venue.halls.models import Stand

    standing = Stand.objects.filter(edition=edition, booth__room__isnull=True).select_related("booth", "participation")
    stands = list({stand.booth_id: stand for stand in standing}.values())  # some share a booth
    title = {"en": "Events at booths", "zh-hans": "展位活动"}
    forum = Forum.objects.create(edition=edition, slug="booth-events", kind="booth_event", title=title, order=999)
    rooms = [Room(edition=edition, booth=stand.booth, title={"en": stand.booth.label}, order=999) for stand in stands]
    there = Room.objects.bulk_create(rooms, batch_size=BATCH)
    opening = datetime.combine(edition.starts_on, time_of_day(10), ZoneInfo(edition.time_zone))
    hour, days = timedelta(hours=1), (edition.ends_on - edition.starts_on).days + 1
    events = []
    for number, (stand, room) in enumerate(islice(cycle(zip(stands, there, strict=True)), count)):
        begins = opening + timedelta(days=number % days) + (number // days % 7) * hour
        said = {"en": f"Tasting number {number}", "zh-hans": f"第{number}场品鉴"}
        times = {"starts_at": begins, "ends_at": begins + hour / 2}
        events.append(
            Session(
                edition=edition, forum=forum, room=room, host=stand.participation, title=said, summary=said, **times
            )
        )
    Session.objects.bulk_create(events, batch_size=BATCH)
    release_programme(edition, note={"en": "Events at booths."}, by=None)


def add_traces(edition: Any, participations: Sequence[Any], share: float) -> None:
    """A badge and a letter for each person, and what they did: leads, requests, seats, outcomes, the trail."""
    from django.utils import timezone

    from serai.expo.base.audit.models import AuditEntry
    from serai.expo.fairs.mailing.models import Mail
    from serai.expo.meetings.leads.models import Lead
    from serai.expo.meetings.meeting.models import Meeting, MeetingRequest
    from serai.expo.meetings.outcomes.models import Outcome, OutcomeParty
    from serai.expo.people.account.models import Role
    from serai.expo.programme.badges.models import Badge, Kind
    from serai.expo.programme.sessions.models import Session, SignUp

    leads, requests, seats, agreements, entries = (
        round(share * most) for most in (LEADS, REQUESTS, SEATS, OUTCOMES, ENTRIES)
    )
    now, minute = timezone.now(), timedelta(minutes=1)
    later = now + timedelta(days=7)
    of_firm = {side.firm_id: side for side in participations}
    roles = list(Role.objects.filter(firm__in=of_firm, user__email__startswith="person").select_related("user"))
    people = [(role.user, of_firm[role.firm_id]) for role in roles]
    badges = written(
        Badge(edition=edition, kind=side.kind, participation=side, user=user, name=user.name, email=user.email)
        for user, side in people
        if side.kind in Kind
    )
    said = {"purpose": "service", "language": "en", "subject": "Badge", "body": "Bring it with you.", "state": "sent"}
    written(Mail(edition=edition, user=user, made_at=now, sent_at=now, **said) for user, _side in people)
    hosts, guests = _sides(participations)
    written(
        Lead(edition=edition, participation=host, badge=badge, person=badge.name, met_at=now - number * minute)
        for number, (host, badge) in enumerate(islice(zip(cycle(hosts), badges), leads))
    )
    pairs = ((hosts[n % len(hosts)], guests[(n * 7 + n // len(hosts)) % len(guests)]) for n in range(requests))
    states = cycle(["open", "accepted", "declined"])
    written(
        MeetingRequest(
            edition=edition, asker=guest, asked=host, awaiting=host, state=state, said_at=now, expires_at=later
        )
        for state, (host, guest) in zip(
            states, {(one.pk, two.pk): (one, two) for one, two in pairs}.values(), strict=False
        )
    )
    sessions = cycle(Session.objects.filter(edition=edition))
    written(
        SignUp(edition=edition, session=session, user=user, state="confirmed")
        for session, (user, _side) in islice(zip(sessions, people, strict=False), seats)
    )
    held = list(Meeting.objects.filter(edition=edition).select_related("host", "guest").order_by("pk")[:agreements])
    kinds_of_outcome = cycle(["sample", "quote", "intention", "contract"])
    outcomes = written(
        Outcome(
            edition=edition,
            meeting=meeting,
            kind=kind,
            state="confirmed",
            title={"en": "Agreed"},
            value=250_000,
            currency="USD",
            claimed_at=now,
            confirmed_at=now,
        )
        for kind, meeting in zip(kinds_of_outcome, held, strict=False)
    )
    written(
        OutcomeParty(outcome=outcome, participation=side, confirmed_at=now, claimant=side == meeting.host)
        for outcome, meeting in zip(outcomes, held, strict=True)
        for side in (meeting.host, meeting.guest)
    )
    written(
        AuditEntry(
            at=now - number * minute,
            user=user,
            edition=edition,
            action="firm.changed",
            object_type="firm",
            object_id=str(side.firm_id),
            before={"website": ""},
            after={"website": "example.org"},
        )
        for number, (user, side) in enumerate(islice(cycle(people), entries))
    )


def written(rows: Iterable[Any]) -> list[Any]:
    """These rows of one model, written."""
    made = list(rows)
    return list(type(made[0])._base_manager.bulk_create(made, batch_size=BATCH))
