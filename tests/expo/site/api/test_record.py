"""A program keeps the record of its owner's firm, row by row, as its owner does at the desk."""

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.base.files.models import Audience, StoredFile
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.firms.record.models import Certification, Firm, Flow, Plant
from serai.expo.people.account.models import Role, User

PDF = base64.b64encode(b"%PDF-1.7\n").decode()


@pytest.fixture
def path(edition: Edition, desk: Participation) -> str:
    return f"/editions/{edition.slug}/firms/{desk.firm.identifier}"


@pytest.fixture
def own(owner: User, program_of: Callable[..., Any]) -> Any:
    return program_of(owner, "read", "write")


def test_a_plant_is_entered_changed_and_taken_away(path: str, own: Any, firm: Firm, program_of: Any) -> None:
    given = {
        "country": "CN",
        "place": {"en": "Wuxi", "zh-hans": "无锡"},
        "capacity": 12.5,
        "unit": "GWh/a",
        "since": 2009,
    }
    made = own(f"{path}/plants", "post", given)
    assert made.status_code == 201
    said = made.json()
    assert {name: said[name] for name in ("country", "place", "unit", "since")} == {
        name: given[name] for name in ("country", "place", "unit", "since")
    }
    assert float(said["capacity"]) == 12.5
    changed = own(f"{path}/plants/{said['row']}", "patch", {"capacity": None, "unit": ""}, if_match=made["ETag"])
    assert (changed.json()["capacity"], changed.json()["place"]["zh-hans"]) == (None, "无锡")
    late = own(f"{path}/plants/{said['row']}", "patch", {"since": 2010}, if_match=made["ETag"])
    assert late.status_code == 412
    assert program_of()(f"{path}/plants").json()["items"] == [changed.json()]
    assert own(f"{path}/plants/{said['row']}", "delete").status_code == 204
    assert not Plant.objects.filter(firm=firm).exists()
    trail = AuditEntry.objects.filter(object_type="plant").order_by("pk").values_list("action", flat=True)
    assert list(trail) == ["plant.added", "plant.changed", "plant.removed"]


@pytest.mark.parametrize(
    ("what", "given", "at"),
    [
        ("plants", {"country": "XX"}, "country"),
        ("plants", {"country": "CN", "since": 12}, "since"),
        ("flows", {"direction": "input", "scheme": "hs", "code": "001122"}, "code"),
        ("flows", {"direction": "input", "scheme": "hs", "code": "390210", "countries": ["XX"]}, "countries"),
        ("flows", {"direction": "output", "scheme": "hs", "code": "392020"}, "code"),  # it stands there already
        ("identifiers", {"scheme": "LEI", "value": "529900T8BM49AURSDO56"}, "value"),  # its check does not come out
        ("names", {"name": " ", "kind": "brand"}, "name"),
        ("names", {"name": "Omaco", "kind": "nickname"}, "kind"),
        (
            "certificates",
            {"scheme": "ISO 9001:2015", "valid_from": "2026-01-02", "valid_until": "2025-01-01"},
            "valid_until",
        ),
    ],
)
def test_a_row_that_is_wrong_is_refused_by_its_field_and_nothing_is_kept(
    what: str, given: dict[str, Any], at: str, path: str, own: Any, firm: Firm
) -> None:
    Flow.objects.create(firm=firm, direction="output", code="392020")
    answer = own(f"{path}/{what}", "post", given)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["at"].rpartition("/")[2] == at
    assert Flow.objects.count() == 1
    assert not Plant.objects.exists()
    assert not Certification.objects.exists()


def test_a_certificate_comes_with_its_file_and_what_was_verified_is_so_no_more_when_it_changes(
    path: str, own: Any, firm: Firm, organiser: User
) -> None:
    given = {"scheme": "ISO 9001:2015", "number": "Q-7", "file": {"name": "iso.pdf", "content": PDF}}
    made = own(f"{path}/certificates", "post", given).json()
    assert (made["file"], made["verified"]) == ("iso.pdf", False)
    kept = StoredFile.objects.get(certifications__firm=firm)
    assert (kept.media_type, kept.audience) == ("application/pdf", Audience.PARTICIPANTS)
    Certification.objects.update(verified_at=timezone.now(), verified_by=organiser)
    assert own(f"{path}/certificates").json()["items"][0]["verified"]
    changed = own(f"{path}/certificates/{made['row']}", "patch", {"number": "Q-8"}).json()
    assert (changed["number"], changed["verified"], changed["file"]) == ("Q-8", False, "iso.pdf")
    wrong = own(f"{path}/certificates", "post", given | {"file": {"name": "a.exe", "content": "TVqQ"}})
    assert (wrong.status_code, wrong.json()["errors"][0]["at"]) == (422, "body/given/file")
    own(f"{path}/certificates/{made['row']}", "delete")
    assert not StoredFile.objects.exists()


