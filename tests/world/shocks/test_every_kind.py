"""What holds of every kind of shock: no result hangs on the number of threads, and each names the papers behind it."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from serai.world.firm_generator import generate_network
from serai.world.readers import read
from serai.world.shocks import SHOCKS, Scenario, Status, run
from serai.world.shocks.worlds import source_of
from serai.world.supply.synthetic import generate_supply

GIVEN = {
    "demand": {"share": 0.2, "destinations": ["USA"]},
    "supply": {"share": 0.2, "countries": ["CHN"]},
    "cascade": {"countries": ["CHN"], "share": 0.5},
    "extraction": {"countries": ["DEU"]},
    "inventory": {"share": 0.3, "countries": ["CHN"], "horizon": 30, "behaviour": {"stock_days": 5}},
    "shortage": {"share": 0.3, "countries": ["CHN"]},
    "supply-stop": {"share": 0.5, "countries": ["CHN"], "weeks": 8},
    "tariff": {"added": 0.1},
    "agreement": {"members": ["CHN", "USA"], "factor": 0.9},
    "trade_cost": {"factor": 1.1, "countries": ["IND"]},
    "decoupling": {"blocs": [["CHN"], ["USA", "DEU"]]},
    "opening": {"blocs": [["CHN"], ["USA", "DEU"]]},
    "export_stop": {"exporters": ["AUS"], "industries": ["B"]},
    "new_source": {"exporters": ["IND"], "industries": ["C"], "share": 0.05},
    "productivity": {"factor": 0.7, "countries": ["IND"], "industries": ["A"]},
}
ENGINES = ("demand", "supply", "cascade", "extraction", "inventory", "shortage", "supply-stop", "tariff")
"""A kind of each engine: the other shocks to trade are the same solution."""

CODE = """
import sys
import numpy as np
sys.path.insert(0, sys.argv[1])
from test_every_kind import ENGINES, answer
np.savez(sys.argv[2], **{kind: answer(kind).output_loss for kind in ENGINES})
"""


def answer(kind: str):  # type: ignore[no-untyped-def]
    """Of the packaged table, or of a network made from it."""
    table = read()
    worlds = {
        "table": lambda: table,
        "network": lambda: generate_network(table, 500, links_each=4, seed=2),
        "supply": lambda: generate_supply(12, 20, seed=2),
    }
    return run(worlds[SHOCKS[kind].on](), Scenario(kind, GIVEN[kind]))


def on_threads(threads: int, folder: Path) -> dict[str, np.ndarray]:
    """What every kind answers in a process whose linear algebra has so many threads."""
    path = folder / f"{threads}.npz"
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
    environment = os.environ | dict.fromkeys(names, str(threads))
    command = [sys.executable, "-W", "ignore", "-c", CODE, str(Path(__file__).parent), str(path)]
    subprocess.run(command, check=True, env=environment)
    return dict(np.load(path))


def test_every_kind_is_given_here() -> None:
    assert set(GIVEN) == set(SHOCKS)


def test_no_result_depends_on_the_number_of_threads(tmp_path: Path) -> None:
    one, two = on_threads(1, tmp_path), on_threads(2, tmp_path)
    for kind, found in one.items():
        assert np.abs(found).max() > 0
        assert np.abs(found - two[kind]).max() <= 1e-10 * np.abs(found).max(), kind


@pytest.mark.parametrize("kind", sorted(GIVEN))
def test_a_result_has_status_residual_horizon_and_limits_and_names_the_papers_behind_it(kind: str) -> None:
    result = answer(kind)
    cited = result.cite().splitlines()
    assert list(SHOCKS[kind].sources) == cited[: len(SHOCKS[kind].sources)]
    assert all(any(year in line for year in map(str, range(1950, 2027))) for line in cited[:-1])
    assert cited[-1] == source_of(result.table)
    assert result.status is Status.SOLVED
    assert 0 <= result.residual < 1e-8
    assert result.limits
    assert result.horizon
