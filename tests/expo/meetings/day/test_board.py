"""The live board refuses in a sentence what it can't read, and nothing is proposed."""

from collections.abc import Callable

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.domain.phases import slots
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.timetable.models import TimetableRun

CHOOSE = "choose a participant and a time of the lists"
STRANGER = "One of them does not take part in this fair."
NO_TIME = "There is no such time in this fair."


@pytest.fixture
def two(edition: Edition, take_part: Callable[..., Participation]) -> dict[str, str]:
    """What stands for the two, and for the participant of another fair, in what is sent."""
    return {"host": str(take_part(edition).pk), "guest": str(take_part(edition, kind="buyer").pk)}


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({}, "Say what has happened"),
        ({"now": "0"}, "Say what has happened"),
        ({"now": "0", "absent": ""}, CHOOSE),
        ({"now": "0", "absent": "nobody"}, CHOOSE),
        ({"now": "soon", "absent": "guest"}, CHOOSE),
        ({"now": "-1", "absent": "guest"}, CHOOSE),
        ({"now": "9" * 30, "absent": "guest"}, CHOOSE),
        ({"now": "999", "absent": "guest"}, NO_TIME),
        ({"now": "0", "absent": "987654"}, STRANGER),
        ({"now": "0", "absent": "abroad"}, STRANGER),
        ({"now": "0", "late": "guest"}, CHOOSE),
        ({"now": "0", "late": "guest", "arrives": "noon"}, CHOOSE),
        ({"now": "0", "late": "guest", "arrives": "999"}, NO_TIME),
        ({"now": "0", "late": "abroad", "arrives": "1"}, STRANGER),
        ({"now": "0", "guest": "guest"}, CHOOSE),
        ({"now": "0", "host": "host", "guest": "x"}, CHOOSE),
        ({"now": "0", "host": "host", "guest": "host"}, "Nobody meets itself."),
        ({"now": "0", "host": "abroad", "guest": "guest"}, STRANGER),
        ({"apply": "1"}, "There is no change to apply."),
        ({"discard": "1"}, "There is no change to forget."),
    ],
)
def test_what_can_not_be_read_is_refused_in_a_sentence_and_changes_nothing(
    edition: Edition,
    other_edition: Edition,
    take_part: Callable[..., Participation],
    two: dict[str, str],
    organiser_client: Client,
    sent: dict[str, str],
    why: str,
) -> None:
    known = two | {"abroad": str(take_part(other_edition).pk)}
    entries = AuditEntry.objects.count()
    filled = {name: known.get(said, said) for name, said in sent.items()}
    answer = organiser_client.post(f"/en/{edition.slug}/organiser/live/", filled, follow=True)
    assert why in answer.text
    with scope(edition=edition):
        assert not TimetableRun.objects.exists()
    assert AuditEntry.objects.count() == entries


def test_who_comes_late_at_the_last_time_is_refused_no_more(
    edition: Edition, two: dict[str, str], organiser_client: Client
) -> None:
    sent = {"now": "0", "late": two["guest"], "arrives": str(len(slots(edition)) - 1)}
    organiser_client.post(f"/en/{edition.slug}/organiser/live/", sent)
    with scope(edition=edition):
        assert TimetableRun.objects.get().happened["late"] == {two["guest"]: len(slots(edition)) - 1}


@pytest.mark.parametrize("query", ["at=x", "at=-1", f"at={'9' * 40}", "with=x", "with=987654", "q=%00", "at=&with=&q="])
def test_the_board_is_shown_whatever_its_address_says(edition: Edition, organiser_client: Client, query: str) -> None:
    assert organiser_client.get(f"/en/{edition.slug}/organiser/live/?{query}").status_code == 200
