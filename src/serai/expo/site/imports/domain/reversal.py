"""Taking an import back: exactly what it made and changed, or nothing where that is in use or has changed since."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

from django.apps import apps
from django.db.models import ForeignObjectRel, Model
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from serai.expo.base.audit.domain.entries import entry
from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.offers.chains.models import Placement
from serai.expo.offers.search.models import SearchEntry
from serai.expo.people.account.models import User
from serai.expo.site.imports.domain.draft import Changed
from serai.expo.site.imports.domain.storage import (
    BATCH,
    MODELS,
    SOURCES,
    Step,
    digest,
    lasting,
    refresh_concerned,
    save_changed,
)
from serai.expo.site.imports.models import ImportRow
from serai.expo.venue.halls.domain.relocation import stands_changed
from serai.expo.venue.halls.models import Stand

SHOWN = 5
"""How many obstacles a refusal names one by one."""

_WORDS: Mapping[str, str | Promise] = {
    "booth": _("booth"),
    "certification": _("certificate"),
    "chainposition": _("position on a chain"),
    "firm": _("firm"),
    "firmalias": _("other name"),
    "firmidentifier": _("identifier"),
    "flow": _("input or output"),
    "forum": _("forum"),
    "hall": _("hall"),
    "meeting": _("meeting"),
    "need": _("need"),
    "offer": _("offer"),
    "outcomeparty": _("outcome"),
    "participation": _("participation"),
    "plant": _("plant"),
    "placement": _("placement confirmed by hand"),
    "role": _("role of a user"),
    "stand": _("place at a booth"),
    "wish": _("wish to meet"),
}


class UndoRefusedError(Exception):
    """An import that cannot be taken back as a whole: a sentence that names what stands in the way."""


@dataclass
class _Object:
    """What an import did to one object, over all its turns."""

    made: bool = False
    digest: str = ""
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


type _Objects = dict[type[Model], dict[int, _Object]]


def take_back(steps: Iterable[Step], edition: Edition, *, user: User | None) -> None:
    """Take these steps back. Needs a transaction. Raises UndoRefusedError."""
    objects = _gather(steps)
    present = {model: _present(model, objects[model]) for model in MODELS}
    made = {model: {pk for pk in present[model] if objects[model][pk].made} for model in MODELS}
    obstacles = [*_changed_since(objects, present), *_in_use(objects, made)]
    if obstacles:
        raise UndoRefusedError(_refusal(obstacles))
    entries: list[AuditEntry] = []
    kept: list[Model] = []
    for model in MODELS:
        changes = [
            _restore(one, objects[model][pk]) for pk, one in present[model].items() if not objects[model][pk].made
        ]
        for changed in save_changed(changes):
            now = lasting(changed.instance)
            action = f"{model._meta.model_name}.import_undone"
            before = {**now, **changed.before}
            entries.append(entry(action, changed.instance, before=before, after=now, user=user, edition=edition))
            kept.append(changed.instance)
    for model in reversed(MODELS):
        for pk in made[model]:
            one, action = present[model][pk], f"{model._meta.model_name}.import_undone"
            entries.append(entry(action, one, before=lasting(one), user=user, edition=edition))
            kept.append(one)
        for batch in batched(made[model], BATCH):
            model._base_manager.filter(pk__in=batch).delete()
    AuditEntry.objects.bulk_create(entries, batch_size=BATCH)
    refresh_concerned(kept, but=made[Participation])
    left = {one.participation_id for one in kept if isinstance(one, Stand)}
    stands_changed(edition, left - made[Participation], by=user)


def _gather(steps: Iterable[Step]) -> _Objects:
    """The steps by object: the first state before, the last state after."""
    objects: _Objects = {model: defaultdict(_Object) for model in MODELS}
    for step in sorted(steps, key=lambda step: int(step["turn"])):
        model = apps.get_model("expo", step.get("made") or step["changed"])
        one = objects[model][step["pk"]]
        one.made |= "made" in step
        one.digest = step["digest"]
        one.before = {**step.get("before", {}), **one.before}
        one.after |= step.get("after", {})
    return objects


def _present(model: type[Model], objects: Mapping[int, _Object]) -> dict[int, Model]:
    """The objects that are still there."""
    found: dict[int, Model] = {}
    for batch in batched(objects, BATCH):
        found |= {one.pk: one for one in model._base_manager.filter(pk__in=batch)}
    return found


def _changed_since(objects: _Objects, present: Mapping[type[Model], Mapping[int, Model]]) -> Iterator[str]:
    for model, there in present.items():
        for pk, instance in there.items():
            one, now = objects[model][pk], lasting(instance)
            after = {name: value for name, value in one.after.items() if name != SOURCES}
            same = digest(now) == one.digest or (not one.made and {name: now[name] for name in after} == after)
            if not same:
                yield gettext("%(what)s %(which)s has been changed since") % {
                    "what": _WORDS[model._meta.model_name or ""],
                    "which": _shown(instance),
                }


def _in_use(objects: _Objects, made: Mapping[type[Model], set[int]]) -> Iterator[str]:
    """What refers to the objects made, and was neither made nor made to refer to them by the import."""
    for model, pks in made.items():
        for relation in _relations(model):
            used = relation.related_model
            if used in (ImportRow, SearchEntry):  # the one survives it, the other follows by itself
                continue
            for batch in batched(sorted(pks), BATCH):
                users = used._base_manager.filter(**{f"{relation.field.name}__in": batch})
                if used is Placement:
                    users = users.filter(confirmed=True)  # others are made anew by placing
                ours = {
                    pk for pk, one in objects.get(used, {}).items() if one.made or relation.field.name in one.before
                }
                for one in users:
                    if one.pk not in ours:
                        what = _WORDS.get(used._meta.model_name or "", used._meta.verbose_name)
                        yield gettext("%(what)s %(which)s depends on it") % {"what": what, "which": _shown(one)}


def _relations(model: type[Model]) -> list[Any]:
    return [
        found
        for found in model._meta.get_fields(include_hidden=True)
        if isinstance(found, ForeignObjectRel) and (found.one_to_many or found.one_to_one)
    ]


def _restore(instance: Model, one: _Object) -> Changed:
    """The object with the fields as they were before; the change says how they were until now."""
    now = lasting(instance)
    changed = Changed(instance, row=0, before={name: now[name] for name in one.before})
    values = dict(one.before)
    if SOURCES in values:
        values[SOURCES] = _sources_before(now[SOURCES], values[SOURCES], one.after.get(SOURCES, {}))
    for name, value in values.items():
        column: Any = instance._meta.get_field(name)
        setattr(instance, column.attname, value)  # of a reference the primary key
    return changed


def _sources_before(now: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Who said each field, with those that the import said as they were before it, unless another said them since."""
    imported = {name for name, said in after.items() if before.get(name) != said and now.get(name) == said}
    kept = {name: said for name, said in now.items() if name not in imported}
    return kept | {name: before[name] for name in imported if name in before}


def _refusal(obstacles: Sequence[str]) -> str:
    shown = "; ".join(dict.fromkeys(obstacles[:SHOWN]))
    if len(obstacles) > SHOWN:
        shown += gettext("; and %(more)d more") % {"more": len(obstacles) - SHOWN}
    return gettext(
        "The import cannot be taken back, because what it made has been used or changed since: %(obstacles)s."
        " Take that back first, or leave the import as it is."
    ) % {"obstacles": shown}


def _shown(instance: Any) -> str:
    """The object in a few words, by the firm that it is of where it is of one."""
    if isinstance(instance, Firm):
        return f"“{instance.legal_name}”"
    if isinstance(instance, Participation):
        return f"“{instance.firm.legal_name}” ({instance.edition.slug})"
    if (participation := getattr(instance, "participation", None)) is not None:
        return f"“{participation.firm.legal_name}”"
    return f"“{instance}”"
