"""An event for pretalx of the size of the demonstration's programme. Run by pretalx's own Python, not by Serai's.

    python peer_event.py SPEAKERS ROOMS SESSIONS

Prints the paths of its pages as JSON: front, programme, a session, the speakers.
"""

import datetime as dt
import json
import sys
from zoneinfo import ZoneInfo

import django
import pretalx.celery_app  # noqa: F401  (tasks are done at once, without a broker)

django.setup()  # what follows imports models, which are there only now: hence E402 on each line

from django.db import transaction  # noqa: E402
from django_scopes import scope, scopes_disabled  # noqa: E402
from pretalx.event.domain.event import create_event  # noqa: E402
from pretalx.event.domain.organiser import create_organiser_with_team  # noqa: E402
from pretalx.person.domain.user import create_user  # noqa: E402
from pretalx.person.models import SpeakerProfile  # noqa: E402
from pretalx.schedule.domain.release import freeze_schedule  # noqa: E402
from pretalx.schedule.domain.slot import move_slot  # noqa: E402
from pretalx.schedule.models import Room  # noqa: E402
from pretalx.submission.domain.submission import create_submission  # noqa: E402
from pretalx.submission.models import Submission  # noqa: E402

BEGINS = dt.date(2026, 12, 8)
DAYS = 5
SLOTS_A_DAY = 8
TEXT = "Who makes the film between the electrodes of a battery, who could, and what a second source would cost. " * 4


@transaction.atomic
def make(speakers: int, rooms: int, sessions: int) -> dict[str, str]:
    """Every session has a speaker, and a slot of an hour in one of the rooms."""
    administrator = create_user(email="organiser@example.org", name="Organiser")
    organiser, team = create_organiser_with_team(name="Chains", slug="chains", users=[administrator])
    with scopes_disabled():
        event = create_event(
            organiser=organiser,
            locales=["en"],
            locale="en",
            name="Fair of chains",
            slug="fair",
            is_public=True,
            date_from=BEGINS,
            date_to=BEGINS + dt.timedelta(days=DAYS - 1),
            timezone="Asia/Shanghai",
            email="organiser@example.org",
            landing_page_text=TEXT,
        )
    with scope(event=event):
        team.limit_events.add(event)
        places = [Room.objects.create(event=event, name=f"Room {number}", position=number) for number in range(rooms)]
        people = [
            create_user(email=f"speaker{number}@example.org", name=f"Speaker {number}") for number in range(speakers)
        ]
        for person in people:
            SpeakerProfile.objects.update_or_create(user=person, event=event, defaults={"biography": TEXT})
        for number in range(sessions):
            person = people[number % speakers]
            session = create_submission(
                submission=Submission(
                    event=event,
                    title=f"Session {number}: a second source",
                    submission_type=event.cfp.default_type,
                    abstract=TEXT,
                    description=TEXT,
                    content_locale="en",
                ),
                user=person,
                speakers=[person],
            )
            session.accept()
            session.confirm()
            slot, room = divmod(number, rooms)
            day, hour = divmod(slot, SLOTS_A_DAY)
            begins = dt.datetime.combine(
                BEGINS + dt.timedelta(days=day), dt.time(9 + hour), tzinfo=ZoneInfo("Asia/Shanghai")
            )
            move_slot(session.slots.first(), begins, room=places[room])
        freeze_schedule(event.wip_schedule, "v1")
    return {
        "front": "/fair/",
        "programme": "/fair/schedule/nojs",
        "session": f"/fair/talk/{session.code}/",
        "speakers": "/fair/speaker/",
    }


if __name__ == "__main__":
    print(json.dumps(make(*map(int, sys.argv[1:]))))
