"""Another encoder is mounted: its vectors are never mixed with others, and the search goes on until they are whole."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django_scopes import scope
from django_tasks_db.models import DBTaskResult

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.offers.market.models import Offer
from serai.expo.offers.search.domain import copies, encoders, index, meanings
from serai.expo.offers.search.domain.copies import copy_of, serving
from serai.expo.offers.search.domain.index import (
    index_edition,
    index_what_waits,
    keep_up,
    made_by_others,
    refresh_tokens,
    reindex,
)
from serai.expo.offers.search.domain.meanings import has_pgvector
from serai.expo.offers.search.domain.search import Answer, search, search_firms
from serai.expo.offers.search.models import SearchEntry
from serai.expo.site.operation.domain.doctor import CHECKS, Found, State
from serai.match.onnx_encoder import MountingError
from serai.match.onnx_encoder.calibration import sample
from serai.match.text import clean
from serai.match.vectors import DIMENSION, PACKAGED, Scale, Vectors, encoder, unit
from tests.match.tiny_encoder import describe, write_encoder

LITTLE = 24
"""Dimensions of an encoder that is made here and needs no runtime."""


class ByLine:
    """An encoder of few dimensions that knows the phrases that come with Serai, and nothing else, in six languages."""

    name = "by-line"
    dimension = LITTLE
    means = asked_means = {"und": np.zeros(LITTLE, dtype=np.float32)}
    scale = Scale()
    asked_for = 0

    def encode(self, texts: list[str], *, asked: bool = False) -> Vectors:
        type(self).asked_for += len(texts)
        random = np.random.default_rng(0).normal(size=(65, LITTLE)).astype(np.float32)
        line = {clean(text): number % 65 for number, (_, text) in enumerate(sample())}
        rows = [random[line[clean(text)]] if clean(text) in line else np.zeros(LITTLE) for text in texts]
        return unit(np.array(rows, dtype=np.float32).reshape(-1, LITTLE))


PHRASES = {language: [text for each, text in sample() if each == language] for language, _ in sample()}


@pytest.fixture
def fair(
    edition: Edition,
    a_firm: Callable[..., Firm],
    take_part: Callable[..., Participation],
    offer: Callable[..., Offer],
) -> Edition:
    """Each of ten products offered by a firm that writes Chinese only, of which no word is in an English query."""
    for number in range(10):
        one = take_part(edition, a_firm(f"Firm {number}", "CN", name={"en": f"Firm {number}"}))
        offer(one, {"zh-hans": PHRASES["zh-hans"][number]})
    with scope(edition=edition):
        refresh_tokens(Participation.objects.all())
    return edition


@pytest.fixture
def by_line(monkeypatch: pytest.MonkeyPatch) -> str:
    """An encoder that a plugin would add, not chosen yet."""
    monkeypatch.setitem(encoders.ENCODERS._declarations, ByLine.name, ByLine)
    return ByLine.name


def choose(settings: object, name: str) -> None:
    settings.ENCODER = name  # type: ignore[attr-defined]
    encoders._loaded.clear()
    encoders._refused.clear()
    copies._copies.clear()  # a setting holds for a process


def found(edition: Edition, number: int) -> tuple[Answer, int]:
    """The answer to an English phrase, and the place of the offer that says the same in Chinese; -1 where it is not."""
    with scope(edition=edition):
        answer = search(edition, PHRASES["en"][number], kinds=["offer"], most=10)
        titles = {one.pk: one.title["zh-hans"] for one in Offer.objects.all()}
    order = [titles[one.item] for one in answer.found]
    text = PHRASES["zh-hans"][number]
    return answer, order.index(text) if text in order else -1


def examined() -> Found:
    return CHECKS["encoder"].look()


def made_by(edition: Edition) -> dict[str, int]:
    """How many texts each encoder has read."""
    return dict(made_by_others(""))


def test_after_an_update_that_empties_vectors_the_worker_reads_every_text_anew(fair: Edition) -> None:
    reindex(fair)
    assert SearchEntry._base_manager.filter(kind="firm").update(vector=None) == 10
    index_what_waits()
    index_what_waits()
    (job,) = DBTaskResult.objects.filter(task_path=index_edition.module_path)
    assert index_edition.call(*job.args_kwargs["args"]) == 10
    assert made_by(fair) == {PACKAGED: 20}


def test_the_encoder_before_serves_until_all_was_read_by_the_chosen_one(
    fair: Edition, by_line: str, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    reindex(fair)
    assert made_by(fair) == {PACKAGED: 20}
    assert examined().state is State.OK
    before = [place for number in range(10) for _, place in [found(fair, number)]]
    choose(settings, by_line)
    assert examined().state is State.WARNING
    assert "20 texts by use-multilingual-v3: the search goes on by it" in examined().sentence
    monkeypatch.setattr(index, "BATCH_BY_OTHERS", 4)
    served: list[tuple[str, list[int]]] = []

    def look(_what: str, share: float) -> None:
        copies._copies.clear()  # as another process, or this one started anew
        with scope(edition=fair):
            served.append((copy_of(fair).by.name, [found(fair, number)[1] for number in range(10)]))  # type: ignore[union-attr]

    assert reindex(fair, look) == 10
    assert [name for name, _ in served] == [PACKAGED] * 3
    assert all(places == before for _, places in served)
    assert made_by(fair) == {by_line: 20}
    assert examined().state is State.OK
    for number in range(10):
        answer, place = found(fair, number)
        assert (place, answer.words_alone) == (0, False)
    with scope(edition=fair):
        assert {len(bytes(one)) for one in SearchEntry.objects.values_list("vector", flat=True)} == {2 * LITTLE}
        assert copy_of(fair).by.dimension == LITTLE  # type: ignore[union-attr]
    assert reindex(fair) == 0


def test_what_was_stopped_goes_on_where_it_was_and_what_changed_meanwhile_is_read_again(
    fair: Edition, by_line: str, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    reindex(fair)
    choose(settings, by_line)
    monkeypatch.setattr(index, "BATCH_BY_OTHERS", 4)

    def stop(_what: str, share: float) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reindex(fair, stop)
    with scope(edition=fair):
        assert SearchEntry.objects.filter(coming_encoder=by_line).count() == 16
        changed = Offer.objects.order_by("pk").first()
        assert changed is not None
        Offer.objects.filter(pk=changed.pk).update(title={"fr": PHRASES["fr"][30]})
        refresh_tokens(Participation.objects.filter(pk=changed.participation_id))
    ByLine.asked_for = 0
    assert reindex(fair) == 4  # two that were left; one that changed, by the one before and by the chosen one
    assert ByLine.asked_for < 20
    with scope(edition=fair):
        answer = search(fair, PHRASES["en"][30], kinds=["offer"], most=10)
        assert answer.found[0].item == changed.pk
        assert not SearchEntry.objects.exclude(coming=None, coming_encoder="").exists()


def test_where_the_encoder_before_cannot_be_had_words_alone_count_and_it_is_said(
    fair: Edition, by_line: str, settings: object, anonymous_client: Client
) -> None:
    reindex(fair)
    with scope(edition=fair):
        SearchEntry.objects.update(encoder="gone@123", revision=copies.last_revision(fair) + 1)
    assert "20 texts by gone@123: the search goes by words alone" in examined().sentence
    answer, place = found(fair, 3)
    assert (answer.words_alone, place) == (True, -1)
    with scope(edition=fair):
        by_name = search_firms(fair, "Firm 3")
        assert len(by_name.found) == 1
        assert by_name.words_alone
    address = f"/en/{fair.slug}/firms/?q=Firm"
    assert "The search is being rebuilt" in anonymous_client.get(address).content.decode()
    reindex(fair)
    assert found(fair, 3)[1] == 0
    assert "The search is being rebuilt" not in anonymous_client.get(address).content.decode()


def test_a_change_of_words_is_read_by_the_encoder_that_serves(fair: Edition, by_line: str, settings: object) -> None:
    reindex(fair)
    choose(settings, by_line)
    with scope(edition=fair):
        first = Offer.objects.order_by("pk")[0]
        Offer.objects.filter(pk=first.pk).update(title={"fr": PHRASES["fr"][30]})
        refresh_tokens(Participation.objects.filter(pk=first.participation_id))
    assert keep_up(fair) == 1  # as the worker does it
    assert made_by(fair) == {PACKAGED: 20}
    with scope(edition=fair):
        assert serving(fair) is encoder()
    choose(settings, "")
    assert examined().state is State.OK


def test_an_encoder_that_cannot_be_used_is_told_and_the_packaged_one_goes_on(
    fair: Edition, settings: object, tmp_path: Path
) -> None:
    reindex(fair)
    for name, sentence in ((str(tmp_path / "none"), "neither a folder nor"), (str(tmp_path), r"encoder\.toml")):
        choose(settings, name)
        assert examined().state is State.FAILED
        with pytest.raises(MountingError, match=sentence):
            reindex(fair)
        assert found(fair, 3)[1] == 0


def test_a_new_instance_is_searched_by_the_packaged_encoder_until_the_chosen_one_is_ready(
    fair: Edition, settings: object, tmp_path: Path
) -> None:
    choose(settings, str(tmp_path / "none"))
    assert found(fair, 3)[1] == 0
    assert made_by(fair) == {PACKAGED: 20}


@pytest.mark.usefixtures("runtime")
def test_a_model_in_a_folder_is_mounted_and_taken_away_again(
    fair: Edition, settings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERAI_HOME", str(tmp_path / "home"))
    reindex(fair)
    folder = write_encoder(tmp_path / "tiny")
    choose(settings, str(folder))
    assert examined().state is State.WARNING
    told: list[str] = []
    assert reindex(fair, lambda what, _share: told.append(what)) == 10
    assert {"preparing the encoder", "search"} == set(told)
    identity = encoders.chosen_name()
    assert made_by(fair) == {identity: 20}
    assert identity.startswith("tiny@")
    assert examined().state is State.OK
    assert "96 numbers each" in examined().sentence
    assert [found(fair, number)[1] for number in range(10)] == [0] * 10
    with scope(edition=fair):
        assert {len(bytes(one)) for one in SearchEntry.objects.values_list("vector", flat=True)} == {2 * 96}
    choose(settings, "")
    assert found(fair, 3)[0].words_alone
    assert reindex(fair) == 10
    assert made_by(fair) == {PACKAGED: 20}
    assert not found(fair, 3)[0].words_alone


@pytest.mark.usefixtures("runtime")
def test_files_that_are_not_those_of_the_description_are_told(
    fair: Edition, settings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERAI_HOME", str(tmp_path / "home"))
    folder = write_encoder(tmp_path / "tiny")
    choose(settings, str(folder))
    (folder / "tokenizer.json").write_text("{}")
    assert examined().state is State.FAILED
    assert "tokenizer.json is not the one" in examined().todo
    folder = write_encoder(tmp_path / "tiny", told={"dimension": 64})
    encoders._chosen.cache_clear()
    assert "says 64 a piece" in examined().todo
    describe(folder, {"name": "other", "dimension": 96, "pooling": "mean"})
    encoders._chosen.cache_clear()
    assert "what belongs to it has not been estimated" in examined().sentence


@pytest.fixture
def runtime() -> Iterator[None]:
    pytest.importorskip("onnxruntime", reason="ONNX Runtime is not installed (serai[onnx])")
    encoders._chosen.cache_clear()
    yield
    encoders._chosen.cache_clear()
    encoders._models.clear()
    encoders._loaded.clear()


# What only pgvector does


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'expo_searchmeaning'")
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.parametrize("exact_up_to", [meanings.EXACT_UP_TO, 0])
def test_pgvector_has_an_index_for_each_size_and_forgets_the_one_before(
    fair: Edition, by_line: str, settings: object, exact_up_to: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not has_pgvector(connection):
        pytest.skip("the database has no pgvector")
    monkeypatch.setattr(meanings, "EXACT_UP_TO", exact_up_to)
    reindex(fair)
    choose(settings, by_line)
    seen: list[set[str]] = []
    reindex(fair, lambda _what, _share: seen.append(indexes()))
    both = {meanings.index_name(PACKAGED), meanings.index_name(by_line)}
    assert both <= seen[-1]
    assert both & indexes() == {meanings.index_name(by_line)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT encoder, vector_dims(meaning::vector), count(*) FROM expo_searchmeaning GROUP BY 1, 2")
        assert cursor.fetchall() == [(by_line, LITTLE, 20)]
    assert found(fair, 3)[1] == 0
    choose(settings, "")
    reindex(fair)
    with connection.cursor() as cursor:
        cursor.execute("SELECT encoder, vector_dims(meaning::vector), count(*) FROM expo_searchmeaning GROUP BY 1, 2")
        assert cursor.fetchall() == [(PACKAGED, DIMENSION, 20)]
    assert both & indexes() == {meanings.index_name(PACKAGED)}


def test_the_table_of_a_version_that_knew_one_encoder_is_made_anew_and_filled(fair: Edition) -> None:
    if not has_pgvector(connection):
        pytest.skip("the database has no pgvector")
    reindex(fair)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE expo_searchmeaning")
        cursor.execute(
            "CREATE TABLE expo_searchmeaning (entry bigint PRIMARY KEY, edition bigint NOT NULL, kind text NOT NULL, "
            "meaning halfvec(512) NOT NULL)"
        )
    meanings.install(connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT encoder, count(*) FROM expo_searchmeaning GROUP BY 1")
        assert cursor.fetchall() == [(PACKAGED, 20)]
    assert meanings.index_name(PACKAGED) in indexes()
    assert found(fair, 3)[1] == 0
