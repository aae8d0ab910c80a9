"""Results of the model of the world are computed by tasks, once, and anew when what they rest on has changed."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django_tasks_db.models import DBTaskResult

from serai.expo.base.tasks.domain.queue import claim_task, run
from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.supply.domain import stored_results
from serai.expo.insight.supply.domain.stored_results import NotComputable, ask, compute, stored
from serai.expo.insight.supply.models import StoredResult
from serai.world.progress import Progress

KIND = "length-of-name"


class Asked:
    """What the kind of these tests rests on, and how often it was computed."""

    now: str = "one"
    times: int = 0
    error: Exception | None = None


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    stored_results.kind_of("chain-exposure")  # fills the registry
    asked = Asked()

    @stored_results.result(KIND, fingerprint=lambda _edition, _key: asked.now)
    def length(edition: Edition | None, key: str, progress: Progress) -> dict[str, Any]:
        progress("counting", 0.5)
        asked.times += 1
        if asked.error:
            raise asked.error
        return {"length": len(key), "of": edition.slug if edition else "the world"}

    yield asked
    del stored_results._kinds._declarations[KIND]


def work() -> int:
    """Do the tasks that wait, and say how many there were."""
    number = 0
    while task := claim_task("tests"):
        run(task)
        number += 1
    return number


def waiting() -> int:
    return DBTaskResult.objects.filter(task_path=compute.module_path, status="READY").count()


@pytest.mark.django_db
class TestAResult:
    def test_is_asked_for_once_and_never_computed_by_who_asks(self, asked: Asked) -> None:
        first, again = stored(None, KIND, "abc"), stored(None, KIND, "abc")
        assert first.is_awaited
        assert again.is_awaited
        assert (waiting(), asked.times) == (1, 0)

    def test_is_shown_once_the_worker_has_computed_it(self, asked: Asked) -> None:
        stored(None, KIND, "abc")
        assert work() == 1
        shown = stored(None, KIND, "abc")
        assert (shown.data, shown.is_current) == ({"length": 3, "of": "the world"}, True)
        assert work() == 0

    def test_is_shown_while_a_newer_one_is_computed(self, asked: Asked) -> None:
        stored(None, KIND, "abc")
        work()
        asked.now = "two"
        shown = stored(None, KIND, "abc")
        assert (shown.data["length"], shown.is_current) == (3, False)
        assert work() == 1
        assert stored(None, KIND, "abc").is_current
        assert asked.times == 2

    def test_of_a_fair_is_not_that_of_another_or_of_the_world(
        self, asked: Asked, edition: Edition, other_edition: Edition
    ) -> None:
        for of in (edition, other_edition, None):
            stored(of, KIND, "abc")
        assert work() == 3
        told = [stored(of, KIND, "abc").data["of"] for of in (edition, other_edition, None)]
        assert told == [edition.slug, other_edition.slug, "the world"]

    def test_that_cannot_be_computed_says_why_and_is_not_tried_again(self, asked: Asked) -> None:
        asked.error = NotComputable("No buyer has said what it needs.")
        stored(None, KIND)
        work()
        shown = stored(None, KIND)
        assert (shown.problem, shown.data, shown.is_awaited) == ("No buyer has said what it needs.", None, False)
        assert work() == 0

    def test_with_an_error_that_nobody_has_foreseen_shows_no_traceback(self, asked: Asked) -> None:
        asked.error = ZeroDivisionError("division by zero")
        stored(None, KIND)
        work()
        assert stored(None, KIND).problem == stored_results.FAILED
        assert work() == 0

    def test_that_a_page_waits_for_goes_before_what_is_prepared(self, asked: Asked) -> None:
        for key in ("first", "second", "third"):
            stored_results.prepare(None, KIND, key)
        stored(None, KIND, "of a page")
        stored(None, KIND, "third")  # it is prepared already, and now a page waits for it
        order = []
        while task := claim_task("tests"):
            order.append(task.args_kwargs["args"][2])
            run(task)
        assert [set(order[:2]), set(order[2:])] == [{"of a page", "third"}, {"first", "second"}]

    def test_that_is_current_is_not_prepared_again(self, asked: Asked) -> None:
        stored(None, KIND, "abc")
        work()
        stored_results.prepare(None, KIND, "abc")
        assert waiting() == 0

    def test_says_how_far_it_is(self, asked: Asked) -> None:
        stored_results._tell(None, KIND, "abc", "counting", 0.5)
        assert stored(None, KIND, "abc").standing == stored_results.Standing("counting", 0.5)

    def test_is_gone_with_its_fair(self, asked: Asked, edition: Edition) -> None:
        stored(edition, KIND)
        work()
        edition.delete()
        assert not StoredResult.objects.exists()

    def test_is_not_computed_for_a_fair_that_is_gone(self, asked: Asked, edition: Edition) -> None:
        ask(edition, KIND)
        edition.delete()
        assert work() == 1
        assert asked.times == 0

    @pytest.mark.usefixtures("results_at_once")
    def test_is_there_at_once_where_tests_ask_for_it(self, asked: Asked) -> None:
        assert stored(None, KIND, "abc").data["length"] == 3


def test_stands_once_in_the_database(edition: Edition) -> None:
    for of in (edition, None):
        StoredResult.objects.create(edition=of, kind="any", key="k", fingerprint="f")
        with pytest.raises(IntegrityError), transaction.atomic():
            StoredResult.objects.create(edition=of, kind="any", key="k", fingerprint="f")


@pytest.mark.usefixtures("results_at_once")
def test_the_exposure_of_a_chain_is_what_the_library_says(a_chain: Callable[[str], Any]) -> None:
    from serai.world import supply
    from serai.world.chains import builtin_chains
    from serai.world.readers import MAKERS, read

    a_chain("clean-energy")
    told = stored(None, "chain-exposure", "clean-energy")
    assert told.is_current
    (chain,) = builtin_chains(("clean-energy",))
    network = supply.supply_network(chain, table=read(question=MAKERS))
    records = {record["node"]: record for record in network.node_records()}
    assert set(told.data["nodes"]) == set(records)
    for code, node in told.data["nodes"].items():
        assert node["first"] == pytest.approx(records[code]["first"], abs=5e-5)
        assert node["single_source"] == records[code]["single_source"]
    stopped = supply.stop(network, countries=["CHN"])
    for place, code in enumerate(network.nodes):
        low, high = told.data["stops"]["CN"].get(code, (0, 0))
        assert (low, high) == pytest.approx(tuple(stopped.lost[:, place]), abs=6e-4)


def test_the_exposure_of_a_chain_that_was_removed_says_so(db: None, results_at_once: None) -> None:
    assert stored(None, "chain-exposure", "no-such-chain").problem == "This chain is not there any more."
