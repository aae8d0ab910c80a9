"""The pages of methods explain every indicator and kind of shock, and the code cites no document that is not there."""

import re
from pathlib import Path

import pytest

from serai.world.measures import INDICATORS, PROPERTIES
from serai.world.shocks import SHOCKS

ROOT = Path(__file__).parents[2]
PAGES = {page.stem: page.read_text(encoding="utf-8") for page in (ROOT / "docs" / "method").glob("*.md")}


@pytest.mark.parametrize("symbol", sorted({symbol.partition(".")[0] for symbol in INDICATORS}))
def test_every_indicator_is_explained(symbol: str) -> None:
    assert re.search(rf"^### {symbol} |\*\*{symbol}\*\*", PAGES["indicators"], re.MULTILINE)


def test_every_property_is_a_chapter() -> None:
    chapters = {line[3:7].lower() for line in PAGES["indicators"].splitlines() if line.startswith("## ")}
    assert {name[:4] for name in PROPERTIES} <= chapters


def test_every_shock_belongs_to_a_model_that_is_explained() -> None:
    chapters = {line[3:].lower() for line in PAGES["shocks"].splitlines() if line.startswith("## ")}
    models = {declared.function.__module__.split(".")[3] for declared in SHOCKS.values()}
    assert models - {"extraction"} <= chapters  # extraction is a part of accounting
    assert "*Extraction*" in PAGES["shocks"]


def test_every_document_that_is_cited_is_in_the_repository() -> None:
    there = {path.name for folder in ("docs", "src") for path in (ROOT / folder).rglob("*.md")}
    there |= {path.name for path in ROOT.glob("*.md")}
    cited = {
        (str(path.relative_to(ROOT)), name)
        for folder in ("src", "scripts", "benchmarks", "docs/method")
        for pattern in ("*.py", "*.toml", "*.md")
        for path in (ROOT / folder).rglob(pattern)
        for name in re.findall(r"[\w-]+\.md\b", path.read_text(encoding="utf-8"))
    }
    assert not {(path, name) for path, name in cited if name not in there}
