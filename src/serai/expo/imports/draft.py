"""A draft of changes: what an import would make and change, in memory, attributed to the rows that cause it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model


@dataclass
class Changed:
    """A stored object that would change: the fields as they were, and the row that changed it first."""

    instance: Model
    row: int
    before: dict[str, Any] = field(default_factory=dict)


@dataclass
class Draft:
    """Objects made and changed. Nothing is written; the objects refer to each other unsaved."""

    made: list[tuple[Model, int]] = field(default_factory=list)
    changed: dict[tuple[type[Model], Any], Changed] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)
    """The rows that make or change anything."""

    def make[Made: Model](self, instance: Made, row: int) -> Made:
        self.made.append((instance, row))
        self.rows.add(row)
        return instance

    def change(self, instance: Model, row: int, **values: Any) -> None:
        """Set the fields that differ; of a stored object what they were is kept."""
        for name, value in values.items():
            before = getattr(instance, name)
            if before == value:
                continue
            if instance.pk is not None:
                key = (type(instance), instance.pk)
                changed = self.changed.setdefault(key, Changed(instance, row))
                changed.before.setdefault(name, before)
            setattr(instance, name, value)
            self.rows.add(row)

    def made_of[Made: Model](self, model: type[Made]) -> list[tuple[Made, int]]:
        """The objects of a model that would be made, each with its row."""
        return [(instance, row) for instance, row in self.made if isinstance(instance, model)]

    def changed_of(self, model: type[Model]) -> Iterator[Changed]:
        """The objects of a model that would change."""
        return (changed for (kind, _pk), changed in self.changed.items() if kind is model)
