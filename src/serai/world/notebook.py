"""How a table and its balance sheet look in a notebook: a few lines of HTML, every text escaped."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from serai.world.hygiene import accounts

if TYPE_CHECKING:
    from serai.world.hygiene import BalanceSheet, Check
    from serai.world.table import WorldTable

LARGEST = 5
"""Economies that are listed."""
SHOWN = 8
"""Labels that are listed before the rest is only counted."""


def table_html(table: "WorldTable") -> str:
    """What a table holds, its largest economies, and what its accounts show without a factorisation."""
    world = table.gdp.sum()
    largest = np.argsort(-table.gdp, kind="stable")[:LARGEST]
    economies = ", ".join(
        f"{table.countries[country]} {table.gdp[country] / world:.1%}" if world else table.countries[country]
        for country in largest
    )
    facts = [
        ("source", table.source),
        ("unit", table.unit),
        ("countries", _listed(table.countries)),
        ("industries", _listed(table.industries)),
        ("final uses", _listed(table.uses)),
        ("extensions", ", ".join(f"{name} ({item.unit})" for name, item in table.extensions.items())),
        ("largest by value added", economies),
        ("done to the numbers", " ".join(table.log)),
        ("cite", table.citation),
    ]
    rows = "".join(f"<tr><th>{escape(name)}</th><td>{escape(fact)}</td></tr>" for name, fact in facts if fact)
    name = (
        f"{table.name or 'World table'} {table.year}: {table.n_countries} countries x {table.n_industries} industries"
    )
    return f"<table><caption>{escape(name)}</caption><tbody>{rows}</tbody></table>{_checks(accounts(table))}"


def sheet_html(sheet: "BalanceSheet") -> str:
    """The checks of a balance sheet as a list under the table's name."""
    return f"<p><strong>{escape(sheet.table)}</strong></p>{_checks(sheet.checks)}"


def _checks(checks: "Iterable[Check]") -> str:
    items = "".join(
        f"<li>{'' if check.holds else '<strong>Does not hold:</strong> '}{escape(check.sentence)}</li>"
        for check in checks
    )
    return f"<ul>{items}</ul>"


def _listed(labels: Sequence[str]) -> str:
    more = f" and {len(labels) - SHOWN} more" if len(labels) > SHOWN else ""
    return f"{', '.join(labels[:SHOWN])}{more}"
