"""Drawing on a hall's plan: booths are placed, divided and joined, and every step can be undone exactly."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.base.audit.domain.entries import state
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.people.account.models import Role, User
from serai.expo.venue.floor.domain import plan_edits
from serai.expo.venue.floor.domain.floor_plan import FloorError, save_booth, save_hall
from serai.expo.venue.floor.domain.plan_edits import Change, Side, remove_entrance, save_entrance
from serai.expo.venue.halls.models import Booth, Entrance, Hall, Stand

type Make[Thing] = Callable[..., Thing]


@pytest.fixture
def hall(edition: Edition) -> Hall:
    """A at (1, 1) and B beside it, 3 by 3 m each; C is behind A and as wide as both."""
    hall = save_hall(Hall(edition=edition, code="W1", title={"en": "West"}, width_m=40, depth_m=30))
    for code, x, y, width, price in (("A", 1, 1, 3, 900), ("B", 4, 1, 3, 600), ("C", 1, 4, 6, None)):
        save_booth(
            Booth(
                edition=edition,
                hall=hall,
                code=code,
                x_m=x,
                y_m=y,
                width_m=width,
                depth_m=3,
                price=price,
                power_kw=5,
                equipment=["water"],
            )
        )
    return hall


def the(hall: Hall, code: str) -> Booth:
    with scope(edition=hall.edition):
        return hall.booths.select_related("hall__edition").get(code=code)


def drawn(hall: Hall) -> dict[str, tuple[float | None, ...]]:
    with scope(edition=hall.edition):
        rows = hall.booths.values_list("code", "x_m", "y_m", "width_m", "depth_m")
        return {code: tuple(metres) for code, *metres in rows}


def everything(hall: Hall) -> list[dict[str, Any]]:
    with scope(edition=hall.edition):
        return [state(booth) for booth in hall.booths.order_by("pk")]


def through_a_session(change: Change) -> Change:
    return Change.of(json.loads(json.dumps(change.plain())))


def test_each_step_is_undone_to_the_last_field(hall: Hall) -> None:
    before = everything(hall)
    steps: list[Callable[[], Change]] = [
        lambda: plan_edits.place(the(hall, "A"), 10, 10, 4, 2.5, user=None),
        lambda: plan_edits.split(the(hall, "C"), Side.WIDTH, 2, user=None),
        lambda: plan_edits.split(the(hall, "A"), Side.DEPTH, 1, user=None),
        lambda: plan_edits.merge(the(hall, "A"), the(hall, "Ab"), user=None),
        lambda: plan_edits.merge(the(hall, "Cb"), the(hall, "C"), user=None),
    ]
    done = [(everything(hall), through_a_session(step())) for step in steps]
    for as_it_was, change in reversed(done):
        plan_edits.take_back(hall, change, user=None)
        assert everything(hall) == as_it_was
    assert everything(hall) == before


def test_a_booth_is_divided_into_two_that_are_alike(hall: Hall) -> None:
    plan_edits.split(the(hall, "A"), Side.WIDTH, 1, user=None)
    assert (drawn(hall)["A"], drawn(hall)["Ab"]) == ((1, 1, 1, 3), (2, 1, 2, 3))
    first, second = the(hall, "A"), the(hall, "Ab")
    assert (first.price, second.price) == (Decimal(300), Decimal(600))
    assert (second.power_kw, second.equipment, second.state) == (5, ["water"], Booth.State.AVAILABLE)
    plan_edits.split(the(hall, "A"), Side.DEPTH, 1.5, user=None)
    assert drawn(hall)["Ac"] == (1, 2.5, 1, 1.5)
    with pytest.raises(FloorError, match=r"between 0\.5 and 0\.5 m"):
        plan_edits.split(the(hall, "A"), Side.WIDTH, 0.9, user=None)


def test_two_booths_become_one_where_they_share_a_whole_side(hall: Hall) -> None:
    with pytest.raises(FloorError, match="A and C do not share a whole side"):
        plan_edits.merge(the(hall, "A"), the(hall, "C"), user=None)
    with pytest.raises(FloorError, match="do not share"):
        plan_edits.merge(the(hall, "A"), the(hall, "A"), user=None)
    plan_edits.merge(the(hall, "A"), the(hall, "B"), user=None)
    assert drawn(hall) == {"A": (1, 1, 6, 3), "C": (1, 4, 6, 3)}
    assert the(hall, "A").price == 1500
    plan_edits.merge(the(hall, "C"), the(hall, "A"), user=None)
    assert drawn(hall) == {"C": (1, 1, 6, 6)}


def test_who_stands_at_a_booth_keeps_it_when_it_is_joined(hall: Hall, take_part: Make[Participation]) -> None:
    with scope(edition=hall.edition):
        Stand.objects.create(edition=hall.edition, booth=the(hall, "B"), participation=take_part(hall.edition))
    change = plan_edits.merge(the(hall, "A"), the(hall, "B"), user=None)
    assert drawn(hall)["B"] == (1, 1, 6, 3)
    with scope(edition=hall.edition):
        assert the(hall, "B").stands.count() == 1
    plan_edits.take_back(hall, change, user=None)
    with scope(edition=hall.edition):
        Stand.objects.create(edition=hall.edition, booth=the(hall, "A"), participation=take_part(hall.edition))
    with pytest.raises(FloorError, match="Somebody stands at booth B"):
        plan_edits.merge(the(hall, "A"), the(hall, "B"), user=None)


def test_what_overlaps_is_refused_and_changes_nothing(hall: Hall) -> None:
    before = everything(hall)
    with pytest.raises(FloorError, match="overlap"):
        plan_edits.place(the(hall, "A"), 2, 1, 3, 3, user=None)
    assert everything(hall) == before


def test_a_step_is_not_undone_over_a_later_change(hall: Hall) -> None:
    change = plan_edits.place(the(hall, "A"), 10, 10, 3, 3, user=None)
    plan_edits.place(the(hall, "A"), 20, 10, 3, 3, user=None)
    with pytest.raises(FloorError, match="Booth A has been changed since then"):
        plan_edits.take_back(hall, change, user=None)
    change = plan_edits.place(the(hall, "A"), 1, 10, 3, 3, user=None)
    plan_edits.place(the(hall, "C"), 1, 20, 6, 3, user=None)
    plan_edits.take_back(hall, change, user=None)
    assert drawn(hall)["A"] == (20, 10, 3, 3)


def test_the_page_draws_tells_refuses_and_undoes(hall: Hall, organiser_client: Client) -> None:
    address = f"/en/{hall.edition.slug}/organiser/floor/W1/plan/"
    page = organiser_client.get(f"{address}?booth=A").text
    assert page.count("data-booth=") == 3
    assert 'value="1.5"' in page  # half of its width, where it would be divided
    place = {"booth": "A", "x_m": 10, "y_m": 1, "width_m": 3, "depth_m": 3, "place": 1}
    assert "Booth A is placed." in organiser_client.post(address, place, follow=True).text
    assert drawn(hall)["A"] == (10, 1, 3, 3)
    refused = organiser_client.post(address, place | {"x_m": 4}, follow=True).text
    assert "overlap" in refused
    assert "notice-error" in refused
    for wrong in ({"x_m": "a"}, {"x_m": -1}, {"width_m": 0}):
        assert "could not be read" in organiser_client.post(address, place | wrong, follow=True).text
    split = {"booth": "C", "side": "width", "metres": 3, "split": 1}
    assert "Booth C is divided." in organiser_client.post(address, split, follow=True).text
    merge = {"booth": "C", "other": "Cb", "merge": 1}
    assert "is joined" in organiser_client.post(address, merge, follow=True).text
    for _ in range(3):
        answer = organiser_client.post(address, {"undo": 1, "booth": "A"}, follow=True)
        assert "The last step is undone." in answer.text
    assert drawn(hall) == {"A": (1, 1, 3, 3), "B": (4, 1, 3, 3), "C": (1, 4, 6, 3)}
    assert "There is nothing to undo." in organiser_client.post(address, {"undo": 1}, follow=True).text


@pytest.mark.parametrize(("kind", "status"), [("floor", 302), ("viewer", 403), ("programme", 403)])
def test_only_who_plans_the_floor_draws(hall: Hall, new_user: Make[User], kind: str, status: int) -> None:
    user = new_user(f"{kind}@example.org")
    Role.objects.create(user=user, kind=kind, organisation=hall.edition.organisation)
    client = Client()
    client.force_login(user)
    place = {"booth": "A", "x_m": 10, "y_m": 1, "width_m": 3, "depth_m": 3, "place": 1}
    answer = client.post(f"/en/{hall.edition.slug}/organiser/floor/W1/plan/", place)
    assert answer.status_code == status
    assert (drawn(hall)["A"][0] == 10) == (status == 302)


def test_an_entrance_lies_in_its_hall_and_has_a_code_of_its_own(hall: Hall) -> None:
    def entrance(code: str, x: float) -> Entrance:
        return Entrance(edition=hall.edition, hall=hall, code=code, x_m=x, y_m=5)

    first = save_entrance(entrance("1", 0))
    with pytest.raises(FloorError, match="has an entrance '1' already"):
        save_entrance(entrance("1", 40))
    with pytest.raises(FloorError, match="outside of hall W1"):
        save_entrance(entrance("2", 41))
    remove_entrance(first)
    with scope(edition=hall.edition):
        assert not hall.entrances.exists()
