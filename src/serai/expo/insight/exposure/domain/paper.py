"""A firm's exposure on paper, for its own board: set by a task, stored by its language, read by the firm alone."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from serai.expo.base.text import in_language
from serai.expo.base.typesetting import typeset
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.shown_name import shown_name
from serai.expo.insight.exposure.domain.results import KIND, PAPER, exposure_of, participant
from serai.expo.insight.exposure.domain.shown import Page, Shown, page_of
from serai.expo.insight.supply.domain.map_layers import percent
from serai.expo.insight.supply.domain.stored import Stored, digest, fingerprint_of, needed, result, stored
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
