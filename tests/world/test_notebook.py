"""A notebook shows a table and its balance sheet in a few lines, and no text of theirs is taken for HTML."""

from dataclasses import replace
from xml.etree import ElementTree

from serai.world.hygiene import balance_sheet
from serai.world.readers import read
from serai.world.table import Extension

LEATHER = read("leather")


def parsed(html: str) -> ElementTree.Element:
    return ElementTree.fromstring(f"<div>{html}</div>")


def test_a_table_says_what_it_holds() -> None:
    table = replace(LEATHER, extensions={"co2": Extension(LEATHER.x, "t")}, log=("One step.",))
    page = parsed(table._repr_html_())
    facts = {row.findtext("th"): row.findtext("td") for row in page.iter("tr")}
    assert page.findtext(".//caption") == "leather 2015: 3 countries x 3 industries"
    assert facts["countries"] == "ARG, TUR, DEU"
    assert facts["extensions"] == "co2 (t)"
    assert facts["done to the numbers"] == "One step."
    assert str(facts["largest by value added"]).startswith(f"DEU {LEATHER.gdp[2] / LEATHER.v.sum():.1%}, ")
    assert [item.text for item in page.iter("li")][2] == "No cell with negative value added."
    assert "_factors" not in table.__dict__  # a look costs no factorisation


def test_many_labels_are_counted() -> None:
    facts = {row.findtext("th"): row.findtext("td") for row in parsed(read()._repr_html_()).iter("tr")}
    assert str(facts["industries"]) == "A, B, C, D, E, F, G, H and 12 more"


def test_a_balance_sheet_is_a_list_and_says_what_does_not_hold() -> None:
    Z = LEATHER.Z.copy()
    Z[0, 1] = -1
    page = parsed(balance_sheet(replace(LEATHER, Z=Z))._repr_html_())
    assert len(list(page.iter("li"))) == len(balance_sheet(LEATHER).checks)
    wrong = [item for item in page.iter("li") if item.find("strong") is not None]
    assert [
        "1 of 9 cells with a negative intermediate flow: ARG agriculture." in "".join(i.itertext()) for i in wrong
    ] == [True]


def test_every_text_is_escaped() -> None:
    nasty = "<script>alert('&')</script>"
    table = replace(
        LEATHER,
        countries=(nasty, "B", "C"),
        industries=("<b>", "j", "k"),
        uses=("<i>",),
        name=nasty,
        source=nasty,
        citation=nasty,
        unit=nasty,
        log=(nasty,),
        extensions={nasty: Extension(LEATHER.x, nasty)},
    )
    for html in (table._repr_html_(), balance_sheet(table)._repr_html_()):
        page = parsed(html)
        assert not list(page.iter("script"))
        assert nasty in "".join(page.itertext())
