"""No text of the fair keeps a control character: pages and the interface say which, whatever else writes drops it."""

import io
import json
import zipfile
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Value
from django.test import Client
from django_scopes import scope
from openpyxl import load_workbook

from serai.expo.base.export_tables import tables
from serai.expo.base.exporters import registry as exporters
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.interface.domain.keys import make_key
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.leads.domain import vcards
from serai.expo.meetings.leads.models import Lead
from serai.expo.offers.market.models import Offer
from serai.expo.people.account.models import User
from serai.expo.results.exports.domain.archive import archive, take
from serai.expo.results.exports.domain.formats import FORMATS

pytestmark = pytest.mark.django_db

BAD = "Acme\x0b Ltd\x01"
"""A name as a table that was pasted from another program has it."""


def test_no_way_of_writing_a_row_stores_one(firm: Firm) -> None:
    firm.legal_name, firm.name = BAD, {"en": BAD, "zh-hans": "甲\x00乙"}
    firm.save()
    firm.refresh_from_db()
    assert (firm.legal_name, firm.name) == ("Acme Ltd", {"en": "Acme Ltd", "zh-hans": "甲乙"})
    Firm.objects.update(legal_name=BAD)
    Firm.objects.filter(pk=firm.pk).update(city={"en": "a\x7fb"}, website=Value("https://example.org/\x02"))
    firm.refresh_from_db()
    assert (firm.legal_name, firm.city) == ("Acme Ltd", {"en": "ab"})
    firm.legal_name = BAD
    Firm.objects.bulk_update([firm], ["legal_name"])
    firm.refresh_from_db()
    assert firm.legal_name == "Acme Ltd"


def test_a_row_that_is_validated_says_which_it_is(firm: Firm) -> None:
    firm.legal_name = BAD
    with pytest.raises(ValidationError, match=r"Character 5 is U\+000B, a control character"):
        firm.full_clean()


def test_a_page_refuses_it_beside_the_field_and_changes_nothing(
    edition: Edition, desk: Participation, owner_client: Client, address: str
) -> None:
    answer = owner_client.post(f"{address}offers/new/", {"kind": "product", "title_en": BAD, "title_0": BAD})
    assert answer.status_code == 400
    assert "Character 5 is U+000B, a control character" in answer.text
    with scope(edition=edition):
        assert not Offer.objects.exists()


def test_the_interface_refuses_it_with_the_way_to_it(
    edition: Edition, desk: Participation, owner: User, firm: Firm, client: Client
) -> None:
    _key, secret = make_key(owner, "a program", ["read", "write"])
    answer = client.post(
        f"/api/v1/editions/{edition.slug}/firms/{firm.identifier}/leads",
        json.dumps({"person": "Ngozi", "notes": "tab\tline\nhalf\x7f"}),
        content_type="application/json",
        headers={"authorization": f"Bearer {secret}"},
    )
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["at"] == "body/given/notes"
    assert error["fault"].startswith("Character 14 is U+007F")


@pytest.fixture
def old(edition: Edition, firm: Firm, desk: Participation, offer: Callable[..., Offer]) -> Participation:
    """A participant whose texts were stored before they were refused."""
    made = offer(desk, BAD)
    texts = json.dumps({"en": BAD + ("\ud800" if connection.vendor == "sqlite" else "")})
    with connection.cursor() as cursor:
        cursor.execute("UPDATE expo_firm SET legal_name = %s, name = %s WHERE id = %s", [BAD, texts, firm.pk])
        cursor.execute("UPDATE expo_offer SET title = %s WHERE id = %s", [texts, made.pk])
    return desk


def test_every_table_of_the_fair_is_exported_in_every_format_with_old_texts(
    edition: Edition, old: Participation
) -> None:
    for key in ("record-firm", "record-offer", "participations"):
        for ending, made_as in FORMATS.items():
            content = b"".join(take(tables()[key], made_as, edition, {}))
            if ending == "xlsx":
                values = [cell for row in load_workbook(io.BytesIO(content)).active.values for cell in row]
                assert any("Acme Ltd" in str(value) for value in values)
            else:
                assert "Acme Ltd" in content.decode()
    with archive(edition) as file, zipfile.ZipFile(file) as zipped:
        assert "Acme Ltd" in zipped.read(f"{edition.slug}/Firm.jsonl").decode()


def test_the_files_of_the_report_page_are_made_with_old_texts(edition: Edition, old: Participation) -> None:
    with scope(edition=edition):
        for exporter in exporters.values():
            assert exporter.export(edition)


def test_a_visiting_card_has_no_old_control_character(edition: Edition, old: Participation) -> None:
    with scope(edition=edition):
        card = vcards([Lead(edition=edition, participation=old, other=old, person=BAD, firm_name=BAD, notes=BAD)])
    assert "FN:Acme Ltd" in card
    assert "\x0b" not in card
