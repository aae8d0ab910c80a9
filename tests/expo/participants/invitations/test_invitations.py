"""Contact persons are invited by mail, open their desk by a link that is good once, and are reminded."""

import re
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.models import Mail, Segment
from serai.expo.participants.contact_persons.domain import add, remove
from serai.expo.participants.contact_persons.models import ContactPerson
from serai.expo.participants.invitations.domain.invitations import (
    InvitationRefusedError,
    Reach,
    invite_segment,
    reach,
    remind,
    remind_as_planned,
    send_again,
    set_plan,
)
from serai.expo.participants.invitations.models import DeskInvitation
from serai.expo.people.account.models import Organisation, Role, User

BROWSER = {"headers": {"user-agent": "Firefox"}}


@pytest.fixture
def quill(edition: Edition, take_part: Callable[..., Participation], a_firm: Callable[..., Any]) -> Participation:
    return take_part(edition, a_firm("Quill GmbH", country="DE", language="de"))


@pytest.fixture
def ada(quill: Participation, organiser: User) -> ContactPerson:
    said = {"name": "Ada Quill", "salutation": "Frau Dr.", "email": "ada@quill.example", "consent_source": "Contract"}
    return add(quill, said, user=organiser)


@pytest.fixture
def invited(ada: ContactPerson, edition: Edition, organiser: User, deliver: Callable[[], int]) -> str:
    """The link of her letter."""
    with scope(edition=edition):
        assert invite_segment(edition, {}, kind="owner", user=organiser) == 1
    deliver()
    return link()


