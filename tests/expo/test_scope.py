"""A query that forgets the edition raises; one inside of a scope sees its own fair only."""

from collections.abc import Callable

import pytest
from django_scopes import ScopeError, scope, scopes_disabled

from serai.expo import models
from serai.expo.editions.models import Edition, Participation

SCOPED = [
    getattr(models, name) for name in models.__all__ if type(getattr(models, name).objects).__name__ == "EditionManager"
]


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
def test_outside_of_a_scope_a_query_raises(model: type, db: None) -> None:
    with pytest.raises(ScopeError):
        list(model.objects.all())  # type: ignore[attr-defined]


def test_every_model_with_an_edition_is_scoped_but_the_audit_trail() -> None:
    with_edition = {
        name
        for name in models.__all__
        if any(field.name == "edition" for field in getattr(models, name)._meta.get_fields() if field.concrete)
    }
    assert with_edition - {model.__name__ for model in SCOPED} == {"AuditEntry"}


def test_inside_a_scope_another_fair_does_not_exist(
    edition: Edition, other_edition: Edition, take_part: Callable[..., Participation]
) -> None:
    here, there = take_part(edition), take_part(other_edition)
    with scope(edition=edition):
        assert list(Participation.objects.all()) == [here]
    with scopes_disabled():
        assert set(Participation.objects.all()) == {here, there}
