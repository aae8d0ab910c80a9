"""A firm's exposure as data, for its own sheets: the tables of a dataset that no catalogue lists."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.expo.base.datasets import Column, Dataset, Numbers
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.record.domain.shown_name import shown_name
from serai.expo.insight.exposure.domain.shown import Page, Shown, page_of
from serai.expo.insight.supply.domain.stored import Stored

INPUT = (
    Column("chain", "string", "Chain of the input"),
    Column("node", "string", "Node of the chain, by its code"),
    Column("input", "string", "Name of the input"),
)
FIGURES = (
    *INPUT,
    Column("about", "string", "source, world, stop or alternative: what is bought, made, missing, or would change"),
    Column("country", "string", "Country, ISO 3166 alpha-2; empty where it is not known"),
    Column("firm", "string", "Firm, where one is meant"),
    Column("property", "string", "What is measured: a share, a loss, or a property of the mission"),
    Column("value", "number", "Its value today, from 0 to 1", "1"),
    Column("change", "number", "What the alternative changes of it", "1"),
    Column("low", "number", "Lower end of the change: nine draws in ten lie between both", "1"),
    Column("high", "number", "Upper end of the change", "1"),
    Column("weeks", "number", "How long the stock lasts then", "weeks"),
)
INPUTS = (
    *INPUT,
    Column("origin", "string", "declared, need, flow or chain: how it is known that the firm buys it"),
    Column("grade", "string", "How well the sources are known; declared where the firm states them"),
    Column("world_grade", "string", "How well it is known who makes it in the world"),
    Column("world_year", "integer", "Year of these shares"),
    Column("stock_weeks", "number", "Weeks that the stock lasts, as the firm states it", "weeks"),
    Column("why_none", "string", "Why no exhibitor is a safer source: nobody, dependent or untold"),
)


def numbers_of(participation: Participation, exposure: Stored) -> Numbers:
    """The stored exposure of a participant as the tables of EXPOSURE: four queries."""
    page: Page = page_of(participation, exposure)
    rows = {
        "figures": [_place(item) + row for item in page.inputs for row in _figures(item)],
        "inputs": [_place(item) + _input(item) for item in page.inputs],
    }
    return Numbers(rows, exposure.computed_at or timezone.now(), [page.table] if page.table else [])


EXPOSURE = Dataset(
    "exposure",
    _("Your exposure"),
    _("What your firm buys, what stops when a source stops, and who at this fair would make it safer."),
    {"figures": FIGURES, "inputs": INPUTS},
    numbers_of,
)
"""Not declared by `dataset`: what is declared is open to all."""


def _place(item: Shown) -> tuple[Any, ...]:
    return in_language(item.node.chain.title).text, item.node.code, item.title


def _input(item: Shown) -> tuple[Any, ...]:
    figures: Mapping[str, Any] = item.figures
    grade = "declared" if figures["origin"] == "declared" else figures["grade"]
    world = figures["world_grade"], figures["world_year"]
    return figures["origin"], grade, *world, figures["stock_weeks"], figures["why_none"]


def _figures(item: Shown) -> Iterator[tuple[Any, ...]]:
    """The rows of an input, from the column `about` on."""
    figures: Mapping[str, Any] = item.figures
    untold = (None, None, None, None)
    for country, share in figures["countries"]:
        yield "source", country, "", "share", share, *untold
    for country, firm, share in figures["firms"]:
        if firm:
            yield "source", country, firm, "share", share, *untold
    for country, share in figures["world"]:
        yield "world", country, "", "share", share, *untold
    for country, loss, weeks in figures["stops"]:
        yield "stop", country, "", "loss", loss, None, None, None, weeks
    for other in item.alternatives:
        name = shown_name(other.participation.firm)
        for told in other.value.figures:
            present = told.present, told.change, told.low, told.high
            yield "alternative", other.value.source, name, told.name, *present, None
