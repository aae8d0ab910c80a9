"""Every test that the threat model names is there, and every threat names one."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
MODEL = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", MODEL)


def functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_test_that_is_named_is_there() -> None:
    assert len(NAMED) > 50
    missing = [f"{path}::{name}" for path, name in NAMED if name not in functions(ROOT / path)]
    assert missing == [], "Renamed or deleted: say in docs/threat-model.md what shows it now."


def test_every_threat_names_what_shows_that_it_is_held() -> None:
    threats = re.split(r"^### ", MODEL, flags=re.MULTILINE)[1:]
    assert len(threats) >= 17
    assert [threat.splitlines()[0] for threat in threats if "::test_" not in threat] == []


def test_the_way_to_report_a_weakness_leads_to_the_model() -> None:
    assert "docs/threat-model.md" in (ROOT / "SECURITY.md").read_text(encoding="utf-8")
