"""Values of own fields: what a column holds is guessed, and each kind is found by what people ask for."""

from collections.abc import Callable

import pytest
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.own_fields.domain import (
    OwnValueRefusedError,
    column_keys,
    guess_kind,
    keep_field,
    keep_values,
    read_value,
    readable,
    remove_field,
    tokens_of,
    words_of,
)
from serai.expo.participants.own_fields.models import OwnField, OwnRecord
from serai.expo.participants.participation.domain.exhibitors import ParticipationFilter, narrowed
from serai.expo.people.account.domain.privacy import erase
from serai.expo.people.account.models import User


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["12", "1.200,5", "", "-3"], "number"),
        (["00412", "00413"], "text"),
        (["2026-03-01", "1.4.2026", "3 May 2026"], "date"),
        (["yes", "no", "yes", "yes"], "choice"),
        (["Gold", "Silver", "Gold", "Bronze", "Gold", "Silver"], "choice"),
        (["Anna", "Bo", "Cem", "Dan"], "text"),
        (["", ""], "text"),
    ],
)
def test_a_column_is_what_all_its_cells_are(cells: list[str], kind: str) -> None:
    assert guess_kind(cells) == kind


def test_columns_of_the_same_title_and_without_one_have_keys_of_their_own() -> None:
    assert column_keys(["Notes", "notes ", "", "Ort", ""]) == ["notes", "notes 2", "column c", "ort", "column e"]


def test_what_is_no_number_stays_as_it_is_written() -> None:
    assert [read_value("number", cell) for cell in ("1,200", "4.5", "many")] == [1200, 4.5, "many"]
    assert [read_value("date", cell) for cell in ("1.4.2026", "soon")] == ["2026-04-01", "soon"]
    assert (words_of("date", "2026-04-01"), words_of("number", 1200)) == ("April 1, 2026", "1,200")


@pytest.fixture
def size(edition: Edition) -> OwnField:
    return OwnField.objects.create(edition=edition, key="f1", column="size", title={"en": "Size"}, kind="number")


def test_participants_are_found_by_number_text_and_words(
    edition: Edition, take_part: Callable[..., Participation], size: OwnField, organiser: User
) -> None:
    with scope(edition=edition):
        note = OwnField.objects.create(edition=edition, key="f2", column="note", title={"en": "Note"})
        small, large, silent = take_part(edition), take_part(edition), take_part(edition)
        keep_values(small, {"f1": "12", "f2": "Kommt mit Dolmetscher"}, by=organiser)
        keep_values(large, {"f1": "1.200", "f2": "需要翻译"}, by=organiser)

        def found(**wanted: str) -> set[Participation]:
            return set(narrowed(Participation.objects.filter(edition=edition), ParticipationFilter(**wanted)))

        assert found(own="f1", holds="12") == {small}
        assert found(own="f1", holds=">= 100") == {large}
        assert found(own="f1", holds="5-2000") == {small, large}
        assert found(own=note.key, holds="dolmetscher") == {small}
        assert found(own="f1") == {small, large}
        assert found(own="unknown") == {small, large, silent}
        assert found(words="翻译") == {large}
        assert found(words="Dolmetscher") == {small}


def test_a_value_of_another_kind_is_refused_by_hand(
    edition: Edition, take_part: Callable[..., Participation], size: OwnField, organiser: User
) -> None:
    with scope(edition=edition):
        one = take_part(edition)
        with pytest.raises(OwnValueRefusedError, match="'Size' holds A number"):
            keep_values(one, {"f1": "many"}, by=organiser)
        assert keep_values(one, {"f1": "7"}, by=organiser) == 1
        assert keep_values(one, {"f1": "7"}, by=organiser) == 0
        assert keep_values(one, {"f1": ""}, by=organiser) == 1
        assert OwnRecord.objects.get().values == {}


def test_who_reads_a_field_is_the_organisers_choice(
    edition: Edition, take_part: Callable[..., Participation], size: OwnField, organiser: User
) -> None:
    with scope(edition=edition):
        one = take_part(edition)
        keep_values(one, {"f1": "7"}, by=organiser)
        assert readable(one, ("firm", "public")) == []
        size.audience = OwnField.Audience.PUBLIC
        keep_field(size, by=organiser)
        assert [(shown.title, shown.words) for shown in readable(one, ("public",))] == [("Size", "7")]


def test_a_field_that_changes_its_kind_reads_its_values_anew_and_goes_with_them(
    edition: Edition, take_part: Callable[..., Participation], size: OwnField, organiser: User
) -> None:
    with scope(edition=edition):
        one = take_part(edition)
        keep_values(one, {"f1": "7"}, by=organiser)
        size.kind = OwnField.Kind.TEXT
        keep_field(size, by=organiser)
        assert OwnRecord.objects.get().values == {"f1": "7"}
        assert remove_field(size, by=organiser) == 1
        assert OwnRecord.objects.get().values == {}
        removed = AuditEntry.objects.get(action="own_field.removed").before
        assert removed is not None
        assert removed["values"] == {str(one.pk): "7"}


def test_an_erased_person_is_masked_in_own_fields(
    edition: Edition, take_part: Callable[..., Participation], organiser: User
) -> None:
    person = User.objects.create_user("ada@example.org", "correct horse battery", name="Ada Quill")
    with scope(edition=edition):
        OwnField.objects.create(edition=edition, key="f1", column="contact", title={"en": "Contact"})
        one = take_part(edition)
        keep_values(one, {"f1": "ask Ada Quill, ada@example.org"}, by=organiser)
        erase(person)
        record = OwnRecord.objects.get()
        assert (record.values, "quill" in record.tokens) == ({"f1": "***"}, False)


def test_what_a_field_holds_is_found_as_it_is_kept_after_its_kind_has_changed(
    edition: Edition, take_part: Callable[..., Participation], organiser: User
) -> None:
    with scope(edition=edition):
        visited = OwnField.objects.create(edition=edition, key="f1", column="visited", title={"en": "Visited"})
        keep_values(take_part(edition), {"f1": "1.4.2026"}, by=organiser)
        visited.kind = OwnField.Kind.DATE
        keep_field(visited, by=organiser)
        record = OwnRecord.objects.get()
        assert record.values == {"f1": "2026-04-01"}
        assert record.tokens == tokens_of(record.values)
