"""The way from place to place: it enters no booth, leads across halls by their entrances, and is told in steps."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from django.test import Client
from django_scopes import scope
from pytest_django.fixtures import DjangoAssertNumQueries

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.venue.halls.domain.journeys import Floor, floor_of, journey
from serai.expo.venue.halls.domain.plan import minutes
from serai.expo.venue.halls.domain.site import site, stands_of
from serai.expo.venue.halls.models import Booth, Entrance, Hall, Stand
from serai.match.halls import WayError

type Make[Thing] = Callable[..., Thing]


def make_hall(edition: Edition, code: str = "W1", *, site_at: tuple[float, float] | None = None) -> Hall:
    """Two rows of three booths, 6 by 3 m, with aisles of three metres, and a door in the western wall between them."""
    x, y = site_at or (None, None)
    with scope(edition=edition):
        hall = Hall.objects.create(
            edition=edition, code=code, title={"en": code}, width_m=40, depth_m=20, site_x_m=x, site_y_m=y
        )
        Booth.objects.bulk_create(
            Booth(
                edition=edition,
                hall=hall,
                code=f"{code}-{'AB'[row]}{column}",
                x_m=4 + column * 6,
                y_m=3 + row * 6,
                width_m=6,
                depth_m=3,
            )
            for row in range(2)
            for column in range(3)
        )
        Entrance.objects.create(edition=edition, hall=hall, code="1", x_m=0, y_m=7.5)
    return hall


def on_floor(edition: Edition, hall: Hall) -> Floor:
    with scope(edition=edition):
        return floor_of(hall)


@pytest.mark.parametrize(
    ("start", "end"), [("W1-A0", "W1-A2"), ("W1-A0", "W1-B0"), ("W1-A1", "W1-B2"), ("@1", "W1-B2")]
)
def test_a_way_enters_no_booth_but_its_ends_and_the_way_back_is_as_long(start: str, end: str, edition: Edition) -> None:
    floor = on_floor(edition, make_hall(edition))
    there, back = (journey(floor, floor.by_code[a], floor, floor.by_code[b]) for a, b in ((start, end), (end, start)))
    assert there.metres == pytest.approx(back.metres)
    corners = there.legs[0].way.corners
    assert (corners[0], corners[-1]) == (floor.by_code[start].centre, floor.by_code[end].centre)
    others = [place for place in floor.places if place.code not in {start, end}]
    for (x, y), (to_x, to_y) in pairwise(corners):
        for place in others:
            beside = max(x, to_x) <= place.x or min(x, to_x) >= place.x + place.width
            before = max(y, to_y) <= place.y or min(y, to_y) >= place.y + place.depth
            assert beside or before


def test_the_steps_say_how_far_and_which_way_to_turn(edition: Edition) -> None:
    floor = on_floor(edition, make_hall(edition))
    way = journey(floor, floor.by_code["@1"], floor, floor.by_code["W1-A1"])
    assert way.legs[0].steps == ["Walk 13 m to booth W1-A1 and turn left.", "Walk 3 m to W1-A1."]
    back = journey(floor, floor.by_code["W1-A1"], floor, floor.by_code["@1"])
    assert back.legs[0].steps == ["Walk 3 m to booth W1-A1 and turn right.", "Walk 13 m to Entrance 1."]
    assert minutes(way.metres) == 1


def test_a_way_across_halls_leads_by_the_entrances_that_make_it_shortest(edition: Edition) -> None:
    west = make_hall(edition, "W1", site_at=(0, 0))
    east = make_hall(edition, "E1", site_at=(60, 0))
    with scope(edition=edition):
        Entrance.objects.create(edition=edition, hall=west, code="2", title={"en": "East door"}, x_m=40, y_m=7.5)
    first, last = on_floor(edition, west), on_floor(edition, east)
    found = journey(first, first.by_code["W1-A1"], last, last.by_code["E1-B2"])
    assert [(leg.start.label, leg.end.label) for leg in found.legs] == [
        ("W1-A1", "East door"),
        ("Entrance 1", "E1-B2"),
    ]
    assert found.outside == pytest.approx(20)
    assert found.metres == pytest.approx(20 + sum(leg.way.metres for leg in found.legs))
    from_door = journey(last, last.by_code["@1"], first, first.by_code["W1-A1"])
    assert from_door.legs[0].steps == []
    assert from_door.metres == pytest.approx(20 + from_door.legs[1].way.metres)
    back = journey(last, last.by_code["E1-B2"], first, first.by_code["W1-A1"])
    assert back.metres == pytest.approx(found.metres)


def test_without_entrances_no_way_across_halls_is_made_up(edition: Edition, anonymous_client: Client) -> None:
    first, last = make_hall(edition, "W1"), make_hall(edition, "W2")
    page = anonymous_client.get(f"/en/{edition.slug}/halls/W2/?from=W1/W1-A0&booth=W2-B2").text
    assert "How far that is has not been entered." in page
    with scope(edition=edition):
        first.entrances.all().delete()
    floors = on_floor(edition, first), on_floor(edition, last)
    with pytest.raises(WayError):
        journey(floors[0], floors[0].by_code["W1-A0"], floors[1], floors[1].by_code["W2-B2"])
    page = anonymous_client.get(f"/en/{edition.slug}/halls/W2/?from=W1/W1-A0&booth=W2-B2").text
    assert "The entrances of hall W1 are not known yet." in page


def test_a_firm_is_found_with_its_booth_and_the_way_to_it(
    edition: Edition, anonymous_client: Client, take_part: Make[Participation], a_firm: Make[Firm]
) -> None:
    hall = make_hall(edition)
    for name, booth in (("Nova Power", "W1-A0"), ("Nova Grid", "W1-B1")):
        participation = take_part(edition, a_firm(name, name={"en": name}))
        with scope(edition=edition):
            Stand.objects.create(edition=edition, booth=hall.booths.get(code=booth), participation=participation)
    with scope(edition=edition):
        assert [stand.booth.code for stand in stands_of(edition, "nova")] == ["W1-B1", "W1-A0"]
        assert [stand.booth.code for stand in stands_of(edition, "nova power")] == ["W1-A0"]
        assert [stand.booth.code for stand in stands_of(edition, "w1-b1")] == ["W1-B1"]
        assert not stands_of(edition, " ")
    page = anonymous_client.get(f"/en/{edition.slug}/halls/?firm=power").text
    assert f"/en/{edition.slug}/halls/W1/?booth=W1-A0#plan" in page
    assert "Nova Grid" not in page
    assert "No exhibitor with a booth is found" in anonymous_client.get(f"/en/{edition.slug}/halls/?firm=zzz").text


@pytest.mark.parametrize("halls", [1, 3])
def test_the_site_counts_exhibitors_by_hall_and_section_in_a_fixed_number_of_queries(
    halls: int,
    edition: Edition,
    take_part: Make[Participation],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    made = [make_hall(edition, f"W{number}", site_at=(50 * number, 0)) for number in range(halls)]
    with scope(edition=edition):
        section = edition.sections.get()
        for hall in made:
            for booth in hall.booths.all()[:2]:
                participation = take_part(edition, section=section)
                Stand.objects.create(edition=edition, booth=booth, participation=participation)
        gone = take_part(edition, state="cancelled", section=section)
        Stand.objects.create(edition=edition, booth=made[0].booths.last(), participation=gone)
        with django_assert_num_queries(4):
            drawn = site(edition)
        assert drawn.is_true
        assert [(one.exhibitors, one.sections) for one in drawn.halls] == [(2, [(section, 2)])] * halls
        Hall.objects.filter(pk=made[0].pk).update(site_x_m=None)
        assert not site(edition).is_true
