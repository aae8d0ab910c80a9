"""On a phone a row of a stacking table is read downwards, so each of its cells names its column."""

import re
from pathlib import Path

import serai.expo

TABLE = re.compile(r'<table class="[^"]*\bstacks\b.*?</table>', re.DOTALL)
TEMPLATES = Path(serai.expo.__path__[0]) / "templates"


def test_every_cell_names_its_column() -> None:
    texts = {str(path): path.read_text() for path in TEMPLATES.rglob("*.html")}
    tables = {(name, table) for name, text in texts.items() for table in TABLE.findall(text)}
    assert len(tables) >= 8
    for name, table in tables:
        if "table.heads" in table:  # of a report, whose columns are data: tests/expo/results/report/test_shown.py
            continue
        heads = [head.replace('"', "'") for head in re.findall(r'<th scope="col"[^>]*>(.*?)</th>', table)][1:]
        assert re.findall(r'data-label="(.*?)"', table) == heads, name
