"""An import says what it would do, does it, and does nothing the second time."""

from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.base.workbooks.domain.grid import FileRefusedError
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.offers.market.models import Need, Offer
from serai.expo.people.account.models import User
from serai.expo.site.imports.domain import batches as domain
from serai.expo.site.imports.domain import custody
from serai.expo.site.imports.domain.batches import ImportStateError
from serai.expo.site.imports.models import Import, ImportRow
from serai.expo.venue.halls.models import Booth, Hall, Stand
from serai.world.classifications import harmonized_system

type Make = Callable[..., Import]
type Rows = list[tuple[str, ...]]

MODELS = (Firm, Participation, Hall, Booth, Stand, Offer, Need, AuditEntry)


@pytest.fixture(autouse=True)
def in_scope(edition: Edition) -> Iterator[None]:
    with scope(edition=edition):
        yield


def states(import_: Import) -> list[str]:
    return list(import_.rows.order_by("number").values_list("state", flat=True))


def row(import_: Import, number: int) -> ImportRow:
    return import_.rows.get(number=number)


def notes(import_: Import, number: int) -> list[str]:
    return [note["reason"] for note in row(import_, number).reason_details.get("notes", ())]


def everything() -> dict[str, list[Any]]:
    """All that an import could change."""
    return {model.__name__: list(model._base_manager.order_by("pk").values()) for model in MODELS}


def test_a_preview_says_what_would_become_of_each_row_and_changes_nothing(
    previewed: Make, firms: Rows, a_firm: Callable[..., Firm]
) -> None:
    known = a_firm("Nairobi Tea Exporters", country="KE")
    like = a_firm("Lyon Chimye SA", country="FR")
    before = everything()
    made = previewed([*firms, ("", "China"), ("Salt Ltd", "Atlantis")])
    assert states(made) == ["new", "matched", "possible", "rejected", "rejected"]
    assert everything() == before
    assert domain.counts(made) == {"new": 1, "matched": 1, "possible": 1, "unchanged": 0, "rejected": 2}
    assert row(made, 3).firm == known
    assert [one["firm"] for one in row(made, 4).reason_details["candidates"]] == [like.pk]
    assert row(made, 2).raw == list(firms[1])
    assert made.state == "previewed"


def test_applying_makes_firms_with_all_that_the_rows_say(imported: Make, edition: Edition) -> None:
    header = (
        "Name", "Name (zh)", "Legal name", "Country", "City", "Language", "Description", "Website", "Founded", "Size",
        "Led by women", "LEI", "ISIC", "Takes part as", "Section", "Country pavilion", "Hall", "Name of the hall",
        "Booth", "Area in m²", "Support granted", "Offers", "Needs", "HS codes",
    )  # fmt: skip
    made = imported([header, (
        "Wuxi Separator", "无锡隔膜", "Wuxi Separator Co., Ltd.", "China", "Wuxi", "en", "Makes separators.",
        "separator.example", 2009, "180", "yes", "5493001KJTIIGC8Y1R12", "2220", "service", "清洁能源", "China", "E1",
        "East hall", "A12; A13", "36 m²", "stand; visa", "Wet separator; Dry separator", "Resin", "3920; 3921",
    )])  # fmt: skip
    assert states(made) == ["new"]
    assert notes(made, 2) == []
    firm = Firm.objects.get()
    assert (firm.legal_name, firm.name) == (
        "Wuxi Separator Co., Ltd.",
        {"en": "Wuxi Separator", "zh-hans": "无锡隔膜"},
    )
    assert (firm.country, firm.city, firm.language) == ("CN", {"en": "Wuxi"}, "en")
    assert (firm.name_key, firm.sort_name) == ("wuxi separator", "wuxi separator")
    assert (firm.description, firm.website) == ({"en": "Makes separators."}, "https://separator.example")
    assert (firm.founded, firm.size, firm.women_led, firm.isic) == (2009, "medium", True, ["2220"])
    number = firm.identifiers.get()
    assert (number.scheme, number.value, number.check_digit) == ("LEI", "5493001KJTIIGC8Y1R12", "right")
    one = Participation.objects.get()
    assert (one.firm, one.edition, one.kind, one.state) == (firm, edition, "service", "confirmed")
    assert one.section is not None
    assert (one.section.slug, one.pavilion, one.area_m2, one.support) == ("energy", "CN", 36, ["stand", "visa"])
    assert [(booth.hall.code, booth.code, booth.hall.title) for booth in one.booths.all()] == [
        ("E1", "A12", {"en": "East hall"}),
        ("E1", "A13", {"en": "East hall"}),
    ]
    assert [(offer.number, offer.title, offer.hs) for offer in one.offers.all()] == [
        (1, {"en": "Wet separator"}, ["3920"]),
        (2, {"en": "Dry separator"}, ["3921"]),
    ]
    assert [(need.title, need.hs) for need in one.needs.all()] == [({"en": "Resin"}, [])]
    for word in ("separator", "无锡", "resin", "a12", "3920"):
        assert f" {word} " in one.tokens
    assert row(made, 2).firm == firm
    assert row(made, 2).participation == one