def test_who_reads_a_list_is_told_and_chosen_by_the_firm_alone(
    path: str, own: Any, firm: Firm, stranger: User, organiser: User, program_of: Callable[..., Any]
) -> None:
    Plant.objects.create(firm=firm, country="CN")
    given = {"name": "iso.pdf", "content": PDF}
    own(f"{path}/certificates", "post", {"scheme": "ISO 9001:2015", "file": given})
    assert own(f"{path}/readers").json()["readers"]["plants"] == "public"
    help_ = program_of(organiser, "read", "write", "organise")
    assert help_(f"{path}/record", "patch", {"shown_to": {"plants": "public"}}).status_code == 403
    own(f"{path}/record", "patch", {"shown_to": {"plants": "firm", "certificate_files": "firm"}})
    assert own(f"{path}/readers").json()["readers"]["plants"] == "firm"
    assert StoredFile.objects.get().audience == Audience.FIRM  # a file follows what is chosen for all of them
    assert program_of()(f"{path}/readers").status_code == 401
    assert program_of(stranger)(f"{path}/readers").status_code == 403
    for call in (program_of(), program_of(stranger), help_):
        assert call(f"{path}/plants").status_code == 403
        assert call(path).json()["firm"]["plants"] is None
    assert help_(f"{path}/plants", "post", {"country": "CN"}).status_code == 403
    assert len(own(f"{path}/plants").json()["items"]) == 1


def test_the_organiser_helps_with_the_record_and_it_is_kept_that_it_was_the_organiser(
    path: str, firm: Firm, organiser: User, a_firm: Any, take_part: Any, edition: Edition, program_of: Any
) -> None:
    parent = take_part(edition, a_firm("Parent Ltd")).firm
    call = program_of(organiser, "read", "write", "organise")
    changed = call(f"{path}/record", "patch", {"founded": 1998, "parent": parent.identifier})
    assert changed.status_code == 200
    assert (changed.json()["firm"]["founded"], changed.json()["firm"]["parent"]) == (1998, parent.identifier)
    firm.refresh_from_db()
    assert firm.provenance["founded"]["source"] == "organiser"
    nobody = call(f"{path}/record", "patch", {"parent": "CN000"})
    assert (nobody.status_code, nobody.json()["errors"][0]["at"]) == (422, "body/given/parent")
    assert call(f"{path}/record", "patch", {"parent": ""}).json()["firm"]["parent"] is None
    assert program_of(organiser, "read", "write")(f"{path}/record", "patch", {"founded": 1999}).status_code == 403


def test_who_may_not_at_the_desk_may_not_here_and_a_closed_phase_is_closed(
    edition: Edition, path: str, own: Any, owner: User, stranger: User, program_of: Callable[..., Any]
) -> None:
    given = {"name": "Omaco", "kind": "brand"}
    assert program_of(stranger, "write")(f"{path}/names", "post", given).status_code == 403
    assert program_of(owner, "read")(f"{path}/names", "post", given).status_code == 403
    Role.objects.filter(user=owner).update(kind=Role.Kind.SALES)  # sees the desk, and edits offers and needs only
    assert own(f"{path}/names", "post", given).status_code == 403
    Role.objects.filter(user=owner).update(kind=Role.Kind.MANAGER)
    with scope(edition=edition):
        Phase.objects.create(edition=edition, kind=Phase.Kind.PROFILE, closes_at=timezone.now() - timedelta(days=1))
    late = own(f"{path}/names", "post", given)
    assert (late.status_code, "closed" in late.json()["detail"]) == (409, True)
    assert own(f"{path}/names/1", "delete").status_code == 409


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_of_rows_takes_as_many_queries_for_one_as_for_three(
    count: int, path: str, firm: Firm, program_of: Callable[..., Any], django_assert_num_queries: Callable[..., Any]
) -> None:
    for number in range(count):
        Certification.objects.create(firm=firm, scheme=f"ISO {number}")
    with django_assert_num_queries(5):
        assert len(program_of()(f"{path}/certificates").json()["items"]) == count
