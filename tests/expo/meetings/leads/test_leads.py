"""Leads: scanned or typed, followed up, exported, and the firm's own affair."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from serai.expo.fairs.edition.domain.phases import set_phases
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.meetings.leads.domain import from_badge, keep_lead
from serai.expo.meetings.leads.models import Lead
from serai.expo.meetings.outcomes.models import Outcome
from serai.expo.people.account.models import Role, User
from serai.expo.programme.badges.domain.documents import token_of
from serai.expo.programme.badges.models import Badge


@pytest.fixture
def visitor(edition: Edition, take_part: Callable[..., Participation], a_firm: Callable[..., object]) -> Badge:
    firm = a_firm("Lagos Bearings", "NG", name={"en": "Lagos Bearings"})
    with scope(edition=edition):
        return Badge.objects.create(
            edition=edition,
            participation=take_part(edition, firm, kind="buyer"),
            name="Ngozi Eze",
            position="Buyer",
            email="secret@example.org",
        )


def test_a_scanned_badge_fills_the_form_with_what_is_printed_on_it(
    desk: Participation, owner_client: Client, address: str, visitor: Badge
) -> None:
    page = owner_client.get(f"{address}leads/new/?badge={token_of(visitor)}")
    for said in ("Ngozi Eze", "Lagos Bearings", "Buyer"):
        assert said in page.text
    assert "secret@example.org" not in page.text
    sent = {"badge": token_of(visitor), "person": "Ngozi Eze", "firm_name": "Lagos Bearings", "rating": "4"}
    owner_client.post(f"{address}leads/new/", sent | {"asked": ["price", "sample"], "next_step": "Send prices"})
    with scope(edition=desk.edition):
        lead = Lead.objects.get()
    assert (lead.badge, lead.other_id, lead.rating) == (visitor, visitor.participation_id, 4)
    assert lead.asked == ["price", "sample"]
    again = owner_client.get(f"{address}leads/new/?badge={token_of(visitor)}")
    assert again["Location"].endswith(f"/leads/{lead.pk}/")


def test_a_wrong_code_and_a_badge_of_ones_own_are_told(
    desk: Participation, owner_client: Client, address: str, visitor: Badge
) -> None:
    wrong = owner_client.get(f"{address}leads/new/?badge=1-AAAAAAAA")
    assert (wrong.status_code, "not the code of a badge" in wrong.text) == (400, True)
    with scope(edition=desk.edition):
        own = Badge.objects.create(edition=desk.edition, participation=desk, name="Own")
    assert "badge of your own team" in owner_client.get(f"{address}leads/new/?badge={token_of(own)}").text
    with scope(edition=desk.edition):
        assert not Lead.objects.exists()


def test_what_a_phone_sends_twice_is_kept_once(
    desk: Participation, owner_client: Client, address: str, visitor: Badge
) -> None:
    sent = {"person": "Ngozi Eze", "key": "k1", "badge": token_of(visitor)}
    headers = {"x-serai-queue": "1"}
    first = owner_client.post(f"{address}leads/new/", sent, headers=headers).json()
    assert owner_client.post(f"{address}leads/new/", sent, headers=headers).json() == first
    refused = owner_client.post(f"{address}leads/new/", {"key": "k2"}, headers=headers)
    assert refused.status_code == 400
    assert "person" in refused.json()["errors"]
    with scope(edition=desk.edition):
        assert Lead.objects.count() == 1


def test_next_steps_stand_by_their_day_until_they_are_done(
    desk: Participation, owner: User, owner_client: Client, address: str
) -> None:
    today = timezone.localdate()
    for person, days in (("Later", 9), ("Late", -2), ("Soon", 1)):
        due = (today + timedelta(days=days)).isoformat()
        owner_client.post(
            f"{address}leads/new/", {"person": person, "next_step": "Call", "next_on": due, "owner": owner.pk}
        )
    owner_client.post(f"{address}leads/new/", {"person": "Nothing to do"})
    page = owner_client.get(f"{address}leads/?due=1")
    assert [lead.person for lead in page.context["page"]] == ["Late", "Soon", "Later"]
    assert "1 late" in page.text
    with scope(edition=desk.edition):
        late = Lead.objects.get(person="Late")
    owner_client.post(f"{address}leads/{late.pk}/done/")
    page = owner_client.get(f"{address}leads/?due=1")
    assert [lead.person for lead in page.context["page"]] == ["Soon", "Later"]


def test_a_lead_is_given_to_somebody_of_the_team_only(
    desk: Participation, owner_client: Client, address: str, stranger: User
) -> None:
    assert owner_client.post(f"{address}leads/new/", {"person": "A", "owner": stranger.pk}).status_code == 400


def test_leads_are_found_changed_exported_and_removed(desk: Participation, owner_client: Client, address: str) -> None:
    owner_client.post(f"{address}leads/new/", {"person": "=cmd()", "notes": "Wants film", "contact": "微信 abc"})
    with scope(edition=desk.edition):
        lead = Lead.objects.get()
    assert "=cmd()" in owner_client.get(f"{address}leads/?q=film").text
    assert "=cmd()" not in owner_client.get(f"{address}leads/?q=foil").text
    table = owner_client.get(f"{address}leads/leads.csv").content.decode("utf-8-sig")
    assert "微信 abc" in table
    assert "\n=cmd()" not in table
    assert "'=cmd()" in table
    owner_client.post(f"{address}leads/{lead.pk}/", {"person": "Somebody", "rating": "5"})
    assert "Somebody" in owner_client.get(f"{address}leads/").text
    owner_client.post(f"{address}leads/{lead.pk}/", {"remove": "1"})
    with scope(edition=desk.edition):
        assert not Lead.objects.exists()


def test_leads_are_the_firms_own_affair(
    desk: Participation,
    edition: Edition,
    owner_client: Client,
    organiser_client: Client,
    member: User,
    member_client: Client,
    address: str,
) -> None:
    owner_client.post(f"{address}leads/new/", {"person": "Mine"})
    with scope(edition=edition):
        lead = Lead.objects.get()
    for client in (organiser_client, member_client):
        for page in ("leads/", "leads/leads.csv", f"leads/{lead.pk}/", "leads/new/"):
            assert client.get(address + page).status_code == 403
    Role.objects.filter(user=member).update(kind=Role.Kind.OWNER)
    other = Role.objects.get(user=member).firm
    assert other is not None
    elsewhere = f"/en/{edition.slug}/desk/{other.identifier}/leads/{lead.pk}/"
    assert member_client.get(elsewhere).status_code == 404


def test_the_list_asks_as_often_with_three_leads_as_with_one(
    desk: Participation, owner_client: Client, address: str, take_part: Callable[..., Participation]
) -> None:
    counts = []
    for rows in (1, 3):
        with scope(edition=desk.edition):
            while Lead.objects.count() < rows:
                other = take_part(desk.edition, kind="exhibitor")
                Lead.objects.create(edition=desk.edition, participation=desk, person="A", other=other)
        owner_client.get(f"{address}leads/")
        with CaptureQueriesContext(connection) as asked:
            owner_client.get(f"{address}leads/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_code_that_a_phone_could_not_read_without_a_connection_is_read_when_it_is_sent(
    desk: Participation, owner_client: Client, address: str, visitor: Badge
) -> None:
    headers = {"x-serai-queue": "1"}
    sent = {"badge": token_of(visitor), "person": "", "notes": "Wants bearings", "key": "a1"}
    assert owner_client.post(f"{address}leads/new/", sent, headers=headers).status_code == 200
    with scope(edition=desk.edition):
        lead = Lead.objects.get()
    assert (lead.person, lead.firm_name, lead.badge, lead.notes) == (
        *("Ngozi Eze", "Lagos Bearings", visitor, "Wants bearings"),
    )
    refused = owner_client.post(f"{address}leads/new/", {"badge": "1-AAAA", "person": "", "key": "a2"}, headers=headers)
    assert refused.status_code == 400
    assert "not the code of a badge" in refused.text


def test_a_badge_scanned_again_without_a_connection_wipes_nothing_of_its_lead_and_adds_what_is_new(
    desk: Participation, edition: Edition, owner_client: Client, owner: User, address: str, visitor: Badge
) -> None:
    headers = {"x-serai-queue": "1"}
    first = {
        "badge": token_of(visitor),
        "notes": "Wants prices",
        "rating": "4",
        "asked": ["price", "sample"],
        "next_on": "2026-12-01",
        "next_step": "Call",
        "contact": "ngozi@lagos.example",
        "owner": str(owner.pk),
        "key": "k1",
    }
    again = {"badge": token_of(visitor), "rating": "0", "notes": "Came back\nwith her engineer", "key": "k2"}
    for sent in (first, again, again, {"badge": token_of(visitor), "person": "", "notes": "", "key": "k3"}):
        assert owner_client.post(f"{address}leads/new/", sent, headers=headers).status_code == 200
    with scope(edition=edition):
        lead = Lead.objects.get()
    assert (lead.person, lead.contact, lead.rating, lead.next_step) == ("Ngozi Eze", "ngozi@lagos.example", 4, "Call")
    assert (lead.asked, str(lead.next_on), lead.owner) == (["price", "sample"], "2026-12-01", owner)
    assert lead.notes.replace("\r", "") == "Wants prices\nCame back\nwith her engineer"


def test_the_form_for_the_time_without_a_connection_says_nothing_of_anybody(
    desk: Participation, edition: Edition, owner_client: Client, anonymous_client: Client
) -> None:
    page = f"/en/{edition.slug}/leads-offline/"
    text = anonymous_client.get(page).text
    assert 'data-queue=""' in text
    assert "csrfmiddlewaretoken" not in text
    assert desk.firm.identifier not in text


def test_signing_out_has_the_browser_forget_all(owner_client: Client) -> None:
    answer = owner_client.post("/en/sign-out/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'


def test_what_came_of_a_lead_is_stated_once_and_stands_in_the_ledger(
    desk: Participation,
    edition: Edition,
    owner: User,
    owner_client: Client,
    member_client: Client,
    address: str,
    visitor: Badge,
) -> None:
    owner_client.post(f"{address}leads/new/", {"badge": token_of(visitor), "person": "Ngozi Eze"})
    owner_client.post(f"{address}leads/new/", {"person": "Somebody"})
    with scope(edition=edition):
        lead, unknown = Lead.objects.get(badge=visitor), Lead.objects.get(badge=None)
    page = f"/en/{edition.slug}/outcomes/claim/"
    assert member_client.post(page, {"lead": lead.pk, "kind": "quote"}).status_code == 404
    assert "no participant" in owner_client.post(page, {"lead": unknown.pk, "kind": "quote"}, follow=True).text
    assert owner_client.post(page, {"lead": lead.pk, "kind": "quote"}).status_code == 302
    assert (
        "stated this of this lead already"
        in owner_client.post(page, {"lead": lead.pk, "kind": "quote"}, follow=True).text
    )
    with scope(edition=edition):
        outcome = Outcome.objects.get()
        assert (outcome.lead, outcome.state) == (lead, "claimed")
        assert {party.participation_id for party in outcome.parties.all()} == {desk.pk, visitor.participation_id}
    assert "Claimed by one side" in owner_client.get(f"{address}leads/{lead.pk}/").text


def test_a_badge_becomes_a_lead_while_the_fair_is_open_and_what_a_phone_read_then_is_kept_after(
    desk: Participation, owner_client: Client, address: str, visitor: Badge
) -> None:
    now, day = timezone.now(), timedelta(days=1)
    read = f"{address}leads/new/?badge={token_of(visitor)}"
    queued = {"badge": token_of(visitor), "person": "", "key": "phone-1"}
    set_phases(desk.edition, {Phase.Kind.FAIR: (now + day, now + 2 * day)})
    early = owner_client.get(read)
    assert (early.status_code, "The fair opens on" in early.text) == (400, True)
    assert owner_client.post(f"{address}leads/new/", queued, headers={"x-serai-queue": "1"}).status_code == 400
    set_phases(desk.edition, {Phase.Kind.FAIR: (now - 2 * day, now - day)})
    assert "The fair closed on" in owner_client.get(read).text
    assert owner_client.post(f"{address}leads/new/", queued, headers={"x-serai-queue": "1"}).status_code == 200
    # Whom one has met can be written in by hand at any time.
    assert owner_client.post(f"{address}leads/new/", {"person": "Ada"}).status_code == 302
    with scope(edition=desk.edition):
        assert sorted(Lead.objects.values_list("person", flat=True)) == ["Ada", "Ngozi Eze"]


def test_the_same_scan_twice_at_once_is_one_lead_and_both_succeed(
    desk: Participation, owner: User, visitor: Badge
) -> None:
    with scope(edition=desk.edition):
        both = [from_badge(desk, visitor), from_badge(desk, visitor)]  # neither sees the other yet
        kept = [keep_lead(lead, {"notes": "Wants samples"}, user=owner) for lead in both]
        assert kept[0] == kept[1] == Lead.objects.get()
        assert Lead.objects.get().notes == "Wants samples"
