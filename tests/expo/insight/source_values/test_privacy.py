"""What others see has no way to what a firm declares of its sources."""

from pathlib import Path

from serai.expo.insight import source_values
from serai.expo.meetings import matchmaking


def test_neither_the_averages_nor_the_lists_read_what_firms_declare() -> None:
    for room in (source_values, matchmaking):
        folder = Path(str(room.__file__)).parent
        texts = {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.py")}
        assert len(texts) > 3
        for path, text in texts.items():
            for name in ("insight.exposure", "DeclaredInput", "PresentSource", "declared_inputs", "present_sources"):
                assert name not in text, f"{path} reads {name}."
