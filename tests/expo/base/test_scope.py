"""A query that forgets the edition raises; one inside of a scope sees its own fair only."""

from collections.abc import Callable, Mapping
from typing import Any

from django.apps import apps
from django.db.models import Count, Model
from django_scopes import ScopeError, scope, scopes_disabled

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.insight.supply.models import StoredResult

ASKED: Mapping[str, Callable[[Any], object]] = {
    "all": lambda rows: list(rows.all()),
    "filter": lambda rows: rows.filter(pk=1),
    "exclude": lambda rows: list(rows.exclude(pk=1)),
    "exists": lambda rows: rows.exists(),
    "exists without some": lambda rows: rows.exclude(pk=1).exists(),
    "count": lambda rows: rows.count(),
    "first": lambda rows: rows.first(),
    "get": lambda rows: rows.get(pk=1),
    "values": lambda rows: rows.values_list("pk", flat=True),
    "in_bulk": lambda rows: rows.in_bulk([1]),
    "aggregate": lambda rows: rows.aggregate(Count("pk")),
    "select_related": lambda rows: list(rows.select_related("edition")),
    "distinct": lambda rows: list(rows.distinct()),
    "update": lambda rows: rows.update(pk=1),
    "delete": lambda rows: rows.get_queryset().delete(),
}


def models_with_an_edition() -> list[type[Model]]:
    return [one for one in apps.get_models() if "edition" in {field.name for field in one._meta.concrete_fields}]


def test_no_query_of_any_model_with_an_edition_is_answered_outside_of_a_scope(db: None) -> None:
    """By any manager that it has, whatever is asked. The audit trail and the results of the model of the world alone
    tell of more than editions."""
    found = [model for model in models_with_an_edition() if model not in {AuditEntry, StoredResult}]
    assert len(found) > 60
    answered = []
    for manager in (manager for one in found for manager in one._meta.managers):
        for name, ask in ASKED.items():
            try:
                ask(manager)
            except ScopeError:
                continue
            answered.append((manager.model.__name__, name))
    assert answered == []


def test_inside_a_scope_another_fair_does_not_exist(
    edition: Edition, other_edition: Edition, take_part: Callable[..., Participation]
) -> None:
    here, there = take_part(edition), take_part(other_edition)
    with scope(edition=edition):
        assert list(Participation.objects.all()) == [here]
    with scopes_disabled():
        assert set(Participation.objects.all()) == {here, there}
