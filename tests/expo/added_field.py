"""A field that ``test_contributing`` has added to a copy is on page, form, import, call, export, visibility.

Its name is no name of a test, so that it is run by that test only.
"""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.base.export_tables import rows_of, tables
from serai.expo.base.files.models import Audience
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.interface.domain.keys import make_key
from serai.expo.firms.record.domain.profile import show_to
from serai.expo.firms.record.domain.visibility import audience_of
from serai.expo.firms.record.models import Firm
from serai.expo.people.account.models import User
from serai.expo.site.imports.domain import batches as domain

pytestmark = pytest.mark.django_db

NUMBER = "+254 20 1234"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_HOME", str(tmp_path))


def exported(edition: Edition) -> object:
    table = tables()["record-firm"]
    return next(rows_of(table, edition, {}))[table.columns.index("switchboard")]


def shown(client: Client, edition: Edition, firm: Firm) -> bool:
    return NUMBER in client.get(f"/en/{edition.slug}/firms/{firm.identifier}/").text


def test_the_firm_writes_it_and_those_read_it_who_may(
    desk: Participation,
    edition: Edition,
    owner: User,
    owner_client: Client,
    member_client: Client,
    anonymous_client: Client,
    address: str,
) -> None:
    page = f"{address}record/address/"
    assert "Switchboard" in owner_client.get(page).text
    assert owner_client.post(page, {"switchboard": "1" * 41}).status_code == 400
    assert owner_client.post(page, {"switchboard": NUMBER, "point_approximate": "on"}).status_code == 302
    firm: Any = Firm.objects.get(pk=desk.firm_id)
    assert (firm.switchboard, firm.provenance["switchboard"]["source"]) == (NUMBER, "firm")
    assert audience_of(firm, "switchboard") == Audience.PARTICIPANTS
    assert (shown(member_client, edition, firm), shown(anonymous_client, edition, firm)) == (True, False)
    assert exported(edition) == f"'{NUMBER}" or exported(edition) == NUMBER

    call = {"headers": {"authorization": f"Bearer {make_key(owner, 'a program', ('read', 'write'))[1]}"}}
    path = f"/api/v1/my/firms/{firm.identifier}"
    assert owner_client.get(path, **call).json()["switchboard"] == NUMBER
    for switchboard, status in (("1" * 41, 422), ("22", 200)):
        given = {"data": {"switchboard": switchboard}, "content_type": "application/json"}
        assert Client().patch(path, **given, **call).status_code == status
    public = Client().get(f"/api/v1/editions/{edition.slug}/firms/{firm.identifier}").json()["firm"]
    assert (public["switchboard"], "switchboard" in public["hidden"]) == (None, True)

    show_to(firm, "switchboard", Audience.FIRM, user=owner)
    assert exported(edition) == ""
    assert "switchboard" in Client().get("/api/v1/openapi.json").text


def test_a_workbook_fills_it(edition: Edition, tmp_path: Path, organiser: User) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"Name,Country,Switchboard\nNairobi Tea,Kenya,{NUMBER}\nLyon,France,{'1' * 41}\n", encoding="utf-8")
    made = domain.preview(edition, path, "list.csv")
    domain.apply(made, user=organiser)
    with scope(edition=edition):
        firms: dict[str, Any] = {row.firm.legal_name: row.firm for row in Participation.objects.select_related("firm")}
    assert {name: firm.switchboard for name, firm in firms.items()} == {"Nairobi Tea": NUMBER, "Lyon": ""}
    assert firms["Nairobi Tea"].provenance["switchboard"]["source"] == "workbook"
