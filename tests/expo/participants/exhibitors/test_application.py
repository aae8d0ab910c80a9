"""Applying to exhibit, and standing with a chain leader."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.firms.record.models import Firm
from serai.expo.participants.exhibitors.domain.application import apply
from serai.expo.participants.participation.domain.applications import ApplicationRefusedError, withdraw
from serai.expo.people.account.models import Role, User


def test_an_application_waits_and_can_be_withdrawn_and_made_again(
    edition: Edition, firm: Firm, owner: User, owner_client: Client
) -> None:
    page = f"/en/{edition.slug}/desk/apply/"
    sent = {"firm": firm.pk, "kind": "exhibitor", "area_wanted_m2": "36", "pavilion": "KE", "remarks": "Near water"}
    assert owner_client.post(page, sent)["Location"].endswith(f"/desk/{firm.identifier}/")
    with scope(edition=edition):
        one = Participation.objects.get(firm=firm)
        assert (one.state, one.area_wanted_m2, one.pavilion, one.remarks) == ("applied", 36, "KE", "Near water")
        with pytest.raises(ApplicationRefusedError, match="has applied already"):
            apply(edition, firm, kind="service", user=owner)
    assert firm.identifier not in owner_client.get(f"/en/{edition.slug}/firms/").text
    owner_client.post(f"/en/{edition.slug}/desk/{firm.identifier}/withdraw/")
    with scope(edition=edition):
        assert Participation.objects.get(firm=firm).state == "cancelled"
        assert apply(edition, firm, kind="exhibitor", user=owner).pk == one.pk
        Participation.objects.update(state="confirmed")
        with pytest.raises(ApplicationRefusedError, match="has decided"):
            withdraw(one, user=owner)


def test_nobody_applies_for_a_firm_of_others_or_while_applications_are_closed(
    edition: Edition, firm: Firm, owner_client: Client, stranger_client: Client
) -> None:
    page = f"/en/{edition.slug}/desk/apply/"
    assert stranger_client.post(page, {"firm": firm.pk, "kind": "exhibitor"}).status_code == 400
    with scope(edition=edition):
        past = timezone.now() - timedelta(days=1)
        Phase.objects.create(edition=edition, kind=Phase.Kind.APPLY, closes_at=past)
    answer = owner_client.post(page, {"firm": firm.pk, "kind": "exhibitor"})
    assert answer.status_code == 400
    assert "Applications closed on" in answer.text
    with scope(edition=edition):
        assert not Participation.objects.exists()


def test_a_new_firm_is_owned_by_who_enters_it_and_a_known_one_is_not(
    edition: Edition, firm: Firm, stranger: User, stranger_client: Client
) -> None:
    page = f"/en/{edition.slug}/desk/new-firm/"
    taken = stranger_client.post(page, {"legal_name": "OWNED MATERIALS Co., Ltd.", "country": "CN", "language": "en"})
    assert "is known in this country" in taken.text
    assert not Role.objects.filter(user=stranger).exists()
    stranger_client.post(page, {"legal_name": "Rift Valley Tea Ltd", "country": "KE", "language": "en"})
    role = Role.objects.get(user=stranger)
    assert (role.kind, role.firm and role.firm.country) == ("owner", "KE")
    assert AuditEntry.objects.filter(action="firm.entered", user=stranger).count() == 1


def test_going_on_after_a_new_firm_never_leads_to_another_site(edition: Edition, stranger_client: Client) -> None:
    sent = {"legal_name": "Rift Tea", "country": "KE", "language": "en", "next": "https://elsewhere.example/"}
    answer = stranger_client.post(f"/en/{edition.slug}/desk/new-firm/", sent)
    assert answer["Location"] == f"/en/{edition.slug}/desk/apply/"


@pytest.fixture
def link(desk: Participation, owner_client: Client, address: str, deliver: Callable[[], None]) -> str:
    """The link of an invitation to a supplier."""
    sent = {"firm_name": "Small Parts Ltd", "country": "KE", "email": "parts@example.org"}
    owner_client.post(f"{address}co-exhibitors/", sent)
    deliver()
    [letter] = mail.outbox
    assert letter.to == ["parts@example.org"]
    found = re.search(r"https?://\S+", str(letter.body))
    assert found
    return found.group()


def test_a_supplier_accepts_and_stands_with_its_leader_once_admitted(
    desk: Participation,
    edition: Edition,
    link: str,
    stranger: User,
    stranger_client: Client,
    a_firm: Callable[..., Firm],
) -> None:
    supplier = a_firm("Small Parts Ltd", "KE", name={"en": "Small Parts"})
    Role.objects.create(user=stranger, firm=supplier, kind=Role.Kind.OWNER)
    assert "Owned Materials" in stranger_client.get(link).text
    assert stranger_client.post(link, {"firm": supplier.pk, "accept": "1"}).status_code == 302
    assert stranger_client.get(link).status_code == 404
    shown = f"/en/{edition.slug}/firms/{desk.firm.identifier}/"
    assert "Small Parts" not in stranger_client.get(shown).text
    with scope(edition=edition):
        one = Participation.objects.get(firm=supplier)
        assert (one.kind, one.lead_id, one.state) == ("co_exhibitor", desk.pk, "applied")
        Participation.objects.filter(pk=one.pk).update(state="confirmed")
    assert "Small Parts" in stranger_client.get(shown).text


def test_an_invitation_can_be_declined_and_taken_back(
    desk: Participation, edition: Edition, link: str, stranger_client: Client, owner_client: Client, address: str
) -> None:
    stranger_client.post(link, {"decline": "1"})
    assert "Declined" in owner_client.get(f"{address}co-exhibitors/").text
    again = {"firm_name": "Small Parts Ltd", "country": "KE", "email": "parts@example.org"}
    owner_client.post(f"{address}co-exhibitors/", again)
    assert "is invited already" in owner_client.post(f"{address}co-exhibitors/", again).text
    with scope(edition=edition):
        number = desk.co_exhibitor_invitations.get(state="sent").pk
    owner_client.post(f"{address}co-exhibitors/{number}/take-back/")
    with scope(edition=edition):
        assert not desk.co_exhibitor_invitations.filter(state="sent").exists()


def test_while_applications_are_closed_only_a_firm_that_is_in_comes_to_stand_with_a_leader(
    desk: Participation,
    edition: Edition,
    link: str,
    stranger: User,
    stranger_client: Client,
    owner_client: Client,
    address: str,
    a_firm: Callable[..., Firm],
    take_part: Callable[..., Participation],
) -> None:
    supplier = a_firm("Small Parts Ltd", "KE")
    Role.objects.create(user=stranger, firm=supplier, kind=Role.Kind.OWNER)
    one = take_part(edition, supplier, state="cancelled")
    with scope(edition=edition):
        Phase.objects.create(edition=edition, kind=Phase.Kind.APPLY, closes_at=timezone.now() - timedelta(days=1))
    again = {"firm_name": "Small Parts Ltd", "country": "KE", "email": "more@example.org"}
    for client, page, sent in (
        (owner_client, f"{address}co-exhibitors/", again),
        (owner_client, f"{address}co-exhibitors/", again | {"firm_name": "New Parts Ltd"}),
        (stranger_client, link, {"firm": supplier.pk, "accept": "1"}),
    ):
        answer = client.post(page, sent)
        assert (answer.status_code, "Applications closed on" in answer.text) == (400, True)
    with scope(edition=edition):
        assert Participation.objects.get(firm=supplier).state == "cancelled"
        assert desk.co_exhibitor_invitations.count() == 1
        Participation.objects.filter(pk=one.pk).update(state="confirmed")
    assert owner_client.post(f"{address}co-exhibitors/", again).status_code == 302
    assert stranger_client.post(link, {"firm": supplier.pk, "accept": "1"}).status_code == 302
    with scope(edition=edition):
        assert Participation.objects.get(firm=supplier).lead_id == desk.pk


def test_a_firm_that_the_organiser_has_not_accepted_is_told_so_and_stands_with_nobody(
    desk: Participation,
    edition: Edition,
    link: str,
    stranger: User,
    stranger_client: Client,
    a_firm: Callable[..., Firm],
    take_part: Callable[..., Participation],
) -> None:
    supplier = a_firm("Small Parts Ltd", "KE")
    Role.objects.create(user=stranger, firm=supplier, kind=Role.Kind.OWNER)
    take_part(edition, supplier, kind="co_exhibitor", state="cancelled")
    one = take_part(edition, supplier, state="rejected")
    answer = stranger_client.post(link, {"firm": supplier.pk, "accept": "1"})
    assert (answer.status_code, "The organiser has not accepted" in answer.text) == (400, True)
    with scope(edition=edition):
        states = Participation.objects.filter(firm=supplier).values_list("kind", "state", "lead")
        assert set(states) == {("exhibitor", "rejected", None), ("co_exhibitor", "cancelled", None)}
        assert desk.co_exhibitor_invitations.get().state == "sent"
        Participation.objects.filter(pk=one.pk).update(state="applied")
    again = stranger_client.post(link, {"firm": supplier.pk, "accept": "1"})
    assert (again.status_code, "takes part as that already" in again.text) == (400, True)
    with scope(edition=edition):
        Participation.objects.filter(firm=supplier, kind="co_exhibitor").delete()
    assert stranger_client.post(link, {"firm": supplier.pk, "accept": "1"}).status_code == 302


def test_a_firm_that_leads_others_does_not_follow(
    desk: Participation, link: str, owner_client: Client, edition: Edition, take_part: Callable[..., Participation]
) -> None:
    own = owner_client.post(link, {"firm": desk.firm_id, "accept": "1"})
    assert "This is the firm that invites" in own.text
