"""The slots of a fair as the choices of a form."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext_lazy as _

from serai.expo.fairs.edition.domain.slots import Slot
from serai.expo.fairs.edition.models import Edition


def slot_choices(edition: Edition, slots: Iterable[Slot]) -> list[tuple[str, Any]]:
    """The slots as the choices of a select, by day in the fair's own time."""
    zone = ZoneInfo(edition.time_zone)
    days: dict[str, list[tuple[str, str]]] = {}
    for slot in slots:
        local = slot.starts_at.astimezone(zone)
        day = formats.date_format(local.date(), "MONTH_DAY_FORMAT")
        days.setdefault(day, []).append((slot.starts_at.isoformat(), f"{day}, {local:%H:%M}"))
    return [("", _("Any time")), *days.items()]
