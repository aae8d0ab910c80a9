"""Exports can be read by a spreadsheet and hold no formula."""

import csv
import io
from collections.abc import Callable

import pytest
from django.test import Client
from openpyxl import load_workbook

from serai.expo.base.exporters import Exporter, harmless, registry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.offers.market.models import Offer


@pytest.fixture
def fair(
    edition: Edition,
    a_firm: Callable[..., Firm],
    take_part: Callable[..., Participation],
    offer: Callable[..., Offer],
) -> Edition:
    firm = a_firm("=HYPERLINK() Ltd", "KE", name={"en": "=HYPERLINK() Ltd", "zh-hans": "山河"})
    offer(take_part(edition, firm), "Tea")
    take_part(edition, kind="buyer")
    return edition


def test_the_table_opens_in_chinese_and_holds_no_formula(fair: Edition, anonymous_client: Client) -> None:
    answer = anonymous_client.get(f"/en/{fair.slug}/report/exhibitors.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["name"], row["name (zh)"], row["country"], row["offers"]) for row in rows] == [
        ("'=HYPERLINK() Ltd", "山河", "KE", "Tea")
    ]


def test_the_workbook_says_the_same_as_the_table(fair: Edition, anonymous_client: Client) -> None:
    table = anonymous_client.get(f"/en/{fair.slug}/report/exhibitors.csv").content.decode("utf-8-sig")
    answer = anonymous_client.get(f"/en/{fair.slug}/report/exhibitors.xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    cells = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert cells == list(csv.reader(io.StringIO(table)))


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_what_begins_like_a_formula_becomes_a_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


def test_numbers_and_other_texts_stay() -> None:
    assert [harmless(cell) for cell in (-1, 0.5, "tea = chai", "")] == [-1, 0.5, "tea = chai", ""]


def test_an_export_that_is_not_public_is_for_organisers(
    fair: Edition, organiser_client: Client, stranger_client: Client, anonymous_client: Client
) -> None:
    registry.add("secret.txt", Exporter("secret.txt", "Secret", "text/plain", False, lambda edition: b"told"))
    try:
        page = f"/en/{fair.slug}/report/secret.txt"
        assert organiser_client.get(page).content == b"told"
        assert [client.get(page).status_code for client in (stranger_client, anonymous_client)] == [403, 403]
        assert "Secret" in organiser_client.get(f"/en/{fair.slug}/report/").text
        assert "Secret" not in anonymous_client.get(f"/en/{fair.slug}/report/").text
    finally:
        del registry._declarations["secret.txt"]


def test_an_unknown_export_is_not_found(fair: Edition, anonymous_client: Client) -> None:
    assert anonymous_client.get(f"/en/{fair.slug}/report/nothing.csv").status_code == 404
