"""Meeting tables on the plan as the organiser places them: by form and from a workbook, each table once."""

import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition
from serai.expo.venue.floor.domain import floor_table
from serai.expo.venue.floor.domain.floor_plan import FloorError, save_booth, save_hall, save_tables
from serai.expo.venue.halls.models import Booth, Hall, TableArea
from tests.expo.exported import exported

type Make[Thing] = Callable[..., Thing]


@pytest.fixture
def hall(edition: Edition) -> Hall:
    return save_hall(Hall(edition=edition, code="W1", title={"en": "West"}, width_m=40, depth_m=30))


def area(hall: Hall, first: int, last: int, x: float = 1, y: float = 1) -> TableArea:
    return TableArea(edition=hall.edition, hall=hall, first=first, last=last, x_m=x, y_m=y, width_m=10, depth_m=8)


def known(edition: Edition) -> list[tuple[int, int]]:
    with scope(edition=edition):
        return list(TableArea.objects.values_list("first", "last"))


def test_tables_overlap_nothing_and_each_stands_once(hall: Hall) -> None:
    save_booth(Booth(edition=hall.edition, hall=hall, code="A", x_m=20, y_m=1, width_m=3, depth_m=3))
    save_tables(area(hall, 1, 20))
    save_tables(area(hall, 21, 30, y=10))
    for wrong, why in (
        (area(hall, 31, 40, x=9), "Tables T31–T40 and T1–T20 of hall W1 overlap"),
        (area(hall, 31, 40, x=12), "Booth A and tables T31–T40 of hall W1 overlap"),
        (area(hall, 31, 40, x=35), "outside of hall W1"),
        (area(hall, 20, 25, x=24), "Table 20 stands in hall W1 already"),
        (area(hall, 31, 301, x=24), "there is no table 301"),
        (area(hall, 35, 34, x=24), "comes before the first"),
    ):
        with pytest.raises(FloorError, match=why):
            save_tables(wrong)
    with pytest.raises(FloorError, match="Booth B and tables T1–T20"):
        save_booth(Booth(edition=hall.edition, hall=hall, code="B", x_m=5, y_m=5, width_m=3, depth_m=3))
    assert known(hall.edition) == [(1, 20), (21, 30)]


def test_the_organiser_places_changes_and_takes_away_tables(
    edition: Edition, hall: Hall, organiser_client: Client
) -> None:
    new = reverse("floor-tables-new", args=[edition.slug, "W1"])
    given = {"first": 1, "last": 12, "x_m": 2, "y_m": 3, "width_m": 8, "depth_m": 6}
    assert organiser_client.get(new).status_code == 200
    assert organiser_client.post(new, given).status_code == 302
    with scope(edition=edition):
        made = TableArea.objects.get()
    page = organiser_client.get(reverse("floor-hall", args=[edition.slug, "W1"])).text
    one = reverse("floor-tables", args=[edition.slug, "W1", made.pk])
    assert one in page
    wrong = organiser_client.post(one, given | {"x_m": 39})
    assert (wrong.status_code, "outside of hall W1" in wrong.text) == (400, True)
    assert organiser_client.post(one, given | {"last": 15}).status_code == 302
    assert known(edition) == [(1, 15)]
    assert organiser_client.post(one, {"remove": "1"}).status_code == 302
    assert known(edition) == []
    assert organiser_client.get(one).status_code == 404
    actions = AuditEntry.objects.filter(edition=edition, action__startswith="tables.").order_by("pk")
    assert [entry.action for entry in actions] == ["tables.set", "tables.set", "tables.removed"]


def send(client: Client, edition: Edition, text: str) -> str:
    sent = SimpleUploadedFile("floor.csv", text.encode())
    return client.post(reverse("floor-workbook", args=[edition.slug]), {"file": sent}, follow=True).text


def test_a_workbook_places_tables_or_nothing_where_a_row_is_wrong(edition: Edition, organiser_client: Client) -> None:
    rows = "hall,booth,tables,x_m,y_m,width_m,depth_m\nE5,A01,,1,1,3,3\nE5,,1-40,10,1,12,9\nE5,,T41,30,1,2,2\n"
    send(organiser_client, edition, rows)
    assert known(edition) == [(1, 40), (41, 41)]
    send(organiser_client, edition, rows.replace("1-40", "1-30"))
    assert known(edition) == [(1, 30), (41, 41)]
    for wrong, why in (("x", "is no run of tables such as 1-40"), ("30-45", "Row 5: Table")):
        page = send(organiser_client, edition, rows + f"E6,,{wrong},1,1,4,4\n")
        assert why in page
        assert known(edition) == [(1, 30), (41, 41)]


def test_the_export_of_tables_is_read_again(edition: Edition, hall: Hall, organiser_client: Client) -> None:
    save_tables(area(hall, 1, 20))
    content = exported(organiser_client, edition, "meeting-tables")
    (row,) = floor_table.read(io.BytesIO(content)).tables
    assert (row.hall, row.first, row.last, row.values) == (
        "W1", 1, 20, {"x_m": 1.0, "y_m": 1.0, "width_m": 10.0, "depth_m": 8.0},
    )  # fmt: skip
