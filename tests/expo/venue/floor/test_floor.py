"""Halls and booths as the organiser makes them: by form, in rows and from a workbook; nothing half done."""

import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope
from openpyxl import Workbook

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.venue.floor.domain.floor_plan import (
    FloorError,
    Grid,
    lay_out,
    remove_booth,
    remove_hall,
    save_booth,
    save_hall,
)
from serai.expo.venue.halls.models import Booth, Hall, Stand
from tests.expo.exported import exported

type Make[Thing] = Callable[..., Thing]


@pytest.fixture
def hall(edition: Edition) -> Hall:
    return save_hall(Hall(edition=edition, code="W1", title={"en": "West"}, width_m=40, depth_m=30))


def booth(hall: Hall, code: str, x: float = 1, y: float = 1, width: float = 3, depth: float = 3) -> Booth:
    return Booth(edition=hall.edition, hall=hall, code=code, x_m=x, y_m=y, width_m=width, depth_m=depth)


def count(edition: Edition) -> int:
    with scope(edition=edition):
        return Booth.objects.count()


def test_rows_are_drawn_back_to_back_without_overlap_and_within_the_hall(hall: Hall) -> None:
    assert lay_out(hall, Grid(rows=6, in_a_row=12, width_m=3, depth_m=3, aisle_m=3)) == 72
    with scope(edition=hall.edition):
        placed = {one.code: (one.x_m, one.y_m) for one in Booth.objects.all()}
    assert placed["A01"] == (2, 2)
    assert placed["B12"] == (35, 5)
    assert placed["C01"] == (2, 11)
    with pytest.raises(FloorError, match="has booths already"):
        lay_out(hall, Grid(1, 1, 3, 3, 3))


def test_rows_that_do_not_fit_are_not_drawn(hall: Hall) -> None:
    with pytest.raises(FloorError, match="outside of hall W1"):
        lay_out(hall, Grid(rows=20, in_a_row=12, width_m=3, depth_m=3, aisle_m=3))
    assert count(hall.edition) == 0


def test_a_booth_overlaps_no_other_and_stands_within_its_hall(hall: Hall) -> None:
    save_booth(booth(hall, "A"))
    save_booth(booth(hall, "B", x=4))  # shares a wall
    for wrong, why in (
        (booth(hall, "C", x=3.5), "overlap"),
        (booth(hall, "C", x=38), "outside"),
        (booth(hall, "C", x=-1), "outside"),
        (booth(hall, "C", x=20, width=0), "above 0"),
        (booth(hall, "A", x=20), "already"),
    ):
        with pytest.raises(FloorError, match=why):
            save_booth(wrong)
    assert count(hall.edition) == 2
    hall.width_m = 5
    with pytest.raises(FloorError, match="Booth B stands outside"):
        save_hall(hall)


def test_who_stands_somewhere_keeps_booth_and_hall(hall: Hall, take_part: Make[Participation]) -> None:
    kept = save_booth(booth(hall, "A"))
    with scope(edition=hall.edition):
        stand = Stand.objects.create(edition=hall.edition, booth=kept, participation=take_part(hall.edition))
    with pytest.raises(FloorError, match="Somebody stands"):
        remove_booth(kept)
    with pytest.raises(FloorError, match="Firms stand in hall W1"):
        remove_hall(hall)
    stand.delete()
    remove_booth(kept)
    remove_hall(hall)
    assert count(hall.edition) == 0
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["hall.set", "booth.set", "booth.removed", "hall.removed"]


HEADER = ("hall", "booth", "x_m", "y_m", "width_m", "depth_m", "kind", "power_kw", "state", "hall_width_m")


def send(client: Client, edition: Edition, *rows: tuple[object, ...], name: str = "booths.xlsx") -> HttpResponse:
    if name.endswith(".csv"):
        content = "\n".join(",".join(str(value) for value in row) for row in rows).encode()
    else:
        book, file = Workbook(), io.BytesIO()
        for row in rows:
            book.active.append(list(row))
        book.save(file)
        content = file.getvalue()
    file_sent = SimpleUploadedFile(name, content)
    answer = client.post(reverse("floor-workbook", args=[edition.slug]), {"file": file_sent}, follow=True)
    assert isinstance(answer, HttpResponse)
    return answer


