"""Storage of a draft in parts, with an audit entry and a reversal step for each object."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import batched
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django_scopes import scopes_disabled

from serai.expo.base.audit.domain.entries import entry, plain, record_all, state
from serai.expo.base.audit.models import AuditEntry
from serai.expo.base.rows import write_in_parts
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Certification, Firm, FirmAlias, FirmIdentifier, Flow, Plant, new_identifier
from serai.expo.meetings.meeting.models import Wish
from serai.expo.offers.chains.models import ChainPosition
from serai.expo.offers.market.models import MarketItem, Need, Offer
from serai.expo.offers.search.domain.index import refresh_tokens, search_tokens
from serai.expo.participants.buyers.models import Visit
from serai.expo.participants.contact_persons.models import ContactPerson
from serai.expo.participants.delegations.models import Delegation, DelegationMember
from serai.expo.participants.own_fields.models import OwnField, OwnRecord
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.models import Appearance, Forum, Room, Session, Speaker
from serai.expo.site.imports.domain.draft import Changed, Draft
from serai.expo.venue.halls.domain.relocation import stands_changed
from serai.expo.venue.halls.models import Booth, Hall, Stand
from serai.world.progress import Progress

type Step = dict[str, Any]
"""A step of the reversal: an object made, or an object changed with its states before and after."""

MODELS: tuple[type[Model], ...] = (
    Firm, FirmIdentifier, FirmAlias, Plant, Certification, Flow, ChainPosition,
    Hall, Participation, Booth, Stand, Offer, Need, ContactPerson, Visit,
    Delegation, DelegationMember, OwnField, OwnRecord,
    Forum, Room, Speaker, Session, Appearance, Wish,
)  # fmt: skip
"""The models that an import writes, each before those that refer to it."""

DERIVED = frozenset({"tokens"})
"""Computed fields, which do not count as changes."""

SOURCES = "provenance"
"""The sources of all other fields: they are restored with those, and never prevent a reversal."""

BATCH = 2_000


FOUNDATION: frozenset[type[Model]] = frozenset(
    {
        Firm,
        FirmIdentifier,
        FirmAlias,
        Plant,
        Certification,
        Flow,
        ChainPosition,
        Hall,
        Booth,
        Delegation,
        OwnField,
        Forum,
        Room,
        Speaker,
    }
)
"""What rows of other firms may refer to, and what belongs to it."""

type Keep = Callable[[Mapping[int, list[Step]]], None]
"""Keeps the steps of a part, by row, in its transaction."""


class ChangedMeanwhileError(Exception):
    """Somebody changed what the plan was made of, while it was made or written."""


def write(draft: Draft, edition: Edition, *, turn: int, user: User | None, keep: Keep, progress: Progress) -> None:
    """Write the draft of a plan in parts; ``keep`` gets the steps of the reversal of each part within it.

    ``turn`` counts how often the import has been applied, so that the steps can be reversed in their order. Raises
    ChangedMeanwhileError and IntegrityError: the parts before are written then, and to be taken back by their steps.
    """
    _make_identifiers_unique([firm for firm, _row in draft.made_of(Firm)])
    _fill_tokens(draft)
    made, with_leads = _in_order(draft), _parted_from_leads(draft)
    changed = [Changed(participation, row, {"lead": None}) for participation, row, _lead in with_leads]
    changed += [changed for model in MODELS for changed in draft.changed_of(model)]
    total, done = max(len(made) + len(changed), 1), 0

    def store(entries: Sequence[AuditEntry], steps: Mapping[int, list[Step]], count: int) -> None:
        nonlocal done
        record_all(entries, batch_size=BATCH)
        keep(steps)
        done += count
        progress(str(Participation._meta.verbose_name_plural), 0.3 + 0.6 * done / total)

    def make(part: Sequence[tuple[Model, int]]) -> None:
        entries: list[AuditEntry] = []
        steps: dict[int, list[Step]] = defaultdict(list)
        for model in MODELS:
            of_model = [(instance, row) for instance, row in part if isinstance(instance, model)]
            model._base_manager.bulk_create([instance for instance, _row in of_model], batch_size=BATCH)
            for instance, row in of_model:
                after = lasting(instance)
                entries.append(entry(f"{_name(instance)}.imported", instance, after=after, user=user, edition=edition))
                steps[row].append({"made": _name(instance), "pk": instance.pk, "digest": digest(after), "turn": turn})
        store(entries, steps, len(part))

    def change(part: Sequence[Changed]) -> None:
        entries: list[AuditEntry] = []
        steps: dict[int, list[Step]] = defaultdict(list)
        for model in MODELS:
            of_model = [changed for changed in part if type(changed.instance) is model]
            _require_unchanged(model, of_model)
            for changed in save_changed(of_model):
                after = lasting(changed.instance)
                before = {**after, **_before(changed)}
                action = f"{_name(changed.instance)}.changed_by_import"
                entries.append(entry(action, changed.instance, before=before, after=after, user=user, edition=edition))
                step = {"changed": _name(changed.instance), "pk": changed.instance.pk, "digest": digest(after)}
                steps[changed.row].append(step | {"turn": turn} | _differing(before, after))
        store(entries, steps, len(part))

    write_in_parts(made, make)
    for participation, _row, lead in with_leads:
        participation.lead = lead
    write_in_parts(changed, change)
    _refresh(draft)
    # New participants have no meetings yet.
    new = {instance.pk for instance, _row in draft.made_of(Participation)}
    moved = {instance.participation_id for instance, _row in draft.made_of(Stand)} - new
    write_in_parts(sorted(moved), lambda part: stands_changed(edition, part, by=user))


def _in_order(draft: Draft) -> list[tuple[Model, int]]:
    """The objects made, each with its row, so that what another refers to stands before it or in the same part."""
    return sorted(draft.made, key=lambda made: (type(made[0]) not in FOUNDATION, made[1]))


def _parted_from_leads(draft: Draft) -> list[tuple[Participation, int, Participation]]:
    """The new participations with a lead that is new itself, the row and the lead: it is set when all are written."""
    parted = []
    for participation, row in draft.made_of(Participation):
        lead: Participation | None = participation.lead
        if lead is not None and lead._state.adding:
            parted.append((participation, row, lead))
            participation.lead = None
    return parted


def _require_unchanged(model: type[Model], changes: Sequence[Changed]) -> None:
    """Raises ChangedMeanwhileError where a stored object is not as the plan has read it."""
    stored = model._base_manager.select_for_update().in_bulk([changed.instance.pk for changed in changes])
    for changed in changes:
        row = stored.get(changed.instance.pk)
        before = _before(changed)
        if row is None or {name: lasting(row).get(name) for name in before} != before:
            raise ChangedMeanwhileError


def _before(changed: Changed) -> dict[str, Any]:
    """The earlier values of the fields that a plan changed, without computed ones."""
    return {name: plain(value) for name, value in changed.before.items() if name not in DERIVED}


def save_changed(changes: Sequence[Changed]) -> Iterator[Changed]:
    """Write the changed fields of stored objects of one model. Returns the changes."""
    by_fields: dict[tuple[str, ...], list[Changed]] = defaultdict(list)
    for changed in changes:
        by_fields[tuple(sorted(changed.before))].append(changed)
    for fields, group in by_fields.items():
        # An upsert by primary key: many times as fast as an UPDATE with a case for each row.
        type(group[0].instance)._base_manager.bulk_create(
            [changed.instance for changed in group],
            batch_size=BATCH,
            update_conflicts=True,
            update_fields=fields,
            unique_fields=["pk"],
        )
    yield from changes


def lasting(instance: Model) -> dict[str, Any]:
    """The state of an object without computed fields, and with those that the trail does not tell."""
    return {name: value for name, value in state(instance, whole=True).items() if name not in DERIVED}


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Of two states the fields that differ."""
    names = sorted(name for name in after if before.get(name) != after[name])
    return {
        state: {name: values.get(name) for name in names} for state, values in (("before", before), ("after", after))
    }


