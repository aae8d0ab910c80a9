"""Programs wish, ask, answer, meet and state what came of it, as their owners may at the desk."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.meeting.models import Meeting, MeetingRequest
from serai.expo.meetings.outcomes.models import Outcome, OutcomeParty
from serai.expo.people.account.models import Role, User
from serai.expo.programme.sessions.models import Forum, Session
from serai.expo.venue.halls.models import Booth, Hall, Stand


@pytest.fixture
def buyer(edition: Edition, take_part: Callable[..., Participation], a_firm: Callable[..., Any]) -> Participation:
    today = timezone.localdate()
    Edition.objects.filter(pk=edition.pk).update(starts_on=today + timedelta(days=1), ends_on=today + timedelta(days=2))
    return take_part(edition, a_firm("Quiet Buyer Ltd"), kind="buyer")


@pytest.fixture
def sides(
    edition: Edition,
    owner: User,
    desk: Participation,
    buyer: Participation,
    new_user: Callable[..., User],
    program_of: Callable[..., Any],
) -> tuple[Any, Any]:
    """A program of the exhibitor and one of the buyer, each called with the rest of an address of the fair."""
    other = new_user("buyer", firm=buyer.firm)
    made = [program_of(user, "read", "write") for user in (owner, other)]

    def within(call: Any) -> Any:
        return lambda path, *rest, **more: call(f"/editions/{edition.slug}{path}", *rest, **more)

    return within(made[0]), within(made[1])


def test_a_request_is_asked_countered_and_accepted_and_the_meeting_held_by_two_scans(
    edition: Edition, desk: Participation, buyer: Participation, sides: tuple[Any, Any]
) -> None:
    seller, purchaser = sides
    times = purchaser(f"/my/free-times/{desk.firm.identifier}?limit=2").json()["items"]
    asked = purchaser("/my/requests", "post", {"to": desk.firm.identifier, "starts_at": times[0]["starts_at"]})
    assert (asked.status_code, asked.json()["awaiting"]) == (201, desk.firm.identifier)
    number = asked.json()["number"]
    [waiting] = seller("/my/requests?box=received").json()["items"]
    assert waiting["number"] == number
    later = {"starts_at": times[1]["starts_at"], "message": "Rather half an hour later"}
    countered = seller(f"/my/requests/{number}/counter", "post", later)
    assert countered.json()["awaiting"] == buyer.firm.identifier
    assert seller(f"/my/requests/{number}/accept", "post").status_code == 409  # the other side has to answer
    accepted = purchaser(f"/my/requests/{number}/accept", "post")
    assert accepted.json()["state"] == "accepted"
    meeting = accepted.json()["meeting"]
    shown = seller(f"/meetings/{meeting}").json()
    assert (shown["state"], shown["starts_at"]) == ("confirmed", times[1]["starts_at"])
    with scope(edition=edition):
        Meeting.objects.filter(pk=meeting).update(starts_at=timezone.now(), ends_at=timezone.now())
    codes = [call(f"/meetings/{meeting}").json()["code"] for call in sides]
    assert codes[0] != codes[1]
    assert seller(f"/meetings/{meeting}/scan", "post", {"code": codes[0]}).status_code == 409  # one's own
    assert seller(f"/meetings/{meeting}/scan", "post", {"code": codes[1]}).json()["state"] == "confirmed"
    assert purchaser(f"/meetings/{meeting}/scan", "post", {"code": codes[0]}).json()["state"] == "held"
    rated = seller(f"/meetings/{meeting}/note", "put", {"rating": 5, "next_step": "Send a sample"})
    assert rated.json()["note"]["rating"] == 5
    assert purchaser(f"/meetings/{meeting}").json()["note"] is None  # of the other side

    claimed = seller("/outcomes", "post", {"kind": "sample", "meeting": meeting, "value": 900, "currency": "USD"})
    assert (claimed.status_code, claimed.json()["state"]) == (201, "claimed")
    outcome = claimed.json()["number"]
    assert seller(f"/outcomes/{outcome}/confirm", "post").status_code in {200, 409}
    tag = purchaser(f"/outcomes/{outcome}")["ETag"]
    assert seller(f"/outcomes/{outcome}/terms", "put", {"value": 1200, "currency": "USD"}).status_code == 200
    late = purchaser(f"/outcomes/{outcome}/confirm", "post", if_match=tag)
    assert late.status_code == 412  # nobody confirms what was changed under its eyes
    assert purchaser(f"/outcomes/{outcome}/confirm", "post").json()["state"] == "confirmed"


def test_a_wish_is_seen_by_its_side_alone_and_no_thanks_is_answered_to_nobody(
    edition: Edition, desk: Participation, buyer: Participation, sides: tuple[Any, Any]
) -> None:
    seller, purchaser = sides
    said = seller(f"/my/wishes/{buyer.firm.identifier}", "put", {"strength": "no_thanks"})
    assert (said.status_code, said.json()["strength"]) == (200, "no_thanks")
    assert purchaser("/my/wishes").json()["items"] == []
    asked = purchaser("/my/requests", "post", {"to": desk.firm.identifier})
    assert asked.status_code == 201
    assert seller("/my/requests?box=received").json()["items"] == []
    assert seller(f"/my/requests/{asked.json()['number']}").status_code == 404
    assert seller(f"/my/wishes/{buyer.firm.identifier}", "delete").status_code == 204
    assert seller("/my/wishes").json()["items"] == []


def test_who_acts_for_several_says_for_which(
    edition: Edition, owner: User, desk: Participation, buyer: Participation, program_of: Callable[..., Any]
) -> None:
    Role.objects.create(user=owner, firm=buyer.firm, kind=Role.Kind.OWNER)
    call = program_of(owner, "read")
    assert call(f"/editions/{edition.slug}/my/wishes").status_code == 409
    for participation in (desk, buyer):
        answer = call(f"/editions/{edition.slug}/my/wishes?firm={participation.firm.identifier}")
        assert answer.status_code == 200
    assert call(f"/editions/{edition.slug}/my/wishes?firm=CN000").status_code == 403


def test_a_program_without_the_scope_to_organise_reads_as_anybody_although_its_owner_organises(
    edition: Edition, organiser: User, desk: Participation, buyer: Participation, program_of: Callable[..., Any]
) -> None:
    with scope(edition=edition):
        Meeting.objects.create(edition=edition, host=desk, guest=buyer, state="confirmed")
    path = f"/editions/{edition.slug}/meetings"
    assert len(program_of(organiser, "read", "organise")(path).json()["items"]) == 1
    assert program_of(organiser, "read")(path).json()["items"] == []


@pytest.mark.parametrize("path", ["meetings", "my/requests?box=received&firm={}", "programme", "booths", "outcomes"])
def test_more_lists_take_as_many_queries_for_one_as_for_three(
    path: str,
    edition: Edition,
    owner: User,
    desk: Participation,
    take_part: Callable[..., Participation],
    program_of: Callable[..., Any],
) -> None:
    with scope(edition=edition):
        hall = Hall.objects.create(edition=edition, code="W1")
        forum = Forum.objects.create(edition=edition, slug="opening", kind="ceremony")

    def add(number: int) -> None:
        other, at = take_part(edition), timezone.now() + timedelta(days=number)
        with scope(edition=edition):
            Meeting.objects.create(edition=edition, host=desk, guest=other, state="confirmed")
            MeetingRequest.objects.create(
                edition=edition, asker=other, asked=desk, awaiting=desk, expires_at=at + timedelta(days=1)
            )
            booth = Booth.objects.create(edition=edition, hall=hall, code=f"A{number}")
            Stand.objects.create(edition=edition, booth=booth, participation=other)
            Session.objects.create(edition=edition, forum=forum, starts_at=at, ends_at=at + timedelta(hours=1))
            outcome = Outcome.objects.create(edition=edition, kind="sample")
            for party in (desk, other):
                OutcomeParty.objects.create(outcome=outcome, participation=party)

    call = program_of(owner, "read")
    call("/me")  # when a key was used last is written at its first call

    def counted(rows: int) -> int:
        with CaptureQueriesContext(connection) as context:
            answer = call(f"/editions/{edition.slug}/{path.format(desk.firm.identifier)}")
        assert len(answer.json()["items"]) == rows
        return len(context)

    add(0)
    one = counted(1)
    add(1)
    add(2)
    assert counted(3) == one