@pytest.mark.parametrize("name", ["booths.xlsx", "booths.csv"])
def test_a_table_makes_and_changes_booths(name: str, hall: Hall, organiser_client: Client) -> None:
    edition = hall.edition
    rows = [("W1", 101, 1, 1, 3, 3, "corner", 2.5, "available", 40), ("N2", "A01", 1, 1, 6, 3, "", 0, "blocked", 80)]
    assert "Booths made: 2. Booths changed: 0." in send(organiser_client, edition, HEADER, *rows, name=name).text
    with scope(edition=edition):
        first, second = Booth.objects.get(code="101"), Booth.objects.get(code="A01")
        assert (first.hall, first.kind, first.power_kw, second.state, second.hall.width_m) == (
            hall,
            "corner",
            2.5,
            "blocked",
            80,
        )
    changed = [("W1", "101", "", "", "", "", "", 5, "", ""), ("N2", "A01", 1, 1, 6, 3, "", 0, "blocked", 80)]
    assert "Booths made: 0. Booths changed: 1." in send(organiser_client, edition, HEADER, *changed, name=name).text
    with scope(edition=edition):
        first.refresh_from_db()
    assert (first.power_kw, first.kind, first.width_m) == (5, "corner", 3)


def test_a_table_says_what_is_laid_on_and_takes_back_what_the_export_gives(
    hall: Hall, organiser_client: Client
) -> None:
    edition = hall.edition
    header = ("hall", "booth", "x_m", "y_m", "width_m", "depth_m", "equipment", "height_m", "load_kg_m2")
    send(organiser_client, edition, header, ("W1", "A01", 1, 1, 3, 3, "Water; air", 4.5, 1500))
    with scope(edition=edition):
        made = Booth.objects.get(code="A01")
    assert (made.equipment, made.height_m, made.load_kg_m2) == (["water", "air"], 4.5, 1500)
    content = exported(organiser_client, edition, "booths")
    file = SimpleUploadedFile("booths.csv", content)
    again = organiser_client.post(reverse("floor-workbook", args=[edition.slug]), {"file": file}, follow=True)
    assert "Booths made: 0. Booths changed: 0." in again.text
    wrong = send(organiser_client, edition, header, ("W1", "A01", 1, 1, 3, 3, "champagne", 4.5, 1500))
    assert "Row 2: Equipment is any of: water" in wrong.text


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([("place", "name")], "needs the columns"),
        ([HEADER, ("W1", "A", 1, 1, 3, 3), ("W1", "", 1, 1, 3, 3)], "Row 3 needs a hall and a booth"),
        ([HEADER, ("W1", "A", 1, 1, 3, 3), ("W1", "A", 9, 9, 3, 3)], "Row 3 names booth A"),
        ([HEADER, ("W1", "A", "left", 1, 3, 3)], "Row 2, column &#x27;x_m&#x27;"),
        ([HEADER, ("W1", "A", 1, 1, 3, 3), ("W1", "B", 2, 2, 3, 3)], "overlap"),
        ([HEADER, ("W1", "A", 1, 1, 3, 3, "castle")], "Row 2"),
        ([HEADER, ("W1", "A", 1, 1, 3, 3), ("W1", "B", 390, 2, 3, 3)], "outside"),
    ],
)
def test_a_table_with_a_fault_changes_nothing_and_says_where(
    rows: list[tuple[object, ...]], sentence: str, hall: Hall, organiser_client: Client
) -> None:
    answer = send(organiser_client, hall.edition, *rows)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert count(hall.edition) == 0


