"""The scope of an edition: rows of one fair never mix with those of another."""

from typing import Any, ClassVar, Self

from django.db import models
from django_scopes import get_scope
from django_scopes.manager import DisabledQuerySet


class _Unscoped(DisabledQuerySet):  # type: ignore[misc]  # django_scopes says no types
    """Refuses what ``django_scopes`` lets through too: these would answer for every fair at once."""

    exists = contains = in_bulk = explain = DisabledQuerySet.error


class EditionManager[Row: models.Model](models.Manager[Row]):
    """Manager of rows that belong to an edition. Outside of ``scope(edition=edition)`` a query raises ScopeError."""

    def get_queryset(self) -> models.QuerySet[Row]:
        scope: dict[str, Any] = get_scope()
        if not scope.get("_enabled", True):
            return super().get_queryset()
        if "edition" not in scope:
            disabled: models.QuerySet[Row] = _Unscoped(self.model, using=self._db, missing_scopes={"edition"})
            return disabled
        return super().get_queryset().filter(edition=scope["edition"])


class EditionModel(models.Model):
    """A row that belongs to an edition, and is reached in the scope of that edition only."""

    objects: ClassVar[EditionManager[Self]] = EditionManager()

    class Meta:
        abstract = True
