"""Who said each field of a firm, when, and in what."""

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
    """Who said a field and when; no person where a file said it."""

    source: str
    at: datetime
    by: int | None

    @property
    def words(self) -> str:
        return str(SOURCES.get(self.source, self.source))


def mark(
    firm: Firm, names: Iterable[str], source: str, *, user: User | None = None, at: datetime | None = None
) -> dict[str, Any]:
    """The provenance of the firm with these fields said now."""
    statement = {
        "source": source,
        "at": (at or timezone.now()).isoformat(timespec="seconds"),
        "by": user.pk if user else None,
    }
    return {**firm.provenance, **dict.fromkeys(names, statement)}


def said_of(firm: Firm) -> Mapping[str, Said]:
    """Who said each field for which that is known."""
    return {
        name: Said(said["source"], datetime.fromisoformat(said["at"]), said.get("by"))
        for name, said in firm.provenance.items()
    }