def test_what_is_no_table_is_refused_in_words(edition: Edition, organiser_client: Client) -> None:
    address = reverse("floor-workbook", args=[edition.slug])
    for name, content in (("a.xlsx", b"PK\x03\x04 no"), ("a.csv", b"\xff\xfe\x00"), ("a.csv", b"x")):
        answer = organiser_client.post(address, {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 400
        assert "notice-error" in answer.text


def test_a_table_is_read_by_the_guarded_reader(edition: Edition, organiser_client: Client) -> None:
    formula = send(organiser_client, edition, HEADER, ("W1", "A01", "=1+1", 1, 3, 3))
    assert "is a formula without a value" in formula.text
    address = reverse("floor-workbook", args=[edition.slug])
    chinese = SimpleUploadedFile("a.csv", "hall;booth\n西馆;甲一\n".encode("gb18030"))
    assert "Booths made: 1." in organiser_client.post(address, {"file": chinese}, follow=True).text


def test_the_pages_make_change_and_remove(edition: Edition, organiser_client: Client) -> None:
    answer = organiser_client.post(
        reverse("floor", args=[edition.slug]),
        {"code": "E5", "title_en": "East", "width_m": "50", "depth_m": "40", "order": "1"},
    )
    hall = reverse("floor-hall", args=[edition.slug, "E5"])
    assert answer["Location"] == hall
    again = organiser_client.post(reverse("floor", args=[edition.slug]), {"code": "E5", "order": "1"})
    assert (again.status_code, "another code" in again.text) == (400, True)
    grid = {"grid": "1", "rows": "2", "in_a_row": "3", "width_m": "3", "depth_m": "3", "aisle_m": "3"}
    assert organiser_client.post(hall, grid | {"rows": "0"}).status_code == 400
    assert "6 booths are drawn." in organiser_client.post(hall, grid, follow=True).text
    one = reverse("floor-booth", args=[edition.slug, "E5", "A01"])
    fields = {
        "code": "A01",
        "x_m": "2",
        "y_m": "2",
        "width_m": "3",
        "depth_m": "3",
        "power_kw": "7",
        "equipment": ["water", "hanging"],
        "height_m": "6",
        "state": "blocked",
    }
    assert organiser_client.post(one, fields).status_code == 302
    with scope(edition=edition):
        said = Booth.objects.get(code="A01")
    assert (said.equipment, said.height_m, said.load_kg_m2) == (["water", "hanging"], 6, None)
    assert organiser_client.post(one, fields | {"equipment": ["champagne"]}).status_code == 400
    assert organiser_client.post(one, fields | {"x_m": "3"}).status_code == 400
    assert organiser_client.post(one, fields | {"state": "sold"}).status_code == 400
    assert organiser_client.post(one, {"remove": "1"}).status_code == 302
    assert organiser_client.get(one).status_code == 404
    new = reverse("floor-booth-new", args=[edition.slug, "E5"])
    assert organiser_client.post(new, fields).status_code == 302
    assert count(edition) == 6
    assert organiser_client.post(hall, {"remove": "1"}).status_code == 302
    assert organiser_client.get(hall).status_code == 404


def test_lists_take_as_many_queries_for_three_as_for_one(
    hall: Hall, take_part: Make[Participation], organiser_client: Client
) -> None:
    edition = hall.edition
    seen = []
    for number in range(3):
        kept = save_booth(booth(hall, f"A{number}", x=1 + 3 * number))
        save_hall(Hall(edition=edition, code=f"N{number}"))
        with scope(edition=edition):
            Stand.objects.create(edition=edition, booth=kept, participation=take_part(edition))
        with CaptureQueriesContext(connection) as queries:
            organiser_client.get(reverse("floor", args=[edition.slug]))
            organiser_client.get(reverse("floor-hall", args=[edition.slug, "W1"]))
        seen.append(len(queries))
    assert seen[0] == seen[2]


def test_a_hall_of_another_fair_is_not_found_and_nobody_else_changes_one(
    hall: Hall, other_edition: Edition, organiser_client: Client, member_client: Client, other_organiser_client: Client
) -> None:
    save_hall(Hall(edition=other_edition, code="X1"))
    assert organiser_client.get(reverse("floor-hall", args=[hall.edition.slug, "X1"])).status_code == 404
    address = reverse("floor-hall", args=[hall.edition.slug, "W1"])
    assert [
        client.post(address, {"remove": "1"}).status_code for client in (member_client, other_organiser_client)
    ] == [403, 403]
