"""Suggestions from different countries do not carry one verdict, on the chains of the mission and for a real list."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import polars
import pytest
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.insight.supply.domain.source_values import KIND
from serai.expo.insight.supply.domain.stored_results import compute_now
from serai.expo.meetings.matchmaking.domain.matching import lists_of_edition
from serai.expo.meetings.matchmaking.domain.source_values import Value, shown, stored_values, trades_of
from serai.expo.offers.chains.domain.placements import load_builtin_chains, place_edition
from serai.expo.offers.market.models import Need, Offer
from serai.expo.site.imports.domain.command import import_file
from serai.match.partners import Relation
from serai.match.trades import Trade

type Verdict = tuple[tuple[str, str], ...]

EXHIBITORS = 150
BUYERS = (
    ("Company", "Country", "Participant type", "Needs"),
    ("Rhein Mobility GmbH", "Germany", "buyer", "Lidar and radar for driverless lorries"),
    ("Nile Solar", "Egypt", "buyer", "Batteries for solar power of houses, with inverter"),
    ("Andes Buses", "Chile", "buyer", "Charging stations for electric buses"),
    ("Mekong Phones", "Viet Nam", "buyer", "Foldable OLED panels and cover glass"),
)


def verdict_of(value: Value) -> Verdict:
    """What a suggestion tells of its source: each figure with its change, to two digits."""
    return tuple((told.name, f"{told.change:.1e}") for told in value.figures)


def told_in_lists(edition: Edition) -> Iterator[dict[Trade, Verdict]]:
    """Of each participant's list of suggestions what it tells of its sources, where they stand in several countries."""
    with scope(edition=edition):
        place_edition(edition)
        compute_now(edition, KIND)
        lists = lists_of_edition(edition).matches
        for matches in lists.values():
            trades = trades_of([match for match in matches if match.relation is Relation.SUPPLIER])
            rows = stored_values(edition.pk, trades.values())
            if len({trade.source for trade in rows}) > 1:
                yield {trade: verdict_of(shown(row)) for trade, row in rows.items()}


def share_alike(lists: list[dict[Trade, Verdict]]) -> float:
    """Of the pairs of sources of one input in different countries, the share that is told the same."""
    alike = []
    for told in lists:
        by_input: defaultdict[str, list[Verdict]] = defaultdict(list)
        for trade, verdict in told.items():
            by_input[f"{trade.chain}/{trade.node}"].append(verdict)
        alike += [one == other for verdicts in by_input.values() for one, other in combinations(verdicts, 2)]
    assert len(alike) > 5
    return sum(alike) / len(alike)


@pytest.mark.slow
def test_sources_of_a_need_on_the_chains_of_the_mission_are_told_apart_by_their_countries(
    edition: Edition,
    take_part: Callable[..., Participation],
    a_firm: Callable[..., Firm],
    offer: Callable[..., Offer],
    need: Callable[..., Need],
) -> None:
    for chain in load_builtin_chains():
        for node in list(chain.nodes.order_by("order"))[1:8:3]:
            title = node.title["en"]
            for country in ("CN", "DE", "US", "JP", "KR", "ET"):
                offer(take_part(edition, a_firm(f"{title} of {country}", country)), title)
            for country in ("BR", "FR"):
                need(take_part(edition, a_firm(f"{title} for {country}", country), kind="buyer"), title)
    lists = list(told_in_lists(edition))
    assert len(lists) > 20
    assert [told for told in lists if len(set(told.values())) == 1] == []
    assert share_alike(lists) < 0.1


@pytest.mark.data
@pytest.mark.slow
def test_suggestions_at_a_fair_of_a_real_list_are_told_apart_by_their_countries(
    real_data: Path, edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERAI_HOME", str(tmp_path / "home"))
    load_builtin_chains()
    table = polars.read_parquet(real_data / "firms" / "ces2026_exhibitors.parquet")
    table = table.drop_nulls(["description", "country"]).sample(EXHIBITORS, seed=2026, shuffle=True)
    exhibitors = tmp_path / "exhibitors.csv"
    table.fill_null("").write_csv(exhibitors)
    buyers = tmp_path / "buyers.csv"
    with buyers.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(BUYERS)
    for path in (exhibitors, buyers):
        assert import_file(path, edition).counts["rejected"] == 0
    lists = list(told_in_lists(edition))
    assert len(lists) > 20
    assert [told for told in lists if len(set(told.values())) == 1] == []
    assert share_alike(lists) < 0.1