def test_the_same_file_again_changes_nothing(imported: Make, firms: Rows) -> None:
    imported(firms)
    before = everything()
    again = imported(firms)
    assert states(again) == ["unchanged"] * 3
    assert [row(again, number).undo for number in (2, 3, 4)] == [[], [], []]
    after = everything()
    assert after["AuditEntry"][-1]["action"] == "import.applied"
    after["AuditEntry"].pop()
    assert after == before


def test_a_file_sent_again_asks_as_many_queries_for_three_firms_as_for_one(
    previewed: Make, imported: Make, firms: Rows
) -> None:
    imported(firms)
    with CaptureQueriesContext(connection) as of_one:
        previewed(firms[:2])
    with CaptureQueriesContext(connection) as of_three:
        previewed(firms)
    assert len(of_three) == len(of_one)


def test_a_blank_cell_empties_nothing_and_a_filled_one_updates(imported: Make) -> None:
    header = ("Name", "Country", "City", "Founded", "Offers")
    imported([header, ("Tea Ltd", "Kenya", "Mombasa", 1999, "Black tea")])
    made = imported([header, ("Tea Ltd", "Kenya", "", 2001, "Green tea"), ("Salt Ltd", "Kenya", "", "", "")])
    assert states(made) == ["matched", "new"]
    firm = Firm.objects.get(legal_name="Tea Ltd")
    assert (firm.city, firm.founded) == ({"en": "Mombasa"}, 2001)
    assert [offer.title["en"] for offer in Offer.objects.all()] == ["Black tea", "Green tea"]
    assert " green " in Participation.objects.get(firm=firm).tokens
    written = AuditEntry.objects.get(action="firm.changed_by_import")
    assert written.before
    assert written.after
    assert (written.before["founded"], written.after["founded"]) == (1999, 2001)
    assert {*written.before} <= {"founded", "provenance"}


def test_a_known_firm_of_another_fair_is_used_again(
    imported: Make, edition: Edition, other_edition: Edition, take_part: Callable[..., Participation], a_firm: Any
) -> None:
    firm = a_firm("Tea Ltd", country="KE", description={"en": "Old"})
    there = take_part(other_edition, firm)
    made = imported([("Name", "Country", "Description"), ("TEA LIMITED", "KE", "New words")])
    assert states(made) == ["matched"]
    assert Firm.objects.get() == firm
    with scope(edition=other_edition):
        there.refresh_from_db()
    assert " new " in there.tokens
    assert Participation.objects.get().firm == firm


