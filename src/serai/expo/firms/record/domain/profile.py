"""Changing what a firm says of itself: each change is checked, audited, and marked with who said it and when.

change(firm, {"founded": 2009, "markets": ["KE", "ET"]}, user=user)
put(Plant(firm=firm, country="CN", place={"en": "Wuxi"}), user=user)
remove(plant, user=user)
show_to(firm, "turnover", Audience.FIRM, user=user)
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.collation import sort_name
from serai.expo.base.collisions import made_once
from serai.expo.base.files.models import Audience
from serai.expo.base.signals import Hook
from serai.expo.base.text import in_language, validate_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.firms.record.domain.fields import FIRM, INCOTERMS, SECTIONS, Row
from serai.expo.firms.record.domain.names import name_key
from serai.expo.firms.record.domain.provenance import mark
from serai.expo.firms.record.domain.register_numbers import check_digit, compact
from serai.expo.firms.record.domain.visibility import USUAL
from serai.expo.firms.record.models import Certification, Firm, FirmAlias, FirmIdentifier, Flow, Plant
from serai.expo.people.account.models import User
from serai.world.classifications import countries, cpc, harmonized_system, isic

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
