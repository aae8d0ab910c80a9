"""Splitting a record that mixes two firms: a person chooses the rows of the new record. It can be undone.

Unlike the split of a merge nothing is known of how it was before, so that nothing is guessed: what is not chosen stays.
Of a participation either all goes, or some of its offers and needs, for which the new firm then takes part in the same
way. Files go with what they belong to. Taken back, the new record stays as one that leads to the first.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.collation import sort_name
from serai.expo.base.rooms import Hook, load_hooks
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.identity.domain.merges import decide, identity_changed
from serai.expo.firms.identity.domain.references import Moving, move_back, name_of, relations
from serai.expo.firms.identity.models import FirmPair, FirmParting
from serai.expo.firms.record.domain.names import new_firm
from serai.expo.firms.record.models import Firm
from serai.expo.people.account.models import User
from serai.registry import Registry

items_moved: Hook[[Participation], None] = Hook("offers and needs moved")
"""Offers or needs of this participation have gone to one of another firm, or have come from there."""


@dataclass(frozen=True)
class Splittable:
    """Rows of a model that a person can choose to go to the new record.

    ``to`` is the way from a row to its firm, ``words`` how people call a row; ``related``, ``by`` and ``order`` say
    what is read with the rows, their order, and the place of the group among the others.
    """

    model: type[Model]
    title: str | Promise
    words: Callable[[Any], str]
    to: Literal["firm", "participation__firm"]
    related: tuple[str, ...]
    by: tuple[str, ...]
    order: int


_splittables: Registry[Splittable] = Registry("part of a firm")


def splittable(
    name: str,
    model: type[Model],
    *,
    title: str | Promise,
    words: Callable[[Any], str] = str,
    to: Literal["firm", "participation__firm"] = "firm",
    related: tuple[str, ...] = (),
    by: tuple[str, ...] = ("pk",),
    order: int,
) -> None:
    """Declare rows that can go to the new record, by the name of the choice."""
    _splittables.add(name, Splittable(model, title, words, to, related, by, order))


def splittables() -> dict[str, Splittable]:
    """All that may be chosen, by the name of the choice, in the order of the page."""
    load_hooks()
    return dict(sorted(_splittables.items(), key=lambda item: item[1].order))


_COPIED = ("state", "section", "pavilion", "entered_at")
_REMADE = frozenset({"placement", "searchentry"})


class SplitRefusedError(ValueError):
    """The reason why a split, or undoing one, is refused, in the reader's language."""


@dataclass(frozen=True)
class Chosen:
    """Content of the new record: legal name, country, languages of names, and rows by the name of the choice."""

    legal_name: str
    country: str
    names: frozenset[str] = frozenset()
    rows: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def of(self, name: str) -> frozenset[int]:
        return self.rows.get(name, frozenset())


def choices(firm: Firm) -> dict[str, list[Any]]:
    """All that may be chosen of a firm, by the name of the choice, at all of its fairs."""
    with scopes_disabled():
        return {
            name: list(
                rows.model._base_manager.filter(**{rows.to: firm}).prefetch_related(*rows.related).order_by(*rows.by)
            )
            for name, rows in splittables().items()
        }


@transaction.atomic
def split_firm(
    origin: Firm, chosen: Chosen, *, user: User | None = None, edition: Edition | None = None
) -> FirmParting:
    """Split a record. Raises SplitRefusedError, and then nothing has changed."""
    with scopes_disabled():
        firm = Firm.objects.select_for_update().get(pk=origin.pk)
        _check(firm, chosen)
        before = state(firm)
        moving = Moving()
        names = {language: text for language, text in firm.name.items() if language in chosen.names}
        parted = new_firm(
            legal_name=chosen.legal_name.strip(),
            country=chosen.country,
            on=timezone.localdate(),
            name=names or {firm.language: chosen.legal_name.strip()},
            language=firm.language if firm.language in names or not names else next(iter(names)),
        )
        moving.make(parted)
        if names:
            left = {language: text for language, text in firm.name.items() if language not in names}
            moving.change(firm, name=left, sort_name=sort_name(str(in_language(left, "en")) or firm.legal_name))
        for name, rows in splittables().items():
            if rows.to == "firm":
                for row in _rows(rows, firm, chosen.of(name)):
                    _move(moving, row, "firm", parted)
                    _move_file(moving, row, parted)
        made = _part_items(moving, firm, parted, chosen)
        parting = FirmParting.objects.create(origin=firm, parted=parted, steps=moving.steps, made_by=user)
        decide(firm, parted, FirmPair.State.APART, user=user)
        record("firm.parted", firm, before=before, after=state(firm), user=user, edition=edition)
        record("firm.parted_off", parted, after=state(parted), user=user, edition=edition)
        identity_changed.call([firm, parted], user)
    for participation in made:
        items_moved.call(participation)
    origin.refresh_from_db()
    return parting


