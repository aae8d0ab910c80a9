"""scripts/size.py counts what its docstring says, and a number that grew is found."""

from pathlib import Path

import pytest

from scripts import size

MODULE = '''\
"""Halls of a fair,
in two lines."""

import os
from pathlib import (
    Path,
)

NAME = "one"
"""What a text below a constant says."""


# one comment
def first(path: Path) -> str:
    """Answer one thing."""
    import sys

    text = f"""{path}

    {sys.argv}"""
    return text + os.sep
'''
REPEATED = """\
def {0}({1}):
    {1} = {0}.{1}
    for {0} in {1}:
        if {0} and {1}["{0}"]:
            return {1}
    raise {0}
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A fair of a module in a room and its package markers, with a baseline of it."""
    plant(tmp_path, "src/serai/expo/__init__.py", '"""The fair."""\n')
    plant(tmp_path, "src/serai/expo/venue/__init__.py", "")
    plant(tmp_path, "src/serai/expo/venue/halls.py", MODULE + "#\n" * 40)
    plant(tmp_path, "src/serai/expo/migrations/0001_initial.py", "first = 1\n")
    plant(tmp_path, "tests/expo/test_halls.py", "\n\n")
    (tmp_path / "scripts").mkdir()
    size.lower(tmp_path)
    return tmp_path


def plant(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(path.read_text() + text if path.exists() else text)


def test_a_module_is_counted_as_by_hand(tmp_path: Path) -> None:
    plant(tmp_path, "halls.py", MODULE)
    # Code: five lines of imports, NAME, def, two lines of a text, return. One: a text, a comment, a docstring.
    counted = size.Size(lines=21, code=10, imports=5, modules=1, small=1, markers=0, functions=1, one=3)
    assert size.measure(tmp_path / "halls.py")[0] == counted


@pytest.mark.parametrize(
    ("name", "text", "is_marker"),
    [
        ("__init__.py", '"""A room."""\n\nfrom a import b\n', True),
        ("__init__.py", "", True),
        ("__init__.py", "name = 1\n", False),
        ("__init__.py", "#\n" * 40, False),
        ("halls.py", '"""A room."""\n', False),
    ],
)
def test_a_package_marker_is_no_module(tmp_path: Path, name: str, text: str, is_marker: bool) -> None:
    plant(tmp_path, name, text)
    counted, _shapes = size.measure(tmp_path / name)
    assert (counted.markers, counted.modules) == (is_marker, not is_marker)


def test_the_table_has_a_row_for_each_wing_and_house(tree: Path) -> None:
    plant(tree, "src/serai/expo/urls.py", "name = 1\n")
    plant(tree, "src/serai/world/table.py", "name = 1\n")
    size.write_seconds(tree, {"SQLite": 61.4})
    rows = {line[:14].strip(): line[14:].split() for line in size.report(tree)}
    assert list(rows)[1:-4] == [*size.WINGS, "the rest", "expo", "world", "match", "cli"]
    assert rows["venue"] == ["61", "10", "5", "1", "0", "1", "1", "3"]
    assert rows["the rest"] == ["2", "1", "0", "1", "1", "1", "0", "0"]
    assert rows["expo"] == ["63", "11", "5", "2", "1", "2", "1", "3"]
    assert rows["world"] == ["1", "1", "0", "1", "1", "0", "0", "0"]
    *_, pairs, tests, migrations, seconds = size.report(tree)
    assert [line.split()[0] for line in (pairs, tests, migrations, seconds)] == ["0", "2", "1", "61"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("src/serai/expo/venue/halls.py", "#\n", "expo has 1 more line than scripts/size_baseline.toml allows: 63 ag"),
        ("src/serai/expo/venue/plan.py", "#\n", "expo has 1 more module under 40 lines than "),
        ("src/serai/expo/venue/halls.py", REPEATED.format("a", "b") + REPEATED.format("c", "d"), "1 more pair of pl"),
        ("tests/test_new.py", "#\n#\n", "tests have 2 more lines than scripts/size_baseline.toml allows: 4 against 2."),
    ],
)
def test_what_grew_is_found(tree: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, said: str) -> None:
    assert size.main(["--check"], tree) == 0
    plant(tree, name, text)
    assert size.main(["--check"], tree) == 1
    assert said in capsys.readouterr().out


def test_lines_of_imports_may_grow_and_are_told(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    halls = tree / "src/serai/expo/venue/halls.py"
    halls.write_text(halls.read_text().replace("#\n", "import os\n", 1))
    assert size.main(["--check"], tree) == 0
    assert "expo has 1 more line of imports" in capsys.readouterr().out


def test_lower_writes_what_fell_and_keeps_what_did_not(tree: Path) -> None:
    plant(tree, "tests/test_new.py", "#\n")
    plant(tree, "scripts/size_baseline.toml", 'reason = "A \\"new\\" hall."\n')
    (tree / "src/serai/expo/venue/halls.py").write_text("#\n" * 50)
    assert size.main(["--lower"], tree) == 0
    stored = size.read_toml(tree / size.BASELINE)
    assert (stored["lines"], stored["test_lines"], stored["reason"]) == (51, 2, 'A "new" hall.')


def pairs(root: Path, *texts: str) -> list[tuple[int, int]]:
    """The lines at which pairs begin, in files of these texts."""
    files = {}
    for number, text in enumerate(texts):
        path = root / f"{number}.py"
        path.write_text(text)
        files[path] = size.measure(path)[1]
    return [(line, other) for (_file, line), (_other_file, other) in size.pairs(files)]


def test_lines_of_one_shape_are_a_pair_whatever_they_name(tmp_path: Path) -> None:
    longer = REPEATED.format("a", "b") + "    return None, None\n"
    assert pairs(tmp_path, longer, "import os\n\n# A comment\n" + longer.replace("b", "names")) == [(1, 4)]


def test_a_table_and_a_way_of_writing_are_no_repetition(tmp_path: Path) -> None:
    assert pairs(tmp_path, "a = 1\n" * 6, "b = 2\n" * 6) == []
    assert pairs(tmp_path, *[REPEATED.format("a", "b")] * 9) == []
