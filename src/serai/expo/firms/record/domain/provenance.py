"""Provenance of a firm's fields: who entered each one, when, and through which source."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.expo.firms.record.models import Firm
from serai.expo.people.account.models import User

SOURCES = {
    "firm": _("the firm itself"),
    "workbook": _("a workbook of the organiser"),
    "organiser": _("the organiser"),
    "register": _("a register"),
    "registration": _("the registration"),
    "demonstration": _("invented for the demonstration"),
}


@dataclass(frozen=True)
class Said:
    """Who entered a field and when; ``by`` is None for a file."""

    source: str
    at: datetime
    by: int | None

    @property
    def words(self) -> str:
        return str(SOURCES.get(self.source, self.source))


def mark(
    firm: Firm, names: Iterable[str], source: str, *, user: User | None = None, at: datetime | None = None
) -> dict[str, Any]:
    """The firm's provenance after these fields are entered now."""
    statement = {
        "source": source,
        "at": (at or timezone.now()).isoformat(timespec="seconds"),
        "by": user.pk if user else None,
    }
    return {**firm.provenance, **dict.fromkeys(names, statement)}


def said_of(firm: Firm) -> Mapping[str, Said]:
    """The provenance of each field for which it is known."""
    return {
        name: Said(entry["source"], datetime.fromisoformat(entry["at"]), entry.get("by"))
        for name, entry in firm.provenance.items()
    }