def test_a_firm_that_comes_twice_is_one_firm_with_two_booths(imported: Make) -> None:
    header = ("Name", "Country", "Hall", "Booth", "Website", "Offers")
    rows = [
        header,
        ("Tea Ltd", "Kenya", "E1", "A1", "https://a.example", "Tea"),
        ("Tea Limited", "Kenya", "E2", "B1", "https://b.example", "Tea; Salt"),
    ]
    made = imported(rows)
    assert states(made) == ["new", "matched"]
    assert (row(made, 3).reason, row(made, 3).reason_details["first"]) == ("same_as_row", 2)
    assert row(made, 2).firm == row(made, 3).firm == Firm.objects.get()
    assert [(booth.hall.code, booth.code) for booth in Booth.objects.all()] == [("E1", "A1"), ("E2", "B1")]
    assert [offer.title["en"] for offer in Offer.objects.all()] == ["Tea", "Salt"]
    assert Firm.objects.get().website == "https://a.example"
    assert "said_before" in notes(made, 3)
    assert states(imported(rows)) == ["unchanged", "unchanged"]


def test_a_possible_match_without_a_choice_is_held_back(imported: Make, a_firm: Callable[..., Firm]) -> None:
    a_firm("Longwell Separator", country="CN")
    made = imported([("Name", "Country"), ("Longwel Separator", "China"), ("Tea", "Kenya")])
    assert states(made) == ["possible", "new"]
    assert row(made, 2).participation is None
    assert Firm.objects.count() == 2


@pytest.mark.parametrize(
    ("choice", "state", "firm_count"), [("same", "matched", 1), ("new", "new", 2), ("out", "rejected", 1)]
)
@pytest.mark.parametrize("when", ["before applying", "after applying"])
def test_a_choice_decides_what_becomes_of_a_row_held_back(
    choice: str, state: str, firm_count: int, when: str, previewed: Make, imported: Make, a_firm: Callable[..., Firm]
) -> None:
    known = a_firm("Longwell Separator", country="CN")
    rows = [("Name", "Country"), ("Longwel Separator", "China")]
    made = previewed(rows)
    if when == "after applying":
        domain.apply(made)
        assert states(made) == ["possible"]
    assert domain.choose(made, {2: str(known.pk) if choice == "same" else choice}) == 1
    domain.apply(made)
    assert states(made) == [state]
    assert Firm.objects.count() == firm_count
    if choice != "out":
        assert states(imported(rows)) == ["unchanged"]
        domain.undo(made)
        assert [firm.name_key for firm in Firm.objects.all()] == [known.name_key]
        assert not Participation.objects.exists()


def test_a_choice_holds_for_the_other_rows_of_that_name(previewed: Make, a_firm: Callable[..., Firm]) -> None:
    a_firm("Longwell Separator", country="CN")
    made = previewed(
        [("Name", "Country", "Hall", "Booth"), *[("Longwel Separator", "China", "1", code) for code in ("A", "B")]]
    )
    domain.choose(made, {3: "new"})
    domain.apply(made)
    assert states(made) == ["new", "matched"]
    assert Booth.objects.count() == 2


def test_a_choice_that_was_not_offered_is_not_kept(previewed: Make, a_firm: Callable[..., Firm]) -> None:
    a_firm("Longwell Separator", country="CN")
    other = a_firm("Harbour Cranes", country="CN")
    made = previewed([("Name", "Country"), ("Longwel Separator", "China"), ("Tea", "Kenya")])
    assert domain.choose(made, {2: str(other.pk), 3: "out"}) == 0


def test_an_identifier_of_serai_names_the_firm(imported: Make, a_firm: Callable[..., Firm]) -> None:
    firm = a_firm("Tea Ltd", country="KE")
    unknown = a_firm("Gone Ltd")
    unknown.delete()
    made = imported(
        [("Serai id", "Name", "Country"), (firm.identifier, "Tea House", "KE"), (unknown.identifier, "Gone", "CN")]
    )
    assert states(made) == ["matched", "rejected"]
    assert row(made, 3).reason == "unknown_identifier"
    firm.refresh_from_db()
    assert firm.name == {"en": "Tea House"}


def test_a_buyer_needs_what_its_codes_say(imported: Make) -> None:
    header = ("Name", "Country", "Takes part as", "Needs", "HS codes")
    imported([header, ("Buyer A", "KE", "buyer", "Tea leaves", "0902"), ("Buyer B", "KE", "buyer", "", "8507")])
    needs = Need.objects.order_by("participation__firm__sort_name")
    assert [(need.title["en"], need.hs) for need in needs] == [
        ("Tea leaves", ["0902"]),
        (harmonized_system.heading("8507").title, ["8507"]),
    ]
    assert not Offer.objects.exists()
    assert set(Participation.objects.values_list("kind", flat=True)) == {"buyer"}


