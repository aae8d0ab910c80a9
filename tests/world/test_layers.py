"""The layers of the world hold; a forbidden import, or a module that stands in no layer, breaks the contract."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PLANTS = {
    "arrays.py": "serai.world.table",
    "classifications/isic.py": "serai.world.readers.oecd",
    "table/labels.py": "serai.world.hygiene",
    "readers/oecd.py": "serai.world.firm_network",
    "industries.py": "serai.world.chains",
    "hygiene.py": "serai.world.shocks.trade.preparation",
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
    """A copy of the world alone, with its contract of layers as the only one."""
    shutil.copytree(ROOT / "src/serai/world", tmp_path / "serai/world", ignore=shutil.ignore_patterns("data", "*.pyc"))
    for name in ("__init__.py", "registry.py"):
        shutil.copy(ROOT / "src/serai" / name, tmp_path / "serai" / name)
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (contract,) = (each for each in linter["contracts"] if each.get("containers") == ["serai.world"])
    lines = ["[importlinter]", "root_package = serai", "[importlinter:contract:world]"]
    for key, value in contract.items():
        lines += [f"{key} =", *(f"    {item}" for item in value)] if isinstance(value, list) else [f"{key} = {value}"]
    (tmp_path / ".importlinter").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def lint(folder: Path) -> tuple[int, str]:
    """Exit code and words of import-linter in this folder."""
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_each_layer_refuses_an_import_of_what_stands_above_it(copy: Path) -> None:
    assert lint(copy)[0] == 0
    for module, imported in PLANTS.items():
        path = copy / "serai/world" / module
        path.write_text(f"import {imported}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    code, words = lint(copy)
    assert code == 1
    for module, imported in PLANTS.items():
        name = "serai.world." + module.removesuffix(".py").replace("/", ".")
        assert f"{name} -> {imported} (l.1)" in words


def test_a_module_without_a_layer_breaks_the_contract(copy: Path) -> None:
    (copy / "serai/world/anything.py").write_text("", encoding="utf-8")
    code, words = lint(copy)
    assert code == 1
    assert "anything" in words
