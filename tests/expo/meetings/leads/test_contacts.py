"""Contacts kept by scanning badges: at once, once, with what the badge says, without a script, and one's own."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.leads.domain import LeadRefusedError, keep_scanned, scanned
from serai.expo.meetings.leads.models import Lead
from serai.expo.participants.delegations.models import Delegation, DelegationMember
from serai.expo.participants.participation.domain.representation import acting
from serai.expo.people.account.domain.privacy import erase, export_of
from serai.expo.people.account.models import Role, User
from serai.expo.programme.badges.domain.documents import token_of
from serai.expo.programme.badges.models import Badge

type Make[T] = Callable[..., T]


@pytest.fixture
def buying(edition: Edition, take_part: Make[Participation], a_firm: Make[Firm]) -> Participation:
    return take_part(edition, a_firm("Lagos Bearings", "NG", name={"en": "Lagos Bearings"}), kind="buyer")


@pytest.fixture
def buyer(buying: Participation, new_user: Make[User]) -> User:
    made = new_user("ngozi", firm=buying.firm)
    made.roles.update(kind=Role.Kind.OWNER)
    return made


@pytest.fixture
def buyers_client(buyer: User) -> Client:
    client = Client()
    client.force_login(buyer)
    return client


@pytest.fixture
def staff(edition: Edition, take_part: Make[Participation], a_firm: Make[Firm]) -> Badge:
    """The badge of who stands at a booth."""
    firm = a_firm("Film Works", "CN", name={"en": "Film Works"})
    with scope(edition=edition):
        return Badge.objects.create(
            edition=edition,
            participation=take_part(edition, firm, kind="exhibitor"),
            name="李伟",
            name_latin="Li Wei",
            position="Sales",
            email="secret@example.org",
        )


@pytest.fixture
def base(edition: Edition) -> str:
    return f"/en/{edition.slug}/buyer/contacts/"


def test_a_buyer_keeps_whom_it_scans_and_is_told_whom(
    edition: Edition, buyers_client: Client, base: str, staff: Badge
) -> None:
    code = token_of(staff)
    scan = buyers_client.get(f"/b/{edition.slug}/{code}/")
    assert scan["Location"].endswith(f"/buyer/contacts/new/?badge={code}")
    asked = buyers_client.get(f"{base}new/?badge={code}")
    for said in ("Li Wei", "Film Works", "Sales"):
        assert said in asked.text
    with scope(edition=edition):
        assert not Lead.objects.exists()
    kept = buyers_client.post(f"{base}new/", {"badge": code, "note": "Samples of two grades"}, follow=True)
    assert "Kept among your contacts: Li Wei · Sales · Film Works" in kept.text
    for page in (base, f"{base}contacts.vcf", f"{base}contacts.csv"):
        shown = buyers_client.get(page).text
        for said in ("Li Wei", "Film Works", "Samples of two grades"):
            assert said in shown
        assert "secret@example.org" not in shown


def test_a_typed_code_is_enough_and_twice_is_once(
    edition: Edition, buyers_client: Client, base: str, staff: Badge
) -> None:
    typed = token_of(staff).lower().replace("-", " ")
    buyers_client.post(f"{base}new/", {"badge": typed, "note": "Wants film"})
    buyers_client.post(f"{base}new/", {"badge": typed})
    assert "You have met this person before." in buyers_client.get(f"{base}new/?badge={typed}").text
    with scope(edition=edition):
        lead = Lead.objects.get()
    assert (lead.badge, lead.other_id, lead.notes) == (staff, staff.participation_id, "Wants film")


def test_a_phones_queue_is_told_who_was_kept_or_why_not(
    edition: Edition, buyers_client: Client, base: str, staff: Badge
) -> None:
    headers = {"x-serai-queue": "1"}
    sent = {"badge": token_of(staff), "note": "Film", "key": "k1"}
    first = buyers_client.post(f"{base}new/", sent, headers=headers).json()
    assert first["said"] == "Li Wei · Sales · Film Works"
    assert buyers_client.post(f"{base}new/", sent, headers=headers).json() == first
    refused = buyers_client.post(f"{base}new/", {"badge": "1-AAAAAAAA"}, headers=headers)
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["badge"])
    with scope(edition=edition):
        assert Lead.objects.count() == 1


@pytest.mark.parametrize("code", ["1-AAAAAAAA", "", "\0", "李伟", "9" * 400])
def test_what_is_no_code_keeps_nobody(edition: Edition, buyers_client: Client, base: str, code: str) -> None:
    assert buyers_client.post(f"{base}new/", {"badge": code}).status_code == 400
    assert buyers_client.get(f"{base}new/", {"badge": code}).status_code == (400 if code.strip("\0") else 200)
    with scope(edition=edition):
        assert not Lead.objects.exists()


def test_nobody_keeps_itself_or_its_own_team(edition: Edition, buying: Participation, buyer: User) -> None:
    with scope(edition=edition):
        team = Badge.objects.create(edition=edition, participation=buying, name="Ada Obi", kind="buyer")
        own = Badge.objects.create(edition=edition, name="Ngozi Eze", kind="press", user=buyer)
        for badge in (team, own):
            with pytest.raises(LeadRefusedError):
                scanned(acting(buyer, buying), token_of(badge))


def test_a_lost_badge_and_one_of_another_fair_name_nobody(
    edition: Edition, other_edition: Edition, buying: Participation, buyer: User, staff: Badge
) -> None:
    lost = token_of(staff)
    with scope(edition=other_edition):
        elsewhere = token_of(Badge.objects.create(edition=other_edition, name="Ana", kind="press"))
    with scope(edition=edition):
        Badge.objects.filter(pk=staff.pk).update(serial=2)
        for code in (lost, elsewhere):
            with pytest.raises(LeadRefusedError, match="not the code of a badge"):
                scanned(acting(buyer, buying), code)


def test_a_plain_member_keeps_its_own_contact_beside_that_of_the_team(
    edition: Edition, buying: Participation, buyer: User, new_user: Make[User], staff: Badge
) -> None:
    member = new_user("ada", firm=buying.firm)
    code = token_of(staff)
    with scope(edition=edition):
        teams = keep_scanned(acting(buyer, buying), code, "Pays late")
        own = keep_scanned(acting(member, buying), code)
        assert (own.pk != teams.pk, own.notes) == (True, "")
        assert keep_scanned(acting(member, buying), code, "Call in May").pk == own.pk
        teams.refresh_from_db()
        assert teams.notes == "Pays late"
    client = Client()
    client.force_login(member)
    base = f"/en/{edition.slug}/buyer/contacts/"
    assert "Pays late" not in client.get(base).text
    assert client.get(f"{base}{teams.pk}/").status_code == 404
    assert client.post(f"{base}{teams.pk}/", {"remove": "1"}).status_code == 404
    assert client.get(f"{base}{own.pk}/").status_code == 200


def test_a_plain_member_reads_the_badge_and_not_what_the_team_has_written_over_it(
    edition: Edition, buying: Participation, buyer: User, new_user: Make[User], staff: Badge
) -> None:
    member = new_user("ada", firm=buying.firm)
    code = token_of(staff)
    with scope(edition=edition):
        teams = keep_scanned(acting(buyer, buying), code)
        Lead.objects.filter(pk=teams.pk).update(person="Li Wei, avoid", position="Decides nothing", firm_name="Debtor")
        own = scanned(acting(member, buying), code)
        assert (own.person, own.position, own.firm_name) == ("Li Wei", "Sales", "Film Works")
        over = timezone.now() - timedelta(hours=1)
        Phase.objects.create(edition=edition, kind=Phase.Kind.FAIR, closes_at=over)
        assert scanned(acting(buyer, buying), code) == teams
        with pytest.raises(LeadRefusedError, match="closed"):  # nor that anybody has kept this person
            scanned(acting(member, buying), code)


def test_a_contact_is_noted_and_removed_and_the_trail_says_so(
    edition: Edition, buying: Participation, buyer: User, buyers_client: Client, base: str, staff: Badge
) -> None:
    with scope(edition=edition):
        lead = keep_scanned(acting(buyer, buying), token_of(staff))
    buyers_client.post(f"{base}{lead.pk}/", {"contact": "li@film.example", "notes": "Two grades"})
    lead.refresh_from_db()
    assert (lead.contact, lead.notes, lead.person) == ("li@film.example", "Two grades", "Li Wei")
    assert "EMAIL:li@film.example" in buyers_client.get(f"{base}contacts.vcf").text
    buyers_client.post(f"{base}{lead.pk}/", {"remove": "1"})
    with scope(edition=edition):
        assert not Lead.objects.exists()
    said = list(AuditEntry.objects.filter(action__startswith="lead.").order_by("pk").values_list("action", "user_id"))
    assert said == [("lead.kept", buyer.pk), ("lead.changed", buyer.pk), ("lead.removed", buyer.pk)]


def test_who_leads_a_delegation_keeps_a_contact_by_proxy_and_the_trail_names_both(
    edition: Edition, buying: Participation, staff: Badge, new_user: Make[User]
) -> None:
    leader = new_user("leader")
    with scope(edition=edition):
        led = Delegation.objects.create(edition=edition, leader=leader, name="Lagos")
        DelegationMember.objects.create(
            edition=edition, delegation=led, participation=buying, name="N", proxy_since=timezone.now()
        )
        by = acting(leader, buying)
        lead = keep_scanned(by, token_of(staff), "For Ngozi")
        assert (by.by_proxy, lead.met_by) == (True, leader)
    entry = AuditEntry.objects.filter(action="lead.kept").get()
    assert entry.after is not None
    assert entry.after["acted_for"] == buying.firm.identifier


def test_who_takes_part_in_nothing_keeps_nobody(
    edition: Edition, stranger_client: Client, base: str, staff: Badge
) -> None:
    code = token_of(staff)
    assert stranger_client.get(f"/b/{edition.slug}/{code}/").status_code == 404
    assert stranger_client.post(f"{base}new/", {"badge": code}).status_code == 403


def test_ones_own_data_name_no_other_person_and_go_without_the_firms_contacts(
    edition: Edition, buying: Participation, buyer: User, staff: Badge
) -> None:
    with scope(edition=edition):
        lead = keep_scanned(acting(buyer, buying), token_of(staff))
    assert export_of(buyer)["lead.met_by"] == [{"id": lead.pk}]
    erase(buyer)
    with scope(edition=edition):
        assert Lead.objects.get().met_by is None


def test_the_list_asks_as_often_with_three_contacts_as_with_one(
    edition: Edition, buying: Participation, buyers_client: Client, base: str, take_part: Make[Participation]
) -> None:
    counts = []
    for rows in (1, 3):
        with scope(edition=edition):
            while Lead.objects.count() < rows:
                other = take_part(edition, kind="exhibitor")
                Lead.objects.create(edition=edition, participation=buying, person="A", other=other)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert buyers_client.get(base).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_form_without_a_connection_says_nothing_of_anybody(edition: Edition, client: Client) -> None:
    page = client.get(f"/en/{edition.slug}/contacts-offline/")
    assert "data-queue=" in page.text
    assert "csrfmiddlewaretoken" not in page.text
