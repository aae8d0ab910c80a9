"""Contact persons: kept by hand, read by the organiser and the firm's own people, forgotten whole."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope, scopes_disabled

from serai.expo.base import retention
from serai.expo.base.audit.models import AuditEntry
from serai.expo.base.export_tables import rows_of, tables
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.contact_persons.domain import ContactRefusedError, add, change, refuse, remove
from serai.expo.participants.contact_persons.models import ContactPerson
from serai.expo.people.account.domain.privacy import erase, export_of
from serai.expo.people.account.models import User
from serai.expo.site.imports.models import Import

ADA = {"name": "Ada Quill", "email": "Ada@quill.example", "phone": "030 123456", "consent_source": "Contract"}


@pytest.fixture
def ada(desk: Participation, organiser: User) -> ContactPerson:
    desk.firm.country = "DE"
    return add(desk, ADA, user=organiser)


def test_a_contact_person_is_added_changed_and_never_doubled(
    ada: ContactPerson, desk: Participation, organiser: User
) -> None:
    assert (ada.email, ada.phone) == ("ada@quill.example", "+49 30 123456")
    with pytest.raises(ContactRefusedError, match="mail address already"):
        add(desk, ADA, user=organiser)
    with pytest.raises(ContactRefusedError, match="a name, a mail address or a phone"):
        add(desk, {"position": "Sales"}, user=organiser)
    change(ada, {"position": "Sales"}, user=organiser)
    with scope(edition=desk.edition):
        assert ContactPerson.objects.get().position == "Sales"


def test_the_trail_tells_which_fields_changed_and_not_who_the_person_is(ada: ContactPerson, organiser: User) -> None:
    change(ada, {"name": "Ada Feather", "language": "de"}, user=organiser)
    added, changed = AuditEntry.objects.filter(object_type="contactperson").order_by("pk")
    assert added.after
    assert (added.after["name"], added.after["email"]) == ("***", "***")
    assert changed.after == {"name": "***", "language": "de"}
    assert "quill" not in str(list(AuditEntry.objects.values_list("before", "after"))).lower()


def test_pages_add_change_and_forget(
    desk: Participation, edition: Edition, owner_client: Client, organiser_client: Client, member_client: Client
) -> None:
    page = f"/en/{edition.slug}/participants/{desk.pk}/contacts/"
    assert organiser_client.post(page, {"name": "Bo", "email": "bo@example.org"}).status_code == 302
    assert owner_client.post(page, {"name": "Cy", "phone": "+49 30 123456"}).status_code == 302
    assert owner_client.post(page, {"position": "Nobody"}).status_code == 400
    assert "Bo" in owner_client.get(page).text
    with scope(edition=edition):
        bo, cy = ContactPerson.objects.order_by("pk")
    assert "Bo" in organiser_client.get(f"/en/{edition.slug}/organiser/participants/{desk.pk}/").text
    assert owner_client.post(f"{page}{bo.pk}/", {"name": "Bo Li", "email": ""}).status_code == 302
    assert organiser_client.post(f"{page}{cy.pk}/", {"remove": "1"}).status_code == 302
    with scope(edition=edition):
        assert [one.name for one in ContactPerson.objects.all()] == ["Bo Li"]
    assert member_client.get(page).status_code == 403, "Another firm reads nothing."
    assert member_client.post(page, {"name": "Spy"}).status_code == 403


def test_a_participant_is_added_by_hand_with_its_contact(edition: Edition, organiser_client: Client) -> None:
    sent = {"legal_name": "Quill GmbH", "country": "DE", "kind": "buyer", "contact_name": "Ada Quill"}
    answer = organiser_client.post(
        f"/en/{edition.slug}/organiser/participants/add/", sent | {"contact_phone": "30123456"}
    )
    assert answer.status_code == 302
    with scope(edition=edition):
        ada = ContactPerson.objects.get()
        assert (ada.name, ada.phone, ada.participation.kind) == ("Ada Quill", "+49 30 123456", "buyer")


def test_a_list_of_three_takes_as_many_queries_as_of_one(
    desk: Participation, edition: Edition, organiser: User, organiser_client: Client
) -> None:
    page = f"/en/{edition.slug}/participants/{desk.pk}/contacts/"
    numbers = []
    for names in (["a"], ["b", "c"]):
        for name in names:
            add(desk, {"name": name}, user=organiser)
        organiser_client.get(page)
        with CaptureQueriesContext(connection) as asked:
            organiser_client.get(page)
        numbers.append(len(asked))
    assert numbers[0] == numbers[1]


def test_the_table_is_of_the_fair_and_its_cells_run_no_formula(
    desk: Participation,
    edition: Edition,
    organiser: User,
    other_edition: Edition,
    take_part: Callable[..., Participation],
) -> None:
    add(desk, {"name": "=1+1", "email": "one@example.org"}, user=organiser)
    add(take_part(other_edition), {"name": "Elsewhere"}, user=organiser)
    [row] = rows_of(tables()["contact-persons"], edition, {})
    assert row[0] == desk.firm.identifier
    assert "one@example.org" in row
    assert not any(str(cell).startswith("=") for cell in row)


def test_who_wants_no_letters_is_marked_at_every_fair(
    ada: ContactPerson, other_edition: Edition, organiser: User, take_part: Callable[..., Participation]
) -> None:
    add(take_part(other_edition), ADA, user=organiser)
    assert refuse("ada@quill.example") == 2
    with scopes_disabled():
        assert not ContactPerson.objects.filter(refused_at__isnull=True).exists()


@pytest.fixture
def listed(ada: ContactPerson, edition: Edition) -> Import:
    """The list in which she stood, with another person in the next row."""
    with scope(edition=edition):
        mapping = {"0": "name", "1": "contact_name", "2": "contact_email"}
        header = ["Firm", "Person", "Mail"]
        listed = Import.objects.create(edition=edition, file_name="list.xlsx", header=header, mapping=mapping)
        rows = (["Quill", "Ada Quill", "ada@quill.example"], ["Quill", "Bo Li", "bo@quill.example"])
        for number, raw in enumerate(rows, 2):
            listed.rows.create(number=number, raw=raw, state="new", participation=ada.participation)
        return listed


def _told(listed: Import) -> str:
    return str(list(listed.rows.values_list("raw", flat=True)))


def test_who_is_forgotten_leaves_the_imported_list_too(ada: ContactPerson, listed: Import, organiser: User) -> None:
    remove(ada, user=organiser)
    with scopes_disabled():
        assert not ContactPerson.objects.exists()
        assert "ada" not in _told(listed).lower()
        assert "Bo Li" in _told(listed)


def test_an_account_that_is_erased_takes_its_contacts_with_it_and_its_file_holds_them(
    ada: ContactPerson, listed: Import
) -> None:
    user = User.objects.create_user("ada@quill.example", name="Ada Quill")
    [own] = export_of(user)["contactperson.email"]
    assert (own["name"], own["phone"]) == ("Ada Quill", "+49 30 123456")
    erase(user)
    with scopes_disabled():
        assert not ContactPerson.objects.exists()
        assert "ada" not in _told(listed).lower()


def test_contacts_are_forgotten_some_time_after_the_fair(ada: ContactPerson, listed: Import, edition: Edition) -> None:
    with scope(edition=edition):
        assert retention.kinds()["contact-persons"].forget(edition) == 1
        assert retention.kinds()["imported-persons"].forget(edition) == 2
        assert not ContactPerson.objects.exists()
        assert _told(listed) == "[['Quill', '', ''], ['Quill', '', '']]"
    assert timedelta(days=retention.kinds()["contact-persons"].days) <= timedelta(days=365)