def test_an_offer_in_a_second_language_joins_the_first(imported: Make) -> None:
    imported([("Name", "Country", "Offers (en)"), ("Tea Ltd", "KE", "Tea")])
    imported([("Name", "Country", "Offers (en)", "Offers (zh)"), ("Tea Ltd", "KE", "Tea", "茶")])
    assert Offer.objects.get().title == {"en": "Tea", "zh-hans": "茶"}


def test_a_co_exhibitor_stands_with_its_lead_wherever_that_is_in_the_file(imported: Make) -> None:
    header = ("Name", "Country", "Co-exhibitor of", "Hall", "Booth", "Takes part as")
    made = imported(
        [
            header,
            ("Small Maker", "China", "Chain Leader Ltd", "E1", "A1"),
            ("Chain Leader", "China", "", "E1", "A1"),
            ("Lost Maker", "China", "Nobody", "", ""),
            ("Own Lead", "China", "Own Lead", "", "", "exhibitor"),
        ]
    )
    by_name = {one.firm.legal_name: one for one in Participation.objects.select_related("firm", "lead__firm")}
    assert by_name["Small Maker"].kind == "co_exhibitor"
    assert by_name["Small Maker"].lead == by_name["Chain Leader"]
    assert notes(made, 4) == ["unknown_lead"]
    assert notes(made, 5) == ["itself_as_lead"]


def test_a_booth_may_be_shared(imported: Make) -> None:
    rows = [("Name", "Country", "Hall", "Booth"), ("Tea", "KE", "E1", "A1"), ("Salt", "KE", "E1", "A1")]
    made = imported(rows)
    assert states(made) == ["new", "new"]
    assert set(Booth.objects.get().participations.all()) == {row(made, 2).participation, row(made, 3).participation}
    assert states(imported(rows)) == ["unchanged", "unchanged"]


def test_a_planned_booth_is_given_to_its_exhibitor(imported: Make, edition: Edition) -> None:
    hall = Hall.objects.create(edition=edition, code="E1", title={"en": "East hall"})
    booth = Booth.objects.create(edition=edition, hall=hall, code="A1", x_m=3, y_m=4)
    made = imported([("Name", "Country", "Name of the hall", "Booth"), ("Tea", "KE", "East Hall", "A1")])
    assert booth.participations.get() == row(made, 2).participation
    assert Hall.objects.get() == hall


def test_halls_are_told_apart_by_name_where_a_code_is_of_several(imported: Make) -> None:
    header = ("Name", "Country", "hall_ids", "booth_venue", "booth_number")
    rows = [
        header,
        ("A", "KE", "D", "South 1", "1"),
        ("B", "KE", "D", "South 2", "2"),
        ("C", "KE", "D", "", "3"),
        ("E", "KE", "W", "West", "4"),
        ("F", "KE", "W; N", "West", "5; 6"),
        ("G", "KE", "W; N", "", "7"),
        ("H", "KE", "", "West", "8"),
    ]
    made = imported(rows)
    halls = dict(Booth.objects.values_list("code", "hall__code"))
    assert halls == {"1": "South 1", "2": "South 2", "3": "D", "4": "W", "5": "W", "6": "N", "8": "W"}
    assert notes(made, 7) == ["halls_and_booths_differ"]
    assert states(imported(rows)) == ["unchanged"] * 7


def test_a_booth_without_a_hall_is_in_the_only_one(imported: Make) -> None:
    header = ("Name", "Country", "Hall", "Booth")
    imported([header, ("Tea", "KE", "", "A1")])
    assert list(Hall.objects.values_list("code", flat=True)) == ["1"]
    imported([header, ("Salt", "KE", "", "A2")])
    assert Hall.objects.count() == 1
    made = imported([header, ("Corn", "KE", "2", "A1"), ("Rice", "KE", "", "A9")])
    assert notes(made, 3) == ["booth_without_hall"]


