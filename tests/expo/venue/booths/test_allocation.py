"""Booths: states that end, an allocation that keeps what is reserved, and a proposal that moves nobody by itself."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation, Section
from serai.expo.venue.booths.domain import allocation
from serai.expo.venue.booths.domain.problem import why_said
from serai.expo.venue.halls.models import Booth, BoothProposal, BoothWish, Hall, Stand
from serai.match.halls import Against

type Make[Thing] = Callable[..., Thing]


@pytest.fixture
def hall(edition: Edition, take_part: Make[Participation]) -> Hall:
    """Six booths in two rows; exhibitors in the first four."""
    with scope(edition=edition):
        hall = Hall.objects.create(edition=edition, code="W1", title={"en": "West"}, width_m=40, depth_m=20)
        for number in range(6):
            booth = Booth.objects.create(
                edition=edition,
                hall=hall,
                code=f"A{number}",
                x_m=2 + 12 * (number % 3),
                y_m=3 + 9 * (number // 3),
                width_m=6,
                depth_m=3,
                kind="corner" if number == 5 else "row",
            )
            if number < 4:
                Stand.objects.create(edition=edition, booth=booth, participation=take_part(edition))
    return hall


def booth(hall: Hall, code: str) -> Booth:
    with scope(edition=hall.edition):
        return Booth.objects.get(hall=hall, code=code)


def standing(hall: Hall) -> dict[int, str]:
    with scope(edition=hall.edition):
        return dict(Stand.objects.filter(booth__hall=hall).values_list("participation_id", "booth__code"))


def wish_of(participation: int, hall: Hall, **fields: object) -> BoothWish:
    with scope(edition=hall.edition):
        return BoothWish.objects.create(edition=hall.edition, participation_id=participation, **fields)


def test_a_hold_ends_after_its_last_day(hall: Hall) -> None:
    today = timezone.localdate()
    assert allocation.state_now(Booth(state="on_hold", held_until=today)) == "on_hold"
    assert allocation.state_now(Booth(state="on_hold", held_until=today - timedelta(days=1))) == "available"
    assert allocation.state_now(Booth(state="blocked", held_until=today - timedelta(days=1))) == "blocked"


def test_wishes_are_met_and_nobody_moves_before_it_is_accepted(hall: Hall) -> None:
    first = next(iter(standing(hall)))
    before = standing(hall)
    wish_of(first, hall, booths=[booth(hall, "A5").pk])
    made = allocation.propose_booths(hall.edition, [hall], seconds=0.5)
    assert made.booths[str(first)] == booth(hall, "A5").pk
    assert standing(hall) == before
    with scope(edition=hall.edition):
        moved = allocation.accept(made)
        assert moved >= 1
        assert AuditEntry.objects.filter(action="stand.moved").count() == moved
        with pytest.raises(allocation.AllocationError, match="not waiting any more"):
            allocation.accept(made)
    assert standing(hall)[first] == "A5"


def test_what_is_contracted_stays_blocked_ones_are_left_out_and_held_ones_are_for_whom_they_are_held(
    hall: Hall,
) -> None:
    contracted, other, third = list(standing(hall))[:3]
    with scope(edition=hall.edition):
        Booth.objects.filter(pk=booth(hall, "A0").pk).update(state="contracted")
        Booth.objects.filter(pk=booth(hall, "A4").pk).update(state="blocked")
        Booth.objects.filter(pk=booth(hall, "A5").pk).update(
            state="on_hold", held_until=timezone.localdate(), held_for=third
        )
    wish_of(contracted, hall, booths=[booth(hall, "A5").pk])
    wish_of(other, hall, booths=[booth(hall, "A0").pk, booth(hall, "A4").pk])
    made = allocation.propose_booths(hall.edition, [hall], seconds=0.5)
    assert made.booths[str(contracted)] == booth(hall, "A0").pk
    assert made.booths[str(third)] == booth(hall, "A5").pk
    assert booth(hall, "A4").pk not in made.booths.values()
    told = {(who, wished): (price, against) for who, wished, _given, price, against, _values in made.deviations}
    assert told[other, booth(hall, "A0").pk] == (None, "held")


def test_why_a_wish_was_not_met_is_kept_as_data_and_said_on_the_page(hall: Hall, organiser_client: Client) -> None:
    one, other, *_rest = list(standing(hall))
    wish_of(one, hall, booths=[booth(hall, "A4").pk], power_kw=3)
    wish_of(other, hall, booths=[booth(hall, "A5").pk])
    with scope(edition=hall.edition):
        Booth.objects.filter(pk=booth(hall, "A0").pk).update(power_kw=5)
        Booth.objects.filter(pk=booth(hall, "A5").pk).update(state="contracted")
        Stand.objects.filter(booth__code="A3").update(booth=booth(hall, "A5"))
    made = allocation.propose_booths(hall.edition, [hall], seconds=0.5)
    against = {(who, why): values for who, _wished, _got, _price, why, values in made.deviations}
    assert against == {(one, "power"): [0.0, 3.0], (other, "held"): []}
    page = "/organiser/booths/"
    english = organiser_client.get(f"/en/{hall.edition.slug}{page}").text
    assert "It has 0 kW and 3 kW are needed." in english
    assert "The booth is kept for another." in english


def test_who_needs_water_a_height_or_a_strong_floor_stands_where_there_is_one(hall: Hall) -> None:
    wet, high, heavy, *_rest = list(standing(hall))
    wish_of(wet, hall, booths=[booth(hall, "A4").pk], equipment=["water", "internet"])
    wish_of(high, hall, booths=[booth(hall, "A5").pk], height_m=5)
    wish_of(heavy, hall, booths=[booth(hall, "A5").pk], load_kg_m2=2_000)
    with scope(edition=hall.edition):
        Booth.objects.update(height_m=3, load_kg_m2=900)
        Booth.objects.filter(code="A0").update(equipment=["water", "air"])
        Booth.objects.filter(code="A1").update(height_m=None)
        Booth.objects.filter(code="A2").update(load_kg_m2=2_500)
    made = allocation.propose_booths(hall.edition, [hall], seconds=0.5)
    # No booth has the internet: it is laid where it is wanted, and decides nothing.
    assert [made.booths[str(who)] for who in (wet, high, heavy)] == [booth(hall, f"A{n}").pk for n in range(3)]
    against = {(who, why): values for who, _wished, _got, _price, why, values in made.deviations}
    assert against == {
        (wet, "equipment"): ["water"],
        (high, "height"): [3.0, 5.0],
        (heavy, "load"): [900.0, 2_000.0],
    }


def test_what_is_laid_on_shows_on_the_plan_and_in_what_is_wished(hall: Hall, organiser_client: Client) -> None:
    wish_of(next(iter(standing(hall))), hall, equipment=["air"], height_m=4)
    with scope(edition=hall.edition):
        Booth.objects.filter(code="A0").update(power_kw=5, equipment=["water"], load_kg_m2=900)
    public = organiser_client.get(f"/en/{hall.edition.slug}/halls/{hall.code}/").text
    assert "5 kW · Water and drain · 900 kg/m²" in public
    asked = organiser_client.get(f"/en/{hall.edition.slug}/organiser/booths/").text
    assert "Compressed air · up to 4 m high" in asked


@pytest.mark.parametrize("against", [*Against])
def test_everything_that_stands_against_a_wish_has_its_sentence(against: Against) -> None:
    values = {
        Against.AREA: (9.0, 12.0),
        Against.KIND: ("row", "island"),
        Against.POWER: (1.0, 2.0),
        Against.HEIGHT: (2.5, 4.0),
        Against.LOAD: (500.0, 900.0),
        Against.EQUIPMENT: ("water",),
        Against.PAVILION: ("FR",),
        Against.HALL: ("1", "2"),
        Against.OCCUPANT: ("firm 1", "booth 2"),
    }.get(against, ())
    names = {"firm 1": "Acme", "booth 2": "A2", "hall 1": "W1", "hall 2": "W2"}
    said = why_said(against, values, names)
    assert said.endswith(".")
    assert not any(key in said for key in names)


def test_who_wishes_to_stand_near_another_does(hall: Hall) -> None:
    one, _two, other = list(standing(hall))[:3]
    wish = wish_of(one, hall)
    with scope(edition=hall.edition):
        wish.near.add(other)
    made = allocation.propose_booths(hall.edition, [hall], seconds=1)
    assert made.walking_after < made.walking_before


def test_an_exhibitor_that_no_booth_fits_is_named(hall: Hall) -> None:
    first = next(iter(standing(hall)))
    wish_of(first, hall, power_kw=99)
    with pytest.raises(allocation.AllocationError) as refusal:
        allocation.propose_booths(hall.edition, [hall], seconds=0.5)
    assert str(refusal.value).startswith("No booth fits what is needed by Firm")
    with scope(edition=hall.edition):
        assert not BoothProposal.objects.exists()


def test_the_organiser_proposes_changes_and_accepts_on_the_page(hall: Hall, organiser_client: Client) -> None:
    page = f"/en/{hall.edition.slug}/organiser/booths/"
    assert "Choose at least one hall." in organiser_client.post(page, follow=True).text
    answer = organiser_client.post(page, {"hall": str(hall.pk)}, follow=True)
    assert "Proposed allocation" in answer.text
    with scope(edition=hall.edition):
        proposal = BoothProposal.objects.get(state="draft")
    who = next(iter(standing(hall)))
    decide = f"{page}proposals/{proposal.pk}/"
    organiser_client.post(decide, {"change": "1", "who": str(who), "booth": str(booth(hall, "A5").pk)})
    assert "has moved" in organiser_client.post(decide, {"accept": "1"}, follow=True).text.replace("have", "has")
    assert standing(hall)[who] == "A5"
    assert "not waiting any more" in organiser_client.post(decide, {"accept": "1"}, follow=True).text


def test_points_and_the_state_of_a_booth_are_kept_from_their_pages(hall: Hall, organiser_client: Client) -> None:
    wish = wish_of(next(iter(standing(hall))), hall)
    page = f"/en/{hall.edition.slug}/organiser/booths/"
    organiser_client.post(f"{page}wishes/{wish.pk}/points/", {"points": "7"})
    assert "whole number" in organiser_client.post(f"{page}wishes/{wish.pk}/points/", {"points": "x"}, follow=True).text
    with scope(edition=hall.edition):
        assert BoothWish.objects.get().points == 7
    free = booth(hall, "A5")
    sent = {"state": "on_hold", "kind": "corner", "power_kw": "3", "pavilion": "br"}
    assert "until which day" in organiser_client.post(f"{page}{free.pk}/", sent).text
    answer = organiser_client.post(f"{page}{free.pk}/", sent | {"held_until": "2031-01-31"}, follow=True)
    assert "On hold" in answer.text
    assert booth(hall, "A5").pavilion == "BR"
    taken = booth(hall, "A0")
    assert "Someone stands there" in organiser_client.post(f"{page}{taken.pk}/", sent | {"state": "blocked"}).text


def test_the_list_of_booths_takes_as_many_queries_for_three_as_for_one(
    hall: Hall, organiser_client: Client, django_assert_max_num_queries: Callable[..., object]
) -> None:
    with django_assert_max_num_queries(28):  # with what waits on each page of the desk
        assert organiser_client.get(f"/en/{hall.edition.slug}/organiser/booths/halls/W1/").status_code == 200


@pytest.mark.parametrize("held_for", ["invited", "contracted elsewhere in the hall", "nobody"])
def test_a_booth_on_hold_for_one_who_is_not_to_be_placed_there_is_given_to_nobody_else(
    hall: Hall, take_part: Make[Participation], held_for: str
) -> None:
    one, other, *_rest = list(standing(hall))
    with scope(edition=hall.edition):
        firm = take_part(hall.edition, state="invited").pk if held_for == "invited" else other
        Booth.objects.filter(pk=booth(hall, "A5").pk).update(
            state="on_hold", held_until=timezone.localdate(), held_for=None if held_for == "nobody" else firm
        )
        if held_for.startswith("contracted"):
            Booth.objects.filter(pk=booth(hall, standing(hall)[other]).pk).update(state="contracted")
    wish_of(one, hall, booths=[booth(hall, "A5").pk])
    made = allocation.propose_booths(hall.edition, [hall], seconds=0.5)
    assert booth(hall, "A5").pk not in made.booths.values()


def test_who_stands_on_a_booth_on_hold_for_an_outsider_stays(hall: Hall, take_part: Make[Participation]) -> None:
    one, other, *_rest = list(standing(hall))
    with scope(edition=hall.edition):
        held = booth(hall, standing(hall)[other])
        Booth.objects.filter(pk=held.pk).update(
            state="on_hold", held_until=timezone.localdate(), held_for=take_part(hall.edition, state="invited")
        )
    wish_of(one, hall, booths=[held.pk])
    made = allocation.propose_booths(hall.edition, [hall], seconds=0.5)
    assert made.booths[str(other)] == held.pk


def test_a_hall_whose_allocation_would_place_nobody_new_says_why(
    hall: Hall, organiser_client: Client, take_part: Make[Participation]
) -> None:
    page = f"/en/{hall.edition.slug}/organiser/booths/"
    assert "Every confirmed exhibitor has a booth" in organiser_client.get(page).text
    homeless = take_part(hall.edition)
    assert "the hall has no section, and no exhibitor without a booth wishes for it" in organiser_client.get(page).text
    with scope(edition=hall.edition):
        section = Section.objects.get()
        Hall.objects.filter(pk=hall.pk).update(section=section)
    assert "no exhibitor without a booth belongs to the section" in organiser_client.get(page).text
    with scope(edition=hall.edition):
        Participation.objects.filter(pk=homeless.pk).update(section=section)
    assert "1 exhibitor without a booth is placed here, on 2 free booths." in organiser_client.get(page).text
    with scope(edition=hall.edition):
        Booth.objects.filter(hall=hall, code__in=["A4", "A5"]).update(state="blocked")
    assert "Every booth of this hall is taken, reserved, on hold or blocked." in organiser_client.get(page).text
