"""Scenarios are written, run once by a task, followed, cancelled and shared; the organiser chooses who may run them."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from django.core.cache import cache
from django.test import Client
from django_scopes import scope
from django_tasks_db.models import DBTaskResult

from serai.expo.base.audit.models import AuditEntry
from serai.expo.base.tasks.domain.queue import claim_task, run
from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.lab.domain import runs
from serai.expo.insight.lab.domain.runs import TooManyRunsError, ask, choose_access
from serai.expo.insight.lab.domain.scenarios import ON_CHAIN, ON_TABLE, ScenarioError, Written, check, ready_scenarios
from serai.expo.insight.lab.domain.words import KINDS, LIMITS, READY, STRAITS
from serai.expo.insight.lab.models import LabRun, LabSettings
from serai.expo.offers.chains.domain.placements import load_builtin_chains
from serai.expo.people.account.models import User
from serai.world.readers import read
from serai.world.shocks import SHOCKS, Scenario
from serai.world.shocks import run as run_scenario
from serai.world.supply import generate_supply, passages, stop
from serai.world.supply.network import SupplyNetwork

CHAIN = "clean-energy"
SUPPLY = SHOCKS["supply-stop"]


@pytest.fixture(scope="module")
def network() -> SupplyNetwork:
    return generate_supply(8, 6, 7, unknown=0.1, stock_weeks=2.0)


@pytest.fixture
def small_world(monkeypatch: pytest.MonkeyPatch, network: SupplyNetwork) -> None:
    """A small network in place of the chain's, and the table of three countries in place of the world's."""
    monkeypatch.setattr(runs, "network_of", lambda _slug: network)
    monkeypatch.setattr(runs, "read", lambda _name: read("leather/2015"))


@pytest.fixture
def chain(db: None) -> str:
    load_builtin_chains((CHAIN,))
    return CHAIN


@pytest.fixture(autouse=True)
def counted_anew() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def work() -> int:
    """Do the tasks that wait, and say how many there were."""
    number = 0
    while task := claim_task("tests"):
        run(task)
        number += 1
    return number


def stopping(*countries: str, **more: Any) -> Written:
    return Written(ON_CHAIN, "supply-stop", {"countries": list(countries), **more}, chain=CHAIN)


@pytest.mark.any_database
class TestAScenario:
    def test_has_one_form_whoever_writes_it(self) -> None:
        one = stopping("CHN", "DEU", weeks=4, recovery=None).canonical()
        other = Written(ON_CHAIN, "supply-stop", {"weeks": 4, "countries": ("DEU", "CHN", "DEU")}, chain=CHAIN)
        assert one == other.canonical()
        assert one != stopping("CHN", weeks=4).canonical()

    def test_in_which_nothing_stops_is_refused(self) -> None:
        with pytest.raises(ScenarioError, match="at least one country"):
            check(stopping())
        with pytest.raises(ScenarioError, match="'share'"):
            check(stopping("CHN", share=7))

    def test_has_words_for_all_that_can_be_chosen(self) -> None:
        assert set(ready_scenarios()) == set(READY)
        assert set(passages()) == set(STRAITS)
        assert set(SUPPLY.limits) <= set(LIMITS)
        assert set(KINDS) <= set(SHOCKS)


@pytest.mark.django_db
@pytest.mark.usefixtures("small_world", "chain")
class TestARun:
    def test_is_computed_once_and_gives_what_the_library_gives(self, edition: Edition, network: SupplyNetwork) -> None:
        country = network.countries[0]
        with scope(edition=edition):
            first = ask(edition, stopping(country, weeks=8), user=None, visitor="somebody")
            assert (first.state, first.result) == (LabRun.State.WAITING, None)
            assert ask(edition, stopping(country, country, weeks=8), user=None, visitor="another").pk == first.pk
            assert work() == 1
            done = LabRun.objects.get()
            assert ask(edition, stopping(country, weeks=8), user=None, visitor="a third").pk == done.pk
            assert work() == 0
        assert done.state == LabRun.State.DONE
        expected = stop(network, countries=[country], weeks=8)
        nodes = {row["node"]: row for row in done.result["nodes"]}
        for place, code in enumerate(network.nodes):
            if code in nodes:
                assert nodes[code]["loss_low"] == pytest.approx(expected.lost[0, place])
                assert nodes[code]["loss_high"] == pytest.approx(expected.lost[1, place])
        assert {code for place, code in enumerate(network.nodes) if expected.lost[1, place] > 0} == set(nodes)
        assert done.result["end_high"] == pytest.approx(expected.end_loss[1].mean())

    def test_on_the_world_table_gives_what_the_library_gives(self, edition: Edition) -> None:
        with scope(edition=edition):
            ask(edition, Written(ON_TABLE, "shortage", {"countries": ["DEU"], "share": 0.5}), user=None)
            work()
            result = LabRun.objects.get().result
        expected = run_scenario(read("leather/2015"), Scenario("shortage", {"countries": ["DEU"], "share": 0.5}))
        assert result["total"] == pytest.approx(expected.total)
        shares = dict(zip(expected.table.countries, expected.share_of_gdp, strict=True))
        assert {row["label"]: row["share"] for row in result["countries"]} == pytest.approx(
            {label: share for label, share in shares.items() if abs(share) > 0}
        )
        assert sum(row["loss"] for row in result["industries"]) == pytest.approx(expected.total)

    def test_that_the_library_refuses_says_why(self, edition: Edition) -> None:
        with scope(edition=edition):
            ask(edition, Written(ON_TABLE, "shortage", {"countries": ["KEN"], "share": 0.5}), user=None)
            work()
            refused = LabRun.objects.get()
        assert refused.state == LabRun.State.REFUSED
        assert "KEN" in refused.problem

    def test_that_was_cancelled_is_begun_anew_by_who_asks_again(self, edition: Edition, network: SupplyNetwork) -> None:
        with scope(edition=edition):
            first = ask(edition, stopping(network.countries[0]), user=None)
            runs.cancel(first)
            assert LabRun.objects.select_related("task").get().state == LabRun.State.CANCELLED
            assert work() == 0
            with pytest.raises(runs.CancelRefusedError):
                runs.cancel(LabRun.objects.select_related("task").get())
            again = ask(edition, stopping(network.countries[0]), user=None)
            assert (again.code, again.state) == (first.code, LabRun.State.WAITING)
            assert work() == 1

    def test_survives_a_worker_that_is_killed(self, edition: Edition, network: SupplyNetwork) -> None:
        with scope(edition=edition):
            asked = ask(edition, stopping(network.countries[0]), user=None)
        assert claim_task("a worker that is killed") is not None
        DBTaskResult.objects.update(run_after="2020-01-01T00:00:00Z")  # its lease runs out
        assert work() == 1
        with scope(edition=edition):
            assert LabRun.objects.get(pk=asked.pk).state == LabRun.State.DONE

    def test_visitors_are_limited_and_organisers_are_not(
        self, edition: Edition, network: SupplyNetwork, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(runs, "MOST_AN_HOUR", 1)
        first, second, third = network.countries[:3]
        with scope(edition=edition):
            ask(edition, stopping(first), user=None, visitor="somebody")
            with pytest.raises(TooManyRunsError, match="1 new scenarios"):
                ask(edition, stopping(second), user=None, visitor="somebody")
            assert ask(edition, stopping(first), user=None, visitor="somebody").code
            monkeypatch.setattr(runs, "MOST_AT_ONCE", 1)
            with pytest.raises(TooManyRunsError, match="just now"):
                ask(edition, stopping(second), user=None, visitor="another")
            assert ask(edition, stopping(third), user=None).code


@pytest.mark.django_db
@pytest.mark.usefixtures("small_world", "chain")
class TestThePages:
    @pytest.fixture
    def address(self, edition: Edition) -> Callable[[str], str]:
        return lambda rest: f"/en/{edition.slug}/lab/{rest}"

    def test_only_those_whom_the_organiser_chose_write_scenarios(
        self, client: Client, organiser_client: Client, edition: Edition, organiser: User, address: Callable[[str], str]
    ) -> None:
        assert client.get(address("table/")).status_code == 403
        assert "Sign in if you are one" in client.get(address("")).text
        assert organiser_client.get(address("table/")).status_code == 200
        with scope(edition=edition):
            choose_access(edition, LabSettings.Access.PUBLIC, user=organiser)
            assert AuditEntry.objects.filter(action="lab.access_chosen").exists()
        assert client.get(address("table/")).status_code == 200
        sent = {"access": "off"}
        assert organiser_client.post(f"/en/{edition.slug}/organiser/lab/", sent).status_code == 302
        assert client.get(address("table/")).status_code == 403

    def test_a_scenario_is_written_followed_and_read(
        self, client: Client, edition: Edition, organiser: User, address: Callable[[str], str], network: SupplyNetwork
    ) -> None:
        with scope(edition=edition):
            choose_access(edition, LabSettings.Access.PUBLIC, user=organiser)
        form = {"kind": "shortage", "countries": ["DEU"], "share": "50", "days": "30", "change": "10"}
        assert client.post(address("table/"), form | {"countries": []}).status_code == 400
        page = client.post(address("table/"), form)["Location"]
        assert "Being computed" in client.get(page).text
        assert client.get(f"{page}file.csv").status_code == 404
        work()
        text = client.get(page).text
        assert "Output stops, first weeks: Germany" in text
        assert "Days to weeks: nothing can be replaced yet." in text
        with scope(edition=edition):
            result = LabRun.objects.get().result
        rows = list(csv.DictReader(io.StringIO(client.get(f"{page}file.csv").content.decode("utf-8-sig"))))
        by_country = {row["name"]: float(row["share"]) for row in rows if row["of"] == "country"}
        assert by_country == {row["label"]: row["share"] for row in result["countries"]}
        assert json.loads(client.get(f"{page}file.json").content)["result"] == result
        other = client.post(address("table/"), form | {"share": "20"})["Location"]
        work()
        beside = client.get(f"{page}?with={other.rstrip('/').rpartition('/')[2]}").text
        assert "Side by side" in beside

    def test_a_run_that_was_stored_with_titles_of_industries_is_shown(
        self, organiser_client: Client, edition: Edition, address: Callable[[str], str]
    ) -> None:
        with scope(edition=edition):
            run = ask(edition, Written(ON_TABLE, "shortage", {"countries": ["DEU"], "share": 0.5}), user=None)
            work()
            run.refresh_from_db()
            for row in run.result["industries"]:
                row["title"] = {"en": row.pop("name"), "zh-hans": "皮革"}
            run.save()
        name = run.result["industries"][0]["title"]["en"]
        page = address(f"runs/{run.code}/")
        assert name in organiser_client.get(page).text
        assert (
            f"industry,{run.result['industries'][0]['label']},{name}," in organiser_client.get(f"{page}file.csv").text
        )

    def test_a_ready_scenario_asks_for_its_countries(
        self, organiser_client: Client, edition: Edition, address: Callable[[str], str]
    ) -> None:
        assert organiser_client.post(address("ready/port-closure/"), {}).status_code == 400
        page = organiser_client.post(address("ready/port-closure/"), {"countries": ["DEU"]})
        assert page.status_code == 302
        with scope(edition=edition):
            assert LabRun.objects.get().scenario["ready"] == "port-closure"

    def test_a_chain_scenario_is_written_by_the_form(
        self, organiser_client: Client, edition: Edition, address: Callable[[str], str]
    ) -> None:
        form = {"countries": ["CHN"], "straits": ["suez"], "share": "50", "weeks": "6", "horizon": "contracts"}
        assert organiser_client.get(address(f"chain/{CHAIN}/")).status_code == 200
        assert organiser_client.post(address(f"chain/{CHAIN}/"), form).status_code == 302
        assert organiser_client.post(
            address(f"chain/{CHAIN}/"), form | {"countries": [], "straits": []}
        ).status_code in (200, 400)
        with scope(edition=edition):
            (row,) = LabRun.objects.all()
        assert row.scenario["parameters"] == {
            "countries": ["CHN"],
            "straits": ["suez"],
            "share": 0.5,
            "weeks": 6,
            "recovery": 0,
        }
        assert organiser_client.get(address("chain/nothing/")).status_code == 404

    def test_what_nobody_ran_is_not_found(self, client: Client, address: Callable[[str], str]) -> None:
        for rest in ("runs/0123456789abcdef01234567/", "runs/x/file.csv"):
            assert client.get(address(rest)).status_code == 404


def test_paths_are_thinned_and_keep_their_ends() -> None:
    result = run_scenario(
        read("leather/2015"), Scenario("inventory", {"countries": ["DEU"], "share": 0.3, "horizon": 365})
    )
    path = runs._over_time(result, 1.0, "day")
    assert path is not None
    assert result.over_time is not None
    assert len(path["steps"]) == runs.MOST_STEPS
    assert (path["steps"][0], path["steps"][-1]) == (0, len(result.over_time) - 1)
    assert path["world"][0] == pytest.approx(np.sum(result.over_time[0]))