def test_an_unknown_section_is_noted_with_those_there_are(imported: Make) -> None:
    made = imported([("Name", "Country", "Section"), ("Tea", "KE", "Teas"), ("Cell", "CN", "ENERGY")])
    assert notes(made, 2) == ["unknown_section"]
    assert row(made, 2).reason_details["notes"][0]["known"] == "Clean energy"
    assert row(made, 3).participation is not None
    assert Participation.objects.get(firm__legal_name="Cell").section is not None


def test_two_firms_of_one_name_and_different_numbers_are_two(imported: Make) -> None:
    header = ("Name", "Country", "LEI")
    rows = [header, ("Tea", "KE", "5493001KJTIIGC8Y1R12"), ("Tea", "KE", "7LTWFZYICNSX8D621K86")]
    assert states(imported(rows)) == ["new", "new"]
    assert states(imported(rows)) == ["unchanged", "unchanged"]


def test_a_corrected_mapping_reads_the_rows_anew(previewed: Make) -> None:
    made = previewed([("Cég", "Ország", "Termék"), ("Tea Kft", "Hungary", "Tea")])
    assert states(made) == ["rejected"]
    with pytest.raises(ImportStateError, match="name of the firm"):
        domain.apply(made)
    domain.remap(made, {0: "name", 1: "country", 2: "offers"})
    assert states(made) == ["new"]
    domain.apply(made)
    assert Offer.objects.get().title == {"en": "Tea"}
    with pytest.raises(ImportStateError):
        domain.remap(made, {0: "name", 1: "country"})


def test_a_refused_file_leaves_nothing(edition: Edition, text: Callable[..., Path], home: Path) -> None:
    before = everything()
    with pytest.raises(FileRefusedError):
        domain.preview(edition, text("Name,Country\n"), "list.csv")
    with pytest.raises(FileRefusedError):
        domain.preview(edition, text("Name,Country\nTea,KE\n"), "list.csv", corrections={"Nme": "name"})
    assert everything() == before
    assert not Import.objects.exists()
    assert not (home / "imports").exists()


def test_the_file_is_kept_until_it_is_applied_or_discarded(
    previewed: Make, firms: Rows, other_edition: Edition
) -> None:
    made, there = previewed(firms), previewed(firms, other_edition)
    assert made.sha256 == there.sha256
    assert custody.kept(made.sha256).exists()
    assert domain.sheets(made) == ["Firms"]
    domain.apply(made)
    assert custody.kept(made.sha256).exists()
    domain.discard(there)
    assert not custody.kept(made.sha256).exists()
    assert domain.sheets(made) == []
    with pytest.raises(ImportStateError):
        domain.discard(made)


def test_the_same_user_sends_a_file_again_and_has_one_preview(previewed: Make, firms: Rows, organiser: User) -> None:
    previewed(firms, user=organiser)
    latest = previewed(firms, user=organiser)
    assert list(Import.objects.all()) == [latest]


def test_a_preview_that_somebody_discarded_cannot_be_applied(previewed: Make, firms: Rows) -> None:
    made = previewed(firms)
    stale = Import.objects.get(pk=made.pk)
    domain.discard(made)
    with pytest.raises(ImportStateError):
        domain.apply(stale)


def test_every_change_has_an_audit_entry_in_one_request(imported: Make, firms: Rows, organiser: User) -> None:
    imported(firms)
    entries = AuditEntry.objects.all()
    counts = {action: entries.filter(action=action).count() for action in set(entries.values_list("action", flat=True))}
    assert counts == {
        "firm.imported": 3,
        "participation.imported": 3,
        "hall.imported": 2,
        "booth.imported": 3,
        "stand.imported": 3,
        "offer.imported": 4,
        "import.applied": 1,
    }
    assert len(set(entries.values_list("request_id", flat=True)) - {""}) == 1


