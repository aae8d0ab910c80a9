"""A firm's exposure on paper, for its own board: set by a task, kept with the result, read by the firm alone."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.tasks import task
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django_scopes import scope, scopes_disabled

from serai.expo.base.text import in_language
from serai.expo.base.typesetting import typeset
from serai.expo.firms.record.domain.shown_name import shown_name
from serai.expo.insight.exposure.domain.results import PRIORITY
from serai.expo.insight.exposure.domain.shown import Page, Shown, page_of
from serai.expo.insight.exposure.models import ExposureResult
from serai.expo.insight.supply.domain.map_layers import percent


@transaction.atomic
def ask_paper(row: ExposureResult) -> None:
    """Have the worker set the paper in the reader's language."""
    values = {"paper": b"", "paper_language": get_language() or "en", "paper_asked_at": timezone.now()}
    ExposureResult.objects.filter(pk=row.pk).update(**values)
    set_paper.enqueue(row.pk)


@task(priority=PRIORITY)
def set_paper(number: int) -> None:
    """Set the paper of a result that is computed, and keep it."""
    with scopes_disabled():
        rows = ExposureResult.objects.select_related("participation__edition", "participation__firm")
        row = rows.filter(pk=number, state=ExposureResult.State.DONE).first()
    if row is None:
        return
    with scope(edition=row.participation.edition), override(row.paper_language or "en"):
        paper = typeset("serai.expo.insight.exposure", "exposure.typ", said_of(row))
        ExposureResult.objects.filter(pk=number, computed_at=row.computed_at).update(paper=paper)


def said_of(row: ExposureResult) -> Mapping[str, Any]:
    """What the paper says, as plain values."""
    participation = row.participation
    page: Page = page_of(participation, row)
    computed = date_format(timezone.localtime(row.computed_at), "DATETIME_FORMAT") if row.computed_at else ""
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
        "basis": str(item.basis),
        "world": [_share(name, share) for name, share in item.world],
        "world_basis": item.world_basis,
        "failures": list(item.failures),
        "stops": list(item.stops),
        "alternatives": [
            {"name": shown_name(other.participation.firm), "lines": list(other.value.sentences)}
            for other in item.alternatives
        ],
        "why_none": str(item.why_none),
    }


def _share(country: str, share: float) -> str:
    return f"{country} {percent(share)}"
