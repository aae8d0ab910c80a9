"""The layers of the world hold; a forbidden import, or a module that stands in no layer, breaks the contract."""

from pathlib import Path

import pytest

from tests.layers import copy_of, lint, plant

PLANTS = {
    "arrays.py": "serai.world.table",
    "classifications/isic.py": "serai.world.readers.oecd",
    "table/labels.py": "serai.world.hygiene",
    "readers/oecd.py": "serai.world.firm_network",
    "industries.py": "serai.world.chains",
    "hygiene.py": "serai.world.shocks.trade.preparation",
    "supply/flows.py": "serai.world.shocks.values",
    "shocks/inputs.py": "serai.world.measures",
    "measures/green.py": "serai.world.links.candidates",
    "links/structure.py": "serai.world.portfolio.choice",
    "portfolio/choice.py": "serai.world.charts.picture",
    "charts/picture.py": "serai.world.published",
    "published/quantities.py": "serai.world.command",
}
"""By module of the world, one in each layer, an import that its layer forbids."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return copy_of("world", tmp_path)


def test_each_layer_refuses_an_import_of_what_stands_above_it(copy: Path) -> None:
    assert lint(copy)[0] == 0
    planted = [plant(copy, f"world/{module}", imported) for module, imported in PLANTS.items()]
    code, words = lint(copy)
    assert code == 1
    assert [line for line in planted if line not in words] == []


def test_a_module_without_a_layer_breaks_the_contract(copy: Path) -> None:
    (copy / "serai/world/anything.py").write_text("", encoding="utf-8")
    code, words = lint(copy)
    assert code == 1
    assert "anything" in words