def test_no_two_new_firms_have_one_identifier(imported: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = cycle(["KE2026328AAAAA", "KE2026328AAAAA", "KE2026328BBBBB"])
    monkeypatch.setattr("serai.expo.firms.record.domain.names.new_identifier", lambda *_arguments: next(drawn))
    imported([("Name", "Country"), ("Tea", "KE"), ("Salt", "KE"), ("Corn", "KE")])
    assert len(set(Firm.objects.values_list("identifier", flat=True))) == 3


def test_the_number_of_queries_does_not_grow_with_the_rows(previewed: Make) -> None:
    def queries(count: int) -> int:
        header = ("Name", "Country", "Hall", "Booth", "Offers", "Needs")
        rows = [(f"Firm {count} {n} {'abcdefgh'[n % 8]}", "KE", f"E{n}", f"A{n}", "Tea", "Salt") for n in range(count)]
        with CaptureQueriesContext(connection) as captured:
            domain.apply(previewed([header, *rows]))
        return len(captured)

    queries(1)
    assert queries(3) == queries(12)  # as many as are written in one part


def test_progress_is_told_and_never_falls(edition: Edition, book: Callable[..., Path], firms: Rows) -> None:
    told: list[tuple[str, float]] = []

    def progress(what: str, share: float) -> None:
        told.append((what, share))

    made = domain.preview(edition, book(firms), "list.xlsx", progress=progress)
    domain.apply(made, progress=progress)
    shares = [share for _what, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert all(what for what, _share in told)


def test_two_names_of_one_file_that_are_nearly_the_same_are_asked_about(previewed: Make, organiser: User) -> None:
    made = previewed([
        ("Name", "Country"),
        ("Jiangsu Longwell Separator", "China"),
        ("Jiangsu Longwel Separator", "China"),
        ("Plant A", "China"),
        ("Plant B", "China"),
    ])  # fmt: skip
    assert states(made) == ["new", "possible", "new", "new"]
    assert row(made, 3).reason == "similar_row"
    domain.apply(made, user=organiser)
    assert Firm.objects.count() == 3
    assert domain.choose(made, {3: "row:2"}) == 1
    domain.apply(made, user=organiser)
    assert Firm.objects.count() == 3
    assert row(made, 3).firm == row(made, 2).firm
    domain.undo(made, user=organiser)
    assert not Firm.objects.exists()


@pytest.mark.parametrize(("choice", "firms"), [("row:2", 1), ("new", 2), ("out", 1)])
def test_a_choice_for_a_row_like_another_is_heard_at_once(previewed: Make, choice: str, firms: int) -> None:
    made = previewed([("Name", "Country"), ("Longwell Separator", "China"), ("Longwel Separator", "China")])
    domain.choose(made, {3: choice})
    domain.apply(made)
    assert Firm.objects.count() == firms


def test_where_codes_are_not_one_an_offer_each_stays_with_the_offer_that_it_fits_best(imported: Make) -> None:
    header = ("Name", "Country", "Offers", "HS codes")
    offers = "Washed arabica coffee beans; Ball bearings for gearboxes; Wooden dining tables"
    imported([header, ("Mixed Trading", "Kenya", offers, "9403; 0901")])
    one = Participation.objects.get()
    assert [offer.hs for offer in one.offers.order_by("number")] == [["0901"], [], ["9403"]]


def test_new_halls_stand_as_people_count_them_and_have_no_title_that_is_empty(
    edition: Edition, organiser_client: Client, book: Callable[..., Path]
) -> None:
    rows = [(f"Firm {number} Ltd", "Kenya", f"Halle {number}", f"{number}.1") for number in (10, 2, 1)]
    domain.apply(domain.preview(edition, book([("Name", "Country", "Hall", "Booth"), *rows]), "list.xlsx"))
    assert list(Hall.objects.values_list("code", flat=True)) == ["Halle 1", "Halle 2", "Halle 10"]
    for page in ("floor/", "floor/Halle%202/"):
        shown = organiser_client.get(f"/en/{edition.slug}/organiser/{page}").text
        assert "Rename: {}" not in shown
        assert "Hall Halle" not in shown
        assert "Halle 2</bdi> ·" not in shown
