"""The list of settings, which the README calls complete, is complete."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import serai
from serai.expo import settings

ROOT = Path(__file__).parents[2]
OF_THE_SYSTEM = {"DJANGO_SETTINGS_MODULE", "OMP_NUM_THREADS", "XDG_CACHE_HOME"}


def variables_read() -> Iterator[str]:
    """What is asked of the environment: ``os.environ.get("X")``, ``os.environ["X"]``, ``secret("X", ...)``."""
    for path in Path(serai.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            asked = None
            if isinstance(node, ast.Call) and node.args:
                called = ast.unparse(node.func)
                if called in {"os.environ.get", "os.getenv", "given_secret", "secret"}:
                    asked = node.args[0]
            elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
                asked = node.slice
            if isinstance(asked, ast.Constant) and isinstance(asked.value, str):
                yield asked.value


def test_every_variable_that_is_read_stands_in_the_list_and_no_other() -> None:
    read = set(variables_read()) - OF_THE_SYSTEM
    listed = set(re.findall(r"\b(?:SERAI_[A-Z_]+|DATABASE_URL|SECRET_KEY(?:_BEFORE)?)\b", settings.__doc__ or ""))
    assert read == {name for name in listed if not name.endswith("_FILE")}
    assert len(read) > 15


def test_the_guide_for_operators_names_settings_that_there_are() -> None:
    guide = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "operate").glob("*.md"))
    named = set(re.findall(r"\bSERAI_[A-Z_]+\b", guide))
    assert named <= set(re.findall(r"\bSERAI_[A-Z_]+\b", settings.__doc__ or ""))
    assert len(named) > 5
