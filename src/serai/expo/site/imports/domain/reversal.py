"""The reversal of an import: all that it made and changed, or nothing if that is in use or has changed since."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import batched
from typing import Any

from django.apps import apps
from django.db.models import ForeignObjectRel, Model
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from serai.expo.base.audit.domain.entries import entry, record_all
from serai.expo.base.audit.models import AuditEntry
from serai.expo.base.rows import write_in_parts
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.offers.chains.models import Placement
from serai.expo.offers.search.models import SearchEntry
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.models import Release, Session
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
    "appearance": _("appearance of a speaker"),
    "booth": _("booth"),
    "certification": _("certificate"),
    "chainposition": _("position on a chain"),
    "contactperson": _("contact person"),
    "badge": _("badge"),
    "delegation": _("delegation"),
    "delegationmember": _("member of a delegation"),
    "visit": _("visit of a buyer"),
    "deskinvitation": _("invitation of a contact person"),
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
    "ownfield": _("own field"),
    "ownrecord": _("own fields of a participant"),
    "participation": _("participation"),
    "plant": _("plant"),
    "placement": _("placement confirmed by hand"),
    "role": _("role of a user"),
    "room": _("room"),
    "session": _("session"),
    "signup": _("seat at a session"),
    "speaker": _("speaker"),
    "stand": _("place at a booth"),
    "wish": _("wish to meet"),
}


class UndoRefusedError(Exception):
    """An import cannot be reversed; the message names the obstacles."""


@dataclass
class _Object:
    """The effect of an import on one object, over all its turns."""

    made: bool = False
    digest: str = ""
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


type _Objects = dict[type[Model], dict[int, _Object]]


def possible(steps: Iterable[Step]) -> _Objects:
    """The objects of these steps, which can be taken back. Raises UndoRefusedError."""
    objects = _gather(steps)
    present = {model: _present(model, objects[model]) for model in MODELS}
    _refuse_if(
        [
            *_changed_since(objects, present),
            *_in_use(objects, {model: _made(model, objects, present[model]) for model in MODELS}),
        ]
    )
    return objects


def take_back(objects: _Objects, edition: Edition, *, user: User | None) -> None:
    """Take them back in parts; what was taken back before stays so.

    Raises UndoRefusedError where somebody began to use one meanwhile: it and what follows are left as they are.
    """
    changed: list[Model] = []

    def restore(model: type[Model], part: Sequence[int]) -> None:
        present = _present(model, part)
        _refuse_if([*_changed_since(objects, {model: present})])
        entries = []
        for change in save_changed([_restore(instance, objects[model][pk]) for pk, instance in present.items()]):
            now = lasting(change.instance)
            before = {**now, **change.before}
            entries.append(_entry(change.instance, before=before, after=now, user=user, edition=edition))
        record_all(entries)
        changed.extend(present.values())

    def delete(model: type[Model], part: Sequence[int]) -> None:
        present = _present(model, part)
        _refuse_if([*_in_use(objects, {model: set(present)})])
        record_all(
            [_entry(instance, before=lasting(instance), user=user, edition=edition) for instance in present.values()]
        )
        model._base_manager.filter(pk__in=part).delete()
        changed.extend(present.values())

    for model in MODELS:
        stored = [pk for pk, record in objects[model].items() if not record.made]
        write_in_parts(stored, partial(restore, model))
    for model in reversed(MODELS):
        made = [pk for pk, record in objects[model].items() if record.made]
        # Who got a lead before the lead, which would be taken from it: then it would not be as the import left it.
        write_in_parts(sorted(made, key=lambda pk: "lead" not in objects[model][pk].before), partial(delete, model))
    gone = {pk for pk, record in objects[Participation].items() if record.made}
    refresh_concerned(changed, but=gone)
    left = {instance.participation_id for instance in changed if isinstance(instance, Stand)}
    write_in_parts(sorted(left - gone), lambda part: stands_changed(edition, part, by=user))


def _entry(instance: Model, **states: Any) -> AuditEntry:
    return entry(f"{instance._meta.model_name}.import_undone", instance, **states)


def _made(model: type[Model], objects: _Objects, present: Iterable[int]) -> set[int]:
    return {pk for pk in present if objects[model][pk].made}


def _refuse_if(obstacles: Sequence[str]) -> None:
    if obstacles:
        raise UndoRefusedError(_refusal(obstacles))


def _gather(steps: Iterable[Step]) -> _Objects:
    """The steps by object: the first state before, the last state after."""
    objects: _Objects = {model: defaultdict(_Object) for model in MODELS}
    for step in sorted(steps, key=lambda step: int(step["turn"])):
        model = apps.get_model("expo", step.get("made") or step["changed"])
        record = objects[model][step["pk"]]
        record.made |= "made" in step
        record.digest = step["digest"]
        record.before = {**step.get("before", {}), **record.before}
        record.after |= step.get("after", {})
    return objects


def _present(model: type[Model], keys: Iterable[int]) -> dict[int, Model]:
    """The objects that are still there, by primary key."""
    rows: dict[int, Model] = {}
    for batch in batched(keys, BATCH):
        rows |= {row.pk: row for row in model._base_manager.filter(pk__in=batch)}
    return rows


def _changed_since(objects: _Objects, present: Mapping[type[Model], Mapping[int, Model]]) -> Iterator[str]:
    for model, instances in present.items():
        for pk, instance in instances.items():
            record, now = objects[model][pk], lasting(instance)
            if not _is_as_left(now, record):
                yield gettext("%(what)s %(which)s has been changed since") % {
                    "what": _WORDS[model._meta.model_name or ""],
                    "which": _shown(instance),
                }


def _is_as_left(now: Mapping[str, Any], record: _Object) -> bool:
    """Whether an object is as the import left it, or as it was before and so taken back already."""
    as_written = digest({**now}) == record.digest
    if record.made or as_written:
        return as_written
    states = ({name: value for name, value in of.items() if name != SOURCES} for of in (record.after, record.before))
    return any({name: now[name] for name in state} == state for state in states)


def _in_use(objects: _Objects, made_by_import: Mapping[type[Model], set[int]]) -> Iterator[str]:
    """References to the objects made, unless the import itself made them, and releases of sessions made."""
    yield from _released(made_by_import.get(Session, set()))
    for model, pks in made_by_import.items():
        for relation in _relations(model):
            used = relation.related_model
            if used in (ImportRow, SearchEntry):  # import rows survive it, and search entries follow
                continue
            for batch in batched(sorted(pks), BATCH):
                users = used._base_manager.filter(**{f"{relation.field.name}__in": batch})
                if used is Placement:
                    users = users.filter(confirmed=True)  # placing makes the others again
                ours = {
                    pk
                    for pk, record in objects.get(used, {}).items()
                    if record.made or relation.field.name in record.before
                }
                for user in users:
                    if user.pk not in ours:
                        what = _WORDS.get(used._meta.model_name or "", used._meta.verbose_name)
                        yield gettext("%(what)s %(which)s depends on it") % {"what": what, "which": _shown(user)}


def _released(sessions: set[int]) -> Iterator[str]:
    """Releases of the programme that hold sessions made."""
    for release in Release.objects.all() if sessions else ():
        for pk in sorted(sessions & {int(number) for number in release.sessions}):
            named = {"number": pk, "release": release.number}
            yield gettext("session %(number)d is in release %(release)d of the programme") % named


def _relations(model: type[Model]) -> list[Any]:
    return [
        relation
        for relation in model._meta.get_fields(include_hidden=True)
        if isinstance(relation, ForeignObjectRel) and (relation.one_to_many or relation.one_to_one)
    ]


def _restore(instance: Model, record: _Object) -> Changed:
    """Restore the earlier fields of an object. Returns the change with the present values."""
    now = lasting(instance)
    changed = Changed(instance, row=0, before={name: now[name] for name in record.before})
    values = dict(record.before)
    if SOURCES in values:
        values[SOURCES] = _sources_before(now[SOURCES], values[SOURCES], record.after.get(SOURCES, {}))
    for name, value in values.items():
        column: Any = instance._meta.get_field(name)
        setattr(instance, column.attname, value)  # the primary key of a reference
    return changed


def _sources_before(now: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The sources of fields, with those from the import as they were before, unless they changed since."""
    imported = {name for name, source in after.items() if before.get(name) != source and now.get(name) == source}
    kept = {name: source for name, source in now.items() if name not in imported}
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
    """The object in a few words, by its firm if it has one."""
    if isinstance(instance, Firm):
        return f"“{instance.legal_name}”"
    if isinstance(instance, Participation):
        return f"“{instance.firm.legal_name}” ({instance.edition.slug})"
    if (participation := getattr(instance, "participation", None)) is not None:
        return f"“{participation.firm.legal_name}”"
    return f"“{instance}”"
