"""Storage of a draft: model by model, with an audit entry and a reversal step for each object."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import batched
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django_scopes import scopes_disabled

from serai.expo.base.audit.domain.entries import entry, plain, record_all, state
from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Certification, Firm, FirmAlias, FirmIdentifier, Flow, Plant
from serai.expo.firms.record.models.identifier import new_identifier
from serai.expo.offers.chains.models import ChainPosition
from serai.expo.offers.market.models import MarketItem, Need, Offer
from serai.expo.offers.search.domain.search_text import refresh_tokens, search_tokens
from serai.expo.people.account.models import User
from serai.expo.site.imports.domain.draft import Changed, Draft
from serai.expo.venue.halls.domain.relocation import stands_changed
from serai.expo.venue.halls.models import Booth, Hall, Stand
from serai.world.progress import Progress

type Step = dict[str, Any]
"""A step of the reversal: an object made, or an object changed with its states before and after."""

MODELS: tuple[type[Model], ...] = (
    Firm, FirmIdentifier, FirmAlias, Plant, Certification, Flow, ChainPosition,
    Hall, Participation, Booth, Stand, Offer, Need,
)  # fmt: skip
"""The models that an import writes, each before those that refer to it."""

DERIVED = frozenset({"tokens"})
"""Computed fields, which do not count as changes."""

SOURCES = "provenance"
"""The sources of all other fields: they are restored with those, and never prevent a reversal."""

BATCH = 2_000


def write(draft: Draft, edition: Edition, *, turn: int, user: User | None, progress: Progress) -> dict[int, list[Step]]:
    """Write the draft of a plan. Returns the steps of its reversal by row. Needs a transaction.

    ``turn`` counts how often the import has been applied, so that the steps can be reversed in their order.
    """
    entries: list[AuditEntry] = []
    steps: dict[int, list[Step]] = defaultdict(list)
    _make_identifiers_unique([firm for firm, _row in draft.made_of(Firm)])
    _fill_tokens(draft)
    leads = [(instance, instance.lead) for instance, _row in draft.made_of(Participation) if instance.lead]
    for participation, _lead in leads:
        participation.lead = None  # the lead may not be saved yet
    for number, model in enumerate(MODELS):
        progress(str(model._meta.verbose_name_plural), 0.3 + 0.6 * number / len(MODELS))
        model._base_manager.bulk_create([instance for instance, _row in draft.made_of(model)], batch_size=BATCH)
        if model is Participation:
            for participation, lead in leads:
                participation.lead = lead
            Participation.objects.bulk_update([instance for instance, _lead in leads], ["lead"], batch_size=BATCH)
        for instance, row in draft.made_of(model):
            after = lasting(instance)
            entries.append(entry(f"{_name(instance)}.imported", instance, after=after, user=user, edition=edition))
            steps[row].append({"made": _name(instance), "pk": instance.pk, "digest": digest(after), "turn": turn})
    for model in MODELS:
        for changed in save_changed(list(draft.changed_of(model))):
            after = lasting(changed.instance)
            before = {**after, **{name: plain(value) for name, value in changed.before.items()}}
            written = entry(
                f"{_name(changed.instance)}.changed_by_import",
                changed.instance,
                before=before,
                after=after,
                user=user,
                edition=edition,
            )
            entries.append(written)
            steps[changed.row].append(
                {"changed": _name(changed.instance), "pk": changed.instance.pk, "digest": digest(after), "turn": turn}
                | {"before": written.before, "after": written.after}
            )
    record_all(entries, batch_size=BATCH)
    _refresh(draft)
    # New participants have no meetings yet.
    new = {instance.pk for instance, _row in draft.made_of(Participation)}
    stands_changed(edition, {instance.participation_id for instance, _row in draft.made_of(Stand)} - new, by=user)
    return steps


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
    """The state of an object without computed fields."""
    return {name: value for name, value in state(instance).items() if name not in DERIVED}


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
        for batch in batched(sorted(participations - set(but)), BATCH):
            refresh_tokens(Participation.objects.filter(pk__in=batch))
