"""The profile of a firm: changed with its trail, where each field comes from, and its register numbers."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum import ean, get_cc_module, lei
from stdnum.cn import uscc

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.collation import sort_name
from serai.expo.base.files.models import Audience
from serai.expo.base.rooms import Hook
from serai.expo.base.rows import made_once
from serai.expo.base.text import in_language, validate_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.firms.record.domain.fields import FIRM, INCOTERMS, SECTIONS, Row
from serai.expo.firms.record.domain.names import name_key
from serai.expo.firms.record.domain.visibility import USUAL
from serai.expo.firms.record.models import Certification, Firm, FirmAlias, FirmIdentifier, Flow, Plant
from serai.expo.people.account.models import User
from serai.world.classifications import countries, cpc, harmonized_system, isic

SOURCES = {
    "firm": gettext_lazy("the firm itself"),
    "workbook": gettext_lazy("a workbook of the organiser"),
    "organiser": gettext_lazy("the organiser"),
    "register": gettext_lazy("a register"),
    "registration": gettext_lazy("the registration"),
    "demonstration": gettext_lazy("invented for the demonstration"),
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


Scheme, CheckDigit = FirmIdentifier.Scheme, FirmIdentifier.CheckDigit


def compact(value: str) -> str:
    """The number without spaces, hyphens and dots, letters in upper case."""
    return re.sub(r"[\s.\-‐‑–/]", "", value).upper()[:64]


def check_digit(scheme: str, value: str, country: str = "") -> FirmIdentifier.CheckDigit:
    """Whether the check digit of a number is right; a VAT number is looked at by the rules of the firm's country."""
    number = compact(value)
    module = _MODULES.get(scheme) or (_vat(number, country) if scheme == Scheme.VAT else None)
    if module is None:
        return CheckDigit.NONE
    right = module.is_valid(number) and (scheme != Scheme.GLN or len(number) == 13)
    return CheckDigit.RIGHT if right else CheckDigit.WRONG


_MODULES: dict[str, Any] = {Scheme.LEI: lei, Scheme.USCC: uscc, Scheme.GLN: ean}


def _vat(number: str, country: str) -> Any:
    """The module for a VAT number: that of the prefix within the European Union, else of the firm's country."""
    try:
        eu = import_module("stdnum.eu.vat")
        prefix = number[:2].lower()
        if prefix in eu.MEMBER_STATES or prefix == "el":
            return eu
        return get_cc_module(country.lower(), "vat") if country else None
    except (ImportError, AttributeError):
        return None


def identifier(firm: Any, scheme: str, value: str, *, source: str = "", on: Any = None) -> FirmIdentifier:
    """A number of the firm, not yet written, with the state of its check digit as of ``on``."""
    number = compact(value)
    return FirmIdentifier(
        firm=firm,
        scheme=scheme,
        value=number,
        check_digit=check_digit(scheme, number, firm.country),
        source=source,
        checked_on=on,
    )


EDITABLE = frozenset(name for name, field in FIRM.items() if field.is_column and name != "country")

firm_changed: Hook[[Firm], None] = Hook("firm changed")
"""What a firm says of itself has changed, in a field or in a row that belongs to it: its places on chains may too."""

searched_words_changed: Hook[[Firm], None] = Hook("searched words changed")
"""A field of the firm has changed that the search looks in."""


