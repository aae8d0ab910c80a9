"""The record of a firm at its desk: every field and list that the firm can change, who sees it, and who said it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.base.files.domain import place
from serai.expo.base.files.models import StoredFile
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.firms.record.domain.fields import SECTIONS
from serai.expo.firms.record.domain.profile import EDITABLE
from serai.expo.firms.record.domain.record_pages import GROUPS
from serai.expo.firms.record.models import Certification, Firm, Plant
from serai.expo.people.account.models import User
from serai.expo.site.exhibitor_desk.domain import completeness

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 a certificate"

GOOD: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "address": (
        {
            "legal_form": "有限公司",
            "address_en": "1 Coating Road",
            "address_zh-hans": "涂布路1号",
            "subdivision_en": "Jiangsu",
            "latitude": "31.5",
            "longitude": "120.3",
            "point_approximate": "on",
        },
        {
            "legal_form": "有限公司",
            "address": {"en": "1 Coating Road", "zh-hans": "涂布路1号"},
            "subdivision": {"en": "Jiangsu"},
            "latitude": 31.5,
            "longitude": 120.3,
            "point_approximate": True,
        },
    ),
    "company": (
        {
            "founded": "2009",
            "size": "medium",
            "ownership": "family",
            "women_led": "true",
            "employees": "50-249",
            "turnover": "10-50",
            "export_share": "25-50",
            "isic": "C2720, 2220",
            "cpc": "46410",
        },
        {
            "founded": 2009,
            "size": "medium",
            "ownership": "family",
            "women_led": True,
            "employees": "50-249",
            "turnover": "10-50",
            "export_share": "25-50",
            "isic": ["2720", "2220"],
            "cpc": ["46410"],
        },
    ),
    "trade": (
        {
            "languages": "English, 中文, sw",
            "markets": "Kenya; Ethiopia",
            "markets_sought": "FR",
            "incoterms": ["FOB", "CIF"],
            "minimum_order": "500 kg",
            "lead_time_days": "30",
        },
        {
            "languages": ["en", "zh-hans", "sw"],
            "markets": ["KE", "ET"],
            "markets_sought": ["FR"],
            "incoterms": ["FOB", "CIF"],
            "minimum_order": "500 kg",
            "lead_time_days": 30,
        },
    ),
    "sustainability": (
        {
            "emissions_year": "2025",
            "scope_1": "1200",
            "scope_2": "340.5",
            "carbon_per_unit": "61",
            "carbon_unit": "kWh",
            "audit": "ISO 14064-1, 2025",
        },
        {
            "emissions_year": 2025,
            "scope_1": 1200.0,
            "scope_2": 340.5,
            "carbon_per_unit": 61.0,
            "carbon_unit": "kWh",
            "audit": "ISO 14064-1, 2025",
        },
    ),
}

BAD = [
    ("address", {"latitude": "91", "longitude": "0"}, "less than or equal to 90"),
    ("address", {"latitude": "31.5"}, "needs both latitude and longitude"),
    ("company", {"founded": "soon"}, "Enter a whole number"),
    ("company", {"employees": "7"}, "not one of the available choices"),
    ("company", {"isic": "batteries"}, "ISIC Rev. 4 has no"),
    ("company", {"cpc": "99999"}, "CPC 2.1 has no"),
    ("company", {"parent": "NOBODY"}, "No firm of this fair has the identifier NOBODY"),
    ("trade", {"markets": "Kenya; Atlantis"}, "no country or region has the name Atlantis"),
    ("trade", {"languages": "Klingonese"}, "Klingonese"),
    ("trade", {"incoterms": ["XYZ"]}, "XYZ is not one of the available choices"),
    ("trade", {"lead_time_days": "-1"}, "greater than or equal to 0"),
    ("sustainability", {"scope_1": "nan"}, "Enter a number"),
    ("sustainability", {"audit": "x" * 301}, "at most 300 characters"),
    ("address", {"legal_form": "a\0b"}, "Null characters are not allowed"),
]

ROWS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "identifiers": (
        {"scheme": "LEI", "value": "5493 001K JTII GC8Y 1R12", "source": "GLEIF"},
        {"scheme": "LEI", "value": "5493001KJTIIGC8Y1R17"},
        "a character of this number is wrong",
    ),
    "names": (
        {"name": "OwnMat", "kind": "brand", "language": "en"},
        {"name": "", "kind": "brand"},
        "This field is required",
    ),
    "plants": (
        {"country": "CN", "place_en": "Wuxi", "process_en": "Coating", "capacity": "120", "unit": "GWh/a"},
        {"country": "XX", "place_en": "Nowhere"},
        "not one of the available choices",
    ),
    "flows": (
        {"direction": "output", "scheme": "hs", "code": "8507.60", "share": "50-100", "since": "2015"},
        {"direction": "output", "scheme": "hs", "code": "001100"},
        "Not known: 001100",
    ),
    "certificates": (
        {"scheme": "ISO 9001:2015", "number": "Q-1", "valid_from": "2025-01-01", "valid_until": "2028-01-01"},
        {"scheme": "ISO 9001:2015", "valid_from": "2028-01-01", "valid_until": "2025-01-01"},
        "ends before it begins",
    ),
}


@pytest.fixture(autouse=True)
def home(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_HOME", str(tmp_path))


def rows_of(firm: Firm, group: str) -> list[Any]:
    return list(getattr(firm, GROUPS[group].section).all())


def test_the_record_holds_all_that_a_firm_says_of_itself() -> None:
    fields = {field.name for group in GROUPS.values() if group.model is None for field in group.fields}
    elsewhere = {"legal_name", "language", "logo"}  # the organiser's to correct, and of the pictures
    assert fields == EDITABLE - elsewhere
    assert {group.model for group in GROUPS.values() if group.model} == set(SECTIONS)


@pytest.mark.parametrize("group", sorted(GOOD))
def test_a_page_is_written_marked_and_shown_again(
    group: str, desk: Participation, owner: User, owner_client: Client, address: str
) -> None:
    said, kept = GOOD[group]
    page = f"{address}record/{group}/"
    assert owner_client.post(page, said).status_code == 302
    firm = Firm.objects.get(pk=desk.firm_id)
    assert {name: getattr(firm, name) for name in kept} == kept
    changed = {name for name in kept if name != "point_approximate"}
    assert {(firm.provenance[name]["source"], firm.provenance[name]["by"]) for name in changed} == {("firm", owner.pk)}
    assert AuditEntry.objects.get(action="firm.changed").user == owner
    assert "Said by the firm itself (Owner)" in owner_client.get(page).text
    form = owner_client.get(page).context["form"]
    assert not any(isinstance(bound.value(), float) and bound.value().is_integer() for bound in form)
    again = {bound.name: bound.value() for bound in form if bound.value() not in (None, "")}
    texts = {
        f"{name}_{code}": text for name, each in again.items() if isinstance(each, dict) for code, text in each.items()
    }
    sent = {name: value for name, value in again.items() if not isinstance(value, dict)} | texts
    assert "Nothing was changed" in owner_client.post(page, sent, follow=True).text


@pytest.mark.parametrize(("group", "said", "sentence"), BAD)
def test_what_cannot_be_is_told_beside_its_field_and_changes_nothing(
    group: str, said: dict[str, Any], sentence: str, desk: Participation, owner_client: Client, address: str
) -> None:
    answer = owner_client.post(f"{address}record/{group}/", {"audit": "of 2026", "minimum_order": "1 t"} | said)
    assert answer.status_code == 400
    assert sentence.lower() in answer.text.lower()
    assert f'id="id_{next(iter(said))}' in answer.text
    firm = Firm.objects.get(pk=desk.firm_id)
    assert (firm.audit, firm.minimum_order, firm.provenance) == ("", "", {})


@pytest.mark.parametrize("group", sorted(ROWS))
def test_a_row_is_added_changed_and_taken_away(
    group: str, desk: Participation, owner_client: Client, address: str
) -> None:
    good, bad, sentence = ROWS[group]
    page = f"{address}record/{group}/"
    refused = owner_client.post(page, bad)
    assert refused.status_code == 400
    assert sentence.lower() in refused.text.lower()
    assert rows_of(desk.firm, group) == []
    assert owner_client.post(page, good).status_code == 302
    (row,) = rows_of(desk.firm, group)
    firm = Firm.objects.get(pk=desk.firm_id)
    assert firm.provenance[GROUPS[group].section]["source"] == "firm"
    shown = owner_client.get(page)
    assert "Said by the firm itself (Owner)" in shown.text
    if GROUPS[group].once:
        twice = owner_client.post(page, good)
        assert twice.status_code == 400
        assert "stands in the list already" in twice.text
    one = f"{page}{row.pk}/"
    wrong = owner_client.post(one, bad)
    assert wrong.status_code == 400
    assert str(type(row).objects.get(pk=row.pk)) == str(row)
    assert owner_client.post(one, good).status_code == 302
    assert owner_client.post(one, {"remove": "1"}).status_code == 302
    assert rows_of(desk.firm, group) == []
    assert owner_client.get(one).status_code == 404


def test_the_check_digit_is_told(desk: Participation, owner_client: Client, address: str) -> None:
    owner_client.post(f"{address}record/identifiers/", ROWS["identifiers"][0])
    shown = owner_client.get(f"{address}record/identifiers/").text
    assert "549300" in shown
    assert "Check digit right" in shown
    assert "Stated by the firm" in shown


def test_a_certificate_has_a_file_that_goes_with_it_and_a_disguised_one_is_refused(
    desk: Participation,
    owner_client: Client,
    anonymous_client: Client,
    address: str,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    page, good = f"{address}record/certificates/", ROWS["certificates"][0]
    disguised = owner_client.post(page, good | {"file": SimpleUploadedFile("iso.pdf", b"MZ program")})
    assert disguised.status_code == 400
    assert "This kind of file is not taken" in disguised.text
    owner_client.post(page, good | {"file": SimpleUploadedFile("iso.pdf", PDF)})
    file = StoredFile.objects.get()
    stored = f"/en/files/{file.token}/"
    assert file.token in owner_client.get(page).text
    assert file.audience == "participants"
    owner_client.post(page, {"readers": "1", "certifications": "public", "certificate_files": "public"})
    file.refresh_from_db()
    assert file.audience == "public", stored
    path = place(file)
    assert path.exists()
    number = Certification.objects.get().pk
    with django_capture_on_commit_callbacks(execute=True):
        owner_client.post(f"{page}{number}/", good | {"file": SimpleUploadedFile("new.pdf", PDF)})
    assert not path.exists()
    newer = StoredFile.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        owner_client.post(f"{page}{number}/", {"remove": "1"})
    assert not StoredFile.objects.exists()
    assert not place(newer).exists()


def test_what_was_verified_is_stated_again_when_it_changes(
    desk: Participation, organiser: User, owner_client: Client, address: str
) -> None:
    row = Certification.objects.create(
        firm=desk.firm, scheme="ISO 9001:2015", verified_by=organiser, verified_at="2026-01-02T00:00Z"
    )
    page = f"{address}record/certificates/"
    assert "seen by the organiser" in owner_client.get(page).text
    owner_client.post(f"{page}{row.pk}/", {"scheme": "ISO 9001:2015", "number": "Q-2"})
    assert "seen by the organiser" not in owner_client.get(page).text
    row.refresh_from_db()
    assert row.verified_by is None


def test_a_field_that_the_firm_hides_is_not_on_its_public_page(
    desk: Participation, edition: Edition, owner_client: Client, anonymous_client: Client, address: str
) -> None:
    page = f"{address}record/sustainability/"
    public = f"/en/{edition.slug}/firms/{desk.firm.identifier}/"
    owner_client.post(page, {"audit": "Audited by Example"})
    assert "Audited by Example" in anonymous_client.get(public).text
    owner_client.post(page, {"audit": "Audited by Example", "readers-audit": "firm"})
    assert "Audited by Example" not in anonymous_client.get(public).text
    assert "Seen by: The firm only" in owner_client.get(page).text
    assert owner_client.post(page, {"audit": "Other", "readers-audit": "everybody"}).status_code == 400
    owner_client.post(f"{address}record/plants/", ROWS["plants"][0])
    assert "Wuxi" in anonymous_client.get(public).text
    owner_client.post(f"{address}record/plants/", {"readers": "1", "plants": "firm"})
    assert "Wuxi" not in anonymous_client.get(public).text
    owner_client.post(f"{address}record/plants/", {"readers": "1", "plants": "everybody"})
    firm = Firm.objects.get(pk=desk.firm_id)
    assert (firm.visibility["plants"], firm.audit) == ("firm", "Audited by Example")


def test_an_organiser_writes_as_the_organiser_sees_nothing_that_is_the_firms_own_and_opens_nothing(
    desk: Participation, organiser_client: Client, owner_client: Client, address: str
) -> None:
    Firm.objects.filter(pk=desk.firm_id).update(
        turnover="10-50", visibility={"turnover": "firm", "plants": "firm", "audit": "organiser"}
    )
    shown = organiser_client.get(f"{address}record/company/")
    assert 'name="turnover"' not in shown.text
    assert "1 field is the firm" in shown.text
    organiser_client.post(
        f"{address}record/company/", {"founded": "2001", "turnover": "0-2", "readers-turnover": "public"}
    )
    firm = Firm.objects.get(pk=desk.firm_id)
    assert (firm.founded, firm.turnover, firm.visibility["turnover"]) == (2001, "10-50", "firm")
    assert firm.provenance["founded"]["source"] == "organiser"
    assert organiser_client.get(f"{address}record/plants/").status_code == 403
    assert organiser_client.post(f"{address}record/plants/", ROWS["plants"][0]).status_code == 403
    assert owner_client.get(f"{address}record/plants/").status_code == 200


def test_no_row_of_another_firm_is_reached(
    desk: Participation, a_firm: Callable[..., Firm], owner_client: Client, address: str
) -> None:
    other = Plant.objects.create(firm=a_firm(), country="CN")
    one = f"{address}record/plants/{other.pk}/"
    assert owner_client.get(one).status_code == 404
    assert owner_client.post(one, {"remove": "1"}).status_code == 404
    assert Plant.objects.filter(pk=other.pk).exists()


@pytest.mark.parametrize("who", ["member", "stranger", "anonymous"])
@pytest.mark.parametrize("page", ["record/", "record/trade/", "record/plants/"])
def test_nobody_else_writes_the_record(
    who: str, page: str, desk: Participation, address: str, request: pytest.FixtureRequest
) -> None:
    client: Client = request.getfixturevalue(f"{who}_client")
    assert client.get(f"{address}{page}").status_code == (302 if who == "anonymous" else 403)
    client.post(f"{address}{page}", {"minimum_order": "1 t"} | ROWS["plants"][0])
    assert not Plant.objects.exists()
    assert Firm.objects.get(pk=desk.firm_id).minimum_order == ""


def test_nothing_is_written_once_profiles_are_closed(
    desk: Participation, edition: Edition, owner_client: Client, address: str
) -> None:
    plant = Plant.objects.create(firm=desk.firm, country="CN")
    with scope(edition=edition):
        Phase.objects.create(edition=edition, kind=Phase.Kind.PROFILE, closes_at=timezone.now() - timedelta(days=1))
    owner_client.post(f"{address}record/trade/", {"minimum_order": "1 t", "readers-minimum_order": "firm"})
    owner_client.post(f"{address}record/plants/", ROWS["plants"][0])
    owner_client.post(f"{address}record/plants/{plant.pk}/", {"remove": "1"})
    firm = Firm.objects.get(pk=desk.firm_id)
    assert (firm.minimum_order, firm.visibility) == ("", {})
    assert list(Plant.objects.all()) == [plant]
    assert "notice-warning" in owner_client.get(f"{address}record/plants/").text


def test_a_parent_is_a_firm_of_the_fair_and_never_the_firm_itself(
    desk: Participation, edition: Edition, take_part: Callable[..., Participation], a_firm: Callable[..., Firm],
    owner_client: Client, address: str,
) -> None:  # fmt: skip
    page, elsewhere, here = f"{address}record/company/", a_firm(), take_part(edition).firm
    assert owner_client.post(page, {"parent": elsewhere.identifier}).status_code == 400
    itself = owner_client.post(page, {"parent": desk.firm.identifier})
    assert "cannot be its own parent" in itself.text
    owner_client.post(page, {"parent": here.identifier.lower()})
    assert Firm.objects.get(pk=desk.firm_id).parent == here


def test_completeness_counts_the_record_and_leads_to_the_page_that_lacks(
    desk: Participation, owner_client: Client, address: str
) -> None:
    with scope(edition=desk.edition):
        before = completeness(desk)
    assert {part.group for part in before.missing} >= set(GROUPS) - {"profile"}
    assert f'href="{address}record/plants/"' in owner_client.get(address).text
    owner_client.post(f"{address}record/plants/", ROWS["plants"][0])
    with scope(edition=desk.edition):
        after = completeness(Participation.objects.get(pk=desk.pk))
    assert after.share == pytest.approx(before.share + 1 / len(before.parts))
    assert f'href="{address}record/plants/"' not in owner_client.get(address).text


@pytest.mark.parametrize("group", sorted(ROWS))
def test_a_list_asks_as_often_with_three_rows_as_with_one(
    group: str, desk: Participation, owner_client: Client, address: str
) -> None:
    model = GROUPS[group].model
    assert model is not None
    fields: Any = {
        "identifiers": lambda n: {"scheme": "DUNS", "value": f"{n}23456789"},
        "names": lambda n: {"name": f"Brand {n}", "key": f"brand {n}"},
        "plants": lambda n: {"country": "CN", "number": n},
        "flows": lambda n: {"direction": "input", "code": f"85076{n}"},
        "certificates": lambda n: {
            "scheme": f"ISO {n}",
            "valid_until": date(2028, 1, n),
            "file": StoredFile.objects.create(
                name="a.pdf", media_type="application/pdf", size=1, sha256="0" * 64, firm=desk.firm
            ),
        },
    }[group]
    counts = []
    for numbers in ((1,), (2, 3)):
        for n in numbers:
            model._base_manager.create(firm=desk.firm, **fields(n))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert owner_client.get(f"{address}record/{group}/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
