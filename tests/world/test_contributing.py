"""An indicator, a reader and a shock are added as CONTRIBUTING.md says, and each file that it names is there."""

import re
from pathlib import Path

import numpy as np
import pytest

from serai.world.measures import INDICATORS, ask, measure
from serai.world.readers import READERS, UnreadableTable, read
from serai.world.readers.synthetic import synthetic_table
from serai.world.shocks import SHOCKS, Scenario, Status, run
from serai.world.table import WorldTable
from tests.contributing import GUIDE, ROOT, blocks, execute
from tests.world.measures import test_measures

TABLE = """country,industry,AAA A,AAA B,BBB A,BBB B,AAA,BBB
AAA,A,10,20,0,5,30,1
AAA,B,4,8,2,6,50,2
BBB,A,1,0,9,3,2,20
BBB,B,7,3,5,11,4,40
"""


@pytest.fixture(autouse=True)
def registries(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a recipe declares is forgotten after its test."""
    for registry in (INDICATORS, READERS, SHOCKS):
        monkeypatch.setattr(registry, "_declarations", dict(registry))


def test_an_indicator() -> None:
    (path, code), (obvious_path, obvious_code) = blocks("An indicator")
    before = set(INDICATORS)
    execute(path, code)
    (symbol,) = set(INDICATORS) - before
    obvious = eval(f"{{{obvious_code}}}", vars(test_measures))
    assert obvious_path == str(Path(test_measures.__file__).relative_to(ROOT))
    values = [record.value for record in ask(test_measures.TABLE, INDICATORS[symbol])]
    assert values == pytest.approx(obvious[symbol])
    assert {record.symbol for record in measure(test_measures.TABLE, symbols=[symbol])} == {symbol}
    assert f"`### {symbol} " in GUIDE


@pytest.fixture
def my_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a table in the layout of the guide's reader, which is declared."""
    monkeypatch.setenv("SERAI_DATA", str(tmp_path))
    for path, code in blocks("A reader"):
        execute(path, code)
    file = tmp_path / "my-table" / "2019.csv"
    file.parent.mkdir()
    file.write_text(TABLE, encoding="utf-8")
    return file


def test_a_reader(my_table: Path) -> None:
    table = read("my-table/2019")
    assert (table.countries, table.industries, table.year) == (("AAA", "BBB"), ("A", "B"), 2019)
    assert table.Z[1, 3] == 6
    assert table.x.tolist() == [66, 72, 35, 70]
    my_table.write_text(TABLE.replace("50", "fifty"), encoding="utf-8")
    with pytest.raises(UnreadableTable, match="row 3, column 7: 'fifty' is not a number"):
        read("my-table/2019")
    my_table.write_text(TABLE.replace("BBB,A", "BBB,C"), encoding="utf-8")
    with pytest.raises(UnreadableTable, match="row 4: found 'BBB C'"):
        read("my-table/2019")


def test_a_shock() -> None:
    ((path, code),) = blocks("A shock")
    table: WorldTable = synthetic_table(3, 2, seed=1)
    before = set(SHOCKS)
    execute(path, code)
    assert set(SHOCKS) - before == {"standstill"}
    result = run(table, Scenario("standstill", {"countries": ["C2"], "weeks": 13}))
    np.testing.assert_allclose(result.loss_by_country, [0, table.gdp[1] / 4, 0])
    assert result.status is Status.SOLVED
    assert result.limits
    assert run(table, Scenario("standstill", {"countries": ["C2"], "weeks": 0})).total == 0
    with pytest.raises(ValueError, match="needs 'weeks'"):
        run(table, Scenario("standstill", {"countries": ["C2"]}))


def test_every_file_that_the_guide_names_is_there() -> None:
    text = re.sub(r"```.*?```", "", GUIDE, flags=re.DOTALL)
    names = {name for name in re.findall(r"[`(]([\w./-]+/[\w./-]*)[`)]", text) if not name.startswith("my-table")}
    houses = (ROOT / "src/serai" / place for place in ("", "world", "expo", "expo/results/assistance"))
    folders = (ROOT, *houses)
    assert len(names) > 20
    assert not {name for name in names if not any((folder / name).exists() for folder in folders)}
