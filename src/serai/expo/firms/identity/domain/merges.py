"""Merges of two records of one firm, how they are undone, and where an old address leads."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.rooms import Hook
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.identity.domain.references import CannotMoveError, Moving, Step, move_back, name_of, relations
from serai.expo.firms.identity.models import FirmMerge, FirmPair
from serai.expo.firms.record.domain.fields import FIRM
from serai.expo.firms.record.domain.names import name_key
from serai.expo.firms.record.domain.visibility import people_of_firm, tell_who_joined
from serai.expo.firms.record.models import Firm, FirmAlias
from serai.expo.people.account.models import Role, User

LEFT = frozenset({"firmmerge", "firmpair", "firmparting", "firm.merged_into", "searchentry"})
"""What stays with the record that is merged, and what follows by itself."""

_STRENGTH = (
    Participation.State.CANCELLED.value,
    Participation.State.APPLIED.value,
    Participation.State.CONFIRMED.value,
)


identity_changed: Hook[[Collection[Firm], User | None], None] = Hook("identity of firms changed")
"""Records of these firms were merged or split by a person: rows have gone from one of them to another."""


class MergeRefusedError(ValueError):
    """The reason why a merge, or undoing one, is refused, in the reader's language."""


@dataclass(frozen=True)
class Told:
    """Summary of a merge: rows moved by model, participations joined, fields and names taken over."""

    moved: Mapping[str, int]
    joined: tuple[str, ...]
    taken: tuple[str, ...]
    names: tuple[str, ...]


def survivor_of(firm: Firm) -> Firm:
    """The firm that this record is: itself, or what it was merged into."""
    while firm.merged_into is not None:
        firm = firm.merged_into
    return firm


@transaction.atomic
def merge(survivor: Firm, merged: Firm, *, user: User | None = None, edition: Edition | None = None) -> FirmMerge:
    """Merge the second record into the first. Raises MergeRefusedError, and then nothing has changed."""
    with scopes_disabled():
        survivor, merged = _locked(survivor, merged)
        before = state(survivor), state(merged)
        joined = list(people_of_firm(merged.pk).exclude(roles__firm=survivor))
        moving = Moving(LEFT, {"participation": _absorb_participation, "role": _absorb_role}, frozenset({"meeting"}))
        try:
            moving.move_all(merged, survivor)
        except CannotMoveError as error:
            raise MergeRefusedError(
                _("These two have a meeting with each other, so they are two firms. Cancel it first if they are one.")
            ) from error
        _keep_names(moving, survivor, merged)
        _take_fields(moving, survivor, merged)
        _take_pairs(moving, survivor, merged)
        moving.change(merged, merged_into=survivor)
        made = FirmMerge.objects.create(survivor=survivor, merged=merged, steps=moving.steps, made_by=user)
        decide(survivor, merged, FirmPair.State.SAME, user=user)
        identity_changed.call([survivor, merged], user)
        record("firm.merged", survivor, before=before[0], after=state(survivor), user=user, edition=edition)
        record("firm.merged_away", merged, before=before[1], after=state(merged), user=user, edition=edition)
        tell_who_joined(survivor, joined, edition)
        return made


def foreseen(survivor: Firm, merged: Firm) -> Told:
    """Preview of a merge: it is made and rolled back. Raises MergeRefusedError."""
    with transaction.atomic():
        told = told_of(merge(survivor, merged))
        transaction.set_rollback(True)
    return told


def told_of(merge_: FirmMerge) -> Told:
    """What a merge did, counted from its steps."""
    of_firm = {(name_of(relation.related_model), relation.field.name) for relation in relations(Firm)}
    steps = [step for step in merge_.steps if step["do"] == "moved"]
    moved = Counter(step["model"] for step in steps if (step["model"], step["field"]) in of_firm)
    joined = [
        str(step["row"]["pk"]) for step in merge_.steps if step["do"] == "deleted" and step["model"] == "participation"
    ]
    changes = [step for step in merge_.steps if step["do"] == "changed" and step["model"] == "firm"]
    taken = [
        name for step in changes if step["pk"] == merge_.survivor_id for name in step["after"] if name != "provenance"
    ]
    aliases = [step["name"] for step in merge_.steps if step["do"] == "made" and step["model"] == "firmalias"]
    return Told(moved, tuple(joined), tuple(taken), tuple(aliases))


@transaction.atomic
def undo_merge(merge_: FirmMerge, *, user: User | None = None, edition: Edition | None = None) -> list[Step]:
    """Undo a merge: both records are restored. Rows added since then stay with the surviving record.

    The pair is remembered as two firms. Returns the steps that could not be taken back since their rows changed
    meanwhile. Raises MergeRefusedError.
    """
    with scopes_disabled():
        locked = FirmMerge.objects.select_for_update().select_related("survivor", "merged").get(pk=merge_.pk)
        survivor, merged = locked.survivor, locked.merged
        if locked.undone_at is not None:
            raise MergeRefusedError(_("This merge has been taken back already."))
        later = FirmMerge.objects.filter(undone_at=None, pk__gt=locked.pk)
        if later.filter(survivor=survivor).exists() or later.filter(merged=survivor).exists():
            raise MergeRefusedError(_("A later merge builds on this one. Take that back first."))
        before = state(survivor)
        left = move_back(locked.steps)
        locked.undone_at, locked.undone_by = timezone.now(), user
        locked.save(update_fields=["undone_at", "undone_by"])
        merge_.undone_at = locked.undone_at
        survivor.refresh_from_db()
        merged.refresh_from_db()
        decide(survivor, merged, FirmPair.State.APART, user=user)
        identity_changed.call([survivor, merged], user)
        record("firm.split", survivor, before=before, after=state(survivor), user=user, edition=edition)
        record("firm.split_off", merged, after=state(merged), user=user, edition=edition)
        return left


