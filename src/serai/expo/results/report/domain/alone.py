"""A report as one HTML file a language that stands alone: styles and pictures inside, no script, read from a disk."""

from datetime import date, datetime
from functools import cache
from importlib.resources import files

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from serai.expo.results.report.domain.content import Content
from serai.expo.results.report.domain.presentation import shown_parts

SHEETS = ("tokens", "base", "components", "print")
"""The style sheets of the pages that a report needs."""


def report_html(content: Content, language: str, *, number: int | None = None) -> bytes:
    """The report in one of its languages; without a number it is marked as a draft."""
    with override(language):
        parts = shown_parts(content)
        context = {
            "language": language,
            "said": content,
            "when": span_of(content),
            "issue": issue_of(content, number),
            "counted": counted_of(content),
            "parts": parts,
            "contents": [(place, part["title"]) for place, part in enumerate(parts, 1) if any(part["title"].values())],
            "styles": _styles(),
        }
        page: str = render_to_string("results/report/alone.html", context)
        return page.encode()


def span_of(content: Content) -> str:
    """The days that the report is about."""
    days = [date_format(date.fromisoformat(content[name])) for name in ("starts_on", "ends_on") if content.get(name)]
    return " – ".join(dict.fromkeys(days))


def issue_of(content: Content, number: int | None) -> str:
    """Which issue or yearly edition it is."""
    if content.get("year"):
        return str(_("Edition %d") % content["year"])
    return _("Issue %d") % number if number else _("Draft")


def counted_of(content: Content) -> str:
    """When its figures were counted."""
    return _("Counted on %s (UTC).") % date_format(datetime.fromisoformat(content["as_of"]), "DATETIME_FORMAT")


@cache
def _styles() -> SafeString:
    folder = files("serai.expo").joinpath("static", "serai")
    sheets = [folder.joinpath(f"{name}.css").read_text(encoding="utf-8") for name in SHEETS]
    return mark_safe("\n".join(sheets))  # noqa: S308  (our own files)