class ProfileError(ValueError):
    """What is wrong with a field, in the reader's language: ``field`` names it."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@transaction.atomic
def change(
    firm: Firm, values: Mapping[str, Any], *, user: User | None, source: str = "firm", edition: Edition | None = None
) -> list[str]:
    """Set fields of a firm. Returns the names of those that changed. Raises ProfileError, and then nothing changes."""
    locked = Firm.objects.select_for_update().get(pk=firm.pk)
    before = state(locked)
    for name, value in values.items():
        if name not in EDITABLE:
            raise ProfileError(name, _("A firm has no field %s that could be changed.") % name)
        _check(name, FIRM[name].kind, value)
    changed = [name for name, value in values.items() if getattr(locked, name) != value]
    if not changed:
        return []
    for name in changed:
        setattr(locked, name, values[name])
    if locked.parent_id == locked.pk:
        raise ProfileError("parent", _("A firm cannot be its own parent."))
    if (locked.latitude is None) != (locked.longitude is None):
        missing = "latitude" if locked.latitude is None else "longitude"
        raise ProfileError(missing, _("A place on the map needs both latitude and longitude. Give both or neither."))
    _clean(locked)
    locked.name_key = name_key(locked.legal_name)[:300]
    locked.sort_name = sort_name(in_language(locked.name, "en").text or locked.legal_name)
    locked.provenance = mark(locked, changed, source, user=user)
    locked.save()
    record("firm.changed", locked, before=before, after=state(locked), user=user, edition=edition)
    if any(FIRM[name].searched for name in changed):
        searched_words_changed.call(locked)
    firm.refresh_from_db()
    return changed


@made_once
def put(row: Row, *, user: User | None, source: str = "firm", edition: Edition | None = None) -> Row:
    """Write a row that belongs to a firm, new or changed. Raises ProfileError, and then nothing changes.

    What an organiser verified is verified no longer when the firm changes it.
    """
    stored = type(row)._base_manager.filter(pk=row.pk).first() if row.pk else None
    if isinstance(row, FirmIdentifier):
        row.value = compact(row.value)
        row.check_digit = check_digit(row.scheme, row.value, row.firm.country)
        if row.check_digit == FirmIdentifier.CheckDigit.WRONG:
            raise ProfileError(
                "value", _("A character of this number is wrong: its check does not come out. Copy it anew.")
            )
        row.checked_on = row.checked_on or timezone.localdate()
        if isinstance(stored, FirmIdentifier) and ((stored.scheme, stored.value) != (row.scheme, row.value)):
            row.status = FirmIdentifier.Status.STATED
    if isinstance(row, FirmAlias):
        row.key = name_key(row.name)[:300]
    if isinstance(row, Certification) and isinstance(stored, Certification) and source == "firm":
        proven_fields = ("scheme", "number", "body", "scope", "valid_from", "valid_until", "file_id")
        if any(getattr(row, name) != getattr(stored, name) for name in proven_fields):
            row.verified_by, row.verified_at, row.verified_how = None, None, ""
    if isinstance(row, Flow):
        _check("code", row.scheme, [row.code])
        _check("countries", "countries", row.countries)
    if isinstance(row, Plant):
        _check("country", "countries", [row.country])
    _clean(row)
    row.save()
    _say(row.firm, SECTIONS[type(row)], source, user)
    before = state(stored) if stored else None
    record(
        f"{row._meta.model_name}.{'changed' if stored else 'added'}",
        row,
        before=before,
        after=state(row),
        user=user,
        edition=edition,
    )
    return row


@transaction.atomic
def remove(row: Row, *, user: User | None, source: str = "firm", edition: Edition | None = None) -> None:
    """Delete a row that belongs to a firm."""
    record(f"{row._meta.model_name}.removed", row, before=state(row), user=user, edition=edition)
    _say(row.firm, SECTIONS[type(row)], source, user)
    row.delete()


@transaction.atomic
def show_to(firm: Firm, name: str, audience: str, *, user: User | None, edition: Edition | None = None) -> None:
    """Choose who reads a field of the firm. Raises ProfileError for a field or an audience that there is not."""
    if name not in USUAL or audience not in Audience.values:
        raise ProfileError(name, _("It cannot be chosen who reads this."))
    locked = Firm.objects.select_for_update().get(pk=firm.pk)
    before = state(locked)
    locked.visibility = {**locked.visibility, name: audience}
    locked.save(update_fields=["visibility"])
    record("firm.shown_to", locked, before=before, after=state(locked), user=user, edition=edition)
    firm.visibility = locked.visibility


def _say(firm: Firm, name: str, source: str, user: User | None) -> None:
    locked = Firm.objects.select_for_update().get(pk=firm.pk)
    locked.provenance = mark(locked, [name], source, user=user)
    locked.save(update_fields=["provenance"])
    firm.provenance = locked.provenance


def _clean(row: Any) -> None:
    try:
        row.full_clean(validate_unique=True)
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        raise ProfileError(field, " ".join(sentences)) from error


def _check(name: str, kind: str, value: Any) -> None:
    """Refuse codes that there are not."""
    exists = KNOWN_CODES.get(kind)
    if exists is None or not value:
        return
    if unknown := [code for code in value if not (isinstance(code, str) and exists(code))]:
        raise ProfileError(name, _("Not known: %s. Choose from the list.") % ", ".join(map(str, unknown)))


def _is_known(look: Callable[[str], object]) -> Callable[[str], bool]:
    def known(code: str) -> bool:
        try:
            look(code)
        except (LookupError, ValidationError):
            return False
        return True

    return known


def _is_hs(code: str) -> bool:
    if len(code) == 2:
        return _is_known(harmonized_system.chapter)(code)
    return len(code) in {4, 6} and code.isdecimal() and harmonized_system.exists(code[:4])


KNOWN_CODES: Mapping[str, Callable[[str], bool]] = {
    "countries": _is_known(countries.country),
    "languages": _is_known(validate_language),
    "incoterms": lambda code: code in INCOTERMS,
    "isic": isic.exists,
    "hs": _is_hs,
    "cpc": cpc.exists,
}
"""Whether there is a code, by the kind of field that lists such codes."""
