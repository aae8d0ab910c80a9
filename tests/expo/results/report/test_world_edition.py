"""The yearly edition of the world: without a database, with numbers that agree with the library's."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from serai.cli.console import RefusedError
from serai.cli.report import report
from serai.expo.results.report.domain import world_edition
from serai.expo.results.report.domain.alone import report_html
from serai.expo.results.report.domain.files import press_sheet, report_package, report_pdf
from serai.expo.results.report.domain.world_edition import EditionError, world_content
from serai.world.chains import builtin_chains
from serai.world.readers import read
from serai.world.supply import supply_network

PAGE = re.compile(rb"/Type ?/Page\b")


@pytest.fixture(scope="module")
def content() -> dict[str, Any]:
    """An edition of one chain by the small table, in English and Arabic."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(world_edition, "chains_of_the_package", lambda: builtin_chains(("clean-energy",)))
        patch.setattr(world_edition, "read", lambda question: read("oecd2023-g20/2019"))
        return world_content(2026, ["en", "ar"], lambda _step, _share: None)


def part(content: dict[str, Any], kind: str) -> Any:
    return next(part for part in content["parts"] if part["kind"] == kind)


def test_its_shares_and_single_sources_are_those_of_the_library(content: dict[str, Any]) -> None:
    (chain,) = part(content, "maps")["maps"]
    network = supply_network(*builtin_chains(("clean-energy",)), table=read("oecd2023-g20/2019"))
    assert chain["single_sources"] == network.single_sources.sum() > 0
    records = {record["node"]: record for record in network.node_records()}
    for row in chain["rows"]:
        record = records[row["code"]]
        assert row["single_source"] == record["single_source"]
        if row["leaders"]:
            assert row["leaders"][0][1] == pytest.approx(record["first"], abs=1e-4)
    assert any(end["losses"] for end in chain["ends"])


def test_a_theme_whose_interval_holds_one_is_told_in_its_part_alone(content: dict[str, Any]) -> None:
    codes = {finding["code"] for finding in part(content, "findings")["findings"]}
    for theme in part(content, "themes")["themes"]:
        if theme["numbers"]:
            last = theme["numbers"][-1]
            assert (f"theme-{theme['theme']}" in codes) != (last["low"] <= 1 <= last["high"])
    assert "theme-promotion" in codes


@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_is_made_as_html_that_stands_alone_as_pdf_and_as_one_page(content: dict[str, Any], language: str) -> None:
    alone = report_html(content, language).decode()
    assert not re.search(r"<script|<link|<img|url\(|(?:src|href)=\"(?!#)", alone)
    assert alone.count("<svg") >= 4
    assert len(PAGE.findall(report_pdf(content, language))) > 5
    assert len(PAGE.findall(press_sheet(content, language))) == 1


def test_its_data_package_has_each_table_with_the_columns_of_its_schema(content: dict[str, Any]) -> None:
    with zipfile.ZipFile(io.BytesIO(report_package(content, name="world-2026", number=None))) as archive:
        described = json.loads(archive.read("datapackage.json"))
        assert described["name"] == "world-2026"
        tables = {}
        for resource in described["resources"]:
            header, *rows = csv.reader(io.StringIO(archive.read(resource["path"]).decode()))
            assert header == [field["name"] for field in resource["schema"]["fields"]]
            assert all(len(row) == len(header) for row in rows)
            tables[resource["name"]] = rows
    assert {"nodes", "losses", "theme_numbers", "theme_values", "properties", "findings", "charts"} <= tables.keys()
    assert ["promotion", "broadband", "CHN"] in [[row[0], row[1], row[3]] for row in tables["theme_values"]]


def test_a_year_that_the_data_cannot_tell_is_refused() -> None:
    with pytest.raises(EditionError, match="for each year from 2025"):
        world_content(2019, ["en"], lambda _step, _share: None)


def test_the_command_writes_the_formats_that_are_asked_for_without_a_database(
    content: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(
        world_edition, "world_content", lambda _year, languages, _progress: content | {"languages": languages}
    )
    asked = [
        "world",
        "--year",
        "2026",
        "--format",
        "html",
        "--format",
        "data",
        "--language",
        "ar",
        "--to",
        str(tmp_path),
    ]
    assert CliRunner().invoke(report, [*asked, "--json"], catch_exceptions=False).exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["world-2026-data.zip", "world-2026-report-ar.html"]
    with pytest.raises(RefusedError, match="There is no format 'docx'"):
        CliRunner().invoke(report, [*asked, "--format", "docx"], catch_exceptions=False)
