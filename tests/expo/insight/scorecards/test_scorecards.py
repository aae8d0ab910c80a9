"""The public reads scorecards from stored results, and takes their picture and numbers with it."""

import csv
import io
import json
from collections.abc import Callable
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from django.test import Client

from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.pictures.domain import round_steps, short
from serai.expo.insight.scorecards import pages as views
from serai.expo.insight.scorecards.domain import cards, measures
from serai.expo.insight.scorecards.domain.words import INDICATOR_NAMES, YEARLY_NAMES
from serai.expo.insight.supply.domain import networks
from serai.expo.insight.supply.models import StoredResult
from serai.expo.meetings.matchmaking.domain.source_values import PROPERTIES
from serai.world.chains import BUILTIN, builtin_chains
from serai.world.measures import INDICATORS, measure
from serai.world.readers import read
from serai.world.scorecards import ONE_A_PROPERTY, YEARLY


@pytest.fixture
def small_world(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three countries, three industries and one chain in place of the tables at hand."""
    for module in (measures, views):
        monkeypatch.setattr(module, "tables_at_hand", lambda: ("leather/2015",))
    monkeypatch.setattr(cards, "world_table", lambda: read("leather/2015"))
    monkeypatch.setattr(cards, "chains_of_the_package", lambda: builtin_chains(("clean-energy",)))
    monkeypatch.setattr(cards, "exports_at_hand", lambda: None)


@pytest.fixture
def page(edition: Edition) -> Callable[[str], str]:
    return lambda rest, language="en": f"/{language}/{edition.slug}/scorecards/{rest}"


@pytest.mark.django_db
@pytest.mark.usefixtures("small_world")
class TestAScorecard:
    def test_is_told_to_be_on_its_way_until_it_is_there(self, client: Client, page: Callable[[str], str]) -> None:
        answer = client.get(page("country/DE/"))
        assert answer.status_code == 200
        assert "Being computed" in answer.text
        waiting = client.get(page("country/DE/file.csv"))
        assert (waiting.status_code, waiting["Retry-After"]) == (503, "3")

    @pytest.mark.usefixtures("results_at_once")
    def test_shows_the_value_that_the_library_gives(self, client: Client, page: Callable[[str], str]) -> None:
        (record,) = [row for row in measure(read("leather/2015"), symbols=["O2"]) if row.country == "DEU"]
        assert record.value is not None
        text = client.get(page("country/DE/?against=TR")).text
        assert f'<span class="figure">{short(record.value, percent=True)}</span>' in text
        assert "The tables at hand hold no emissions." in text
        assert "Germany" in text
        assert "against Türkiye" in text

    def test_of_an_industry_is_called_in_the_language_of_the_reader(self, client: Client, edition: Edition) -> None:
        scorecards = f"/zh-hans/{edition.slug}/scorecards/"
        assert ">金属矿开采<" in client.get(scorecards).text
        assert "<h1>金属矿开采</h1>" in client.get(f"{scorecards}industry/B07/").text

    @pytest.mark.usefixtures("results_at_once")
    def test_that_was_stored_with_titles_of_industries_is_shown(
        self, client: Client, page: Callable[[str], str]
    ) -> None:
        client.get(page("country/DE/"))
        row = StoredResult.objects.get(kind=cards.KIND)
        row.data["industries"] = [{**row.data["industries"][0], "title": {"en": "Mining of metal ores"}}]
        del row.data["industries"][0]["name"], row.data["could_is_measured"]
        row.save()
        assert "Mining of metal ores" in client.get(page("country/DE/")).text
        assert client.get(page("country/DE/file.csv")).status_code == 200

    @pytest.mark.usefixtures("results_at_once")
    def test_is_taken_as_picture_and_as_data(self, client: Client, page: Callable[[str], str]) -> None:
        rows = list(csv.DictReader(io.StringIO(client.get(page("country/DE/file.csv")).content.decode("utf-8-sig"))))
        (row,) = [row for row in rows if row["indicator"] == "O2"]
        (record,) = [row for row in measure(read("leather/2015"), symbols=["O2"]) if row.country == "DEU"]
        assert float(row["value"]) == record.value
        assert {row["indicator"] for row in rows if row["reason"]} >= {"G2"}
        data = json.loads(client.get(page("country/DE/file.json")).content)
        assert data["subject"] == {"kind": "country", "code": "DE", "title": "Germany"}
        assert len(data["values"]) == len(rows)
        drawn = ElementTree.fromstring(client.get(page("country/DE/file.svg")).content)
        words = " ".join(drawn.itertext())
        assert all(str(title) in words for title in PROPERTIES.values())
        assert client.get(page("country/DE/file.png")).content.startswith(b"\x89PNG")

    @pytest.mark.usefixtures("results_at_once")
    def test_of_a_group_exists_where_the_fair_chose_it(
        self, client: Client, edition: Edition, page: Callable[[str], str]
    ) -> None:
        assert client.get(page("group/G20/")).status_code == 404
        edition.country_groups = ["G20"]
        edition.save(update_fields=["country_groups"])
        text = client.get(page("group/G20/")).text
        assert "lowest and the highest member" in text
        assert "The tables at hand have 3 of the 19 members." in text
        assert "G20" in client.get(page("")).text

    def test_of_what_there_is_not_is_not_found(self, client: Client, page: Callable[[str], str]) -> None:
        for rest in ("country/XX/", "planet/DE/", "country/DE/file.exe", "chain/nothing/"):
            assert client.get(page(rest)).status_code == 404

    def test_is_found_by_the_form_of_the_list(self, client: Client, page: Callable[[str], str]) -> None:
        assert client.get(page("country/?code=DE"))["Location"] == page("country/DE/")
        assert client.get(page("country/?code=XX"))["Location"] == page("")


@pytest.mark.any_database
class TestWords:
    def test_every_indicator_of_a_scorecard_has_a_name(self) -> None:
        assert {symbol for symbol, row in INDICATORS.items() if not row.costly} == set(INDICATOR_NAMES)
        assert set(YEARLY) == set(YEARLY_NAMES)
        assert {INDICATORS[symbol].property for symbol in ONE_A_PROPERTY} == set(PROPERTIES)

    @pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (-3.0, 12.0), (0.021, 0.034), (5.0, 5.0), (1e9, 7e9)])
    def test_an_axis_ends_at_even_steps_around_its_values(self, low: float, high: float) -> None:
        ticks = round_steps(low, high)
        steps = [later - earlier for earlier, later in pairwise(ticks)]
        assert ticks[0] <= low <= high <= ticks[-1] + 1e-9
        assert steps == pytest.approx([steps[0]] * len(steps))
        assert 2 <= len(ticks) <= 7

    def test_a_number_has_three_digits_that_matter(self) -> None:
        assert short(0.12345, percent=True) == "12.3 %"
        assert short(1_234_567) == "1.23 M"
        assert short(-0.000686) == "-0.000686"


@pytest.mark.django_db
@pytest.mark.usefixtures("small_world", "results_at_once")
class TestWithoutAFair:
    def test_the_same_country_has_the_same_values(self, client: Client, page: Callable[[str], str]) -> None:
        at_fair = client.get(page("country/DE/file.csv")).content
        assert client.get("/en/world/scorecards/country/DE/file.csv").content == at_fair
        text = client.get("/en/world/scorecards/country/DE/?against=TR").text
        assert "against Türkiye" in text
        assert "At this fair" not in text

    def test_every_group_of_today_and_every_chain_of_the_package_has_one(self, client: Client) -> None:
        listed = client.get("/en/world/scorecards/").text
        assert all(f"/en/world/scorecards/chain/{slug}/" in listed for slug in BUILTIN)
        assert "The tables at hand have 3 of the 19 members." in client.get("/en/world/scorecards/group/G20/").text
        assert client.get("/en/world/scorecards/group/US-EUROPE/").status_code == 404

    def test_a_chain_needs_no_fair_that_has_chosen_it(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(networks, "world_table", lambda: read("leather/2015"))
        monkeypatch.setattr(cards, "needed", lambda *_: exposure_of_nothing("clean-energy"))
        text = client.get("/en/world/scorecards/chain/clean-energy/").text
        assert "Nodes and their makers" in text
        assert "Map of this chain" not in text

    def test_the_interface_gives_each_value_with_its_definition(self, client: Client) -> None:
        answer = client.get("/api/v1/world/scorecards/country/DE").json()
        (value,) = [row for row in answer["values"] if row["indicator"] == "O2"]
        assert value["definition"] == INDICATORS["O2"].description
        assert value["year"] == 2015
        assert value["source"]
        assert answer["computed_at"]
        assert client.get("/api/v1/world/scorecards/country/XX").status_code == 404
        assert client.get("/api/v1/world/scorecards?kind=chain").json()["items"][0]["code"] in BUILTIN


def exposure_of_nothing(slug: str) -> dict[str, object]:
    """What is stored of a chain of which nobody knows who makes what."""
    (chain,) = builtin_chains((slug,))
    of_a_node = dict.fromkeys(cards.OF_A_NODE) | {"makers": [], "concentration_low": 0.0, "concentration_high": 1.0}
    return {"nodes": {node.code: of_a_node for node in chain.nodes}, "stops": {}, "ends": []}
