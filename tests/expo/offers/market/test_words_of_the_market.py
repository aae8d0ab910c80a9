"""The market is looked through for words by the database: of all languages, of codes, and of what was just changed."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.offers.market.domain.visibility import market, with_words
from serai.expo.offers.market.models import Need
from serai.expo.offers.search.domain.index import refresh_tokens


@pytest.fixture
def needs(edition: Edition, firm: Firm, take_part: Callable[..., Participation]) -> list[Need]:
    one = take_part(edition, firm, kind="exhibitor")
    with scope(edition=edition):
        said: list[tuple[dict[str, str], list[str]]] = [
            ({"en": "Battery separators", "zh-hans": "电池隔膜"}, ["8507"]),
            ({"fr": "Séparateur d'eau", "ar": "الفاصل"}, ["8421"]),
        ]
        return [
            Need.objects.create(edition=edition, participation=one, number=number, title=title, hs=hs)
            for number, (title, hs) in enumerate(said, start=1)
        ]


def _found(edition: Edition, words: str) -> list[int]:
    with scope(edition=edition):
        return sorted(with_words(market(Need, edition), words).values_list("number", flat=True))


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("separator battery", [1]),
        ("隔膜", [1]),
        ("separateur", [2]),
        ("فاصل", [2]),
        ("8507", [1]),
        ("battery eau", []),
        ("", [1, 2]),
        ("%", [1, 2]),
    ],
)
def test_every_word_stands_in_what_is_found(
    edition: Edition, needs: list[Need], words: str, numbers: list[int]
) -> None:
    assert _found(edition, words) == numbers


def test_what_was_changed_is_found_by_its_new_words_alone(edition: Edition, needs: list[Need]) -> None:
    assert _found(edition, "battery") == [1]
    with scope(edition=edition):
        needs[0].title = {"en": "Copper foil"}
        needs[0].save()
    assert (_found(edition, "battery"), _found(edition, "foil")) == ([], [1])
    with scope(edition=edition):  # as an import writes it, which makes the search text anew
        Need.objects.filter(number=1).update(title={"en": "Aluminium foil"})
        refresh_tokens(Participation.objects.all())
    assert (_found(edition, "copper"), _found(edition, "aluminium")) == ([], [1])


def test_texts_are_read_once_and_not_for_every_reader(edition: Edition, needs: list[Need]) -> None:
    _found(edition, "battery")
    with CaptureQueriesContext(
        connection,
    ) as said:
        _found(edition, "eau")
    assert not any("UPDATE" in one["sql"] for one in said.captured_queries)
