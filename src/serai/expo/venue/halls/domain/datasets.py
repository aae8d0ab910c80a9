"""The halls of a fair as data: their booths."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.expo.base.datasets import Column, Numbers, dataset
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.venue.halls.domain.plan import halls_with_counts
from serai.expo.venue.halls.models import Hall

HALLS = (
    Column("hall", "string", "Code of the hall"),
    Column("title", "string", "Its title"),
    Column("width_m", "number", "Width", "m"),
    Column("depth_m", "number", "Depth", "m"),
    Column("booths", "integer", "Booths"),
    Column("taken", "integer", "Booths with an exhibitor"),
)
TITLE = _("Halls and their booths")
TEXT = _("How large each hall is, and how many of its booths have an exhibitor.")


def _numbers(rows: Iterable[Hall]) -> Numbers:
    halls = [
        (
            *(hall.code, str(in_language(hall.title)), hall.width_m, hall.depth_m),
            *(getattr(hall, name) for name in ("booth_count", "taken_count")),
        )
        for hall in rows
    ]
    return Numbers({"halls": halls}, timezone.now())


@dataset("hall-list", title=TITLE, text=TEXT, tables={"halls": HALLS})
def booths_by_hall(edition: Edition | None) -> Numbers:
    if edition is None:
        raise LookupError
    return _numbers(halls_with_counts(edition))


@dataset("hall", title=TITLE, text=TEXT, tables={"halls": HALLS})
def booths_of_hall(edition: Edition | None, code: str) -> Numbers:
    rows = list(halls_with_counts(edition).filter(code=code)) if edition else []
    if not rows:
        raise LookupError
    return _numbers(rows)
