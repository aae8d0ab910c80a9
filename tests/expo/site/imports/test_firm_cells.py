"""What a workbook says of a firm's trade and works is read as meant, kept with its source, and taken back."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain import firm_cells
from serai.expo.firms.record.domain.cells import UnreadableError
from serai.expo.firms.record.domain.firm_cells import SaidCertificate, SaidPlant
from serai.expo.firms.record.models import Certification, Firm, FirmAlias, Flow, Plant
from serai.expo.offers.chains.domain.placements import load_builtin_chains
from serai.expo.participants.packages.models import Package
from serai.expo.site.imports.domain import batches as domain
from serai.expo.site.imports.domain.import_report import show
from serai.expo.site.imports.models import Import

type Make = Callable[..., Import]

HEADER = (
    "Name", "Country", "Other names", "Legal form", "Province", "Address", "Ownership", "Employees",
    "Annual turnover", "Export share", "UNGM number", "CPC", "Markets now", "Target markets", "Languages spoken",
    "Incoterms", "MOQ", "Lead time", "Plants", "Certificates", "Inputs", "Outputs", "Year of the emissions", "Scope 1",
    "Scope 2", "Carbon footprint", "Carbon unit", "Audit",
)  # fmt: skip
FIRM = (
    "Wuxi Separator", "China", "Sepa; 无锡隔膜", "Co., Ltd.", "Jiangsu", "1 Lake Road", "民营", "180", "US$ 12 million",
    "35 %", "214588", "46410", "Kenya; Germany", "Korea, Republic of; Brazil", "zh; English", "FOB, CIF", "5,000 m²",
    "6 weeks", "China | Wuxi | coating | 120.5 GWh/a | 2015; Hungary | Győr",
    "ISO 9001:2015 | Q-1 | TÜV | 2024-05-01 | 2027-04-30; IATF 16949", "390110", "392020", "2024", "12,400", "8300.5",
    "0.425", "m²", "SMETA 4-pillar, 2025",
)  # fmt: skip


@pytest.mark.parametrize(
    ("parse", "cell", "value"),
    [
        (firm_cells.employees, "180", "50-249"),
        (firm_cells.employees, "50–249", "50-249"),
        (firm_cells.employees, "1,200+", "1000-"),
        (firm_cells.employees, "10至19", "10-19"),
        (firm_cells.employees, "100-200", "50-249"),
        (firm_cells.turnover, "12", "10-50"),
        (firm_cells.turnover, "1.5 million USD", "0-2"),
        (firm_cells.turnover, "< 2", "0-2"),
        (firm_cells.turnover, "超过500", "500-"),
        (firm_cells.export_share, "0", "0"),
        (firm_cells.export_share, "0.35", "25-50"),
        (firm_cells.export_share, "1 %", "1-25"),
        (firm_cells.export_share, "100%", "75-100"),
        (firm_cells.ownership, "Joint venture", "joint"),
        (firm_cells.markets, "Korea, Republic of; 巴西", ("KR", "BR")),
        (firm_cells.markets, "Kenya, Germany", ("KE", "DE")),
        (firm_cells.spoken, "中文、英语", ("zh-hans", "en")),
        (firm_cells.incoterms, "FOB Shanghai; cif", ("FOB", "CIF")),
        (firm_cells.cpc, "CPC 46410, 113", ("46410", "0113")),
        (firm_cells.lead_time, "45", 45),
        (firm_cells.lead_time, "4-6 weeks", 42),
        (firm_cells.lead_time, "2个月", 60),
        (firm_cells.quantity, "12.345", 12.345),
        (firm_cells.quantity, "12,400", 12400.0),
        (firm_cells.plants, "CN | Wuxi", (SaidPlant("CN", "Wuxi"),)),
        (
            firm_cells.plants,
            "中国 | 无锡 | 涂覆 | 1,200 t | 2015",
            (SaidPlant("CN", "无锡", "涂覆", Decimal("1200.00"), "t", 2015),),
        ),
        (
            firm_cells.certificates,
            "ISO 14001 | 7 | SGS | 2027年6月30日",
            (SaidCertificate("ISO 14001", "7", "SGS", None, date(2027, 6, 30)),),
        ),
    ],
)
def test_a_cell_is_read_as_meant(parse: Callable[[str], Any], cell: str, value: Any) -> None:
    assert parse(cell) == value


@pytest.mark.parametrize(
    ("parse", "cell", "reason"),
    [
        (firm_cells.employees, "many", "not_employees"),
        (firm_cells.employees, "0", "not_employees"),
        (firm_cells.turnover, "12 million euro", "not_a_turnover"),
        (firm_cells.export_share, "1", "not_a_share"),
        (firm_cells.export_share, "135 %", "not_a_share"),
        (firm_cells.ownership, "mine", "unknown_ownership"),
        (firm_cells.lead_time, "soon", "not_a_lead_time"),
        (firm_cells.lead_time, "3 moons", "not_a_lead_time"),
        (firm_cells.quantity, "-4", "not_a_number"),
        (firm_cells.ungm, "A12", "not_ungm"),
    ],
)
def test_a_cell_that_cannot_be_read_says_why(parse: Callable[[str], Any], cell: str, reason: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        parse(cell)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("parse", "cell", "kept", "unknown"),
    [
        (firm_cells.markets, "Kenya; Atlantis", ("KE",), "Atlantis"),
        (firm_cells.spoken, "English, Elvish", ("en",), "Elvish"),
        (firm_cells.incoterms, "FOB; XYZ", ("FOB",), "XYZ"),
        (firm_cells.plants, "CN | Wuxi; Atlantis | Poseidon", (SaidPlant("CN", "Wuxi"),), "Atlantis | Poseidon"),
        (
            firm_cells.certificates,
            "ISO 9001; ISO 14001 | 7 | SGS | 2027-01-01 | 2026-01-01",
            (SaidCertificate("ISO 9001"),),
            "ISO 14001 | 7 | SGS | 2027-01-01 | 2026-01-01",
        ),
    ],
)
def test_what_can_be_read_of_a_list_is_kept(parse: Callable[[str], Any], cell: str, kept: Any, unknown: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        parse(cell)
    assert refused.value.kept == kept
    assert refused.value.details == {"unknown": unknown}


def test_a_workbook_fills_all_that_a_firm_is(imported: Make) -> None:
    made = imported([HEADER, FIRM])
    assert made.rows.get().reason_details.get("notes", []) == []
    firm = Firm.objects.get()
    assert (firm.legal_form, firm.subdivision, firm.address) == ("Co., Ltd.", {"en": "Jiangsu"}, {"en": "1 Lake Road"})
    assert (firm.ownership, firm.employees, firm.size) == ("private", "50-249", "medium")
    assert (firm.turnover, firm.export_share, firm.cpc) == ("10-50", "25-50", ["46410"])
    assert (firm.markets, firm.markets_sought, firm.languages) == (["KE", "DE"], ["KR", "BR"], ["zh-hans", "en"])
    assert (firm.incoterms, firm.minimum_order, firm.lead_time_days) == (["FOB", "CIF"], "5,000 m²", 42)
    assert (firm.emissions_year, firm.scope_1, firm.scope_2) == (2024, 12400.0, 8300.5)
    assert (firm.carbon_per_unit, firm.carbon_unit, firm.audit) == (0.425, "m²", "SMETA 4-pillar, 2025")
    assert [(one.scheme, one.value) for one in firm.identifiers.all()] == [("UNGM", "214588")]
    assert [(one.name, one.language) for one in firm.aliases.all()] == [("Sepa", "en"), ("无锡隔膜", "zh-hans")]
    assert [(one.country, one.place, one.process, one.capacity, one.unit, one.since) for one in firm.plants.all()] == [
        ("CN", {"en": "Wuxi"}, {"en": "coating"}, Decimal("120.50"), "GWh/a", 2015),
        ("HU", {"en": "Győr"}, {}, None, "", None),
    ]
    assert [(one.scheme, one.number, one.body, one.valid_until) for one in firm.certifications.all()] == [
        ("IATF 16949", "", "", None),
        ("ISO 9001:2015", "Q-1", "TÜV", date(2027, 4, 30)),
    ]
    assert [(one.direction, one.code) for one in firm.flows.all()] == [("input", "390110"), ("output", "392020")]
    for name in ("employees", "markets", "plants", "certifications", "flows", "aliases", "identifiers", "legal_name"):
        assert firm.provenance[name]["source"] == "workbook", name


def test_the_same_workbook_again_changes_nothing_and_a_later_one_completes(imported: Make) -> None:
    imported([HEADER, FIRM])
    again = imported([HEADER, FIRM])
    assert again.rows.get().state == "unchanged"
    later = imported(
        [
            ("Name", "Country", "Certificates", "Plants"),
            ("Wuxi Separator", "China", "ISO 9001:2015 | Q-1 | TÜV | 2030-04-30", "China | Wuxi | coating | 200 GWh/a"),
        ]
    )
    assert later.rows.get().state == "matched"
    assert Certification.objects.get(number="Q-1").valid_until == date(2030, 4, 30)
    plant = Plant.objects.get(country="CN")
    assert (plant.capacity, plant.since, Plant.objects.count()) == (Decimal("200.00"), 2015, 2)


def test_an_import_is_taken_back_with_all_that_belongs_to_the_firm(imported: Make) -> None:
    imported([("Name", "Country", "Employees"), ("Wuxi Separator", "China", "5")])
    before = Firm.objects.values().get()
    made = imported([HEADER, FIRM])
    domain.undo(made)
    assert Firm.objects.values().get() == before
    assert [model._default_manager.count() for model in (Plant, Certification, Flow, FirmAlias)] == [0, 0, 0, 0]
    assert AuditEntry.objects.filter(action="plant.import_undone").count() == 2


def test_what_the_firm_says_meanwhile_of_another_field_does_not_stand_in_the_way(imported: Make) -> None:
    from serai.expo.firms.record.domain.profile import change

    imported([("Name", "Country", "Employees"), ("Wuxi Separator", "China", "5")])
    made = imported([("Name", "Country", "Employees"), ("Wuxi Separator", "China", "500")])
    change(Firm.objects.get(), {"founded": 2009}, user=None)
    domain.undo(made)
    firm = Firm.objects.get()
    assert (firm.employees, firm.founded) == ("1-9", 2009)
    assert firm.provenance["founded"]["source"] == "firm"


def test_each_bad_cell_is_a_sentence_with_its_column(previewed: Make, edition: Edition) -> None:
    made = previewed(
        [
            ("Name", "Country", "Employees", "Markets now", "VAT number", "Part of"),
            ("Lyon Chimie", "France", "many", "Kenya; Atlantis", "FR99999999999", "Nobody SA"),
        ]
    )
    (row,) = show(made, made.rows.select_related("firm"))
    assert row.number == 2
    assert [note.partition(": ") for note in row.notes] == [
        (
            "Column C (Employees), “many”",
            ": ",
            "this is no number of employees. Write a number, or a band such as 50-249.",
        ),
        (
            "Column D (Markets now), “Kenya; Atlantis”",
            ": ",
            "no country or region has the name Atlantis. Write its name or its ISO code.",
        ),
        (
            "Column F (Part of), “Nobody SA”",
            ": ",
            "no firm of this fair has this name or identifier. Import it first or correct the name.",
        ),
        (
            "Column E (VAT number), “FR99999999999”",
            ": ",
            "a character of this number is wrong: its check does not come out. Copy it anew.",
        ),
    ]


def test_a_parent_is_a_firm_that_the_fair_knows(imported: Make) -> None:
    imported([("Name", "Country"), ("Lake Group", "China")])
    imported([("Name", "Country", "Part of"), ("Wuxi Separator", "China", "Lake Group")])
    assert Firm.objects.get(legal_name="Wuxi Separator").parent == Firm.objects.get(legal_name="Lake Group")


def test_two_rows_of_one_firm_that_differ_are_told(imported: Make) -> None:
    header = ("Name", "Country", "Plants")
    made = imported([header, ("Tea Ltd", "Kenya", "KE | Kericho"), ("Tea Ltd", "Kenya", "KE | Nandi")])
    notes = made.rows.get(number=3).reason_details["notes"]
    assert [(one["reason"], one["header"], one["first"]) for one in notes] == [("said_before", "Plants", 2)]


def test_a_list_says_where_a_firm_stands_and_the_firms_own_word_is_kept(imported: Make, edition: Edition) -> None:
    load_builtin_chains()
    header = ("Name", "Country", "Positions on the chains")
    cell = "Battery cells (trader); clean-energy/separators; Perpetual motion"
    made = imported([header, ("Cell Works", "China", cell)])
    firm = Firm.objects.get()
    said = {one.node.code: (one.role, one.state, one.source) for one in firm.positions.all()}
    assert said["battery-cells"] == ("trader", "listed", "workbook")
    assert said["separators"] == ("maker", "listed", "workbook")
    notes = made.rows.get().reason_details["notes"]
    assert [(one["reason"], one["unknown"]) for one in notes] == [("unknown_node", "Perpetual motion")]
    denied = firm.positions.get(node__code="battery-cells")
    denied.state = "denied"
    denied.save()
    assert imported([header, ("Cell Works", "China", "Battery cells (maker)")]).rows.get().state == "unchanged"
    assert firm.positions.get(node__code="battery-cells").state == "denied"


def test_a_package_is_found_by_its_title_or_code_and_gives_what_it_says(imported: Make, edition: Edition) -> None:
    with scope(edition=edition):
        Package.objects.create(
            edition=edition,
            code="gold",
            title={"zh-hans": "金牌套餐"},
            meetings_minimum=4,
            meetings_maximum=60,
            seats=9,
        )
    header = ("Name", "Country", "Package")
    made = imported([header, ("Tea Ltd", "Kenya", "金牌套餐"), ("Salt Ltd", "Kenya", "Silver")])
    with scope(edition=edition):
        one = Participation.objects.get(firm__legal_name="Tea Ltd")
        assert one.package is not None
        assert (one.package.code, one.meetings_minimum, one.meetings_maximum, one.seats) == ("gold", 4, 60, 9)
    assert [note["reason"] for note in made.rows.get(number=3).reason_details["notes"]] == ["unknown_package"]
    assert imported([header, ("Tea Ltd", "Kenya", "Gold")]).rows.get().state == "unchanged"
