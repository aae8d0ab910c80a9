"""Segments and mail: who is meant, who may be written to, in which language, and what became of each mail."""

import smtplib
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from allauth.account import app_settings
from django.core import mail as sent_mail
from django.core.mail import EmailMessage
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django_scopes import scope, scopes_disabled

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation, Section
from serai.expo.fairs.mailing.domain import outbox
from serai.expo.fairs.mailing.domain.letter_words import set_wording
from serai.expo.fairs.mailing.domain.letters import send_letter
from serai.expo.fairs.mailing.domain.outbox import (
    OutboxError,
    discard,
    draft,
    enqueue,
    mail_state,
    release,
    retry,
    send_next,
)
from serai.expo.fairs.mailing.domain.segments import participations, people, reach, willing
from serai.expo.fairs.mailing.domain.templates import TemplateFaultError, check, save_template, token, write
from serai.expo.fairs.mailing.models import Mail, Mailing, MailTemplate, Segment
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.offers.market.models import Offer
from serai.expo.participants.exhibitors.models import DeskTask, DeskTaskDone
from serai.expo.participants.participation.domain.decisions import decide
from serai.expo.people.account.domain.consents import give, has_consent
from serai.expo.people.account.domain.consents import withdraw as take_back
from serai.expo.people.account.domain.profile import account_letter
from serai.expo.people.account.models import User

type Make[Thing] = Callable[..., Thing]

SITE = "https://fair.example"
SUBJECT = {"en": "{fair}: news for {firm}", "zh-hans": "{fair}：致{firm}"}
BODY = {"en": "Dear {name},\n\nsee {link}.", "zh-hans": "{name}：\n\n请见{link}。"}


def send_all() -> int:
    """Send what is due, as the worker does. Returns how many letters were."""
    return sum(1 for _letter in iter(send_next, False))


@pytest.fixture
def template(edition: Edition) -> MailTemplate:
    return save_template(MailTemplate(edition=edition, key="news", purpose="organiser", subject=SUBJECT, body=BODY))


@pytest.fixture
def readers(edition: Edition, a_firm: Make[Firm], take_part: Make[Participation], new_user: Make[User]) -> list[User]:
    """Three people of three firms: two agree to letters, one of them reads Chinese; the third was never asked."""
    made = []
    for name, language in (("anna", "en"), ("bo", "zh-hans"), ("cleo", "fr")):
        firm = a_firm(f"{name.title()} Works", "FR" if name == "cleo" else "CN")
        take_part(edition, firm)
        user = new_user(name, firm=firm)
        User.objects.filter(pk=user.pk).update(language=language)
        user.refresh_from_db()
        made.append(user)
    for user in made[:2]:
        give(user, "organiser")
    return made


def members(edition: Edition, **filters: Any) -> set[str]:
    with scope(edition=edition):
        return {one.firm.legal_name for one in participations(edition, filters).select_related("firm")}


def states(edition: Edition) -> dict[str, str]:
    with scope(edition=edition):
        return dict(Mail.objects.values_list("user__email", "state"))


