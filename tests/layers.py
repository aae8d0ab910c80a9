"""Import contracts tried on a copy: what is planted there must break them."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def contracts() -> list[dict[str, Any]]:
    """The import contracts of the project, as pyproject.toml declares them."""
    declared: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]["contracts"]
    return declared


def copy_of(house: str, folder: Path) -> Path:
    """Copy the Python files of a house (``"world"``) into a folder, with the contracts of this house alone."""
    shutil.copytree(
        ROOT / "src/serai" / house,
        folder / "serai" / house,
        ignore=lambda place, names: [
            name for name in names if Path(place, name).is_file() and not name.endswith(".py")
        ],
    )
    for name in ("__init__.py", "registry.py"):
        shutil.copy(ROOT / "src/serai" / name, folder / "serai" / name)
    lines = ["[importlinter]", "root_package = serai", "exclude_type_checking_imports = true"]
    for number, contract in enumerate(contracts()):
        named = [name for value in contract.values() if isinstance(value, list) for name in value if "serai." in name]
        if not named or not all(name.startswith(f"serai.{house}") for name in named):
            continue  # it speaks of other houses too
        lines.append(f"[importlinter:contract:{number}]")
        for key, value in contract.items():
            lines += (
                [f"{key} =", *(f"    {item}" for item in value)] if isinstance(value, list) else [f"{key} = {value}"]
            )
    (folder / ".importlinter").write_text("\n".join(lines), encoding="utf-8")
    return folder


def plant(folder: Path, module: str, imported: str) -> str:
    """Have ``serai.<module>`` import another module in its first line. Returns how the linter tells it."""
    path = folder / "serai" / module
    path.write_text(f"import {imported}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    name = module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return f"serai.{name} -> {imported} (l."


def lint(folder: Path) -> tuple[int, str]:
    """Exit code and words of import-linter in a folder."""
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "400"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, " ".join(done.stdout.split())
