"""What others see has no way to what a firm declares of its sources."""

from pathlib import Path

from serai.expo.insight.supply.domain import source_values
from serai.expo.meetings import matchmaking


def test_neither_the_averages_nor_the_lists_read_what_firms_declare() -> None:
    lists = list(Path(str(matchmaking.__file__)).parent.rglob("*.py"))
    assert len(lists) > 3
    for path in (Path(str(source_values.__file__)), *lists):
        text = path.read_text(encoding="utf-8")
        for name in ("insight.exposure", "DeclaredInput", "PresentSource", "declared_inputs", "present_sources"):
            assert name not in text, f"{path} reads {name}."
