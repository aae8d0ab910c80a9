"""Moving all that refers to one row to another of its model, step by step, so that it can be moved back.

What refers to a row is found from the models themselves, so that no new model can be forgotten. Where a row would then
say the same as another (a unique constraint), the two become one in the same way, and the emptied one is kept as data.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, ForeignObjectRel, Model, UniqueConstraint

type Step = dict[str, Any]
"""What was done to one row: ``do`` is moved, changed, deleted or made."""

type Absorb = Callable[["Moving", Any, Any], None]
"""What a row takes from one that becomes one with it: called with the row that goes and the row that stays."""


class CannotMoveError(Exception):
    """Two rows that refer to each other in a way that cannot be said of one."""

    def __init__(self, instance: Model) -> None:
        super().__init__(str(instance))
        self.instance = instance


@dataclass
class Moving:
    """The steps done so far, what to leave where it is, and what each model does when two of its rows become one."""

    left: frozenset[str] = frozenset()
    absorbing: Mapping[str, Absorb] = field(default_factory=dict)
    weighty: frozenset[str] = frozenset()
    """Models of which no row may be lost: where one would refer to itself, nothing is moved at all."""
    steps: list[Step] = field(default_factory=list)

    def move_all(self, gone: Model, stays: Model) -> None:
        """Make everything that refers to ``gone`` refer to ``stays``. Raises CannotMoveError."""
        for relation in relations(type(gone)):
            model, name = relation.related_model, relation.field.name
            if f"{name_of(model)}.{name}" in self.left or name_of(model) in self.left:
                continue
            for row in model._base_manager.filter(**{name: gone.pk}).order_by("pk"):
                self._move(row, name, gone, stays)

    def change(self, row: Model, **values: Any) -> None:
        """Set fields of a row that differ, and write it."""
        changed = {name: value for name, value in values.items() if getattr(row, name) != value}
        if not changed:
            return
        before = {name: plain(row, name) for name in changed}
        for name, value in changed.items():
            setattr(row, name, value)
        type(row)._base_manager.filter(pk=row.pk).update(**changed)
        after = {name: plain(row, name) for name in changed}
        self.steps.append({"do": "changed", **_key(row), "before": before, "after": after})

    def make(self, row: Model) -> None:
        """Write a new row."""
        row.save()
        self.steps.append({"do": "made", **_key(row)})

    def join(self, gone: Model, stays: Model) -> None:
        """Make one row of two: what refers to the first refers to the second, and the first goes."""
        if absorb := self.absorbing.get(name_of(type(gone))):
            absorb(self, gone, stays)
        self.move_all(gone, stays)
        self.drop(gone)

    def drop(self, row: Model) -> None:
        """Delete a row and keep it as data."""
        # Not the serialiser of JSON, which cuts microseconds.
        kept = json.loads(json.dumps(serializers.serialize("python", [row])[0], default=str))
        self.steps.append({"do": "deleted", **_key(row), "row": kept})
        row.delete()

    def _move(self, row: Model, name: str, gone: Model, stays: Model) -> None:
        column: Any = row._meta.get_field(name)
        if row.pk == stays.pk and type(row) is type(stays):  # it would refer to itself
            self.change(row, **{name: None})
            return
        setattr(row, column.attname, stays.pk)
        if _contradicts(row):
            if name_of(type(row)) in self.weighty:
                raise CannotMoveError(row)
            setattr(row, column.attname, gone.pk)
            self.drop(row)
        elif (same := _conflicting(row)) is not None:
            setattr(row, column.attname, gone.pk)
            self.join(row, same)
        else:
            type(row)._base_manager.filter(pk=row.pk).update(**{column.attname: stays.pk})
            self.steps.append({"do": "moved", **_key(row), "field": name, "from": gone.pk, "to": stays.pk})


def move_back(steps: Iterable[Step]) -> list[Step]:
    """Take steps back, the last first. Returns those that could not be, since their rows changed meanwhile."""
    return [
        step for step in reversed(list(steps)) if not _BACK[step["do"]](apps.get_model("expo", step["model"]), step)
    ]


def _moved_back(model: Any, step: Step) -> bool:
    name = step["field"]
    return bool(model._base_manager.filter(pk=step["pk"], **{name: step["to"]}).update(**{name: step["from"]}))


def _changed_back(model: Any, step: Step) -> bool:
    row = model._base_manager.filter(pk=step["pk"]).first()
    if row is None:
        return False
    same = {name: value for name, value in step["before"].items() if plain(row, name) == step["after"][name]}
    values = {model._meta.get_field(name).attname: model._meta.get_field(name).to_python(v) for name, v in same.items()}
    model._base_manager.filter(pk=row.pk).update(**values)
    return len(same) == len(step["before"])


def _made_back(model: Any, step: Step) -> bool:
    return bool(model._base_manager.filter(pk=step["pk"]).delete()[0])


def _deleted_back(_model: Any, step: Step) -> bool:
    for kept in serializers.deserialize("python", [step["row"]]):
        kept.save()
    return True


_BACK: Mapping[str, Callable[[Any, Step], bool]] = {
    "moved": _moved_back,
    "changed": _changed_back,
    "made": _made_back,
    "deleted": _deleted_back,
}


def relations(model: type[Model]) -> Iterator[Any]:
    """Every reference to a model, those of hidden tables too."""
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and (relation.one_to_many or relation.one_to_one):
            yield relation


def name_of(model: type[Model]) -> str:
    return model._meta.model_name or ""


def plain(row: Model, name: str) -> Any:
    """A field's value as JSON: of a reference the primary key."""
    column: Any = row._meta.get_field(name)
    value = getattr(row, column.attname)
    return value if value is None or isinstance(value, bool | int | float | str | list | dict) else str(value)


def _key(row: Model) -> dict[str, Any]:
    return {"model": name_of(type(row)), "pk": row.pk}


def _contradicts(row: Model) -> bool:
    """Whether a check constraint forbids the row as it is now."""
    for constraint in row._meta.constraints:
        if isinstance(constraint, CheckConstraint):
            try:
                constraint.validate(type(row), row)
            except ValidationError:
                return True
    return False


def _conflicting(row: Model) -> Model | None:
    """The stored row that a unique constraint keeps from standing beside this one."""
    model: Any = type(row)
    groups = [
        (constraint.fields, constraint.condition)
        for constraint in model._meta.constraints
        if isinstance(constraint, UniqueConstraint)
    ]
    groups += [(fields, None) for fields in model._meta.unique_together]
    groups += [
        ((column.name,), None) for column in model._meta.concrete_fields if column.unique and not column.primary_key
    ]
    for fields, condition in groups:
        values = {
            model._meta.get_field(name).attname: getattr(row, model._meta.get_field(name).attname) for name in fields
        }
        if not values or None in values.values():
            continue
        others = model._base_manager.filter(**values).exclude(pk=row.pk)
        if condition is not None:
            if not model._base_manager.filter(condition, pk=row.pk).exists():
                continue
            others = others.filter(condition)
        if (row_there := others.first()) is not None:
            same: Model = row_there
            return same
    return None
