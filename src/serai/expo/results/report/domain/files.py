"""An issue of a report as files: PDF, HTML and press sheet a language, and a data package with tables."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from serai.expo.base.data_packages import PackageTable, as_json_document, data_package
from serai.expo.base.numbers import in_percent, money, rounded
from serai.expo.base.text import in_language
from serai.expo.base.typesetting import typeset
from serai.expo.results.report.domain.alone import counted_of, issue_of, report_html, span_of
from serai.expo.results.report.domain.blocks import joined, listed
from serai.expo.results.report.domain.content import Content
from serai.expo.results.report.domain.package_rows import FURTHER_ROWS
from serai.expo.results.report.domain.presentation import shown_parts
from serai.expo.results.report.domain.story import EFFECT_NUMBERS
from serai.expo.results.report.models import ReportIssue

EMPTY: Mapping[str, str] = {"text": "", "language": "en"}


def report_pdf(content: Content, language: str, *, number: int | None = None) -> bytes:
    """The report in one of its languages; without a number it is marked as a draft."""
    with override(language):
        return typeset("serai.expo.results.report", "report.typ", _pages(content, language, number))


@dataclass(frozen=True)
class ReportFile:
    """A file in which a report is offered; ``language`` is empty for the data package, which holds all of them."""

    name: str
    title: str
    media_type: str
    language: str = ""


def offered_files(languages: Sequence[str]) -> list[ReportFile]:
    """The files of a report in these languages, in the order in which they are offered."""
    kinds = (
        ("report", "pdf", "application/pdf", "PDF"),
        ("report", "html", "text/html; charset=utf-8", "HTML"),
        ("press", "pdf", "application/pdf", _("Press sheet")),
    )
    return [
        *(
            ReportFile(f"{kind}-{language}.{ending}", title, media_type, language)
            for kind, ending, media_type, title in kinds
            for language in languages
        ),
        ReportFile("data.zip", _("Data package"), "application/zip"),
    ]


def file_of(content: Content, offered: ReportFile, *, name: str, number: int | None) -> bytes:
    """The content of an offered file; ``name`` is that of the data package."""
    if not offered.language:
        return report_package(content, name=name, number=number)
    kind, ending = offered.name.partition("-")[0], offered.name.rpartition(".")[2]
    make = report_html if ending == "html" else press_sheet if kind == "press" else report_pdf
    return make(content, offered.language, number=number)


def issue_files(issue: ReportIssue) -> Iterator[tuple[str, bytes]]:
    """Every file of an issue by its name: the report and the press sheet in each language, and the data package."""
    name = f"{issue.edition.slug}-{issue.report.slug}"
    for offered in offered_files(issue.content["languages"]):
        yield f"{name}-{issue.number}-{offered.name}", file_of(issue.content, offered, name=name, number=issue.number)


def press_sheet(content: Content, language: str, *, number: int | None = None) -> bytes:
    """What the press is told, on one page: the summary, the findings, and the first chart."""
    with override(language):
        pages = _pages(content, language, number)
        nothing = {"tables": [], "blocks": [], "remarks": [], "title": EMPTY, "text": EMPTY}
        told = [part | nothing for part in pages["parts"]]
        charts = [picture for part in told for picture in part["pictures"]][:1]
        findings = [finding for part in told for finding in part["findings"]]
        part = told[0] | {"findings": findings, "pictures": charts} if told else []
        return typeset(
            "serai.expo.results.report", "report.typ", pages | {"parts": [part] if told else [], "is_one_page": True}
        )


def _pages(content: Content, language: str, number: int | None) -> dict[str, Any]:
    def text(texts: Mapping[str, str]) -> dict[str, str]:
        chosen = in_language(texts, language)
        return {"text": chosen.text, "language": chosen.language}

    return {
        "language": language,
        "fair": text(content["fair"]),
        "when": span_of(content),
        "title": text(content["title"]),
        "summary": text(content["summary"]),
        "issue": issue_of(content, number),
        "counted": counted_of(content),
        "contents": _("Contents"),
        "is_one_page": False,
        "parts": [
            {
                "title": text(part["title"]),
                "text": text(part["text"]),
                "findings": [text(finding["text"]) for finding in part.get("findings", ())],
                "pictures": list(_pictures(part, language)),
                "tables": list(_tables(part, language)),
                "blocks": [asdict(block) for block in part["blocks"]],
                "remarks": part.get("remarks", []),
            }
            for part in shown_parts(content)
        ],
    }


def _pictures(part: Content, language: str) -> Iterator[dict[str, Any]]:
    """The charts of a part: title, SVG, and what it shows in words."""
    for chart in part["charts"]:
        title = in_language(chart["title"], language).text
        yield {"title": title, "svg": str(chart["svg"]), "alt": chart["words"], "note": chart["note"]}


def _tables(part: Content, language: str) -> Iterator[dict[str, Any]]:
    """The tables of a part: title, header, rows of strings, which columns are numbers, and the definition."""

    def text(texts: Mapping[str, str]) -> str:
        return in_language(texts, language).text

    if part.get("figures"):
        yield {
            "title": "",
            "header": [_("Figure"), _("Value"), _("Unit"), _("Definition")],
            "numbers": [1],
            "rows": [
                [
                    text(figure["title"]),
                    value_text(figure["value"], share=figure["is_share"], currency=figure.get("currency", "")),
                    # Shares and amounts of money carry their sign.
                    "" if figure["is_share"] or figure.get("currency") else text(figure["unit"]),
                    _defined(figure),
                ]
                for figure in part["figures"]
            ],
            "means": "",
        }
    for group in part.get("groups", ()):
        rows = [[text(row["name"]), number_format(row["exhibitors"])] for row in group["rows"]]
        yield {
            "title": text(group["title"]),
            "header": [_("Country or region"), _("Exhibitors")],
            "numbers": [1],
            "rows": [*rows, [_("All"), number_format(group["exhibitors"])]],
            "means": joined([_defined(group), *_doubts(group, language)]),
        }
    for chain in part.get("chains", ()):
        yield {
            "title": text(chain["title"]),
            "header": [_("Stage"), _("Node"), _("Exhibitors"), _("Countries"), _("Needs")],
            "numbers": [2, 3, 4],
            "rows": [
                [text(row["stage"]), text(row["title"]), *(number_format(row[key]) for key in CHAIN_NUMBERS)]
                for row in chain["rows"]
            ],
            "means": _defined(chain),
        }


def _doubts(group: Content, language: str) -> Iterator[str]:
    """The countries of exhibitors whose membership nobody has verified, in a sentence."""
    if doubted := group.get("not_verified"):
        names = listed(in_language(country, language).text for country in doubted)
        yield _("Membership not verified: %s.") % names


CHAIN_NUMBERS = ("exhibitors", "countries", "needs")


def _defined(item: Content) -> str:
    return joined([in_language(item["definition"]).text, _("Version %d.") % item["version"]])


def value_text(value: float | None, *, share: bool, currency: str = "") -> str:
    """A value as the reader writes numbers, or that it is not known."""
    if value is None:
        return _("not known")
    if share:
        return in_percent(rounded(value, 1))
    if currency:
        return money(value, currency)
    return rounded(value, 0 if value == int(value) else 1)


COLUMNS: Mapping[str, Sequence[tuple[str, str]]] = {
    "figures": (
        *(("code", "string"), ("title", "string"), ("value", "number"), ("unit", "string")),
        *(("definition", "string"), ("version", "integer"), ("as_of", "datetime")),
    ),
    "groups": (
        *(("group", "string"), ("group_title", "string"), ("on", "date"), ("country", "string")),
        *(("exhibitors", "integer"), ("definition", "string"), ("version", "integer"), ("as_of", "datetime")),
    ),
    "chains": (
        *(("chain", "string"), ("code", "string"), ("stage", "string"), ("title", "string")),
        *(("exhibitors", "integer"), ("countries", "integer"), ("needs", "integer")),
        *(("definition", "string"), ("version", "integer"), ("as_of", "datetime")),
    ),
    "nodes": (
        *(("chain", "string"), ("node", "string"), ("stage", "string"), ("title", "string"), ("country", "string")),
        *(
            ("share", "number"),
            ("single_source", "boolean"),
            ("grade", "string"),
            ("year", "year"),
            ("source", "string"),
        ),
    ),
    "losses": (
        *(("chain", "string"), ("node", "string"), ("title", "string"), ("country", "string")),
        *(("low", "number"), ("high", "number")),
    ),
    "theme_numbers": (
        *(("theme", "string"), ("country", "string"), ("base", "year"), ("year", "year"), ("value", "number")),
        *(("low", "number"), ("high", "number"), ("relatives", "object")),
    ),
    "theme_values": (
        *(("theme", "string"), ("indicator", "string"), ("title", "string"), ("country", "string"), ("year", "year")),
        *(("value", "number"), ("low", "number"), ("high", "number"), ("unit", "string"), ("source", "string")),
    ),
    "properties": (
        *(("table", "string"), ("year", "year"), ("property", "string"), ("indicator", "string"), ("title", "string")),
        *(("country", "string"), ("value", "number"), ("low", "number"), ("high", "number"), ("unit", "string")),
    ),
    "charts": (("chart", "string"), ("title", "string"), ("label", "string"), ("value", "number")),
    "findings": (("code", "string"), ("sentence", "string"), ("numbers", "object")),
    "effects": (
        *(("chain", "string"), ("figure", "string"), ("title", "string"), ("before", "number"), ("after", "number")),
        *(("low", "number"), ("high", "number"), ("by_chance", "number"), ("claimed", "number")),
    ),
}
"""The tables of a data package: their columns with the types of Frictionless Table Schema."""


def report_package(content: Content, *, name: str, number: int | None) -> bytes:
    """A data package with the tables that have rows, and the whole content as ``report.json``."""
    language = "en" if "en" in content["languages"] else content["languages"][0]
    rows = {kind: list(rows_of(content, kind, language)) for kind in COLUMNS}
    tables = [
        PackageTable(kind, [{"name": column, "type": of} for column, of in COLUMNS[kind]], rows_of_kind)
        for kind, rows_of_kind in rows.items()
        if rows_of_kind
    ]
    described = {
        "name": f"{name}-{number}" if number else name,
        "title": in_language(content["title"], language).text,
        "version": str(number or 1),
        "created": content["as_of"],
        "languages": content["languages"],
    }
    return data_package(described, tables, {"report.json": as_json_document(content)})


def rows_of(content: Content, kind: str, language: str) -> Iterator[list[object]]:
    """The rows of a table of the data package, in the order of its columns."""

    def text(texts: Mapping[str, str]) -> str:
        return in_language(texts, language).text

    if kind in FURTHER_ROWS:
        yield from FURTHER_ROWS[kind](content, language)
        return
    items = [item for part in content["parts"] for item in part.get(kind, ())]
    if kind == "findings":
        yield from ([item["code"], text(item["text"]), json.dumps(item["numbers"])] for item in items)
        return
    if kind == "effects":
        for effect, row in ((item, row) for item in items for row in item["rows"]):
            changes = [row[name] for name in (*EFFECT_NUMBERS, "claimed")]
            yield [effect["key"], row["figure"], text(row["title"]), *changes]
        return
    for item in items:
        means = [text(item["definition"]), item["version"], item["as_of"]]
        if kind == "figures":
            yield [item["code"], text(item["title"]), item["value"], text(item["unit"]), *means]
        for row in item.get("rows", ()):
            if kind == "groups":
                yield [item["key"], text(item["title"]), item["on"], row["country"], row["exhibitors"], *means]
            else:
                numbers = (row[key] for key in CHAIN_NUMBERS)
                yield [item["slug"], row["code"], text(row["stage"]), text(row["title"]), *numbers, *means]
