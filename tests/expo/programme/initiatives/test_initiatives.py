"""Initiatives launched at the forums: who signs, what the public sees, and what became of what was promised."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.mailing.models import Mail
from serai.expo.people.account.domain.privacy import erase
from serai.expo.people.account.models import User
from serai.expo.programme.initiatives.domain import commitments, initiatives, signatures
from serai.expo.programme.initiatives.domain.commitments import NoteContent, is_due, note, remind
from serai.expo.programme.initiatives.domain.initiatives import InitiativeRefusedError
from serai.expo.programme.initiatives.domain.presentation import as_csv, as_json
from serai.expo.programme.initiatives.domain.signatures import forget_signatories
from serai.expo.programme.initiatives.models import Commitment, CommitmentNote, Initiative, Signature
from serai.expo.programme.sessions.models import Session
from serai.expo.results.report.domain.findings import fair_figures, findings
from serai.expo.results.report.domain.properties import figures
from serai.expo.site.search.domain import Asked, find_initiatives
from serai.expo.site.web.pages import search_engines

TITLE = {"en": "Initiative on second sources", "zh-hans": "第二供应源倡议"}
PDF = b"%PDF-1.7\n"


@pytest.fixture
def initiative(edition: Edition, organiser: User, sessions: list[Session]) -> Initiative:
    made = Initiative(edition=edition, title=TITLE, text={"en": "We name a second source."}, session=sessions[0])
    with scope(edition=edition):
        initiatives.save_initiative(made, by=organiser)
    return made


@pytest.fixture
def signatory(edition: Edition, initiative: Initiative, organiser: User) -> Signature:
    made = Signature(
        edition=edition,
        initiative=initiative,
        institution={"en": "Chamber of Lakes"},
        name={"en": "Amina Odhiambo"},
        office={"en": "President"},
        country="KE",
        mail="amina@lakes.example",
    )
    with scope(edition=edition):
        signatures.save_signatory(made, by=organiser)
    return made


def link_of(edition: Edition) -> str:
    """The address in the latest letter."""
    with scope(edition=edition):
        body = Mail.objects.latest("pk").body
    (line,) = [line for line in body.splitlines() if "/initiatives/sign/" in line]
    return "/" + line.split("/", 3)[3]


def signed(edition: Edition, signatory: Signature, organiser: User) -> None:
    """Signed on paper and confirmed."""
    with scope(edition=edition):
        scan = SimpleUploadedFile("paper.pdf", PDF)
        signatures.sign_on_paper(signatory, timezone.localdate(), scan, by=organiser)
        signatures.confirm(signatory, "Called its office", by=organiser)
        signatory.refresh_from_db()


def public_page(edition: Edition, initiative: Initiative) -> str:
    answer = Client().get(reverse("initiative", args=[edition.slug, initiative.pk]))
    assert answer.status_code == 200
    return str(answer.text)


def test_it_is_launched_on_the_day_of_its_session(initiative: Initiative, sessions: list[Session]) -> None:
    assert initiative.launched_on == timezone.localdate(sessions[0].starts_at)


def test_the_public_reads_it_from_its_publishing_until_it_is_taken_back(
    edition: Edition, initiative: Initiative, organiser: User, stranger_client: Client, organiser_client: Client
) -> None:
    page, listed = (
        reverse("initiative", args=[edition.slug, initiative.pk]),
        reverse("initiatives", args=[edition.slug]),
    )
    assert (stranger_client.get(page).status_code, organiser_client.get(page).status_code) == (404, 200)
    assert TITLE["en"] not in Client().get(listed).text
    with scope(edition=edition):
        initiatives.publish(initiative, by=organiser)
    assert TITLE["en"] in Client().get(listed).text
    assert TITLE["zh-hans"] in Client().get(page.replace("/en/", "/zh-hans/")).text
    assert f"/cards/initiative/{initiative.pk}.png" in Client().get(page).text
    with scope(edition=edition):
        assert ("initiative", (edition.slug, initiative.pk)) in list(search_engines.pages(edition))
        assert addresses_found(edition, "zweite") == []
        assert addresses_found(edition, "second sources") == [page]
    with scope(edition=edition), pytest.raises(InitiativeRefusedError, match="Say why"):
        initiatives.take_back(initiative, " ", by=organiser)
    with scope(edition=edition):
        initiatives.take_back(initiative, "A name is wrong", by=organiser)
    assert Client().get(page).status_code == 404
    assert TITLE["en"] not in Client().get(listed).text
    assert Client().get(reverse("social-card", args=[edition.slug, "initiative", initiative.pk])).status_code == 404
    told = AuditEntry.objects.get(action="initiative.taken_back")
    assert (told.after or {})["reason"] == "A name is wrong"


def addresses_found(edition: Edition, words: str) -> list[str]:
    """The addresses of initiatives that somebody without an account finds."""
    return [result.address for result in find_initiatives(Asked(edition, AnonymousUser(), words, most=5))]


def test_nothing_without_a_text_is_published(edition: Edition, organiser: User) -> None:
    with scope(edition=edition):
        empty = Initiative(edition=edition, title=TITLE)
        initiatives.save_initiative(empty, by=organiser)
        with pytest.raises(InitiativeRefusedError, match="title and a text"):
            initiatives.publish(empty, by=organiser)


def test_an_institution_signs_by_its_link_and_is_public_once_it_is_confirmed(
    edition: Edition, initiative: Initiative, signatory: Signature, organiser: User, anonymous_client: Client
) -> None:
    with scope(edition=edition):
        initiatives.publish(initiative, by=organiser)
        signatures.invite(signatory, by=organiser)
    link = link_of(edition)
    assert "We name a second source." in anonymous_client.get(link).text
    assert anonymous_client.get(link)["Referrer-Policy"] == "no-referrer"
    anonymous_client.post(link, {"act": "sign"})
    with scope(edition=edition):
        assert Signature.objects.get().state == "invited", "nobody signs without saying that it may"
    anonymous_client.post(link, {"act": "sign", "agreed": "1"})
    assert "Chamber of Lakes" not in public_page(edition, initiative)
    with scope(edition=edition):
        signatory.refresh_from_db()
        assert (signatory.state, signatory.signed_on) == ("signed", timezone.localdate())
        with pytest.raises(InitiativeRefusedError, match="how you know"):
            signatures.confirm(signatory, "", by=organiser)
        signatures.confirm(signatory, "Called its office", by=organiser)
    page = public_page(edition, initiative)
    assert all(words in page for words in ("Chamber of Lakes", "Kenya", "Amina Odhiambo", "President"))
    assert "Called its office" not in page
    assert signatory.mail not in page


def test_a_withdrawn_signature_stays_told_and_counts_no_more(
    edition: Edition, initiative: Initiative, signatory: Signature, organiser: User
) -> None:
    signed(edition, signatory, organiser)
    with scope(edition=edition):
        initiatives.publish(initiative, by=organiser)
        counted = {figure.code: figure.value for figure in figures(edition)}
        assert [counted[code] for code in ("initiatives", "signatures", "signing_countries")] == [1, 1, 1]
        signatures.withdraw(signatory, "A new board", by=organiser)
        assert {figure.code: figure.value for figure in figures(edition)}["signatures"] == 0
    page = public_page(edition, initiative)
    assert "Withdrawn signatures" in page
    assert "Chamber of Lakes" in page
    assert "A new board" not in page


def test_a_link_opens_nothing_once_a_newer_one_was_sent_or_its_time_is_over(
    edition: Edition, initiative: Initiative, signatory: Signature, organiser: User, anonymous_client: Client
) -> None:
    with scope(edition=edition):
        signatures.invite(signatory, by=organiser)
        first = link_of(edition)
        signatures.invite(signatory, by=organiser)
        second = link_of(edition)
    assert (anonymous_client.get(first).status_code, anonymous_client.get(second).status_code) == (404, 200)
    with scope(edition=edition):
        Signature.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert anonymous_client.get(second).status_code == 404


def test_who_declines_can_still_sign(
    edition: Edition, signatory: Signature, organiser: User, anonymous_client: Client
) -> None:
    with scope(edition=edition):
        signatures.invite(signatory, by=organiser)
    link = link_of(edition)
    for act, state in (("decline", "declined"), ("sign", "signed"), ("withdraw", "signed"), ("decline", "declined")):
        anonymous_client.post(link, {"act": act, "agreed": "1"})
        with scope(edition=edition):
            assert Signature.objects.get().state == state
    assert anonymous_client.post(link, {"act": "dance"}).status_code == 404


def test_paper_needs_a_scan_and_a_day_that_has_come(
    edition: Edition, initiative: Initiative, signatory: Signature, organiser_client: Client, stranger_client: Client
) -> None:
    act = reverse("signatory-act", args=[edition.slug, initiative.pk, signatory.pk])
    today = timezone.localdate()
    scan = {"act": "paper", "scan": SimpleUploadedFile("paper.pdf", PDF)}
    assert organiser_client.post(act, {"act": "paper", "signed_on": today.isoformat()}).status_code == 400
    for day, content in ((today + timedelta(days=1), PDF), (today, b"#!/bin/sh")):
        given = {"act": "paper", "signed_on": day.isoformat(), "scan": SimpleUploadedFile("paper.pdf", content)}
        organiser_client.post(act, given)
        with scope(edition=edition):
            assert Signature.objects.get().state == "named"
    assert organiser_client.post(act, scan | {"signed_on": today.isoformat()}).status_code == 302
    paper = reverse("signature-paper", args=[edition.slug, initiative.pk, signatory.pk])
    answer: Any = organiser_client.get(paper)
    assert b"".join(answer.streaming_content) == PDF
    assert stranger_client.get(paper).status_code == 403


def test_what_was_signed_stays_and_can_be_translated(
    edition: Edition, initiative: Initiative, signatory: Signature, organiser: User
) -> None:
    signed(edition, signatory, organiser)
    with scope(edition=edition):
        initiative.text = {"en": "We name a second source.", "fr": "Nous nommons une deuxième source."}
        initiatives.save_initiative(initiative, by=organiser)
        for text in ({"en": "We name a third source."}, {"fr": "Nous nommons une deuxième source."}):
            initiative.text = text
            with pytest.raises(InitiativeRefusedError, match="signed with this text"):
                initiatives.save_initiative(initiative, by=organiser)
        signatory.office = {"en": "Clerk"}
        with pytest.raises(InitiativeRefusedError, match="signed with these words"):
            signatures.save_signatory(signatory, by=organiser)


def test_only_a_draft_that_nobody_was_asked_to_sign_is_removed(
    edition: Edition, initiative: Initiative, signatory: Signature, organiser: User
) -> None:
    with scope(edition=edition):
        signatures.invite(signatory, by=organiser)
        with pytest.raises(InitiativeRefusedError, match="Only a draft"):
            initiatives.remove(initiative, by=organiser)
        signatures.remove(signatory, by=organiser)
        initiatives.remove(initiative, by=organiser)
        assert not Initiative.objects.exists()


def test_the_database_refuses_a_confirmed_signature_that_was_not_signed(edition: Edition, signatory: Signature) -> None:
    for wrong in ({"state": "confirmed"}, {"confirmed_at": timezone.now()}):
        with scope(edition=edition), pytest.raises(IntegrityError), transaction.atomic():
            Signature.objects.update(**wrong)


@pytest.fixture
def commitment(edition: Edition, initiative: Initiative, signatory: Signature, organiser: User) -> Commitment:
    signed(edition, signatory, organiser)
    made = Commitment(
        edition=edition,
        initiative=initiative,
        signature=signatory,
        text={"en": "A second port"},
        due_on=timezone.localdate() + timedelta(days=10),
    )
    with scope(edition=edition):
        initiatives.publish(initiative, by=organiser)
        commitments.save_commitment(made, by=organiser)
    return made


def told(state: str = "under_way", **more: Any) -> NoteContent:
    return NoteContent(state, {"en": "The quay is built."}, more.pop("noted_on", timezone.localdate()), **more)


def test_a_commitment_has_the_state_of_its_latest_shown_note(
    edition: Edition, commitment: Commitment, organiser: User
) -> None:
    with scope(edition=edition):
        note(commitment, told("done"), by=organiser)
        note(commitment, told("delayed", noted_on=timezone.localdate() - timedelta(days=3)), by=organiser)
        commitment.refresh_from_db()
        assert commitment.state == "done"
        with pytest.raises(InitiativeRefusedError, match="day is to come"):
            note(commitment, told(noted_on=timezone.localdate() + timedelta(days=1)), by=organiser)
    assert "The quay is built." in public_page(edition, commitment.initiative)


def test_a_signatory_tells_by_its_link_and_the_organiser_decides_whether_it_is_shown(
    edition: Edition, commitment: Commitment, signatory: Signature, organiser: User, anonymous_client: Client
) -> None:
    remind()
    link = link_of(edition)
    given = {"act": "tell", "commitment": commitment.pk, "state": "done", "noted_on": timezone.localdate().isoformat()}
    assert anonymous_client.post(link, given | {"noted_on": ""}).status_code == 400
    assert anonymous_client.post(link, given | {"words_en": "It is open."}).status_code == 302
    page = public_page(edition, commitment.initiative)
    with scope(edition=edition):
        waiting = CommitmentNote.objects.get()
        commitment.refresh_from_db()
        assert (waiting.decision, commitment.state, waiting.signature) == ("waiting", "open", signatory)
        assert "is done" not in page or "0 of 1" in page
        commitments.decide(waiting, CommitmentNote.Decision.SHOWN, by=organiser)
        commitment.refresh_from_db()
        assert commitment.state == "done"
        with pytest.raises(InitiativeRefusedError, match="decided on already"):
            commitments.decide(waiting, CommitmentNote.Decision.REFUSED, by=organiser)


def test_nobody_tells_of_the_commitment_of_another(
    edition: Edition, initiative: Initiative, commitment: Commitment, organiser: User
) -> None:
    with scope(edition=edition):
        other = Signature(edition=edition, initiative=initiative, institution={"en": "Chamber of Hills"})
        signatures.save_signatory(other, by=organiser)
        signed(edition, other, organiser)
        with pytest.raises(InitiativeRefusedError, match="no commitment of yours"):
            note(commitment, told(), signature=other)


@pytest.mark.parametrize(
    ("due", "reminded", "today", "expected"),
    [
        (None, None, date(2027, 3, 1), False),
        (date(2027, 3, 31), None, date(2027, 2, 28), False),
        (date(2027, 3, 31), None, date(2027, 3, 1), True),
        (date(2027, 3, 31), date(2027, 3, 1), date(2027, 3, 31), False),
        (date(2027, 3, 31), date(2027, 3, 1), date(2027, 4, 1), True),
        (date(2027, 3, 31), date(2027, 4, 1), date(2027, 5, 1), False),
    ],
)
def test_who_is_committed_is_reminded_a_month_before_and_once_after(
    due: date | None, reminded: date | None, today: date, expected: bool
) -> None:
    assert is_due(Commitment(due_on=due, reminded_on=reminded), today) == expected
    assert not is_due(Commitment(due_on=due, reminded_on=reminded, state="done"), today)


def test_one_letter_names_all_that_is_due_to_a_signatory(
    edition: Edition, commitment: Commitment, organiser: User
) -> None:
    with scope(edition=edition):
        second = Commitment(
            edition=edition, initiative=commitment.initiative, text={"en": "A list"}, due_on=commitment.due_on
        )
        commitments.save_commitment(second, by=organiser)
    assert (remind(), remind()) == (1, 0)
    with scope(edition=edition):
        body = Mail.objects.latest("pk").body
    assert "A second port" in body
    assert "A list" in body


def test_it_is_taken_away_as_data(edition: Edition, commitment: Commitment) -> None:
    with scope(edition=edition):
        (record,) = json.loads(as_json(edition))["initiatives"]
        lines = list(csv.DictReader(io.StringIO(as_csv(edition).decode("utf-8-sig"))))
    assert record["signatures"][0]["institution"] == {"en": "Chamber of Lakes"}
    assert record["commitments"][0]["by"] == {"en": "Chamber of Lakes"}
    assert [(line["institution"], line["country"]) for line in lines] == [("Chamber of Lakes", "KE")]
    public = Client().get(reverse("export", args=[edition.slug, "initiatives.json"]))
    assert public.json()["initiatives"][0]["number"] == commitment.initiative.pk
    assert "lakes.example" not in public.text


def test_the_report_tells_of_it(edition: Edition, commitment: Commitment) -> None:
    with scope(edition=edition):
        (finding,) = findings(fair_figures(edition), ["initiatives"])
    assert finding.sentence().startswith("1 initiative or statement was launched")


def test_the_list_takes_as_many_queries_for_three_as_for_one(
    edition: Edition,
    commitment: Commitment,
    organiser: User,
    organiser_client: Client,
) -> None:
    def queries_of(page: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert organiser_client.get(page).status_code == 200
        return len(asked)

    pages = [reverse(name, args=[edition.slug]) for name in ("initiatives", "initiatives-desk")]
    before = [queries_of(page) for page in pages]
    for number in range(2):
        with scope(edition=edition):
            more = Initiative(edition=edition, title={"en": f"More {number}"}, text={"en": "Words"})
            initiatives.save_initiative(more, by=organiser)
            signatory = Signature(edition=edition, initiative=more, institution={"en": "Chamber"}, country="KE")
            signatures.save_signatory(signatory, by=organiser)
            signed(edition, signatory, organiser)
            initiatives.publish(more, by=organiser)
    assert [queries_of(page) for page in pages] == before


def test_who_did_not_sign_is_forgotten_and_who_signed_stays(
    edition: Edition, signatory: Signature, organiser: User, initiative: Initiative
) -> None:
    with scope(edition=edition):
        other = Signature(
            edition=edition,
            initiative=initiative,
            institution={"en": "Chamber of Hills"},
            name={"en": "Ada Quill"},
            mail="ada@hills.example",
        )
        signatures.save_signatory(other, by=organiser)
        signed(edition, signatory, organiser)
        assert forget_signatories(edition) == 2
        assert forget_signatories(edition) == 0
        assert [(row.name, row.mail) for row in Signature.objects.order_by("pk")] == [
            ({"en": "Amina Odhiambo"}, ""),
            ({}, ""),
        ]
    trail = json.dumps(list(AuditEntry.objects.values_list("before", "after")))
    assert "hills.example" not in trail
    assert "lakes.example" not in trail
    assert "Ada Quill" not in trail


def test_an_erased_person_who_did_not_sign_is_not_named(
    edition: Edition, signatory: Signature, new_user: Callable[..., User]
) -> None:
    person = new_user("amina")
    with scope(edition=edition):
        Signature.objects.update(mail=person.email)
    erase(person)
    with scope(edition=edition):
        assert Signature.objects.get().name == {}
    assert "Amina Odhiambo" not in json.dumps(list(AuditEntry.objects.values_list("before", "after")))


def test_the_organiser_writes_names_and_publishes_by_the_pages(edition: Edition, organiser_client: Client) -> None:
    new = reverse("initiative-new", args=[edition.slug])
    assert organiser_client.post(new, {"kind": "statement"}).status_code == 400
    organiser_client.post(new, {"kind": "statement", "title_en": "A statement", "text_en": "We *share*."})
    with scope(edition=edition):
        made = Initiative.objects.get()
    desk = reverse("initiative-desk", args=[edition.slug, made.pk])
    assert "A statement" in organiser_client.get(desk).text
    named = {"institution_en": "Chamber of Lakes", "country": "KE", "mail": "a@lakes.example", "language": "en"}
    organiser_client.post(reverse("signatory-new", args=[edition.slug, made.pk]), named)
    with scope(edition=edition):
        signature = Signature.objects.get()
    assert organiser_client.get(reverse("signatory", args=[edition.slug, made.pk, signature.pk])).status_code == 200
    promised = {"text_en": "A list", "signature": signature.pk, "due_on": "2027-06-30"}
    organiser_client.post(reverse("commitment-new", args=[edition.slug, made.pk]), promised)
    with scope(edition=edition):
        commitment = Commitment.objects.get()
    address = [edition.slug, made.pk, commitment.pk]
    telling = {"state": "done", "noted_on": timezone.localdate().isoformat(), "words_en": "It stands."}
    organiser_client.post(reverse("commitment-act", args=address), telling)
    assert "It stands." in organiser_client.get(reverse("commitment", args=address)).text
    organiser_client.post(reverse("initiative-act", args=[edition.slug, made.pk]), {"act": "publish"})
    assert "We <em>share</em>." in public_page(edition, made)