def test_a_segment_asks_what_they_are_and_what_they_lack(
    edition: Edition, a_firm: Make[Firm], take_part: Make[Participation], offer: Make[Offer]
) -> None:
    with scope(edition=edition):
        section = Section.objects.get()
    maker = take_part(edition, a_firm("Maker", "ET", description={"en": "We make."}), section=section)
    buyer = take_part(edition, a_firm("Buyer", "DE"), "buyer")
    take_part(edition, a_firm("Gone", "DE"), state="cancelled")
    offer(maker)
    with scope(edition=edition):
        Meeting.objects.create(edition=edition, host=maker, guest=buyer, state="scheduled")
        task = DeskTask.objects.create(edition=edition, code="a", due_on=date(2020, 1, 1), kinds=["exhibitor"])
        DeskTask.objects.create(edition=edition, code="b", due_on=date(2050, 1, 1))
    everyone = {"Maker", "Buyer", "Gone"}
    assert members(edition) == everyone
    assert members(edition, kind=["buyer"]) == {"Buyer"}
    assert members(edition, state=["confirmed"], country=["DE"]) == {"Buyer"}
    assert members(edition, section=["energy"]) == members(edition, group="LDC") == {"Maker"}
    assert (
        members(edition, conditions=["no_profile"]) == members(edition, conditions=["no_offers"]) == {"Buyer", "Gone"}
    )
    assert members(edition, conditions=["no_meetings"]) == {"Gone"}
    assert members(edition, conditions=["no_booth", "no_wishes", "no_needs"]) == everyone
    assert members(edition, conditions=["late_tasks"]) == {"Maker", "Gone"}
    with scope(edition=edition):
        DeskTaskDone.objects.create(edition=edition, task=task, participation=maker)
    assert members(edition, conditions=["late_tasks"]) == {"Gone"}
    assert members(edition, nonsense=["x"], conditions=["nonsense"]) == everyone


def test_a_segment_counts_firms_people_and_those_who_agreed(
    edition: Edition, other_edition: Edition, readers: list[User], take_part: Make[Participation]
) -> None:
    take_part(other_edition)
    with scope(edition=edition):
        counted = reach(edition, {})
        assert (counted.participations, counted.people, counted.reached) == (3, 3, 2)
        assert reach(edition, {}, "service").reached == 3
        assert reach(edition, {"language": ["fr"]}).people == 1
        assert list(people(edition, {"country": ["FR"]})) == [readers[2]]


@pytest.mark.parametrize(
    ("subject", "body", "sentence"),
    [
        ({"en": "a"}, {"en": "Dear {nmae}"}, r"English: there is no {nmae}"),
        ({"en": "a"}, {"en": "Dear {name"}, "no partner"),
        ({"en": "a", "ar": "b"}, {"en": "{name}", "ar": "x"}, "lacks {name}"),
        ({"en": "a"}, {"en": "x", "ar": "y"}, "a subject and a text in each"),
        ({}, {}, "at least in one"),
        ({"en": "{name.__class__}"}, {"en": "x"}, "there is no"),
    ],
)
def test_a_template_is_checked_in_each_language(subject: dict[str, str], body: dict[str, str], sentence: str) -> None:
    with pytest.raises(TemplateFaultError, match=sentence):
        check(subject, body)


def test_a_letter_is_in_the_readers_own_language_and_one_line_of_subject(
    edition: Edition, readers: list[User], take_part: Make[Participation], a_firm: Make[Firm]
) -> None:
    firm = take_part(edition, a_firm("Evil\nBcc: x@example.org Ltd"))
    letters = [write(edition, SUBJECT, BODY, reader, firm, site=SITE) for reader in readers]
    assert [letter.language for letter in letters] == ["en", "zh-hans", "en"]
    assert letters[1].subject.startswith("链博会：致Evil Bcc:")
    assert letters[0].body == f"Dear Anna,\n\nsee {SITE}/en/fair-2026/."
    assert "\n" not in letters[0].subject