def digest(values: dict[str, Any]) -> str:
    """A short fingerprint of a state."""
    stated = {name: value for name, value in values.items() if name != SOURCES}
    written = json.dumps(stated, sort_keys=True, cls=DjangoJSONEncoder)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def _name(instance: Model) -> str:
    return instance._meta.model_name or ""


def _make_identifiers_unique(firms: Sequence[Firm]) -> None:
    """Replace identifiers that another firm has: rare, but it happens in lists of thousands."""
    taken: set[str] = set()
    for batch in batched(firms, BATCH):
        drawn = [firm.identifier for firm in batch]
        taken.update(Firm.objects.filter(identifier__in=drawn).values_list("identifier", flat=True))
    for firm in firms:
        while firm.identifier in taken:
            firm.identifier = new_identifier(firm.country, firm.created_at.date())
        taken.add(firm.identifier)


def _fill_tokens(draft: Draft) -> None:
    for participation, _row in draft.made_of(Participation):
        items: Iterable[MarketItem] = (*draft.owned(participation, Offer), *draft.owned(participation, Need))
        booths = [stand.booth.code for stand in draft.owned(participation, Stand)]
        participation.tokens = search_tokens(participation.firm, items, section=participation.section, booths=booths)


def _refresh(draft: Draft) -> None:
    """Refresh the search text of stored participations that the changes concern, here and at other fairs."""
    touched = [changed.instance for changed in draft.changed.values()] + [instance for instance, _row in draft.made]
    refresh_concerned(touched, but={instance.pk for instance, _row in draft.made_of(Participation)})


def refresh_concerned(touched: Iterable[Model], *, but: Iterable[int] = ()) -> None:
    """Refresh the search text of the participations of these objects, except ``but``."""
    firms: set[int] = set()
    participations: set[int] = set()
    for instance in touched:
        if isinstance(instance, Firm):
            firms.add(instance.pk)
        elif isinstance(instance, Participation):
            participations.add(instance.pk)
        elif isinstance(instance, Stand | Offer | Need):
            participations.add(instance.participation_id)
    with scopes_disabled():
        for batch in batched(sorted(firms), BATCH):
            participations.update(Participation.objects.filter(firm__in=batch).values_list("pk", flat=True))
        rows = sorted(participations - set(but))
        write_in_parts(rows, lambda part: refresh_tokens(Participation.objects.filter(pk__in=part)))