def link() -> str:
    found = re.search(r"https?://\S+(/[a-z-]+/\S+/invited/\S+/)", str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found[1]


def state_of(edition: Edition) -> str:
    with scope(edition=edition):
        return DeskInvitation.objects.get().state


def test_a_letter_with_a_link_makes_an_owner_of_who_presses_the_button(
    invited: str, edition: Edition, quill: Participation
) -> None:
    [letter] = mail.outbox
    assert letter.to == ["ada@quill.example"]
    assert "Frau Dr. Ada Quill" in str(letter.body)
    assert "/unsubscribe/contact/" in letter.extra_headers["List-Unsubscribe"]
    assert state_of(edition) == "sent"
    browser = Client(**BROWSER)
    assert "Quill GmbH" in browser.get(invited).text
    assert (state_of(edition), User.objects.filter(email="ada@quill.example").exists()) == ("opened", False)
    answer = browser.post(invited)
    assert answer["Location"] == f"/en/{edition.slug}/desk/{quill.firm.identifier}/"
    assert browser.get(answer["Location"]).status_code == 200, "She is signed in."
    assert Role.objects.get(user__email="ada@quill.example").kind == "owner"
    assert state_of(edition) == "joined"
    assert Client(**BROWSER).get(invited).status_code == 404, "The link is used up."
    with scope(edition=edition):
        assert ContactPerson.objects.get().user is not None


def test_what_is_kept_does_not_open_the_desk(invited: str, edition: Edition) -> None:
    token = invited.rstrip("/").rpartition("/")[2]
    with scopes_disabled():
        kept = str(list(Mail.objects.values())) + str(list(DeskInvitation.objects.values()))
    assert token not in kept + str(list(AuditEntry.objects.values("before", "after")))


def test_a_program_that_looks_at_links_uses_nothing_up_and_a_code_is_asked_of_who_comes_after(
    invited: str, edition: Edition, deliver: Callable[[], int]
) -> None:
    scanner = Client(headers={"user-agent": "LinkScanner/2"})
    scanner.head(invited)
    scanner.get(invited)
    browser = Client(**BROWSER)
    assert "we send a code" in browser.get(invited).text
    answer = browser.post(invited)
    assert "/sign-in/" in answer["Location"] or "code" in answer["Location"]
    assert not Role.objects.filter(user__email="ada@quill.example").exists()
    deliver()
    found = re.search(r"\b([A-Z0-9]{3,}-?[A-Z0-9]{3,})\b", str(mail.outbox[-1].body).replace("Serai", ""))
    assert found, mail.outbox[-1].body
    back = browser.post(answer["Location"], {"code": found[1]})
    assert back["Location"] == invited
    browser.post(invited)
    assert state_of(edition) == "joined"


def test_an_old_link_and_an_account_with_more_to_guard_ask_for_a_code(
    invited: str, edition: Edition, organisation: Organisation
) -> None:
    browser = Client(**BROWSER)
    assert "no password" in browser.get(invited).text
    boss = User.objects.create_user("ada@quill.example")
    Role.objects.create(user=boss, organisation=organisation, kind=Role.Kind.OWNER)
    assert "we send a code" in browser.get(invited).text
    boss.delete()
    with time_machine.travel(timezone.now() + timedelta(days=5)):
        assert "we send a code" in browser.get(invited).text


def test_a_link_that_was_forwarded_lets_nobody_else_in(
    invited: str, stranger_client: Client, edition: Edition, stranger: User
) -> None:
    assert "another mail address" in stranger_client.get(invited).text
    assert "another mail address" in stranger_client.post(invited, follow=True).text
    assert not stranger.roles.exists()
    assert state_of(edition) == "opened"


def test_of_a_firm_with_an_owner_an_invited_owner_becomes_a_member_and_the_owner_is_told(
    quill: Participation, ada: ContactPerson, edition: Edition, organiser: User, deliver: Callable[[], int]
) -> None:
    boss = User.objects.create_user("boss@quill.example", name="Boss")
    Role.objects.create(user=boss, firm=quill.firm, kind=Role.Kind.OWNER)
    with scope(edition=edition):
        invite_segment(edition, {}, kind="owner", user=organiser)
    deliver()
    Client(**BROWSER).post(link())
    assert Role.objects.get(user__email="ada@quill.example").kind == "member"
    deliver()
    assert mail.outbox[-1].to == ["boss@quill.example"]


def test_who_joins_takes_a_seat_and_where_none_is_free_is_told_so(
    invited: str, edition: Edition, quill: Participation, new_user: Callable[..., User]
) -> None:
    with scope(edition=edition):
        Participation.objects.filter(pk=quill.pk).update(seats=1)
    Role.objects.create(user=new_user("first"), firm=quill.firm, kind="member")
    answer = Client(**BROWSER).post(invited, follow=True)
    assert "All 1 seats of the team are taken" in answer.text
    assert (Role.objects.filter(firm=quill.firm).count(), state_of(edition)) == (1, "opened")
    with scope(edition=edition):
        Participation.objects.filter(pk=quill.pk).update(seats=2)
    assert Client(**BROWSER).post(invited).status_code == 302
    assert (Role.objects.filter(firm=quill.firm).count(), state_of(edition)) == (2, "joined")


def test_sent_again_the_old_link_is_void_and_one_that_ran_out_offers_a_new_one(
    invited: str, edition: Edition, organiser: User, deliver: Callable[[], int]
) -> None:
    with scope(edition=edition):
        send_again(DeskInvitation.objects.get(), user=organiser)
    deliver()
    assert Client(**BROWSER).get(invited).status_code == 404
    again = link()
    assert again != invited
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        browser = Client(**BROWSER)
        assert "has run out" in browser.get(again).text
        browser.post(again)
        assert state_of(edition) != "joined"
        browser.post(again, {"again": "1"})
        deliver()
        assert link() != again
        number = len(mail.outbox)
        Client(**BROWSER).post(link(), {"again": "1"})
        deliver()
        assert len(mail.outbox) == number, "No second one within minutes."


def test_a_buyer_comes_to_the_buyers_desk(
    edition: Edition, take_part: Callable[..., Participation], organiser: User, deliver: Callable[[], int]
) -> None:
    said = {"name": "Bo", "email": "bo@buyer.example", "consent_source": "Registration"}
    add(take_part(edition, kind="buyer"), said, user=organiser)
    with scope(edition=edition):
        invite_segment(edition, {"kind": ["buyer"]}, kind="manager", user=organiser)
    deliver()
    browser = Client(**BROWSER)
    answer = browser.post(link())
    assert "/buyer/" in answer["Location"]
    assert browser.get(answer["Location"]).status_code == 200


def test_each_contact_is_counted_once_and_only_who_may_be_written_to_gets_a_letter(
    quill: Participation,
    edition: Edition,
    organiser: User,
    take_part: Callable[..., Participation],
    deliver: Callable[[], int],
) -> None:
    for number, said in enumerate(
        (
            {"email": "a@x.example", "consent_source": "Contract"},
            {"email": "b@x.example"},
            {"phone": "+49 30 123456", "consent_source": "Contract"},
            {"email": "d@x.example", "consent_source": "Contract"},
        )
    ):
        add(quill, {"name": f"Person {number}", **said}, user=organiser)
    add(take_part(edition, state="cancelled"), {"email": "z@x.example", "consent_source": "Contract"}, user=organiser)
    with scope(edition=edition):
        refusing = ContactPerson.objects.get(email="d@x.example")
        ContactPerson.objects.filter(pk=refusing.pk).update(refused_at=timezone.now())
        counted = reach(edition, {})
        assert counted == Reach(4, 1, 0, 0, 0, refused=1, without_consent=1, without_mail=1)
        assert invite_segment(edition, {}, kind="owner", user=organiser) == 1
        assert reach(edition, {}).asked == 1
        with pytest.raises(InvitationRefusedError, match="Nobody in this segment"):
            invite_segment(edition, {}, kind="owner", user=organiser)
        assert reach(edition, {}, consent=True).to_write == 1
        assert invite_segment(edition, {}, kind="owner", user=organiser, consent="Contract of 2026") == 1
        assert ContactPerson.objects.get(email="b@x.example").consent_source == "Contract of 2026"
    deliver()
    assert sorted(letter.to[0] for letter in mail.outbox) == ["a@x.example", "b@x.example"]


def test_who_unsubscribes_is_never_written_to_again(
    ada: ContactPerson, edition: Edition, organiser: User, deliver: Callable[[], int], client: Client
) -> None:
    with scope(edition=edition):
        invite_segment(edition, {}, kind="owner", user=organiser)
        queued = Mail.objects.get()
    found = re.search(r"https?://\S+(/[a-z-]+/unsubscribe/contact/\S+/)", queued.body)
    assert found
    client.get(found[1])
    assert not ContactPerson._base_manager.filter(refused_at__isnull=False).exists(), "Looking is not refusing."
    assert client.post(found[1]).status_code == 200
    assert deliver() == 0
    with scope(edition=edition):
        assert Mail.objects.get().state == "cancelled"
        assert (reach(edition, {}).refused, remind(edition)) == (1, 0)
        with pytest.raises(InvitationRefusedError, match="may not be written to"):
            send_again(DeskInvitation.objects.get(), user=organiser)


def test_a_letter_that_comes_back_is_known_and_not_repeated(
    invited: str, edition: Edition, organiser_client: Client, organiser: User
) -> None:
    with scope(edition=edition):
        row = DeskInvitation.objects.get()
        organiser_client.post(f"/en/{edition.slug}/organiser/invitations/{row.pk}/", {"bounced": "1"})
        assert (state_of(edition), reach(edition, {}).bounced, remind(edition)) == ("bounced", 1, 0)


def test_what_the_mail_server_refuses_for_good_is_a_bounce(
    ada: ContactPerson, edition: Edition, organiser: User, deliver: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: Any, **_named: Any) -> None:
        raise smtplib.SMTPRecipientsRefused({"ada@quill.example": (550, b"no such user")})

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    with scope(edition=edition):
        invite_segment(edition, {}, kind="owner", user=organiser)
    deliver()
    with scope(edition=edition):
        row = DeskInvitation.objects.get()
    assert (row.state, row.reason) == ("bounced", "550 no such user")


def test_who_has_not_joined_is_reminded_by_hand_and_after_the_chosen_days(
    invited: str, edition: Edition, organiser: User, organiser_client: Client, deliver: Callable[[], int]
) -> None:
    def after(days: int) -> datetime:
        return timezone.now() + timedelta(days=days)

    edition.ends_on += timedelta(days=60)
    edition.save()
    page = f"/en/{edition.slug}/organiser/invitations/"
    organiser_client.post(page, {"remind": "1"})
    deliver()
    assert "waits for you" in mail.outbox[-1].subject
    assert Client(**BROWSER).get(invited).status_code == 404
    assert organiser_client.post(page, {"days": "7; 3 weeks"}).status_code == 400
    assert organiser_client.post(page, {"days": "3, 7"}).status_code == 302
    assert remind_as_planned() == 0, "The first reminder was by hand; the second is due after seven days."
    with time_machine.travel(after(8)):
        assert remind_as_planned() == 1
        assert remind_as_planned() == 0
        deliver()
        Client(**BROWSER).post(link())
        with scope(edition=edition):
            set_plan(edition, [1, 2, 3], user=organiser)
    with time_machine.travel(after(20)):
        assert remind_as_planned() == 0, "Who has joined is left in peace."


def test_an_organiser_who_acts_for_somebody_invites_nobody(
    ada: ContactPerson, edition: Edition, organiser: User
) -> None:
    organiser.helping_organisation = edition.organisation_id
    with scope(edition=edition), pytest.raises(InvitationRefusedError, match="act for somebody"):
        invite_segment(edition, {}, kind="owner", user=organiser)


def test_a_forgotten_contact_leaves_no_letter(
    ada: ContactPerson, edition: Edition, organiser: User, deliver: Callable[[], int]
) -> None:
    with scope(edition=edition):
        invite_segment(edition, {}, kind="owner", user=organiser)
        remove(ada, user=organiser)
    assert deliver() == 0
    with scopes_disabled():
        assert not DeskInvitation.objects.exists()
        assert "ada" not in str(list(Mail.objects.values("email", "body", "reason"))).lower()


def test_in_the_browser_a_segment_is_counted_and_invited(
    ada: ContactPerson, edition: Edition, organiser_client: Client, deliver: Callable[[], int]
) -> None:
    with scope(edition=edition):
        segment = Segment.objects.create(edition=edition, name="Germans", filters={"country": ["DE"]})
    page = f"/en/{edition.slug}/organiser/invitations/invite/"
    assert "1 letter would be sent" in organiser_client.get(page, {"segment": segment.pk, "kind": "owner"}).text
    organiser_client.post(page, {"segment": segment.pk, "kind": "owner", "consent": ""})
    assert deliver() == 1
    assert "ada@quill.example" in organiser_client.get(f"/en/{edition.slug}/organiser/invitations/?state=sent").text


def test_a_list_of_three_takes_as_many_queries_as_of_one(
    quill: Participation, edition: Edition, organiser: User, organiser_client: Client
) -> None:
    numbers = []
    for names in ("a", "bc"):
        for name in names:
            add(quill, {"name": name, "email": f"{name}@x.example", "consent_source": "Contract"}, user=organiser)
        with scope(edition=edition):
            invite_segment(edition, {}, kind="owner", user=organiser)
        organiser_client.get(f"/en/{edition.slug}/organiser/invitations/")
        with CaptureQueriesContext(connection) as asked:
            organiser_client.get(f"/en/{edition.slug}/organiser/invitations/")
        numbers.append(len(asked))
    assert numbers[0] == numbers[1]


def test_of_a_draft_nobody_is_invited_as_nobody_could_open_the_link(
    ada: ContactPerson, edition: Edition, organiser: User, organiser_client: Client
) -> None:
    edition.state = Edition.State.DRAFT
    edition.save()
    page = f"/en/{edition.slug}/organiser/invitations/invite/"
    assert "Publish it first" in organiser_client.get(page, {"kind": "owner"}).text
    assert "Publish it first" in organiser_client.post(page, {"kind": "owner"}).text
    with scope(edition=edition), pytest.raises(InvitationRefusedError, match="draft"):
        invite_segment(edition, {}, kind="owner", user=organiser)
