"""One booth is given, moved to and left on the organiser's desk, and refused in a sentence where it cannot be had."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.people.account.models import User
from serai.expo.venue.booths.domain import allocation, assignment
from serai.expo.venue.contracts.domain.contracts import offer, publish_terms
from serai.expo.venue.floor.domain.floor_plan import remove_booth
from serai.expo.venue.halls.models import Booth, BoothProposal, BoothWish, Hall, Stand

type Make[Thing] = Callable[..., Thing]


@pytest.fixture
def hall(edition: Edition) -> Hall:
    """Four booths of 9 square metres."""
    with scope(edition=edition):
        hall = Hall.objects.create(edition=edition, code="W1", title={"en": "West"}, width_m=40, depth_m=20)
        for number in range(4):
            Booth.objects.create(
                edition=edition, hall=hall, code=f"A{number}", x_m=2 + 6 * number, y_m=3, width_m=3, depth_m=3
            )
    return hall


def booth(hall: Hall, code: str, **changes: Any) -> Booth:
    with scope(edition=hall.edition):
        Booth.objects.filter(hall=hall, code=code).update(**changes or {"code": code})
        return Booth.objects.get(hall=hall, code=code)


def give(hall: Hall, code: str, who: Participation, **how: Any) -> assignment.Done:
    with scope(edition=hall.edition):
        return assignment.give(booth(hall, code), who, **how)


def leave(hall: Hall, code: str, who: Participation) -> assignment.Done:
    with scope(edition=hall.edition):
        return assignment.leave(booth(hall, code), who)


def at(who: Participation) -> list[str]:
    with scope(edition=who.edition):
        return list(Stand.objects.filter(participation=who).order_by("pk").values_list("booth__code", flat=True))


def test_an_exhibitor_gets_a_booth_moves_gets_a_second_and_leaves(hall: Hall, take_part: Make[Participation]) -> None:
    one = take_part(hall.edition)
    give(hall, "A0", one)
    assert at(one) == ["A0"]
    give(hall, "A1", one)
    assert at(one) == ["A1"]
    give(hall, "A2", one, move=False)
    assert at(one) == ["A1", "A2"]
    leave(hall, "A1", one)
    assert at(one) == ["A2"]
    with scope(edition=hall.edition):
        done = AuditEntry.objects.filter(object_type="stand").order_by("pk").values_list("action", flat=True)
        assert list(done) == ["stand.given", "stand.moved", "stand.given", "stand.removed"]
        assert " a2 " in Participation.objects.get(pk=one.pk).tokens
        remove_booth(booth(hall, "A1"))  # as nobody stands there any more
    with pytest.raises(assignment.StandRefusedError, match="does not stand at booth W1 A2"):
        leave(hall, "A2", take_part(hall.edition))


def test_who_is_led_goes_where_its_leader_goes(hall: Hall, take_part: Make[Participation]) -> None:
    lead = take_part(hall.edition)
    led = take_part(hall.edition, kind="co_exhibitor", lead=lead)
    give(hall, "A0", lead)
    give(hall, "A0", led)  # beside its leader, without a word
    give(hall, "A3", lead)
    assert (at(lead), at(led)) == (["A3"], ["A3"])
    leave(hall, "A3", lead)
    assert (at(lead), at(led)) == ([], [])


def test_a_booth_is_shared_only_where_that_is_said(hall: Hall, take_part: Make[Participation]) -> None:
    one, other = take_part(hall.edition), take_part(hall.edition)
    give(hall, "A0", one)
    with pytest.raises(assignment.StandRefusedError, match="Say that they share it"):
        give(hall, "A0", other)
    give(hall, "A0", other, share=True)
    assert at(other) == ["A0"]
    with pytest.raises(assignment.StandRefusedError, match="already"):
        give(hall, "A0", other, share=True)


@pytest.mark.parametrize(
    ("is_so", "sentence"),
    [
        ({"state": "blocked"}, "Booth W1 A0 is blocked"),
        ({"state": "on_hold", "held_until": timezone.localdate()}, "on hold until .* held for"),
        ({"pavilion": "FR"}, "country pavilion FR"),
    ],
)
def test_what_cannot_be_had_is_refused_in_a_sentence(
    hall: Hall, take_part: Make[Participation], is_so: dict[str, Any], sentence: str
) -> None:
    one = take_part(hall.edition)
    booth(hall, "A0", **is_so)
    with pytest.raises(assignment.StandRefusedError, match=sentence):
        give(hall, "A0", one)
    assert at(one) == []


def test_a_booth_on_hold_is_for_whom_it_is_held_and_is_reserved_then(
    hall: Hall, take_part: Make[Participation]
) -> None:
    one, other = take_part(hall.edition), take_part(hall.edition)
    today = timezone.localdate()
    booth(hall, "A0", state="on_hold", held_until=today, held_for=one)
    with pytest.raises(assignment.StandRefusedError, match=f"on hold for {one.firm.legal_name}"):
        give(hall, "A0", other)
    give(hall, "A0", one)
    assert (booth(hall, "A0").state, booth(hall, "A0").held_for) == ("reserved", None)
    give(hall, "A1", one)
    assert booth(hall, "A0").state == "available"  # it was kept for who has left it
    booth(hall, "A2", state="on_hold", held_until=today - timedelta(days=1), held_for=one)
    give(hall, "A2", other)  # the hold is over
    assert at(other) == ["A2"]


def test_members_of_a_pavilion_have_its_booths_and_who_is_not_confirmed_has_none(
    hall: Hall, take_part: Make[Participation]
) -> None:
    booth(hall, "A0", pavilion="FR")
    give(hall, "A0", take_part(hall.edition, pavilion="FR"))
    for no_exhibitor in (take_part(hall.edition, state="applied"), take_part(hall.edition, kind="buyer")):
        with pytest.raises(assignment.StandRefusedError, match="no confirmed exhibitor"):
            give(hall, "A1", no_exhibitor)


def test_a_booth_that_is_too_small_is_given_and_that_is_said(hall: Hall, take_part: Make[Participation]) -> None:
    assert give(hall, "A0", take_part(hall.edition, area_m2=9)).warnings == ()
    [warning] = give(hall, "A1", take_part(hall.edition, area_m2=18)).warnings
    assert warning == "Booth W1 A1 has 9.0 m², and 18 m² were granted."


def test_a_contract_of_the_booth_that_is_left_is_told_and_keeps_that_booth_from_others(
    hall: Hall, take_part: Make[Participation], organiser: User
) -> None:
    one, other = take_part(hall.edition), take_part(hall.edition)
    give(hall, "A0", one)
    with scope(edition=hall.edition):
        publish_terms(
            hall.edition, {"en": "Be there."}, party="Trade Body", language="en", currency="CNY", by=organiser
        )
        made = offer(Stand.objects.get(participation=one), by=organiser)
    booth(hall, "A0", state="contracted")
    [warning] = give(hall, "A1", one).warnings
    assert f"Contract {made.reference}" in warning
    assert "booth W1 A0" in warning
    assert booth(hall, "A0").state == "contracted"
    with pytest.raises(assignment.StandRefusedError, match=f"contract {made.reference}"):
        give(hall, "A0", other)


def test_an_allocation_that_did_not_know_of_it_is_forgotten(hall: Hall, take_part: Make[Participation]) -> None:
    one = take_part(hall.edition)
    give(hall, "A0", one)
    made = allocation.propose_booths(hall.edition, [hall], seconds=0.2)
    [warning] = give(hall, "A3", one).warnings
    assert "Propose it anew" in warning
    with scope(edition=hall.edition):
        assert BoothProposal.objects.get(pk=made.pk).state == "dropped"


def test_the_second_booth_of_an_exhibitor_is_proposed_to_nobody(hall: Hall, take_part: Make[Participation]) -> None:
    one, other = take_part(hall.edition), take_part(hall.edition)
    give(hall, "A0", one)
    give(hall, "A1", one, move=False)
    give(hall, "A2", other)
    with scope(edition=hall.edition):
        BoothWish.objects.create(edition=hall.edition, participation=other, booths=[booth(hall, "A1").pk])
    made = allocation.propose_booths(hall.edition, [hall], seconds=0.2)
    assert booth(hall, "A1").pk not in made.booths.values()
    with scope(edition=hall.edition), pytest.raises(allocation.AllocationError, match="cannot be given"):
        allocation.change(made, other.pk, booth(hall, "A1").pk)


def test_a_meeting_that_was_told_goes_along_and_to_a_table_where_no_booth_is_left(
    hall: Hall, take_part: Make[Participation]
) -> None:
    one, buyer = take_part(hall.edition), take_part(hall.edition, kind="buyer")
    begins = timezone.now() + timedelta(days=3)
    with scope(edition=hall.edition):
        told = Meeting.objects.create(
            edition=hall.edition,
            host=one,
            guest=buyer,
            state="scheduled",
            starts_at=begins,
            ends_at=begins + timedelta(minutes=30),
            place="T7",
        )
    for code, place in (("A0", "W1 A0"), ("A1", "W1 A1")):
        assert give(hall, code, one).moved == 1
        told.refresh_from_db()
        assert told.place == place
    assert leave(hall, "A1", one) == assignment.Done(1, ())
    told.refresh_from_db()
    assert told.place == "T1"
    Edition.objects.filter(pk=hall.edition.pk).update(meeting_tables=0)
    give(hall, "A0", one)
    assert "no table is free" in leave(hall, "A0", one).warnings[0]


def test_the_organiser_gives_and_takes_on_the_page_of_the_booth(
    hall: Hall, take_part: Make[Participation], organiser_client: Client
) -> None:
    one, other = take_part(hall.edition), take_part(hall.edition)
    free = booth(hall, "A0")
    page = f"/en/{hall.edition.slug}/organiser/booths/{free.pk}/"
    assert one.firm.legal_name in organiser_client.get(page).text
    sent = {"stand-exhibitor": str(one.pk), "stand-move": "1"}
    assert "stands at booth W1 A0" in organiser_client.post(f"{page}stand/", sent, follow=True).text
    assert at(one) == ["A0"]
    refused = organiser_client.post(f"{page}stand/", sent | {"stand-exhibitor": str(other.pk)}, follow=True).text
    assert "Say that they share it" in refused
    shared = {"stand-exhibitor": str(other.pk), "stand-move": "0", "stand-share": "on"}
    organiser_client.post(f"{page}stand/", shared)
    assert at(other) == ["A0"]
    assert "Choose an exhibitor." in organiser_client.post(f"{page}stand/", {}, follow=True).text
    assert organiser_client.post(f"{page}stand/", {"leave": "999999"}).status_code == 404
    assert "has left booth W1 A0" in organiser_client.post(f"{page}stand/", {"leave": str(one.pk)}, follow=True).text
    assert (at(one), at(other)) == ([], ["A0"])


def test_the_page_of_a_booth_takes_as_many_queries_for_three_exhibitors_as_for_one(
    hall: Hall,
    take_part: Make[Participation],
    organiser_client: Client,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    for number in range(3):
        give(hall, "A0", take_part(hall.edition), share=True)
        give(hall, f"A{number + 1}", take_part(hall.edition))
    with django_assert_max_num_queries(29):  # with what waits on each page of the desk
        organiser_client.get(f"/en/{hall.edition.slug}/organiser/booths/{booth(hall, 'A0').pk}/")


def test_the_page_of_a_booth_reads_of_the_firms_in_its_lists_only_what_they_say(
    hall: Hall, take_part: Make[Participation], organiser_client: Client
) -> None:
    take_part(hall.edition)
    page = f"/en/{hall.edition.slug}/organiser/booths/{booth(hall, 'A0').pk}/"
    with CaptureQueriesContext(connection) as queries:
        assert organiser_client.get(page).status_code == 200
    listing = [one["sql"] for one in queries if '"sort_name"' in one["sql"].rpartition("ORDER BY")[2]]
    assert len(listing) == 2  # for whom it is held, and to whom it may be given
    assert not [sql for sql in listing if '"description"' in sql]
