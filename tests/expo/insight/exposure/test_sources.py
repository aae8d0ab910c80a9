"""What a firm declares of its sources: kept, read from a table, masked in the trail, and nobody else's affair."""

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_scopes import scope
from openpyxl import load_workbook

from serai.expo.base.audit.models import AuditEntry
from serai.expo.base.retention import kinds
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.insight.exposure.domain import source_table
from serai.expo.insight.exposure.domain.sources import Said, Source, SourcesRefusedError, declare, with_shares
from serai.expo.insight.exposure.models import DeclaredInput, PresentSource
from serai.expo.offers.chains.domain.placements import load_builtin_chains
from serai.expo.offers.chains.models import Node
from serai.expo.people.account.domain.privacy import export_of
from serai.expo.people.account.models import Role, User
from serai.expo.results.exports.domain.record_tables import record_tables

SECRET = "Zanzibar Films"


@pytest.fixture
def node(db: None) -> Node:
    load_builtin_chains()
    return Node.objects.get(chain__slug="clean-energy", code="polysilicon")


@pytest.fixture
def owner(buyer: Participation, new_user: Callable[..., User]) -> User:
    user = new_user("buying-owner", firm=buyer.firm)
    Role.objects.filter(user=user).update(kind=Role.Kind.OWNER)
    return user


@pytest.fixture
def buyer(edition: Edition, take_part: Callable[..., Participation], a_firm: Callable[..., Any]) -> Participation:
    return take_part(edition, a_firm("Rhein Cells", "DE"), kind="buyer")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_what_is_left_of_the_whole_is_shared_by_the_sources_without_a_share() -> None:
    shared = with_shares([Source("CN", "", Decimal(60)), Source("JP", ""), Source("KR", "")])
    assert [source.share for source in shared] == [60, 20, 20]
    for wrong in ([], [Source("CN", "", Decimal(100)), Source("JP", "")], [Source("CN", "", Decimal(70))] * 2):
        with pytest.raises(SourcesRefusedError):
            with_shares(wrong)


def test_an_owner_declares_in_one_form_and_changes_it(buyer: Participation, owner: User, node: Node) -> None:
    client, page = signed_in(owner), f"/en/{buyer.edition.slug}/desk/{buyer.firm.identifier}/sources/"
    sent = {
        "input": f"node-{node.pk}",
        "stock_weeks": "6",
        "source-0-country": "CN",
        "source-0-firm": SECRET,
        "source-0-share": "70",
        "source-1-country": "JP",
    }
    assert client.post(page, sent | {"source-1-share": "50"}).status_code == 400
    assert client.post(page, sent).status_code == 302
    with scope(edition=buyer.edition):
        row = DeclaredInput.objects.get()
        assert [(s.country, s.firm, s.share) for s in row.sources.all()] == [("CN", SECRET, 70), ("JP", "", 30)]
        assert (row.node, row.stock_weeks, row.said_by) == (node, 6, owner)
    assert SECRET in client.get(page).text
    changed = sent | {"source-0-country": "KR", "source-0-share": "100"}
    assert (
        client.post(f"{page}{row.pk}/", {k: v for k, v in changed.items() if k != "source-1-country"}).status_code
        == 302
    )
    with scope(edition=buyer.edition):
        assert [s.country for s in PresentSource.objects.all()] == ["KR"]
    client.post(f"{page}{row.pk}/", {"remove": ""})
    with scope(edition=buyer.edition):
        assert not DeclaredInput.objects.exists()
    entries = AuditEntry.objects.filter(action__startswith="sources.").order_by("pk")
    assert [entry.action for entry in entries] == ["sources.declared", "sources.declared", "sources.withdrawn"]
    told = str([(entry.before, entry.after) for entry in entries])
    assert SECRET not in told
    assert "'CN'" not in told
    assert "***" in told


def test_a_table_is_looked_at_before_it_is_kept_and_says_why_a_row_is_not_taken(
    buyer: Participation, owner: User, node: Node
) -> None:
    client, page = signed_in(owner), f"/en/{buyer.edition.slug}/desk/{buyer.firm.identifier}/sources/"
    sheet = load_workbook(io.BytesIO(client.get(f"{page}table/").content)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == list(source_table.COLUMNS)
    lines = [
        ",".join(source_table.COLUMNS),
        f"node-{node.pk},,China,{SECRET},70,6,,",
        f"node-{node.pk},,Japan,,,,,",
        f"node-{node.pk},,Atlantis,,,,,",
        "node-0,,China,,,,,",
    ]
    table = SimpleUploadedFile("sources.csv", "\n".join(lines).encode(), "text/csv")
    preview = client.post(f"{page}upload/", {"file": table})
    for told in ("Row 4", "No country or region has this name", "Row 5", "There is no such input", SECRET):
        assert told in preview.text
    with scope(edition=buyer.edition):
        assert not DeclaredInput.objects.exists()
    kept = client.post(f"{page}upload/", {"content": preview.context["content"]})
    assert kept.status_code == 302
    with scope(edition=buyer.edition):
        assert [(s.country, s.share) for s in PresentSource.objects.all()] == [("CN", 70), ("JP", 30)]
    again = load_workbook(io.BytesIO(client.get(f"{page}table/").content)).worksheets[0]
    assert [row[3].value for row in again.iter_rows(min_row=2, max_row=2)] == [SECRET]
    wrong = client.post(f"{page}upload/", {"file": SimpleUploadedFile("x.csv", b"nothing,else\n1,2\n", "text/csv")})
    assert (wrong.status_code, "needs the columns" in wrong.text) == (400, True)
    forged = client.post(f"{page}upload/", {"content": "forged"}, follow=True)
    assert "preview is too old" in forged.text


@pytest.mark.parametrize("kind", [Role.Kind.MEMBER, Role.Kind.SALES, Role.Kind.SCANNER])
def test_other_members_rivals_and_organisers_see_nothing_of_it(
    buyer: Participation, node: Node, new_user: Callable[..., User], organiser_client: Client, kind: str
) -> None:
    with scope(edition=buyer.edition):
        row = declare(buyer, node, Said((Source("CN", SECRET, Decimal(90)),)), user=None)
    member, rival = new_user(f"of-{kind}", firm=buyer.firm), new_user(f"rival-{kind}")
    Role.objects.filter(user=member).update(kind=kind)
    desk = f"/en/{buyer.edition.slug}/desk/{buyer.firm.identifier}/"
    for client in (signed_in(member), signed_in(rival), organiser_client, Client()):
        for page in ("exposure/", "exposure/paper/", "sources/", "sources/table/", f"sources/{row.pk}/"):
            answer = client.get(desk + page)
            assert answer.status_code in (302, 403, 404)
            assert "sign-in" in answer.get("Location", "sign-in")


def test_no_export_has_it_and_the_firms_person_takes_it_home(buyer: Participation, owner: User, node: Node) -> None:
    with scope(edition=buyer.edition):
        declare(buyer, node, Said((Source("CN", SECRET, Decimal(90)),)), user=owner)
    assert not {"record-declared-input", "record-present-source", "record-exposure-result"} & {
        table.key for table in record_tables()
    }
    assert export_of(owner)["declaredinput.said_by"][0]["node"] == node.pk


def test_it_ends_at_its_time_and_with_it_what_the_trail_holds(buyer: Participation, owner: User, node: Node) -> None:
    with scope(edition=buyer.edition):
        declare(buyer, node, Said((Source("CN", SECRET, Decimal(90)),), Decimal(4)), user=owner)
        assert kinds()["sources"].forget(buyer.edition) > 0
        assert not PresentSource.objects.exists()
