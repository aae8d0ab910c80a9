"""The recipes of CONTRIBUTING.md, for the tests that execute them.

The first line of a block of code names its file. A file that is there gets the block at its end, or, where the block
is an entry of a list or a column of a model, in the place that PLACES names.
"""

import re
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```(?:python|html|toml)\n(?:# |\{# )(\S+?)(?: #\})?\n(.*?)```", re.DOTALL)
PLACES: Mapping[str, str] = {
    "src/serai/expo/firms/record/models.py": "    latitude = ",
    "src/serai/expo/firms/record/domain/fields.py": '    Field("subdivision"',
    "src/serai/expo/venue/halls/pages.py": '    path("halls/"',
    "src/serai/expo/results/exports/domain/record_tables.py": '    "Firm": ',
}
"""The beginning of the line before which an entry is written, by file."""
ADDRESSES = "\nurlpatterns = ["
"""Where the views of a file end."""


def blocks(recipe: str) -> Sequence[tuple[str, str]]:
    """The blocks of code of a recipe in order, each with the file that it names."""
    _, heading, rest = GUIDE.partition(f"\n## {recipe}\n")
    assert heading, f"CONTRIBUTING.md has no recipe '{recipe}'."
    named = BLOCK.findall(rest.partition("\n## ")[0])
    assert named, f"The recipe '{recipe}' of CONTRIBUTING.md has no block that names its file."
    return named


def execute(path: str, code: str) -> dict[str, Any]:
    """Execute a block as if it stood at the end of its file, and return its names; the module itself stays as it is."""
    name = path.removeprefix("src/").removesuffix(".py").replace("/", ".")
    names = dict(vars(import_module(name))) if (ROOT / path).exists() else {"__name__": name}
    exec(compile(code, path, "exec"), names)
    return names


def write(folder: Path, path: str, code: str) -> None:
    """Write a block into its file in a copy of the project, with an ``__init__.py`` for each new folder of a room."""
    file = folder / path
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    if code.startswith("def ") and ADDRESSES in text:
        file.write_text(text.replace(ADDRESSES, f"\n{code}\n{ADDRESSES}"), encoding="utf-8")
        return
    if path in PLACES:
        assert text.count(f"\n{PLACES[path]}") == 1
        comma = "" if "models" in path else ","  # the formatter allows none behind a block that is one entry
        entry = f"    {code.rstrip(',\n')}{comma}"
        file.write_text(text.replace(f"\n{PLACES[path]}", f"\n{entry}\n{PLACES[path]}"), encoding="utf-8")
        return
    for parent in reversed(file.relative_to(folder).parents):
        (folder / parent).mkdir(exist_ok=True)
        if (
            file.suffix == ".py"
            and parent.is_relative_to("src/serai")
            and not (folder / parent / "__init__.py").exists()
        ):
            (folder / parent / "__init__.py").write_text('"""What the recipe adds."""\n', encoding="utf-8")
    with file.open("a", encoding="utf-8") as writing:
        writing.write(f"\n\n{code}" if writing.tell() and file.suffix == ".py" else code)
