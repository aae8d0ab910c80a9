"""Two that make the same thing at once make it once, and both are told that it is there."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError

from serai.expo.base.rows import made_once
from serai.expo.people.account.models import Organisation

pytestmark = pytest.mark.django_db


def _making(sees: Callable[[int], bool]) -> Callable[[], Organisation]:
    """A function that looks for a row before it makes it, and overlooks it in its runs of which ``sees`` says so."""
    runs: list[int] = []

    @made_once
    def make() -> Organisation:
        runs.append(len(runs))
        existing = Organisation.objects.filter(slug="twice").first() if sees(len(runs)) else None
        return existing or Organisation.objects.create(slug="twice", name={"en": "Twice"}, country="CN")

    return make


def test_who_comes_second_gets_what_the_first_made() -> None:
    first = _making(lambda _run: True)()
    assert _making(lambda run: run > 1)() == first
    assert Organisation.objects.filter(slug="twice").count() == 1


def test_what_still_cannot_be_written_is_an_error() -> None:
    _making(lambda _run: True)()
    with pytest.raises(IntegrityError):
        _making(lambda _run: False)()