def test_drafts_go_to_those_who_agreed_and_nothing_is_sent_before_it_is_released(
    edition: Edition,
    readers: list[User],
    template: MailTemplate,
    organiser: User,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made = draft(edition, template, "Everyone", {}, SITE, user=organiser)
    assert (made.without_consent, states(edition)) == (1, {"anna@example.org": "draft", "bo@example.org": "draft"})
    send_all()
    assert sent_mail.outbox == []
    with django_capture_on_commit_callbacks():
        assert release(made, user=organiser) == 2
    assert send_all() == 2
    first, second = sent_mail.outbox
    assert (first.to, first.subject) == (["anna@example.org"], "Fair of chains: news for Anna Works")
    assert second.subject == "链博会：致Bo Works"
    assert "/en/unsubscribe/" in first.body
    assert first.extra_headers["List-Unsubscribe"].strip("<>") in first.body
    assert second.extra_headers["Content-Language"] == "zh-hans"
    assert send_all() == 0
    with pytest.raises(OutboxError, match="No draft"):
        release(made)
    with pytest.raises(OutboxError, match="released"):
        discard(made)
    actions = AuditEntry.objects.filter(action__startswith="mailing").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["mailing.drafted", "mailing.released"]


def test_who_takes_the_consent_back_before_it_is_sent_gets_nothing(
    edition: Edition, readers: list[User], template: MailTemplate
) -> None:
    release(draft(edition, template, "Everyone", {}, SITE))
    take_back(readers[0], "organiser")
    send_all()
    assert states(edition) == {"anna@example.org": "cancelled", "bo@example.org": "sent"}
    assert [message.to for message in sent_mail.outbox] == [["bo@example.org"]]


def test_a_letter_to_nobody_is_refused(edition: Edition, readers: list[User], template: MailTemplate) -> None:
    with pytest.raises(OutboxError, match="Nobody"):
        draft(edition, template, "French", {"country": ["FR"]}, SITE)
    with scope(edition=edition):
        assert not Mailing.objects.exists()


@pytest.mark.parametrize(
    ("fault", "first", "last", "attempts"),
    [
        (smtplib.SMTPRecipientsRefused({"x": (550, b"No such user")}), "failed", "550 No such user", 1),
        (smtplib.SMTPRecipientsRefused({"x": (450, b"Try later")}), "queued", "450 Try later", outbox.MOST_ATTEMPTS),
        (smtplib.SMTPServerDisconnected("gone"), "queued", "gone", outbox.MOST_UNREACHED),
        (ConnectionRefusedError("refused"), "queued", "refused", outbox.MOST_UNREACHED),
    ],
)
def test_a_fault_that_may_pass_is_tried_again_and_any_other_fails_with_the_servers_words(
    fault: Exception,
    first: str,
    last: str,
    attempts: int,
    edition: Edition,
    readers: list[User],
    template: MailTemplate,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    template.purpose = "service"
    release(draft(edition, template, "French", {"country": ["FR"]}, SITE))

    def fail(*_arguments: object, **_options: object) -> int:
        raise fault

    monkeypatch.setattr("serai.expo.fairs.mailing.domain.outbox.EmailMessage.send", fail)
    send_all()
    with scope(edition=edition):
        one = Mail.objects.get()
        assert (one.state, one.reason, one.attempts) == (first, last, 1)
        send_all()  # not due yet
        for _number in range(outbox.MOST_UNREACHED):
            Mail.objects.filter(state="queued").update(due_at=timezone.now() - timedelta(hours=1))
            send_all()
        one.refresh_from_db()
        assert (one.state, one.attempts) == ("failed", attempts)
    monkeypatch.undo()
    assert retry(edition) == 1
    with scope(edition=edition):
        Mail.objects.update(due_at=None)
    assert send_all() == 1


def test_a_letter_whose_worker_was_killed_is_sent_once_its_lease_has_run_out(
    edition: Edition, readers: list[User], template: MailTemplate
) -> None:
    release(draft(edition, template, "Everyone", {}, SITE))
    with scope(edition=edition):
        Mail.objects.filter(user=readers[0]).update(state="sending", due_at=timezone.now() - timedelta(seconds=1))
        Mail.objects.filter(user=readers[1]).update(state="sending", due_at=timezone.now() + timedelta(minutes=1))
    assert send_all() == 1
    assert states(edition) == {"anna@example.org": "sent", "bo@example.org": "sending"}
    assert [message.to for message in sent_mail.outbox] == [["anna@example.org"]]


def test_a_letter_is_claimed_by_one_worker_only(
    edition: Edition, readers: list[User], template: MailTemplate, monkeypatch: pytest.MonkeyPatch
) -> None:
    release(draft(edition, template, "Everyone", {}, SITE))
    at_work: list[list[str]] = []

    def send(message: EmailMessage) -> int:
        at_work.append(message.to)
        send_next()  # another worker, while this one sends
        return 1

    monkeypatch.setattr(EmailMessage, "send", send)
    assert send_all() == 1
    assert at_work == [["anna@example.org"], ["bo@example.org"]]


def test_a_code_goes_before_all_others_and_not_after_it_is_void(edition: Edition, member: User) -> None:
    _queued(edition, member, "To you", "x")
    _first, void = (account_letter.call(to, "en", "Code", "ABC", 180)[0] for to in ("a@example.org", "b@example.org"))
    with scopes_disabled():
        Mail.objects.filter(pk=void.pk).update(expires_at=timezone.now() - timedelta(seconds=1))  # type: ignore[attr-defined]
    assert send_all() == 3
    assert [message.to for message in sent_mail.outbox] == [["a@example.org"], ["member@example.org"]]
    with scopes_disabled():
        kept = {mail.email: (mail.state, mail.body) for mail in Mail.objects.filter(edition=None)}
    assert kept == {"a@example.org": ("sent", ""), "b@example.org": ("failed", "")}


def test_a_code_whose_worker_was_killed_is_sent_while_it_is_good(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    account_letter.call("a@example.org", "en", "Code", "ABC", app_settings.LOGIN_BY_CODE_TIMEOUT)
    with monkeypatch.context() as killed:
        killed.setattr(outbox, "send", Mock())
        assert send_next()
    assert not send_next()
    with scopes_disabled():  # until the lease has run out
        Mail.objects.update(due_at=F("due_at") - outbox.LEASE, expires_at=F("expires_at") - outbox.LEASE)
    assert send_next()
    assert [message.to for message in sent_mail.outbox] == [["a@example.org"]]


def test_mail_that_is_down_is_told_to_the_organiser(
    edition: Edition, member: User, organiser_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = reverse("organiser", args=[edition.slug])
    _queued(edition, member, "To you", "x")
    assert not mail_state().is_down
    assert not mail_state().is_late
    with scopes_disabled():
        Mail.objects.update(made_at=timezone.now() - timedelta(hours=1))
    assert mail_state().is_late
    assert "No worker sends them" in organiser_client.get(desk).text

    def refuse(_message: object) -> int:
        raise ConnectionRefusedError("refused by the mail server")

    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", refuse)
        send_all()
    state = mail_state()
    assert (state.is_down, state.is_late, state.waiting, state.unanswered) == (
        True, False, 1, "refused by the mail server",
    )  # fmt: skip
    assert "refused by the mail server" in organiser_client.get(desk).text
    with scopes_disabled():
        Mail.objects.update(due_at=None)
    send_all()
    assert not mail_state().is_down
    assert "Mails do not go out" not in organiser_client.get(desk).text


def test_a_reader_stops_letters_by_the_address_in_them_and_nobody_else_can(
    readers: list[User], anonymous_client: Client
) -> None:
    address = reverse("unsubscribe", args=[token(readers[0], "organiser")])
    assert "You agreed to this" in anonymous_client.get(address).text
    assert has_consent(readers[0], "organiser")
    assert anonymous_client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert (has_consent(readers[0], "organiser"), has_consent(readers[1], "organiser")) == (False, True)
    for wrong in (token(readers[1], "organiser")[:-2] + "xx", "nonsense", token(readers[1], "service")):
        assert anonymous_client.post(reverse("unsubscribe", args=[wrong])).status_code == 404
    assert has_consent(readers[1], "organiser")


def test_the_address_in_a_letter_stops_the_letters_of_its_organiser_alone(
    readers: list[User],
    edition: Edition,
    other_edition: Edition,
    template: MailTemplate,
    deliver: Callable[[], int],
    anonymous_client: Client,
) -> None:
    with scope(edition=edition):
        release(draft(edition, template, "all", {}, "https://fair.example"))
    deliver()
    (letter,) = [letter for letter in sent_mail.outbox if letter.to == [readers[0].email]]
    stop = letter.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("https://fair.example")
    assert str(edition.organisation.name["en"]) in anonymous_client.get(stop).text
    assert anonymous_client.post(stop).status_code == 200
    assert not has_consent(readers[0], "organiser", edition.organisation)
    assert has_consent(readers[0], "organiser", other_edition.organisation)
    with scope(edition=edition):
        assert readers[0] not in willing(User.objects.all(), "organiser", edition.organisation)


def test_a_decision_is_told_in_the_applicants_language_with_its_reason(
    edition: Edition, readers: list[User], organiser: User
) -> None:
    with scope(edition=edition):
        Participation.objects.update(state="applied")
        applied = {one.firm.legal_name: one for one in Participation.objects.select_related("firm")}
    decide(applied["Bo Works"], Participation.State.REJECTED, {"en": "Full.", "zh-hans": "展馆已满。"}, user=organiser)
    decide(applied["Anna Works"], Participation.State.REJECTED, {"en": "Full."}, user=organiser)
    assert send_all() == 2
    chinese, english = sent_mail.outbox
    assert "链博会" in chinese.subject
    assert chinese.body.endswith("展馆已满。")
    assert english.subject == "Fair of chains: your application"
    assert "Anna Works" in english.body
    set_wording(edition, "application-rejected", {"fr": "Own words"}, {"fr": "No, {name}."}, user=organiser)
    decide(applied["Cleo Works"], Participation.State.REJECTED, {"en": "Full."}, user=organiser)
    send_all()
    assert (sent_mail.outbox[2].subject, sent_mail.outbox[2].body) == ("Own words", "No, Cleo.\n\nFull.")


def test_from_the_segment_to_the_outbox_by_the_pages(
    edition: Edition, readers: list[User], organiser_client: Client
) -> None:
    slug = edition.slug
    answer = organiser_client.post(
        reverse("segment-new", args=[slug]), {"name": "Chinese", "country": ["CN"]}, follow=True
    )
    assert "Anna Works" in answer.text
    assert organiser_client.post(reverse("segment-new", args=[slug]), {"name": "Chinese"}).status_code == 400
    assert (
        organiser_client.post(reverse("segment-new", args=[slug]), {"name": "B", "kind": ["king"]}).status_code == 400
    )
    given = {"key": "news", "purpose": "organiser", "subject_en": "Hello", "body_en": "Dear {nmae}"}
    wrong = organiser_client.post(reverse("mail-template-new", args=[slug]), given)
    assert (wrong.status_code, "there is no {nmae}" in wrong.text) == (400, True)
    answer = organiser_client.post(
        reverse("mail-template-new", args=[slug]), given | {"body_en": "Dear {name}"}, follow=True
    )
    assert "Dear Organiser" in answer.text
    assert organiser_client.post(reverse("mail-template-new", args=[slug]), given | {"body_en": "x"}).status_code == 400
    with scope(edition=edition):
        chosen = {"segment": Segment.objects.get().pk, "template": MailTemplate.objects.get().pk}
    answer = organiser_client.post(reverse("outbox", args=[slug]), chosen, follow=True)
    assert "Dear Anna" in answer.text
    with scope(edition=edition):
        address = reverse("mailing", args=[slug, Mailing.objects.get().pk])
    assert "2 mails are on their way." in organiser_client.post(address, {"release": "1"}, follow=True).text
    assert "No draft" in organiser_client.post(address, {"release": "1"}, follow=True).text
    send_all()
    assert len(sent_mail.outbox) == 2
    page = organiser_client.get(reverse("outbox", args=[slug]))
    assert page.status_code == 200
    assert organiser_client.post(reverse("mail-retry", args=[slug])).status_code == 302


def test_nobody_else_writes_to_anyone(
    edition: Edition, readers: list[User], template: MailTemplate, member_client: Client, other_organiser_client: Client
) -> None:
    made = draft(edition, template, "Everyone", {}, SITE)
    address = reverse("mailing", args=[edition.slug, made.pk])
    assert [
        client.post(address, {"release": "1"}).status_code for client in (member_client, other_organiser_client)
    ] == [403, 403]
    assert set(states(edition).values()) == {"draft"}


def test_lists_take_as_many_queries_for_three_as_for_one(
    edition: Edition, readers: list[User], template: MailTemplate, organiser_client: Client
) -> None:
    seen = []
    for number in range(3):
        made = draft(edition, template, f"Segment {number}", {}, SITE)
        save_template(MailTemplate(edition=edition, key=f"t{number}", subject={"en": "a"}, body={"en": "b"}))
        with CaptureQueriesContext(connection) as queries:
            organiser_client.get(reverse("outbox", args=[edition.slug]))
            organiser_client.get(reverse("mail-templates", args=[edition.slug]))
            organiser_client.get(reverse("mailing", args=[edition.slug, made.pk]))
        seen.append(len(queries))
    assert seen[0] == seen[2]


def test_a_letter_of_the_fair_goes_by_the_outbox_in_the_readers_language(
    edition: Edition, member: User, deliver: Callable[[], None]
) -> None:
    with override("fr"):
        made = send_letter(edition, member, "meeting-asked", {"other": "Bonjour\nBcc: x@example.org"})
    assert (made.state, made.language) == ("queued", "fr")
    assert made.subject.startswith("Bonjour Bcc: x@example.org ")
    assert sent_mail.outbox == [], "nothing is sent before the worker comes"
    deliver()
    (letter,) = sent_mail.outbox
    assert (letter.to, letter.body) == (["member@example.org"], made.body)
    with scope(edition=edition):
        assert Mail.objects.get().state == "sent"


def _queued(edition: Edition, to: User | str, subject: str, body: str, *, private: bool = False) -> Mail:
    person, email = (None, to) if isinstance(to, str) else (to, "")
    made = Mail(user=person, email=email, language="en", subject=subject, body=body, private=private)
    assert enqueue(edition, [made]) == 1
    return made


def test_what_only_its_reader_may_know_is_forgotten_once_it_is_sent(
    edition: Edition, deliver: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    _queued(edition, "nobody-yet@example.org", "Join us", "https://fair/secret", private=True)

    def refuse(_message: object) -> int:
        raise ConnectionRefusedError("refused")

    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", refuse)
        deliver()
    with scope(edition=edition):
        kept = Mail.objects.get()
        assert (kept.state, kept.reason, kept.body) == ("queued", "refused", "https://fair/secret")
        Mail.objects.update(due_at=None)
        deliver()
        assert Mail.objects.get().body == ""
    assert [(letter.to, letter.body) for letter in sent_mail.outbox] == [
        (["nobody-yet@example.org"], "https://fair/secret")
    ]


def test_the_outbox_shows_what_failed_to_somebody_without_an_account(
    edition: Edition, organiser_client: Client
) -> None:
    made = _queued(edition, "nobody-yet@example.org", "Join us", "Text", private=True)
    with scope(edition=edition):
        Mail.objects.filter(pk=made.pk).update(state="failed", reason="550 No such user")
    text = organiser_client.get(reverse("outbox", args=[edition.slug])).text
    assert "nobody-yet@example.org" in text
    assert "550 No such user" in text


def test_organisers_see_all_mails_of_their_fair_and_others_their_own(
    edition: Edition, member: User, organiser: User, other_organiser: User, stranger: User
) -> None:
    own = _queued(edition, member, "To you", "x")
    invitation = _queued(edition, "nobody-yet@example.org", "Join us", "x")
    with scope(edition=edition):
        seen = {user: set(outbox.visible_to(user, edition)) for user in (organiser, member, other_organiser, stranger)}
    assert seen == {organiser: {own, invitation}, member: {own}, other_organiser: set(), stranger: set()}
