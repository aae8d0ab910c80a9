"""Sentences of a report: made from its numbers, withheld where nothing can be told, turned round with the numbers."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.utils.translation import override

from serai.expo.results.report.domain.findings import (
    FairFigures,
    beside,
    declared_findings,
    findings,
    interval_of_share,
)
from serai.expo.results.report.domain.funnel import FunnelCounts
from serai.expo.results.report.domain.pictures import bars_picture

NOTHING = FunnelCounts(wished=0, asked=0, accepted=0, closed=0, timed=0, held=0, missed=0, meeting=0, outcomes=0)
ALL = [declared.code for declared in declared_findings()]


def counts(**more: int) -> FunnelCounts:
    return FunnelCounts(**{name: more.get(name, 0) for name in NOTHING.__dataclass_fields__})


def sentences(figures: Mapping[str, Any], funnel: FunnelCounts = NOTHING, effect: Any = None) -> dict[str, str]:
    return {finding.code: finding.sentence() for finding in findings(FairFigures(figures, funnel, effect), ALL)}


def effect(figure: str, before: float, after: float, low: float | None, high: float | None, links: int = 6) -> Any:
    row = {"figure": figure, "before": before, "after": after, "change": after - before, "low": low, "high": high}
    return {"links": links, "figures": [row]}


def test_of_a_fair_of_which_nothing_is_known_nothing_is_said() -> None:
    assert sentences({}) == {}
    assert sentences({"exhibitors": 0, "countries": 0, "foreign_share": None, "links": 0, "gaps": 40}) == {}


def test_who_came_is_told_with_those_from_abroad_where_there_are_several_countries() -> None:
    told = sentences({"exhibitors": 1204, "countries": 31, "foreign_share": 25.6})
    assert told == {"attendance": "1,204 exhibitors from 31 countries and regions took part; 26 % came from abroad."}
    assert sentences({"exhibitors": 5, "countries": 1, "foreign_share": 0}) == {"attendance": "5 exhibitors took part."}


@pytest.mark.parametrize(("part", "whole", "standing"), [(90, 100, "more"), (50, 100, "like"), (20, 100, "less")])
def test_a_share_is_beside_what_is_usual_only_where_its_whole_interval_is(part: int, whole: int, standing: str) -> None:
    assert beside(part, whole, (0.4, 0.6)) == standing
    assert beside(1, 1, (0.4, 0.6)) == "like"  # of one request nothing can be told


def test_the_interval_of_a_share_is_wilsons() -> None:
    # Brown, Cai and DasGupta 2001, Statistical Science 16, p. 108: n = 10, x = 0 gives (0, .278)
    low, high = interval_of_share(0, 10)
    assert low == pytest.approx(0)
    assert high == pytest.approx(0.2775, abs=5e-4)


def test_requests_and_meetings_are_told_with_the_usual_share_where_they_differ_from_it() -> None:
    told = sentences({}, counts(accepted=90, closed=100, held=50, missed=50))
    assert "more than the 40 to 60 %" in told["requests"]
    assert told["held"] == (
        "50 meetings were held, 50 % of those that were due: less than the 80 % that vendors of such software publish "
        "as usual."
    )
    assert sentences({}, counts(held=8, missed=2))["held"] == "8 meetings were held, 80 % of those that were due."


def test_claimed_outcomes_are_never_added_to_confirmed_ones() -> None:
    figures = {"outcomes_confirmed": 3, "outcomes_evidenced": 2, "outcomes_claimed": 7}
    assert sentences(figures)["outcomes"] == (
        "Both sides confirmed 5 outcomes; proved by a document: 2. Claimed by one side only, and not counted in them: "
        "7."
    )
    assert "outcomes" not in sentences({"outcomes_claimed": 7})


def test_a_change_is_told_only_where_its_interval_does_not_hold_zero() -> None:
    assert sentences({}, effect=effect("worst", 0.31, 0.18, -0.2, -0.05))["effect-worst"].endswith(
        "would be missing on average: less than the 31 % before the fair."
    )
    assert sentences({}, effect=effect("worst", 0.31, 0.30, -0.05, 0.02)) == {}
    assert sentences({}, effect=effect("worst", 0.31, 0.30, None, None)) == {}
    assert sentences({}, effect=effect("worst", 0.31, 0.18, -0.2, -0.05, links=0)) == {}


def test_a_change_has_the_digits_that_tell_it_and_none_is_told_that_reads_alike() -> None:
    told = sentences({}, effect=effect("single", 0.4837, 0.4819, -0.003, -0.001))
    assert told["effect-single"].endswith("fell from 48.4 % to 48.2 %.")
    assert sentences({}, effect=effect("worst", 0.65947, 0.65902, -0.0008, -0.0003)) == {}
    assert sentences({}, effect=effect("effective", 2.98, 2.984, 0.003, 0.005)) == {}


def test_a_sentence_turns_round_when_the_numbers_do() -> None:
    up = sentences({}, effect=effect("effective", 1.4, 1.9, 0.2, 0.8))["effect-effective"]
    down = sentences({}, effect=effect("effective", 1.9, 1.4, -0.8, -0.2))["effect-effective"]
    assert up == "The effective number of source countries of an input rose from 1.4 to 1.9."
    assert down == "The effective number of source countries of an input fell from 1.9 to 1.4."
    assert (
        "70 % or more fell from 50 % to 40 %"
        in sentences({}, effect=effect("single", 0.5, 0.4, -0.2, -0.05))["effect-single"]
    )


def test_numbers_are_written_as_the_reader_writes_them() -> None:
    with override("fr"):
        told = sentences({"exhibitors": 1204, "countries": 1, "foreign_share": 0})["attendance"]
    assert "1\u202f204" in told or "1\xa0204" in told


def test_bars_begin_on_the_side_from_which_the_reader_reads() -> None:
    rows = [("Chile", 4.0, "4"), ("<Peru>", 2.0, "2")]
    assert "&lt;Peru&gt;" in bars_picture(rows)
    assert 'x="150.0" y="10" width="480.0"' in bars_picture(rows)
    assert 'x="90.0" y="10" width="480.0"' in bars_picture(rows, right_to_left=True)
