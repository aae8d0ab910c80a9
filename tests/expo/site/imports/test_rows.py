"""A row is read by its mapping; what cannot be read is said with its place, and nothing is lost silently."""

from typing import Any

import pytest

from serai.expo.base.workbooks.domain.reasons import note_sentence, sentence
from serai.expo.site.imports.domain.columns import guessed
from serai.expo.site.imports.domain.rows import Parsed, language_of, parse
from serai.expo.site.imports.domain.subject import RowPlan
from serai.expo.site.imports.domain.subjects import FIRMS


def row(**cells: str) -> Parsed | RowPlan:
    """Row 7 of a list whose header is the keyword arguments, '_' being a space."""
    header = tuple(title.replace("_", " ") for title in cells)
    return parse((7, tuple(cells.values())), header, guessed(FIRMS, header))


def parsed(**cells: str) -> Parsed:
    found = row(**cells)
    assert isinstance(found, Parsed)
    return found


def rejected(**cells: str) -> RowPlan:
    found = row(**cells)
    assert isinstance(found, RowPlan)
    return found


def test_names_are_kept_by_language() -> None:
    found = parsed(name="无锡隔膜", name_en="Wuxi Separator", legal_name="无锡隔膜有限公司", country="China")
    assert found.name == {"zh-hans": "无锡隔膜", "en": "Wuxi Separator"}
    assert found.names == ("无锡隔膜有限公司", "Wuxi Separator", "无锡隔膜")


def test_a_column_with_a_language_goes_before_one_without() -> None:
    assert parsed(name="Tea House", name_en="Tea House Ltd", country="Kenya").name == {"en": "Tea House Ltd"}


def test_a_legal_name_alone_is_the_name() -> None:
    found = parsed(legal_name="Tea Ltd", country="Kenya")
    assert (found.name, found.named) == ({"en": "Tea Ltd"}, False)


@pytest.mark.parametrize(
    ("text", "said", "country", "language"),
    [
        ("Tea", "", "KE", "en"),
        ("Thé", "fr", "FR", "fr"),
        ("Tea", "zh-hans", "CN", "en"),
        ("茶", "", "CN", "zh-hans"),
        ("茶", "", "TW", "zh-hant"),
        ("茶", "ja", "JP", "ja"),
        ("茶", "", "JP", "ja"),
        ("茶", "fr", "FR", "zh-hans"),
        ("お茶", "", "CN", "ja"),
        ("شاي", "", "EG", "ar"),
        ("چای", "fa", "IR", "fa"),
        ("Чай", "uk", "UA", "uk"),
        ("Чай", "en", "UA", "ru"),
    ],
)
def test_the_language_of_a_text_is_told_by_its_script_and_the_row(
    text: str, said: str, country: str, language: str
) -> None:
    assert language_of(text, said, country) == language


def test_items_of_two_columns_with_equally_many_are_the_same_in_two_languages() -> None:
    found = parsed(name="A", country="China", offers_en="Tea; Salt", offers_zh="茶；盐")
    assert found.offers == ({"zh-hans": "茶", "en": "Tea"}, {"zh-hans": "盐", "en": "Salt"})
    found = parsed(name="A", country="China", offers_en="Tea; Salt", offers_zh="茶")
    assert found.offers == ({"en": "Tea"}, {"en": "Salt"}, {"zh-hans": "茶"})


def test_an_unreadable_cell_that_does_not_decide_is_noted_with_its_place() -> None:
    found = parsed(name="Tea", country="Kenya", founded="long ago", website="tea.example")
    assert "founded" not in found.values
    assert found.values["website"] == "https://tea.example"
    (note,) = found.notes
    assert (note["column"], note["header"], note["cell"], note["reason"]) == ("C", "founded", "long ago", "not_a_year")
    assert note_sentence(note).startswith("Column C (founded), “long ago”: this is no year up to")


def test_a_part_that_can_be_read_is_kept_beside_the_note() -> None:
    found = parsed(name="Tea", country="Kenya", hs="0902; nonsense")
    assert found.values["hs"] == ("0902",)
    assert [note["reason"] for note in found.notes] == ["unknown_hs"]


@pytest.mark.parametrize(
    ("cells", "reason", "of_cell"),
    [
        ({"name": "", "country": "Kenya", "city": "Mombasa"}, "no_name", None),
        ({"name": "Tea", "country": "", "city": "Mombasa"}, "no_country", None),
        ({"name": "Tea", "country": "Atlantis"}, "unreadable_cell", "unknown_country"),
        ({"name": "Tea", "country": "#REF!"}, "unreadable_cell", "cell_error"),
        ({"name": "T" * 301, "country": "Kenya"}, "unreadable_cell", "too_long"),
        ({"name": "Tea", "country": "Kenya", "kind": "friend"}, "unreadable_cell", "unknown_kind"),
        ({"name": "Tea", "country": "Kenya", "serai id": "KE123"}, "unreadable_cell", "wrong_identifier"),
        ({"name": "NAME", "country": "Country"}, "header_again", None),
        ({"name": "示例隔膜有限公司", "country": "中国"}, "example", None),
    ],
)
def test_a_row_that_cannot_be_taken_is_rejected_with_the_reason(
    cells: dict[str, str], reason: str, of_cell: str | None
) -> None:
    found = rejected(**cells)
    assert (found.number, found.reason) == (7, reason)
    assert sentence(found.reason, found.details).endswith(".")
    notes: list[dict[str, Any]] = found.details.get("notes", [])
    assert [note["reason"] for note in notes] == ([of_cell] if of_cell else [])


def test_a_row_with_more_cells_than_the_header_is_rejected() -> None:
    found = parse((3, ("Tea", "salt", "Kenya")), ("Name", "Country"), {0: "name", 1: "country"})
    assert isinstance(found, RowPlan)
    assert sentence(found.reason, found.details).startswith("The row has 3 cells and the header 2.")
    assert isinstance(parse((3, ("Tea", "Kenya", "", "")), ("Name", "Country"), {0: "name", 1: "country"}), Parsed)


def test_a_short_row_has_blank_cells_at_its_end() -> None:
    found = parse((3, ("Tea", "Kenya")), ("Name", "Country", "City"), {0: "name", 1: "country", 2: "city"})
    assert isinstance(found, Parsed)
    assert found.values == {}