def decide(first_firm: Firm, other: Firm, decision: FirmPair.State, *, user: User | None = None) -> FirmPair:
    """Store a person's decision on two records, so that the pair is not proposed again."""
    first, second = sorted((first_firm, other), key=lambda firm: firm.pk)
    pair, _made = FirmPair.objects.get_or_create(one=first, other=second)
    before = state(pair)
    pair.state, pair.decided_by, pair.decided_at = decision, user, timezone.now()
    pair.save(update_fields=["state", "decided_by", "decided_at"])
    record("firm_pair.decided", pair, before=before, after=state(pair), user=user)
    return pair


def _locked(survivor: Firm, merged: Firm) -> tuple[Firm, Firm]:
    firms = {firm.pk: firm for firm in Firm.objects.select_for_update().filter(pk__in=[survivor.pk, merged.pk])}
    if len(firms) != 2:
        raise MergeRefusedError(_("Two different firms are needed for a merge."))
    if any(firm.merged_into_id for firm in firms.values()):
        raise MergeRefusedError(_("One of these has been merged already. Look at it anew."))
    return firms[survivor.pk], firms[merged.pk]


def _keep_names(moving: Moving, survivor: Firm, merged: Firm) -> None:
    """Add the names of the merged record to the other names of the surviving one, each once."""
    names = {survivor.legal_name, *survivor.name.values(), *survivor.aliases.values_list("name", flat=True)}
    names_of_merged = [
        (merged.legal_name, merged.language),
        *((name, language) for language, name in merged.name.items()),
    ]
    for name, language in names_of_merged:
        if name in names:
            continue
        names.add(name)
        alias = FirmAlias(
            firm=survivor, name=name, language=language, kind=FirmAlias.Kind.VARIANT, key=name_key(name)[:300]
        )
        moving.make(alias)
        moving.steps[-1]["name"] = name


def _take_fields(moving: Moving, survivor: Firm, merged: Firm) -> None:
    """Fill empty fields of the surviving record from the merged one, with their provenance."""
    taken: dict[str, Any] = {}
    for name in (name for name, field in FIRM.items() if field.is_column):
        mine, theirs = getattr(survivor, name), getattr(merged, name)
        if theirs in (None, "", [], {}):
            continue
        if isinstance(mine, dict) and (more := {**theirs, **mine}) != mine:
            taken[name] = more
        elif mine in (None, "", []):
            taken[name] = theirs
    if taken.get("parent") == survivor:
        del taken["parent"]
    sources = {name: merged.provenance[name] for name in taken if name in merged.provenance}
    moving.change(survivor, **taken, provenance={**survivor.provenance, **sources})


def _take_pairs(moving: Moving, survivor: Firm, merged: Firm) -> None:
    """What was said of the record that goes and a third holds for the one that stays: two firms remain two, and are
    not asked about again; what still waits for a person waits on, unless the one that stays was decided already."""
    mine = {pair.one_id + pair.other_id - survivor.pk: pair for pair in _open_pairs(survivor)}
    for theirs in _open_pairs(merged):
        third = theirs.one_id + theirs.other_id - merged.pk
        if third == survivor.pk:
            continue
        decision = {"state": theirs.state, "decided_by": theirs.decided_by, "decided_at": theirs.decided_at}
        own_pair = mine.get(third)
        if own_pair is None:
            one, other = sorted((survivor.pk, third))
            told = {"probability": theirs.probability, "reasons": theirs.reasons, "found_at": theirs.found_at}
            moving.make(FirmPair(one_id=one, other_id=other, **told, **decision))
        elif own_pair.state == FirmPair.State.POSSIBLE:
            moving.change(own_pair, **decision)


def _open_pairs(firm: Firm) -> QuerySet[FirmPair]:
    """Pairs of the firm with a firm that has not been merged."""
    pairs = FirmPair.objects.filter(Q(one=firm, other__merged_into=None) | Q(other=firm, one__merged_into=None))
    return pairs.select_related("decided_by").order_by("pk")


def _absorb_participation(moving: Moving, gone: Participation, stays: Participation) -> None:
    """Keep the stronger state, and fill empty fields of the participation that stays."""
    stronger = max(gone.state, stays.state, key=_STRENGTH.index)
    support = [*stays.support, *(item for item in gone.support if item not in stays.support)]
    moving.change(
        stays,
        state=stronger,
        support=support,
        section=stays.section or gone.section,
        pavilion=stays.pavilion or gone.pavilion,
        area_m2=stays.area_m2 or gone.area_m2,
        area_wanted_m2=stays.area_wanted_m2 or gone.area_wanted_m2,
        remarks="\n\n".join(remark for remark in (stays.remarks, gone.remarks) if remark),
        seats=max(stays.seats, gone.seats),
        lead=stays.lead or (gone.lead if gone.lead != stays else None),
    )


def _absorb_role(moving: Moving, gone: Role, stays: Role) -> None:
    if gone.kind == Role.Kind.OWNER:
        moving.change(stays, kind=Role.Kind.OWNER.value)


def leading(identifier_given: str) -> str:
    """The current identifier of the firm with this one. An unknown identifier is returned in its normal form."""
    identifier = identifier_given.replace("\0", "").strip().upper()[:16]
    firm = Firm.objects.select_related("merged_into").filter(identifier=identifier, merged_into__isnull=False).first()
    while firm is not None and firm.merged_into is not None:
        firm = firm.merged_into
    return firm.identifier if firm else identifier
