"""The plan of a hall: every booth at its place, who stands there, and a way that crosses no booth."""

from collections.abc import Callable

import pytest
from django.test import Client
from django_scopes import scope
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import DjangoAssertNumQueries

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.venue.halls.domain.plan import Place, aisles, places, tables
from serai.expo.venue.halls.models import Booth, Hall, Stand, TableArea

type Make[Thing] = Callable[..., Thing]

WIDTH, DEPTH = 6.0, 3.0


def make_hall(edition: Edition, rows: int = 2, columns: int = 3, code: str = "W1") -> Hall:
    """Rows of booths with an aisle of three metres before each."""
    with scope(edition=edition):
        hall = Hall.objects.create(edition=edition, code=code, title={"en": "West"}, width_m=40, depth_m=40)
        for row in range(rows):
            for column in range(columns):
                Booth.objects.create(
                    edition=edition,
                    hall=hall,
                    code=f"{code}-{'AB'[row]}{column}",
                    x_m=4 + column * WIDTH,
                    y_m=3 + row * (DEPTH + 3),
                    width_m=WIDTH,
                    depth_m=DEPTH,
                )
    return hall


def stand(edition: Edition, hall: Hall, code: str, participation: Participation) -> None:
    with scope(edition=edition):
        Stand.objects.create(edition=edition, booth=hall.booths.get(code=code), participation=participation)


def on_plan(edition: Edition, hall: Hall) -> dict[str, Place]:
    with scope(edition=edition):
        return {place.booth.code: place for place in places(hall)}


@given(rows=st.lists(st.tuples(st.floats(0, 36), st.floats(1, 4)), min_size=1, max_size=6))
def test_an_aisle_never_runs_through_a_booth(rows: list[tuple[float, float]]) -> None:
    """Wherever the rows stand, unless they leave no gap from wall to wall."""
    hall = Hall(width_m=40, depth_m=40)
    known = [Place(Booth(), 10, y, 20, depth, (), "") for y, depth in rows]
    ways = aisles(hall, known)
    spans = sorted((y, y + depth) for y, depth in rows)
    reached, gaps = 0.0, False
    for begins, ends in [*spans, (40.0, 40.0)]:
        gaps = gaps or begins - reached >= 1.2
        reached = max(reached, ends)
    if gaps:
        for y in ways.points[:, 1]:
            assert not any(begins < y < ends for begins, ends in spans)


def test_who_cancelled_does_not_stand_on_the_plan(
    edition: Edition, take_part: Make[Participation], a_firm: Make[Firm]
) -> None:
    hall = make_hall(edition)
    stand(edition, hall, "W1-A0", take_part(edition, a_firm("Here", name={"en": "Here"})))
    stand(edition, hall, "W1-A1", take_part(edition, a_firm("Gone", name={"en": "Gone"}), state="cancelled"))
    known = on_plan(edition, hall)
    assert known["W1-A0"].short == "Here"
    assert known["W1-A1"].stands == ()


def test_a_long_name_is_cut_to_its_booth(edition: Edition, take_part: Make[Participation], a_firm: Make[Firm]) -> None:
    hall = make_hall(edition)
    long = "A very long name of a firm that makes separators"
    stand(
        edition,
        hall,
        "W1-A0",
        take_part(edition, a_firm(long, name={"en": long, "zh-hans": "山河隔膜材料科技股份有限公司"})),
    )
    short = on_plan(edition, hall)["W1-A0"].short
    assert short.endswith("…")
    assert len(short) <= WIDTH / 0.9 / 0.6


def test_the_page_shows_the_plan_the_table_and_the_way(
    edition: Edition, anonymous_client: Client, take_part: Make[Participation], a_firm: Make[Firm]
) -> None:
    hall = make_hall(edition)
    stand(edition, hall, "W1-A0", take_part(edition, a_firm("Here", "RW", name={"en": "Here <b>"})))
    page = anonymous_client.get(f"/en/{edition.slug}/halls/W1/?from=W1-A0&booth=W1-B2").text
    assert "Here &lt;b&gt;" in page
    assert "Rwanda" in page
    assert 'class="way"' in page
    assert "along the aisles" in page


@pytest.mark.parametrize("query", ["?booth=nowhere", "?from=W1-A0&booth=W1-A0", "?from=%00&booth=W1-A0"])
def test_a_wrong_way_is_no_way(query: str, edition: Edition, anonymous_client: Client) -> None:
    make_hall(edition)
    answer = anonymous_client.get(f"/en/{edition.slug}/halls/W1/{query}")
    assert answer.status_code == 200
    assert 'class="way"' not in answer.text


def test_a_hall_of_another_fair_is_not_found(
    edition: Edition, other_edition: Edition, anonymous_client: Client
) -> None:
    make_hall(other_edition, code="X1")
    assert anonymous_client.get(f"/en/{edition.slug}/halls/X1/").status_code == 404


def place_tables(edition: Edition, hall: Hall) -> TableArea:
    with scope(edition=edition):
        return TableArea.objects.create(
            edition=edition, hall=hall, first=1, last=12, x_m=4, y_m=25, width_m=8, depth_m=6
        )


def test_meeting_tables_stand_in_rows_on_their_rectangle(edition: Edition) -> None:
    hall = make_hall(edition)
    area = place_tables(edition, hall)
    with scope(edition=edition):
        (found,) = tables(hall)
    assert [one.code for one in found.each] == [f"T{number}" for number in range(1, 13)]
    assert len({one.centre for one in found.each}) == 12
    for one in found.each:
        assert area.x_m <= one.x < one.x + one.size <= area.x_m + area.width_m
        assert area.y_m <= one.y < one.y + one.size <= area.y_m + area.depth_m


def test_the_page_draws_the_tables_and_the_way_leads_to_one(edition: Edition, anonymous_client: Client) -> None:
    hall = make_hall(edition)
    place_tables(edition, hall)
    page = anonymous_client.get(f"/en/{edition.slug}/halls/W1/?from=W1-A0&booth=T7").text
    assert page.count('class="table-top') == 12
    assert page.count("table-sought") == 1
    assert "From W1-A0 to T7:" in page
    assert "T1–T12" in anonymous_client.get(f"/en/{edition.slug}/halls/").text


def test_a_hall_of_tables_alone_has_its_plan(edition: Edition, anonymous_client: Client) -> None:
    place_tables(edition, make_hall(edition, rows=0, code="W9"))
    page = anonymous_client.get(f"/en/{edition.slug}/halls/W9/?from=T1&booth=T12").text
    assert 'class="way"' in page


@pytest.mark.parametrize("columns", [1, 3])
def test_the_plan_asks_as_often_for_many_booths_as_for_few(
    columns: int,
    edition: Edition,
    anonymous_client: Client,
    take_part: Make[Participation],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    hall = make_hall(edition, columns=columns)
    for column in range(columns):
        stand(edition, hall, f"W1-A{column}", take_part(edition))
    with django_assert_num_queries(6):
        anonymous_client.get(f"/en/{edition.slug}/halls/W1/")
