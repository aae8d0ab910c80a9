"""Both databases answer in the order of the pure ranking: the texts decide, not where they are kept."""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from django.db import connection
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.offers.market.models import Offer
from serai.expo.offers.search.domain import meanings
from serai.expo.offers.search.domain.index import refresh_tokens, reindex
from serai.expo.offers.search.domain.meanings import has_pgvector, meanings_of
from serai.expo.offers.search.domain.search import search
from serai.expo.offers.search.models import SearchEntry
from serai.match.codes.likeness import code_shares
from serai.match.meanings import meanings as meanings_of_texts
from serai.match.meanings import meant_with_gloss
from serai.match.search import Candidate, Vocabulary, order, plan, terms, titles_of
from serai.match.vectors import PACKAGED, centred, encode, encoder

pytestmark = pytest.mark.every_database

LANGUAGES = ("en", "zh-hans", "fr", "es", "ar", "ru")
PHRASES = Path(__file__).parents[4] / "tests/match/codes_phrases.csv"
CONCEPTS = 40
PLACES = 10
TOLERANCE = 0.001
"""Of scores, as docs/architecture.md states it: of two entries nearer to each other than this either may come first."""

type Texts = dict[int, tuple[str, str]]
"""The text of each offer and its language, by its primary key."""


@pytest.fixture
def texts(edition: Edition, take_part: Callable[..., Participation], offer: Callable[..., Offer]) -> Texts:
    """The same forty products in six languages, each offered by a firm of that language."""
    with PHRASES.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(line for line in file if line[0] != "#"))[:CONCEPTS]
    with scope(edition=edition):
        made = {
            offer(participation, {language: row[language]}).pk: (row[language], language)
            for language in LANGUAGES
            for participation in [take_part(edition)]
            for row in rows
        }
        refresh_tokens(Participation.objects.all())
    reindex(edition)
    return made


def queries(texts: Texts) -> list[str]:
    """Whole texts, parts of them, a word mistyped and a number, in all six languages.

    Without words of a chain in another script, which are asked by the title of their node too.
    """
    whole = [text for text, _ in list(texts.values())[3::17]]
    asked = [*whole, *(" ".join(text.split()[:2]) for text in whole), "seperator film", "6204", "电池 隔膜"]
    return [query for query in asked if query.isascii() or not titles_of(query)]


@pytest.mark.parametrize("exact_up_to", [meanings.EXACT_UP_TO, 0])
def test_the_order_is_that_of_the_pure_ranking(
    edition: Edition, texts: Texts, exact_up_to: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meanings, "EXACT_UP_TO", exact_up_to)
    said = {pk: terms(text, language) for pk, (text, language) in texts.items()}
    spoken, languages = zip(*texts.values(), strict=True)
    vectors = dict(zip(texts, meanings_of_texts(spoken, languages), strict=True))
    codes = code_shares(spoken, languages)
    with scope(edition=edition):
        firms = [tokens.split() for tokens in Participation.objects.values_list("tokens", flat=True)]
        vocabulary = Vocabulary([*firms, *said.values()])
        for query in queries(texts):
            asked = plan(query, vocabulary)
            meaning = meant_with_gloss([query], [asked.language]).ravel()
            alike = (codes @ code_shares([query], [asked.language]).T).toarray().ravel().tolist()
            expected = order(
                asked,
                [Candidate(pk, said[pk], float(vectors[pk] @ meaning), alike[row]) for row, pk in enumerate(texts)],
            )
            score = {hit.key: hit.score for hit in expected}
            found = [one.item for one in search(edition, query, kinds=["offer"], most=PLACES).found]
            assert len(found) == min(PLACES, len(expected)), query
            for place, item in enumerate(found):
                assert score[item] == pytest.approx(expected[place].score, abs=TOLERANCE), (query, place)


def test_the_cosines_are_those_of_the_vectors_that_are_stored(edition: Edition, texts: Texts) -> None:
    with scope(edition=edition):
        stored = dict(SearchEntry.objects.values_list("pk", "vector"))
        here = meanings_of(edition.pk)
        for kind in SearchEntry.Kind if here.needs_vectors else ():
            pks = list(SearchEntry.objects.filter(kind=kind).values_list("pk", flat=True))
            if pks:
                here.add(kind, pks, np.array([np.frombuffer(bytes(stored[pk]), "<f2") for pk in pks]))
    query = centred(encode(["separator film"]), ["en"])
    expected = {pk: float(np.frombuffer(bytes(vector), "<f2").astype("f4") @ query[0]) for pk, vector in stored.items()}
    assert here.cosines([*stored, 0], query) == pytest.approx(expected, abs=1e-6)


# What only pgvector does. Elsewhere there is nothing to keep up with.


@pytest.fixture
def pgvector(db: None) -> None:
    if not has_pgvector(connection):
        pytest.skip("the database has no pgvector")


@pytest.mark.usefixtures("pgvector")
@pytest.mark.parametrize("exact_up_to", [meanings.EXACT_UP_TO, 0])
def test_an_edition_that_lies_far_off_still_finds_as_many_as_were_asked_for(
    edition: Edition,
    other_edition: Edition,
    texts: Texts,
    take_part: Callable[..., Participation],
    offer: Callable[..., Offer],
    exact_up_to: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(meanings, "EXACT_UP_TO", exact_up_to)
    monkeypatch.setattr(meanings, "LOOKED_AT", 10)  # fewer than the entries of the other edition that are nearer
    far = take_part(other_edition)
    with scope(edition=other_edition):
        for number in range(30):
            offer(far, f"Poetry of the {number}th century")
        refresh_tokens(Participation.objects.all())
    reindex(other_edition)
    query = centred(encode([next(iter(texts.values()))[0]]), ["en"])
    with scope(edition=other_edition):
        own = set(SearchEntry.objects.filter(kind="offer").values_list("pk", flat=True))
    here = meanings_of(other_edition.pk)
    here.add("offer", sorted(own), np.zeros((0, 512), np.float16))
    near = here.nearest(query, ["offer"], 25)
    assert len(near) == 25
    assert set(near) <= own


@pytest.mark.usefixtures("pgvector")
def test_vectors_go_with_the_entries_they_are_of_and_are_made_anew_from_what_is_stored(
    edition: Edition, texts: Texts
) -> None:
    def kept() -> dict[int, str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT entry, CAST(meaning AS text) FROM expo_searchmeaning")
            return dict(cursor.fetchall())

    before = kept()
    with scope(edition=edition):
        assert set(before) == set(SearchEntry.objects.values_list("pk", flat=True))
        lost = set(SearchEntry.objects.filter(participation=Participation.objects.first()).values_list("pk", flat=True))
        Participation.objects.filter(pk=SearchEntry.objects.get(pk=min(lost)).participation_id).delete()
    assert set(kept()) == set(before) - lost
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM expo_searchmeaning")
    meanings.install(connection)
    assert kept() == {key: vector for key, vector in before.items() if key not in lost}


@pytest.mark.usefixtures("pgvector")
def test_the_index_can_answer_what_is_asked_of_it_and_looking_at_all_passes_it_by(edition: Edition) -> None:
    wanted = (PACKAGED, edition.pk, ["offer"], str([0.1] * 512), 10)
    with connection.cursor() as cursor:
        # An index on so few rows is used only where nothing else may be.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")
        for exact in (False, True):
            cursor.execute(f"EXPLAIN {meanings.nearest_sql(encoder(), exact=exact)}", wanted)
            assert (meanings.index_name(PACKAGED) not in str(cursor.fetchall())) is exact
