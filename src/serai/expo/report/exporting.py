"""Figures as records, for the command's --json and for the page's data."""

from collections.abc import Iterable
from typing import Any

from serai.expo.report.figures import Figure


def as_records(figures: Iterable[Figure]) -> list[dict[str, Any]]:
    """Each figure with its unit, its definition, the definition's version and when it was counted."""
    return [
        {
            "code": figure.code,
            "title": str(figure.definition.title),
            "value": figure.value,
            "unit": str(figure.definition.unit),
            "definition": str(figure.definition.text),
            "version": figure.definition.version,
            "as_of": figure.as_of.isoformat(),
        }
        for figure in figures
    ]
