"""What a report shows of its content: nothing that is empty, each source once, titles that keep their promise."""

from typing import Any

import pytest

from serai.expo.results.report.domain.blocks import Table, sourced, sources
from serai.expo.results.report.domain.presentation import shown_parts
from serai.expo.results.report.domain.themes import indicator_value, theme_blocks
from serai.world.charts.text_lines import wrapped

pytestmark = pytest.mark.any_database


def figure(title: str, value: float | None) -> dict[str, Any]:
    return {"title": {"en": title}, "value": value}


def test_figures_that_are_zero_or_not_known_are_named_in_a_sentence_and_take_no_row() -> None:
    figures = [figure("Exhibitors", 248), figure("Needs", 0), figure("Forums", 0), figure("Area", None)]
    (part,) = shown_parts({"languages": ["en"], "parts": [{"kind": "figures", "text": {}, "figures": figures}]})
    assert [row["title"]["en"] for row in part["figures"]] == ["Exhibitors"]
    assert part["remarks"] == ["Zero: Needs; Forums.", "Not known: Area."]


def test_a_chart_says_of_how_many_it_shows_the_first() -> None:
    chart = {"title": {"en": "Exhibitors"}, "rows": {"en": [("Chile", 4), ("Peru", 2)]}, "of": 9}
    content = {"languages": ["en"], "parts": [{"kind": "charts", "text": {}, "charts": [chart, chart | {"of": 2}]}]}
    first, whole = shown_parts(content)[0]["charts"]
    assert first["note"] == "The 2 with the most, of 9."
    assert whole["note"] == ""


def test_a_publication_is_named_once_though_two_sources_rest_on_it_and_a_question_keeps_its_mark() -> None:
    named = sources(["World Bank, A; World Bank, B", "World Bank, C; World Bank, B.", "Can it be made elsewhere?"])
    assert sourced(named) == "Sources: World Bank, A; World Bank, B; World Bank, C; Can it be made elsewhere?"
    assert sourced("One. Two") == "Sources: One. Two."


def test_a_cost_as_a_tariff_is_told_in_per_cent() -> None:
    assert indicator_value(1.7512, "1 (tariff equivalent)") == "175 %"


def test_of_many_countries_those_with_the_most_exhibitors_are_printed() -> None:
    number = {"value": 1.1, "low": 1.0, "high": 1.2, "year": 2022}
    theme = {
        "title": {"en": "Innovation"},
        "about": {"en": ""},
        "definition": {"en": "How."},
        "theme": "innovation",
        "reason": {},
        "base": 2018,
        "numbers": [],
        "published": [],
        "indicators": [],
        "not_measured": [],
        "countries": dict.fromkeys(("ARE", "AUS", "CHN", "USA"), number),
        "order": ["USA", "FRA", "CHN", "ARE", "AUS"],
    }
    table = list(theme_blocks([theme], most=2))[-1].tables[0]
    assert [row[0] for row in table.rows] == ["China", "United States"]
    assert table.means.startswith("Those with the most exhibitors here, 2 of 4;")


def test_each_cell_of_a_table_but_the_first_knows_the_name_of_its_column() -> None:
    table = Table(header=("Node", "Makers", "Exhibitors"), rows=[("Steel", "China 22 %", "2")], numbers=(2,))
    assert table.cells == [
        [("Steel", False, ""), ("China 22\N{NO-BREAK SPACE}%", False, "Makers"), ("2", True, "Exhibitors")]
    ]


def test_a_sign_of_chinese_does_not_stand_alone_in_the_last_line() -> None:
    assert wrapped("车载软件与自动驾驶算法", 140, 14) == ["车载软件与自动驾驶", "算法"]
