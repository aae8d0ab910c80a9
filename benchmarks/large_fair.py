"""A fair of national size in whatever database DATABASE_URL names, and how long each of its pages takes.

    DATABASE_URL=postgresql://... python -m benchmarks.large_fair

It is the demonstration edition with its rows copied until there are as many as asked for: 1,200 exhibitors, 60,000
people, 24,000 meetings, 1,000 events at booths. Prints one line of JSON a page and visitor: the seconds of each answer,
the processor's seconds of one in this process, and the number of queries.
"""

import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from datetime import datetime, timedelta
from datetime import time as time_of_day
from itertools import cycle, islice
from typing import Any
from zoneinfo import ZoneInfo

from scripts.addresses import VISITORS, addresses
from serai.expo.instance import open_instance

EXHIBITORS, PEOPLE, MEETINGS, EVENTS = 1_200, 60_000, 24_000, 1_000
ROUNDS = 9
BATCH = 2_000


def main() -> None:
    open_instance()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    say("making the demonstration edition")
    from serai.expo.demo.domain import create_demo

    edition = create_demo(password="the road to Samarkand")
    from django_scopes import scope

    with scope(edition=edition):
        grow(edition)
    analyse()
    for line in measured(edition):
        print(json.dumps(line), flush=True)


def say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def analyse() -> None:
    """Let the database know its tables, as its own housekeeping does overnight."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def grow(edition: Any) -> None:
    """Copy firms with their offers, needs and placements, then add people and meetings."""
    from serai.expo.editions.models import Participation

    exhibiting = list(Participation.objects.filter(kind__in=["exhibitor", "co_exhibitor"]).select_related("firm"))
    say(f"{len(exhibiting)} exhibitors become {EXHIBITORS}")
    copy_participations(edition, list(islice(cycle(exhibiting), EXHIBITORS - len(exhibiting))))
    everyone = list(Participation.objects.filter(edition=edition).select_related("firm"))
    say(f"{PEOPLE} people")
    add_people(everyone)
    say(f"{MEETINGS} meetings")
    add_meetings(edition, everyone)
    say(f"{EVENTS} events at booths")
    add_events(edition)


def copy_participations(edition: Any, originals: Sequence[Any]) -> None:
    """Each original once more under another firm, with its offers, needs and placements."""
    from serai.expo.chains.models import Placement
    from serai.expo.market.models import Need, Offer

    participations = [copied(each, lead=None) for each in originals]
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
    from serai.expo.firms.identifier import new_identifier
    from serai.expo.firms.models import Firm

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
    found: dict[int, list[Any]] = {}
    for row in model.objects.filter(participation__in={each.pk for each in participations}):
        found.setdefault(row.participation_id, []).append(row)
    return found


def add_people(participations: Sequence[Any]) -> None:
    from serai.expo.people.models import Role, User

    numbers = range(PEOPLE)
    users = [User(email=f"person{number}@example.org", name=f"Person {number}", password="!") for number in numbers]
    User.objects.bulk_create(users, batch_size=BATCH)
    owners = zip(users, cycle(participations), strict=False)
    roles = [Role(user=user, firm=each.firm, kind=Role.Kind.MEMBER) for user, each in owners]
    Role.objects.bulk_create(roles, batch_size=BATCH, ignore_conflicts=True)


def add_meetings(edition: Any, participations: Sequence[Any]) -> None:
    from django.utils import timezone

    from serai.expo.meetings.models import Meeting

    hosts = [each for each in participations if each.kind in {"exhibitor", "co_exhibitor"}]
    guests = [each for each in participations if each.kind == "buyer"]
    slot, first = timedelta(minutes=edition.meeting_minutes), timezone.now()
    # Each round every exhibitor meets another buyer, some steps further on.
    rounds = -(-MEETINGS // len(hosts))
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


def add_events(edition: Any) -> None:
    """Events at booths on every day of the fair, made known by a release."""
    from serai.expo.halls.models import Stand
    from serai.expo.programme.models import Forum, Room, Session
    from serai.expo.programme.releasing import release_programme

    standing = Stand.objects.filter(edition=edition, booth__room__isnull=True).select_related("booth", "participation")
    stands = list({stand.booth_id: stand for stand in standing}.values())  # some share a booth
    title = {"en": "Events at booths", "zh-hans": "展位活动"}
    forum = Forum.objects.create(edition=edition, slug="booth-events", kind="booth_event", title=title, order=999)
    rooms = [Room(edition=edition, booth=stand.booth, title={"en": stand.booth.label}, order=999) for stand in stands]
    there = Room.objects.bulk_create(rooms, batch_size=BATCH)
    opening = datetime.combine(edition.starts_on, time_of_day(10), ZoneInfo(edition.time_zone))
    hour, days = timedelta(hours=1), (edition.ends_on - edition.starts_on).days + 1
    events = []
    for number, (stand, room) in enumerate(islice(cycle(zip(stands, there, strict=True)), EVENTS)):
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


def measured(edition: Any) -> Iterator[dict[str, Any]]:
    """Each page of the site as each kind of visitor whom it answers: the first answer warms up, the others count."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    import serai.expo.wsgi  # noqa: F401  (the process as that of the web server, with what is loaded kept apart)
    from serai.expo.people.models import User

    for who, email in VISITORS.items():
        user = User.objects.filter(email=email).first()
        client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)  # one that fails is one of the findings
        if user is not None:
            client.force_login(user)
        for name, address in sorted(addresses(edition, user).items()):
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(address)
            queries = len(asked)  # before the next request clears what was noted
            is_page = answer.status_code == 200 and "text/html" in answer.headers.get("Content-Type", "")
            seconds, processor = [], time.process_time()
            for _round in range(ROUNDS if is_page else 0):
                began = time.perf_counter()
                len(client.get(address).content)
                seconds.append(time.perf_counter() - began)
            yield {
                "page": f"{name} for {who}",
                "address": address,
                "code": answer.status_code if is_page or answer.status_code >= 400 else 0,
                "seconds": seconds,
                "processor": (time.process_time() - processor) / ROUNDS,
                "queries": queries,
            }


if __name__ == "__main__":
    main()
