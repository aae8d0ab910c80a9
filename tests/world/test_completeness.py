"""Industrial completeness: counted by hand, and what the claim of the most complete industry comes to."""

from pathlib import Path

import numpy as np
import pytest

from serai.world.completeness import completeness, manufacturing_classes, nodes_with_headings
from serai.world.measures import WORLD, measure
from serai.world.readers import read
from serai.world.trade import Exports
from tests.world.measures.test_measures import values_of

EXPORTS = Exports(("A", "B"), ("1001", "8501", "8507"), np.array([[10.0, 5, 0], [10.0, 15, 60]]), 2017)
KINDS = {"motors": {"8501": 1.0}, "batteries": {"8507": 0.5}, "wheat": {"1001": 1.0}, "nothing": {"9999": 1.0}}


def test_kinds_are_counted_at_all_with_weight_and_with_advantage() -> None:
    counted = completeness(EXPORTS, KINDS, 0.3)
    assert counted.kinds == ("motors", "batteries", "wheat")
    assert counted.at_all.tolist() == [2, 3]
    assert counted.with_weight.tolist() == [1, 3]  # A has a quarter of the motors, half of the wheat
    assert counted.with_advantage.tolist() == [2, 1]  # A exports 15 % of all, B 85 %


def test_a_heading_counts_for_each_node_that_names_it() -> None:
    kinds = nodes_with_headings([("cells", ["8507", "850760"]), ("packs", ["8507"])])
    assert completeness(EXPORTS, kinds).at_all.tolist() == [0, 2]


def test_headings_lead_to_most_classes_of_manufacturing() -> None:
    classes = manufacturing_classes()
    assert len(classes) == 124
    assert all(0 < part <= 1 for headings in classes.values() for part in headings.values())


def _leaders(symbol: str) -> list[str]:
    records = [record for record in measure(read("icio/2022"), symbols=[symbol]) if record.value is not None]
    most = max(record.value or 0 for record in records)
    return [record.country for record in records if record.value == most]


def test_what_the_most_industrial_categories_listed_gives() -> None:
    """The claim that China has the most complete industry holds for a large part, and not for taking part at all.

    At all: 58 of the 80 economies export something of every class. With 1 % of the world's exports Germany is in all
    124, China and the USA in 120. With 5 % China leads. With an advantage Poland does: a size that stands for nothing
    but itself spreads over many classes.
    """
    assert len(_leaders("D5.exported")) > 40
    assert _leaders("D5") == ["DEU"]
    assert _leaders("D5.large") == ["CHN"]
    assert _leaders("D5.advantage") == ["POL"]


@pytest.mark.parametrize(
    ("table", "output", "added"), [("oecd2023-g20/2019", 0.332, 0.273), ("icio/2022", 0.360, 0.303)]
)
def test_chinas_share_of_the_worlds_manufacturing_by_year(table: str, output: float, added: float) -> None:
    records = measure(read(table), symbols=["D6", "D6.value_added"])
    shares = {(record.symbol, record.country): record.value for record in records if record.country != WORLD}
    assert shares["D6", "CHN"] == pytest.approx(output, abs=1e-3)
    assert shares["D6.value_added", "CHN"] == pytest.approx(added, abs=1.5e-3)
    assert max(values_of(records, "D6")) == shares["D6", "CHN"]


def test_complexity_needs_products(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("SERAI_DATA", "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    (record,) = measure(read(), symbols=["D4"])
    assert record.value is None
    assert "needs products" in record.reason