@transaction.atomic
def undo_split(parting: FirmParting, *, user: User | None = None, edition: Edition | None = None) -> None:
    """Undo a split: rows return, and the new record redirects to the first. Raises SplitRefusedError."""
    with scopes_disabled():
        locked = FirmParting.objects.select_for_update().select_related("origin", "parted").get(pk=parting.pk)
        firm, parted = locked.origin, locked.parted
        if locked.undone_at is not None:
            raise SplitRefusedError(_("This parting has been taken back already."))
        if firm.merged_into_id or parted.merged_into_id:
            raise SplitRefusedError(_("One of the two has been merged since. Take that back first."))
        before = state(parted)
        kept = [step for step in locked.steps if step["do"] != "made"]
        if move_back(kept):
            raise SplitRefusedError(_("What was parted has been changed since. Merge the two firms instead."))
        for step in reversed(locked.steps):
            if step["do"] == "made" and step["model"] == "participation":
                _take_away(Participation.objects.get(pk=step["pk"]))
        if used := next(_used(parted, frozenset({"firmpair", "firmparting"})), None):
            raise SplitRefusedError(
                _("The new firm has got something of its own since (%s). Merge the two firms instead.") % used
            )
        parted.merged_into = firm
        parted.save(update_fields=["merged_into"])
        locked.undone_at, locked.undone_by = timezone.now(), user
        locked.save(update_fields=["undone_at", "undone_by"])
        parting.undone_at = locked.undone_at
        firm.refresh_from_db()
        decide(firm, parted, FirmPair.State.SAME, user=user)
        record("firm.rejoined", parted, before=before, after=state(parted), user=user, edition=edition)
        identity_changed.call([firm], user)


def _check(firm: Firm, chosen: Chosen) -> None:
    if firm.merged_into_id:
        raise SplitRefusedError(_("This record has been merged already. Look at it anew."))
    if not chosen.legal_name.strip():
        raise SplitRefusedError(_("Say the legal name of the new firm."))
    if not (chosen.names or any(chosen.rows.values())):
        raise SplitRefusedError(_("Choose at least one thing that goes to the new firm."))
    if firm.name and not set(firm.name) - chosen.names:
        raise SplitRefusedError(_("Leave the first firm at least one name."))


def _rows(rows: Splittable, firm: Firm, chosen: Collection[int]) -> list[Any]:
    """The chosen rows, all of which must belong to the firm."""
    chosen_rows = list(rows.model._base_manager.filter(**{rows.to: firm}, pk__in=chosen).order_by("pk"))
    if len(chosen_rows) != len(chosen):
        raise SplitRefusedError(_("What was chosen is no longer there. Look at it anew."))
    return chosen_rows


def _move(moving: Moving, row: Any, name: str, to: Model) -> None:
    column = row._meta.get_field(name)
    before = getattr(row, column.attname)
    type(row)._base_manager.filter(pk=row.pk).update(**{column.attname: to.pk})
    moving.steps.append(
        {"do": "moved", "model": name_of(type(row)), "pk": row.pk, "field": name, "from": before, "to": to.pk}
    )


def _move_file(moving: Moving, row: Any, parted: Firm) -> None:
    """The file of a row goes with it."""
    file = getattr(row, "file", None)
    if file is not None and file.firm_id is not None and file.firm_id != parted.pk:
        _move(moving, file, "firm", parted)


def _part_items(moving: Moving, firm: Firm, parted: Firm, chosen: Chosen) -> list[Participation]:
    """Move chosen offers and needs to participations of the new firm. Returns all participations concerned."""
    concerned: dict[int, Participation] = {}
    taken: dict[tuple[int, str], Participation] = {}
    for name, rows in splittables().items():
        if rows.to != "participation__firm":
            continue
        # What belongs to a participation that went has gone with it already.
        gone = rows.model._base_manager.filter(participation__firm=parted, pk__in=chosen.of(name))
        rest = chosen.of(name) - set(gone.values_list("pk", flat=True))
        for item in _rows(rows, firm, rest):
            old = Participation.objects.select_related("edition", "section").get(pk=item.participation_id)
            key = old.edition_id, old.kind
            if key not in taken:
                taken[key] = _taking_part(moving, old, parted)
            _move(moving, item, "participation", taken[key])
            for file in item.files.all() if hasattr(item, "files") else ():
                _move_file(moving, file, parted)
            concerned |= {old.pk: old, taken[key].pk: taken[key]}
    return list(concerned.values())


def _taking_part(moving: Moving, old: Participation, parted: Firm) -> Participation:
    there = Participation.objects.filter(edition=old.edition, firm=parted, kind=old.kind).first()
    if there is not None:
        return there
    values = {name: getattr(old, name) for name in _COPIED}
    made = Participation(edition=old.edition, firm=parted, kind=old.kind, **values)
    moving.make(made)
    return made


def _take_away(participation: Participation) -> None:
    """Delete a participation that was made for the split, unless something refers to it."""
    if used := next(_used(participation), None):
        raise SplitRefusedError(
            _("The new firm has got something of its own since (%s). Merge the two firms instead.") % used
        )
    participation.delete()


def _used(row: Model, but: frozenset[str] = frozenset()) -> Iterator[str]:
    """The names of the models whose rows refer to this one, but for those that are made anew by themselves."""
    for relation in relations(type(row)):
        model = relation.related_model
        if name_of(model) not in _REMADE | but and model._base_manager.filter(**{relation.field.name: row}).exists():
            yield str(model._meta.verbose_name)
