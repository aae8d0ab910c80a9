"""What `make` stands on: locked requirements, a Python that is found, and targets that say what they do."""

import os
import re
import shutil
import subprocess
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RIVALS = {"boario", "pymrio"}
"""GPL: oracles in tests; an extra of one's name is for who hands its objects in."""
BY_CHOICE = {"onnx", "assistants"}
"""Extras that are not installed to run: who mounts an encoder of one's own adds ONNX Runtime, who connects an assistant
the SDK of its protocol; the tests have both."""


def pinned(name: str) -> dict[str, str]:
    """The pinned requirements of a file with the text that belongs to each."""
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    parts = re.split(r"^(?=[a-zA-Z0-9])", text, flags=re.MULTILINE)[1:]
    return {canonicalize_name(re.split(r"[=\[ ]", part)[0]): part for part in parts}


@pytest.mark.parametrize("name", ["run.txt", "develop.txt"])
def test_every_requirement_is_pinned_with_hashes_and_none_names_an_index(name: str) -> None:
    for package, text in pinned(name).items():
        assert re.match(r"[\w.\-\[\]]+==\S+", text), package
        assert "--hash=sha256:" in text, package
    assert "://" not in (ROOT / "requirements" / name).read_text(encoding="utf-8")


def test_what_the_project_asks_for_is_what_is_locked() -> None:
    wanted = PROJECT["project"]["optional-dependencies"]
    extras = chain.from_iterable(wanted[extra] for extra in wanted if extra not in RIVALS | BY_CHOICE)
    asked = [*PROJECT["project"]["dependencies"], *extras]
    tools = chain.from_iterable(PROJECT["dependency-groups"].values())
    for file, requirements in {"run.txt": asked, "develop.txt": [*asked, *tools]}.items():
        locked = pinned(file)
        for requirement in map(Requirement, requirements):
            if canonicalize_name(requirement.name) == "serai":
                continue
            version = re.search(r"==([^\s;]+)", locked[canonicalize_name(requirement.name)])
            assert version is not None
            assert requirement.specifier.contains(version[1]), requirement


def test_nothing_under_the_gpl_is_installed_to_run() -> None:
    assert not RIVALS & pinned("run.txt").keys()
    everything = PROJECT["project"]["optional-dependencies"]["all"]
    assert not any(rival in requirement for requirement in everything for rival in RIVALS)


def test_both_files_lock_the_same_versions() -> None:
    def versions(file: str) -> set[str]:
        # Where a package is asked for by more, the condition under which it is needed is wider.
        return {re.split(r"[\\;]", text)[0].strip() for text in pinned(file).values()}

    assert versions("run.txt") <= versions("develop.txt")


def test_the_world_needs_no_django() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    assert not [name for name in (*extras["world"], *extras["match"]) if "django" in name.lower()]


def test_every_target_says_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, flags=re.MULTILINE)
    assert phony is not None
    said = subprocess.run(["make", "-C", ROOT, "help"], capture_output=True, text=True, check=True).stdout
    described = {line.split()[0] for line in said.splitlines() if line and not line.startswith("make")}
    assert described == set(phony[1].split())


def test_a_python_is_found() -> None:
    found = subprocess.run([ROOT / "scripts" / "find-python"], capture_output=True, text=True, check=True).stdout
    version = subprocess.run([found.strip(), "--version"], capture_output=True, text=True, check=True).stdout
    assert version.startswith(("Python 3.12.", "Python 3.13."))


@pytest.mark.parametrize("script", ["find-python", "system-packages", "lock"])
def test_shell_scripts_are_sound(script: str) -> None:
    shell = shutil.which("sh")
    assert shell is not None
    subprocess.run([shell, "-n", ROOT / "scripts" / script], check=True)
    assert os.access(ROOT / "scripts" / script, os.X_OK)
