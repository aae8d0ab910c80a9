"""The wings of the fair and the layers of its rooms hold: an import that points upwards breaks a contract."""

from itertools import pairwise
from pathlib import Path

import pytest

from serai.expo.base.rooms import WINGS
from tests.layers import ROOT, contracts, copy_of, lint, plant

pytestmark = pytest.mark.any_database

EXPO = ROOT / "src/serai/expo"
LAYERS = ("models", "rules", "domain", "pages")
"""Of a room, from the ground up."""


def module(wing: str, layer: str) -> str | None:
    """The first module of a layer in a wing, as a path below ``serai``."""
    files = sorted((*EXPO.glob(f"{wing}/*/{layer}.py"), *EXPO.glob(f"{wing}/*/{layer}/*.py")))
    return next((str(path.relative_to(EXPO.parent)) for path in files), None)


def dotted(path: str) -> str:
    return "serai." + path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@pytest.mark.slow
def test_an_import_of_a_higher_wing_or_layer_breaks_the_contracts_in_every_wing(tmp_path: Path) -> None:
    copy = copy_of("expo", tmp_path)
    code, words = lint(copy)
    assert code == 0, words
    planted: list[str] = []
    for lower, higher in pairwise(WINGS):
        targets = [module(higher, layer) for layer in LAYERS] + [module(higher, "api")]
        target = next(path for path in targets if path)
        sources = (module(lower, layer) for layer in (*LAYERS, "hooks", "api"))
        planted += [plant(copy, source, dotted(target)) for source in sources if source]
    for lower, higher in pairwise(LAYERS):
        for wing in WINGS:
            room = next(
                (path.parent for path in sorted(EXPO.glob(f"{wing}/*/{lower}*")) if has(path.parent, higher)), None
            )
            if room and (source := first(room, lower)) and (target := first(room, higher)):
                planted.append(plant(copy, source, dotted(target)))
    code, words = lint(copy)
    assert code == 1
    assert [line for line in planted if line not in words] == []


def has(room: Path, layer: str) -> bool:
    return (room / f"{layer}.py").exists() or (room / layer).is_dir()


def first(room: Path, layer: str) -> str | None:
    files = [room / f"{layer}.py", *sorted((room / layer).glob("[a-z]*.py"))]
    return next((str(path.relative_to(EXPO.parent)) for path in files if path.exists()), None)


@pytest.mark.slow
def test_a_module_that_stands_in_no_layer_or_wing_breaks_the_contracts(tmp_path: Path) -> None:
    copy = copy_of("expo", tmp_path)
    (copy / "serai/expo/anything.py").write_text("", encoding="utf-8")
    (copy / "serai/expo/firms/record/anything_else.py").write_text("", encoding="utf-8")
    code, words = lint(copy)
    assert code == 1
    assert "serai.expo.anything" in words
    assert "serai.expo.firms.record.anything_else" in words


def test_no_contract_of_the_fair_has_an_exception() -> None:
    names = ("containers", "source_modules", "protected_modules")
    of_fair = [rule for rule in contracts() if any(str(rule.get(name, "")).count("serai.expo") for name in names)]
    assert len(of_fair) > 4
    assert not [rule["name"] for rule in of_fair if rule.get("ignore_imports")]


def test_wings_are_ordered_alike_in_the_contract_and_in_the_code() -> None:
    (wings,) = (contract for contract in contracts() if contract.get("containers") == ["serai.expo"])
    assert tuple(reversed(wings["layers"])) == WINGS
    assert {path.name for path in EXPO.iterdir() if (path / "__init__.py").exists()} == {
        *WINGS,
        "formats",
        "management",
        "migrations",
    }
