"""A firm's exposure to take away: on paper for its board, and as data for its own sheets.

The paper is set by a task, stored by its language, and read by the firm alone. No catalogue lists the data.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from serai.expo.base.datasets import Column, Dataset, Numbers
from serai.expo.base.text import in_language
from serai.expo.base.typesetting import typeset
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.insight.exposure.domain.presentation import Page, Shown, page_of
from serai.expo.insight.exposure.domain.results import KIND, PAPER, exposure_of, participant
from serai.expo.insight.supply.domain.map_layers import percent
from serai.expo.insight.supply.domain.stored_results import Stored, digest, fingerprint_of, needed, result, stored
from serai.world.progress import Progress


def paper_of(participation: Participation) -> Stored:
    """The paper in the reader's language as it stands; the worker is asked for it unless there is a current one."""
    return stored(participation.edition, PAPER, f"{participation.pk}-{get_language() or 'en'}")


def content_of(paper: Stored) -> bytes:
    """The file of a paper that is there."""
    return b64decode(paper.data)


def _fingerprint(edition: Edition | None, key: str) -> str:
    return digest(fingerprint_of(edition, KIND, key.partition("-")[0]))


@result(PAPER, fingerprint=_fingerprint)
def set_paper(edition: Edition | None, key: str, _progress: Progress) -> str:
    """The paper in the language of its key, as text, since JSON holds no bytes."""
    number, _dash, language = key.partition("-")
    needed(edition, KIND, number)
    with override(language):
        content = said_of(participant(number))
        return b64encode(typeset("serai.expo.insight.exposure", "exposure.typ", content)).decode()


def said_of(participation: Participation) -> Mapping[str, Any]:
    """What the paper says, as plain values."""
    exposure = exposure_of(participation)
    page: Page = page_of(participation, exposure)
    computed = date_format(timezone.localtime(exposure.computed_at), "DATETIME_FORMAT") if exposure.computed_at else ""
    return {
        "language": get_language() or "en",
        "title": _("Your exposure"),
        "firm": shown_name(participation.firm),
        "fair": in_language(participation.edition.name).text,
        "private": _("Confidential: for the board of your firm. Nobody else has it from us."),
        "computed": _("Computed %s") % computed,
        "headings": {
            "sources": _("Sources today"),
            "world": _("Who makes it in the world"),
            "stops": _("What stops"),
            "alternatives": _("Safer sources at this fair"),
        },
        "inputs": [_input(item) for item in page.inputs],
        "method": _(
            "Losses are those of the chain by product: what is missing of the input, direct and through what its makers"
            " need, when a country stops. A figure is told when nine of ten draws of what is not known agree."
        ),
        "table": page.table,
    }


def _input(item: Shown) -> Mapping[str, Any]:
    return {
        "title": item.title,
        "origin": str(item.origin),
        "sources": [_share(name, share) for name, share in item.countries],
        "basis": _known(str(item.basis)),
        "world": [_share(name, share) for name, share in item.world] or [_("Not known.")],
        "world_basis": _known(item.world_basis),
        "failures": list(item.failures),
        "stops": list(item.stops),
        "alternatives": [
            {"name": shown_name(other.participation.firm), "lines": list(other.value.sentences)}
            for other in item.alternatives
        ],
        "why_none": str(item.why_none),
    }


def _known(basis: str) -> str:
    """How the figures above it are known."""
    return _("How it is known: %(basis)s") % {"basis": basis}


def _share(country: str, share: float) -> str:
    return f"{country} {percent(share)}"


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
        "inputs": [_place(item) + _input_row(item) for item in page.inputs],
    }
    return Numbers(rows, exposure.computed_at or timezone.now(), [page.table] if page.table else [])


EXPOSURE = Dataset(
    "exposure",
    gettext_lazy("Your exposure"),
    gettext_lazy("What your firm buys, what stops when a source stops, and who at this fair would make it safer."),
    {"figures": FIGURES, "inputs": INPUTS},
    numbers_of,
)
"""Not declared by `dataset`: what is declared is open to all."""


def _place(item: Shown) -> tuple[Any, ...]:
    return in_language(item.node.chain.title).text, item.node.code, item.title


def _input_row(item: Shown) -> tuple[Any, ...]:
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
