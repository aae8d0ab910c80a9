"""Exports: every table in three formats, harmless in a spreadsheet, of one fair only, streamed and written down."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope
from openpyxl import load_workbook

from serai.expo.base.audit.models import AuditEntry
from serai.expo.base.export_tables import rows_of as rows_of_table
from serai.expo.base.export_tables import tables
from serai.expo.base.files.models import StoredFile
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.models import Mail
from serai.expo.firms.record.domain.fields import SECTIONS
from serai.expo.firms.record.models import Firm, FirmAlias
from serai.expo.meetings.leads.models import Lead
from serai.expo.meetings.meeting.models import Meeting, MeetingNote, Wish
from serai.expo.meetings.outcomes.models import Outcome, OutcomeParty
from serai.expo.offers.chains.models import Chain, Edge, Node, Stage
from serai.expo.offers.market.models import Need, Offer
from serai.expo.participants.buyers.models import HostedTerms, TermsAccepted
from serai.expo.participants.contact_persons.models import ContactPerson
from serai.expo.participants.participation.domain.decisions import decide
from serai.expo.people.account.models import Consent, Organisation, User
from serai.expo.programme.initiatives.models import Commitment, CommitmentNote, Initiative, Signature
from serai.expo.programme.proposals.models import Proposal, ProposalReview, ProposedSpeaker
from serai.expo.programme.sessions.models import Forum, Session, SignUp
from serai.expo.results.assistance.models import AssistanceCase
from serai.expo.results.exports.domain.archive import archive
from serai.expo.results.exports.domain.record_tables import RECORDS as TITLES
from serai.expo.results.exports.domain.record_tables import key_of
from serai.expo.results.exports.domain.records import (
    FIELDS_LEFT_OUT,
    LEFT_OUT,
    fields_of,
    models_by_name,
    rows_of,
)
from serai.expo.venue.halls.models import Booth, Entrance, Hall, Stand, TableArea

type Make[Thing] = Callable[..., Thing]

TABLES = sorted(key for key, one in tables().items() if not one.record)
RECORDS = sorted(key for key, one in tables().items() if one.record)


FILLED = [
    "Edition",
    "Organisation",
    "Section",
    "Participation",
    "Firm",
    "Role",
    "User",
    "Offer",
    "Need",
    "Hall",
    "Booth",
    "Stand",
    "Wish",
    "Meeting",
    "Outcome",
    "OutcomeParty",
    "Forum",
    "Session",
    "SignUp",
    "AssistanceCase",
    "Mail",
    "AuditEntry",
    "ApplicationDecision",
]


def fill(
    edition: Edition,
    user: User,
    take_part: Make[Participation],
    offer: Make[Offer],
    need: Make[Need],
    a_firm: Make[Firm],
) -> None:
    """A row of every table, the first firm with a name that a spreadsheet would run."""
    maker = take_part(edition, a_firm("=SUM(A1:A9)", "DE", name={"en": "+Maker", "zh-hans": "制造商"}))
    buyer = take_part(edition, kind="buyer")
    offer(maker, {"en": "@film", "zh-hans": "薄膜"})
    need(buyer)
    now = timezone.now()
    applied = take_part(edition, state="applied")
    decide(applied, Participation.State.REJECTED, {"en": "The hall is full."}, user=user)
    with scope(edition=edition):
        hall = Hall.objects.create(edition=edition, code="W1", title={"en": "Hall"})
        booth = Booth.objects.create(edition=edition, hall=hall, code="A01")
        Entrance.objects.create(edition=edition, hall=hall, code="1", x_m=0, y_m=5)
        first = 1 + 10 * TableArea.objects.count()
        TableArea.objects.create(
            edition=edition, hall=hall, first=first, last=first + 9, x_m=5, y_m=5, width_m=6, depth_m=4
        )
        Stand.objects.create(edition=edition, booth=booth, participation=maker)
        ContactPerson.objects.create(edition=edition, participation=maker, name="@Ada", phone="+49 30 123456")
        Wish.objects.create(edition=edition, wisher=buyer, wished=maker, strength="must")
        meeting = Meeting.objects.create(edition=edition, host=maker, guest=buyer, starts_at=now, ends_at=now)
        outcome = Outcome.objects.create(edition=edition, meeting=meeting, kind="contract", value=5, currency="EUR")
        for side, at in ((maker, now), (buyer, None)):
            OutcomeParty.objects.create(outcome=outcome, participation=side, confirmed_at=at)
        forum = Forum.objects.create(edition=edition, slug="opening", kind="ceremony", title={"en": "Opening"})
        session = Session.objects.create(
            edition=edition, forum=forum, starts_at=now, ends_at=now + timedelta(hours=1), capacity=9
        )
        terms = HostedTerms.objects.get_or_create(edition=edition, version=1, defaults={"text": {"en": "A room"}})[0]
        TermsAccepted.objects.create(edition=edition, participation=buyer, terms=terms, user=user)
        SignUp.objects.create(edition=edition, session=session, user=user, state="confirmed")
        proposal = Proposal.objects.create(
            edition=edition, proposed_by=user, title={"en": "=1+1"}, minutes=30, forum=forum, participation=maker
        )
        ProposedSpeaker.objects.create(edition=edition, proposal=proposal, name={"en": "@Ada"}, mail="ada@example.org")
        ProposalReview.objects.create(edition=edition, proposal=proposal, reviewer=user, score=4)
        initiative = Initiative.objects.create(edition=edition, title={"en": "=Second sources"}, session=session)
        signature = Signature.objects.create(edition=edition, initiative=initiative, institution={"en": "@Chamber"})
        promised = {"edition": edition, "initiative": initiative, "text": {"en": "A second port"}}
        commitment = Commitment.objects.create(**promised, signature=signature)
        CommitmentNote.objects.create(edition=edition, commitment=commitment, state="done")
        AssistanceCase.objects.create(edition=edition, participation=maker, kind="visa")
        Mail.objects.create(edition=edition, user=user, purpose="service", language="en", subject="-", body="x")
        Lead.objects.create(
            edition=edition, participation=maker, person="A visitor", notes="what was said", key=str(now)
        )


@pytest.fixture
def filled(
    edition: Edition,
    member: User,
    take_part: Make[Participation],
    offer: Make[Offer],
    need: Make[Need],
    a_firm: Make[Firm],
) -> Edition:
    fill(edition, member, take_part, offer, need, a_firm)
    return edition


def take(client: Client, edition: Edition, key: str, made_as: str, **filters: str) -> bytes:
    return file_of(client, edition, reverse("export-table", args=[edition.slug, key]), format=made_as, **filters)


def file_of(client: Client, edition: Edition, address: str, **fields: str) -> bytes:
    """The file that a job has made, taken from its page."""
    page = client.post(address, fields, follow=True)
    file = client.get(reverse("job-file", args=[edition.slug, page.context["job"].pk]))
    assert file.request["PATH_INFO"] in page.text
    assert f'filename="{edition.slug}-' in file["Content-Disposition"]
    return b"".join(file.streaming_content)  # type: ignore[arg-type]


def read(content: bytes, made_as: str) -> list[dict[str, Any]]:
    if made_as == "json":
        found: list[dict[str, Any]] = json.loads(content)
        return found
    if made_as == "csv":
        assert content.startswith(b"\xef\xbb\xbf")
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    header, *rows = load_workbook(io.BytesIO(content), read_only=True).active.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


@pytest.mark.parametrize("key", TABLES)
def test_every_table_says_the_same_in_each_format(key: str, filled: Edition, organiser_client: Client) -> None:
    as_json, as_csv, as_xlsx = (read(take(organiser_client, filled, key, one), one) for one in ("json", "csv", "xlsx"))
    assert as_json, f"The test has no row for {key}: add one in fill()."

    def told(rows: list[dict[str, Any]]) -> list[list[str]]:
        cells = [["" if value in (None, "") else str(value) for value in row.values()] for row in rows]
        return [[value.removesuffix(".0") for value in row] for row in cells]

    assert told(as_json) == told(as_csv) == told(as_xlsx)
    assert list(as_json[0]) == list(as_csv[0]) == list(as_xlsx[0]) == list(tables()[key].columns)


@pytest.mark.parametrize("key", TABLES)
def test_a_table_of_a_fair_has_nothing_of_another(
    key: str,
    filled: Edition,
    other_edition: Edition,
    stranger: User,
    other_organiser: User,
    take_part: Make[Participation],
    offer: Make[Offer],
    need: Make[Need],
    a_firm: Make[Firm],
) -> None:
    here = list(rows_of_table(tables()[key], filled, {}))
    fill(other_edition, stranger, take_part, offer, need, lambda *_a, **_o: a_firm("Firm of the other fair", "FR"))
    assert list(rows_of_table(tables()[key], filled, {})) == here
    assert "other" not in json.dumps(here, default=str).replace("another", "")


@pytest.mark.parametrize("key", TABLES)
def test_a_table_takes_as_many_queries_for_one_row_as_for_three(
    key: str,
    filled: Edition,
    member: User,
    take_part: Make[Participation],
    offer: Make[Offer],
    need: Make[Need],
    a_firm: Make[Firm],
    new_user: Make[User],
) -> None:
    before, after = (Edition.objects.get(pk=filled.pk) for _request in range(2))
    with CaptureQueriesContext(connection) as one:
        list(rows_of_table(tables()[key], before, {}))
    with scope(edition=filled):
        Forum.objects.update(slug="before")
        Hall.objects.update(code="W0")
    fill(filled, member, take_part, offer, need, lambda *_a, **_o: a_firm("Two", "FR"))
    new_user("second", firm=member.roles.get().firm)
    with CaptureQueriesContext(connection) as more:
        assert len(list(rows_of_table(tables()[key], after, {}))) > 1
    assert len(more) == len(one)


def test_every_model_has_a_table_with_every_field_that_is_not_left_out_with_a_reason() -> None:
    titles = [tables()[key].title for key in RECORDS]
    assert len(RECORDS) == len(models_by_name()) - len(LEFT_OUT)
    for name in set(models_by_name()) - set(LEFT_OUT):
        assert name in TITLES, f"Say in records.py what the records of {name} are called."
        model = models_by_name()[name]
        columns = tables()[key_of(model)].columns
        assert len(columns) == len(set(columns)), name
        told = {column for field in fields_of(model) for column in columns if column.startswith(field.name)}
        assert set(columns) == told, name
        for field in model._meta.concrete_fields:
            is_told = any(column.startswith(field.name) for column in columns)
            of_the_edition = field.name == "edition"
            assert is_told or of_the_edition or field.name in FIELDS_LEFT_OUT[name], (name, field.name)
    assert len({str(title) for title in titles}) == len(titles), "Two tables are called the same."


def test_what_is_left_out_is_of_models_and_fields_that_there_are() -> None:
    for name, fields in FIELDS_LEFT_OUT.items():
        assert set(fields) <= {field.name for field in models_by_name()[name]._meta.concrete_fields}, name
        assert all(fields.values())
    assert all(LEFT_OUT.values())


@pytest.mark.parametrize("key", RECORDS)
def test_a_table_of_records_has_a_row_each_in_one_query(key: str, filled: Edition) -> None:
    model = next(model for model in models_by_name().values() if key_of(model) == key)
    with CaptureQueriesContext(connection) as queries:
        rows = list(rows_of_table(tables()[key], filled, {}))
    # Once for all rows it is asked which firms are entrusted to the organiser, of the edition and of the trail.
    assert len(queries) - 1 in ({0, 1, 2} if model in {Firm, *SECTIONS} else {0})
    with scope(edition=filled):
        found = rows_of(model, filled)
        assert found is not None
        assert len(rows) == found.count()
    if model.__name__ in FILLED:
        assert rows, f"The test has no row for {key}: add one in fill()."
    assert not {"***", "what was said"} & {str(value) for row in rows for value in row}


def test_records_say_the_same_in_each_format(filled: Edition, organiser_client: Client) -> None:
    for key in ("record-participation", "record-meeting", "record-offer", "record-audit-entry"):
        as_json, as_csv = (read(take(organiser_client, filled, key, one), one) for one in ("json", "csv"))
        assert as_json
        for one, other in zip(as_json, as_csv, strict=False):  # each export adds its own entry to the trail
            assert {name: str(value) for name, value in one.items()} == other


def test_what_a_firm_keeps_for_itself_is_in_no_table_and_not_in_the_archive(
    filled: Edition, a_firm: Make[Firm], take_part: Make[Participation]
) -> None:
    firm = a_firm(
        "Reserved", "SE", turnover="secret-b", address={"en": "Open street 1"}, visibility={"turnover": "firm"}
    )
    shy = a_firm("Shy", "SE", visibility={"aliases": "firm"})
    for one in (firm, shy):
        take_part(filled, one)
        FirmAlias.objects.create(firm=one, name=f"Alias of {one.legal_name}", key="x")
    StoredFile.objects.create(name="kept.pdf", media_type="x", size=1, sha256="0", firm=firm, audience="firm")
    StoredFile.objects.create(name="shown.pdf", media_type="x", size=1, sha256="0", firm=firm, audience="organiser")
    with scope(edition=filled):
        meeting = Meeting.objects.get()
        MeetingNote.objects.create(edition=filled, meeting=meeting, side=meeting.host, note="they are weak")
    taken = json.dumps([list(rows_of_table(tables()[key], filled, {})) for key in RECORDS], default=str)
    with archive(filled) as file, zipfile.ZipFile(file) as made:
        archived = "".join(made.read(name).decode() for name in made.namelist())
    for text in (taken, archived):
        assert "Open street 1" in text
        assert "Alias of Reserved" in text
        assert "shown.pdf" in text
        for private in ("secret-b", "Alias of Shy", "kept.pdf", "they are weak"):
            assert private not in text


def test_chains_of_all_are_taken_and_those_of_another_organisation_are_not(
    edition: Edition, other_organisation: Organisation
) -> None:
    for organisation in (None, edition.organisation, other_organisation):
        chain = Chain.objects.create(
            slug=f"of-{organisation.slug if organisation else 'all'}", organisation=organisation
        )
        stage = Stage.objects.create(chain=chain, code="s", position=1)
        one, other = (Node.objects.create(chain=chain, stage=stage, code=code) for code in "ab")
        Edge.objects.create(supplier=one, user=other)
    for model, count in ((Chain, 2), (Stage, 2), (Node, 4), (Edge, 2)):
        assert len(list(rows_of_table(tables()[key_of(model)], edition, {}))) == count


def test_consents_towards_the_organiser_are_taken_and_those_among_people_are_not(
    filled: Edition, member: User, stranger: User
) -> None:
    for user, purpose in ((member, "organiser"), (member, "matches"), (stranger, "organiser")):
        Consent.objects.create(user=user, purpose=purpose, given=True, version=1, language="en", wording="Yes.")
    table = tables()["record-consent"]
    rows = [dict(zip(table.columns, row, strict=True)) for row in rows_of_table(table, filled, {})]
    assert [(row["user"], row["purpose"], row["given"]) for row in rows] == [("member@example.org", "organiser", 1)]


def test_no_spreadsheet_runs_what_a_firm_wrote(filled: Edition, organiser_client: Client) -> None:
    rows = read(take(organiser_client, filled, "firms", "csv"), "csv")
    named = next(row for row in rows if row["country"] == "DE")
    assert (named["legal_name"], named["name_en"], named["name_zh"]) == ("'=SUM(A1:A9)", "'+Maker", "制造商")
    assert read(take(organiser_client, filled, "record-offer", "xlsx"), "xlsx")[0]["title_en"] == "'@film"


def test_filters_narrow_and_what_they_don_t_know_is_passed_over(filled: Edition, organiser_client: Client) -> None:
    def kinds(**filters: str) -> set[tuple[str, str]]:
        rows = read(take(organiser_client, filled, "participations", "json", **filters), "json")
        return {(row["kind"], row["state"]) for row in rows}

    everyone = {("exhibitor", "confirmed"), ("buyer", "confirmed"), ("exhibitor", "rejected")}
    assert kinds() == everyone
    assert kinds(kind="buyer") == {("buyer", "confirmed")}
    assert kinds(kind="exhibitor", state="rejected") == {("exhibitor", "rejected")}
    assert kinds(kind="emperor", firm__legal_name="x") == everyone


def test_what_a_lead_says_stays_with_its_firm(filled: Edition, organiser_client: Client) -> None:
    assert read(take(organiser_client, filled, "leads", "json"), "json")[0]["leads"] == 1
    everything = file_of(organiser_client, filled, reverse("export-everything", args=[filled.slug]))
    with zipfile.ZipFile(io.BytesIO(everything)) as made:
        assert not any(b"what was said" in made.read(name) for name in made.namelist())


def test_who_took_what_is_written_down(filled: Edition, organiser: User, organiser_client: Client) -> None:
    take(organiser_client, filled, "firms", "csv", kind="buyer")
    organiser_client.post(reverse("export-everything", args=[filled.slug]))
    entries = AuditEntry.objects.filter(action="export.taken").order_by("pk")
    assert [entry.after for entry in entries] == [
        {"table": "firms", "format": "csv", "filters": {"kind": "buyer"}},
        {"table": "*", "format": "zip"},
    ]
    assert {entry.user for entry in entries} == {organiser}


def test_an_unknown_table_or_format_is_not_found_and_a_link_takes_nothing(
    edition: Edition, organiser_client: Client
) -> None:
    for key, made_as in (("nothing", "csv"), ("firms", "exe"), ("firms", "")):
        answer = organiser_client.post(reverse("export-table", args=[edition.slug, key]), {"format": made_as})
        assert answer.status_code == 404
    assert organiser_client.get(reverse("export-table", args=[edition.slug, "firms"])).status_code == 405
    assert organiser_client.get(reverse("export-everything", args=[edition.slug])).status_code == 405


def test_the_page_shows_every_table(edition: Edition, organiser_client: Client) -> None:
    text = organiser_client.get(reverse("export-list", args=[edition.slug])).text
    assert "Left out are leads, notes, messages between two firms and the values of quotations" in text
    assert all(f'id="table-{key}"' in text for key in (*TABLES, *RECORDS))


def test_every_model_is_in_the_archive_or_left_out_with_a_reason(edition: Edition) -> None:
    with scope(edition=edition):
        missing = {
            name for name, model in models_by_name().items() if name not in LEFT_OUT and rows_of(model, edition) is None
        }
    assert not missing, "Take it in, or say in LEFT_OUT why not."
    assert set(LEFT_OUT) <= set(models_by_name())


def test_the_archive_has_all_rows_of_the_fair_nothing_of_another_and_no_secret(
    filled: Edition,
    other_edition: Edition,
    stranger: User,
    other_organiser: User,
    take_part: Make[Participation],
    offer: Make[Offer],
    need: Make[Need],
    a_firm: Make[Firm],
) -> None:
    fill(other_edition, stranger, take_part, offer, need, lambda *_a, **_o: a_firm("Firm of the other fair", "FR"))
    with archive(filled) as file, zipfile.ZipFile(file) as made:
        assert made.testzip() is None
        content = {name.split("/")[1]: made.read(name).decode() for name in made.namelist()}
    manifest = json.loads(content.pop("manifest.json"))
    assert {one["file"] for one in manifest["files"]} == set(content)
    rows = {name: [json.loads(line) for line in text.splitlines()] for name, text in content.items()}
    assert {one["file"]: one["rows"] for one in manifest["files"]} == {name: len(found) for name, found in rows.items()}
    assert [len(rows[f"{name}.jsonl"]) for name in ("Edition", "Participation", "OutcomeParty", "User")] == [1, 4, 2, 1]
    everything = "".join(content.values())
    assert "Firm of the other fair" not in everything
    assert "stranger@example.org" not in everything
    assert "password" not in rows["User.jsonl"][0]
    assert "md5$" not in everything
