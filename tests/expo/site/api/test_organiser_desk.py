"""What an organiser's programs do at the organiser's desk: letters, imports, exports."""

import base64
import csv
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.models import Mail, Mailing, Segment
from serai.expo.firms.record.models import Firm
from serai.expo.people.account.models import User
from serai.expo.site.imports.models import Import


@pytest.fixture
def directs(organiser: User, program_of: Callable[..., Any]) -> Any:
    return program_of(organiser, "read", "write", "organise")


@pytest.fixture
def root(edition: Edition) -> str:
    return f"/editions/{edition.slug}"


# Letters


LETTER = {
    "key": "hello",
    "purpose": "service",
    "subject": {"en": "Hello {firm}", "zh-hans": "{firm}，您好"},
    "body": {"en": "Dear {name}, see you at {fair}.", "zh-hans": "{name}：{fair}见。"},
}


def test_a_letter_is_written_looked_at_released_and_followed(
    edition: Edition, root: str, directs: Any, owner: User, desk: Participation, deliver: Callable[[], None]
) -> None:
    made = directs(f"{root}/segments", "post", {"name": "Exhibitors", "filters": {"kind": ["exhibitor"]}})
    assert (made.status_code, made.json()["filters"]["kind"]) == (201, ["exhibitor"])
    segment = made.json()["number"]
    reached = directs(f"{root}/segments/{segment}").json()
    assert (reached["participations"], reached["people"]) == (1, 1)
    template = directs(f"{root}/templates", "post", LETTER).json()["number"]
    previews = {one["language"]: one for one in directs(f"{root}/templates/{template}/preview").json()["items"]}
    assert previews["en"]["subject"] == "Hello Owned Materials"
    assert "链博会见" in previews["zh-hans"]["body"]
    drafted = directs(f"{root}/mailings", "post", {"segment": segment, "template": template})
    assert (drafted.status_code, drafted.json()["mails"]) == (201, {"draft": 1})
    number = drafted.json()["number"]
    [letter] = directs(f"{root}/mailings/{number}/mails").json()["items"]
    assert (letter["to"], letter["subject"], letter["state"]) == (owner.email, "Hello Owned Materials", "draft")
    deliver()
    assert mail.outbox == []  # what is not released is not sent
    assert directs(f"{root}/mailings/{number}/release", "post", if_match=drafted["ETag"]).json() == {"mails": 1}
    deliver()
    assert [one.to for one in mail.outbox] == [[owner.email]]
    assert directs(f"{root}/mailings/{number}").json()["mails"] == {"sent": 1}
    assert directs(f"{root}/mailings/{number}/release", "post").status_code == 409
    assert directs(f"{root}/mailings/{number}", "delete").status_code == 409  # it stays as a record
    assert directs(f"{root}/segments/{segment}", "delete").status_code == 204
    assert directs(f"{root}/mailings").json()["items"][0]["segment"] == "Exhibitors"


def test_drafts_are_thrown_away_and_what_failed_is_sent_again(
    edition: Edition, root: str, directs: Any, owner: User, desk: Participation
) -> None:
    segment = directs(f"{root}/segments", "post", {"name": "All"}).json()["number"]
    template = directs(f"{root}/templates", "post", LETTER).json()["number"]
    given = {"segment": segment, "template": template}
    first = directs(f"{root}/mailings", "post", given).json()["number"]
    assert directs(f"{root}/mailings/{first}", "delete").status_code == 204
    second = directs(f"{root}/mailings", "post", given).json()["number"]
    with scope(edition=edition):
        assert Mailing.objects.count() == 1
        Mail.objects.update(state="failed", reason="550 no such box")
    assert directs(f"{root}/mailings/{second}/mails").json()["items"][0]["reason"] == "550 no such box"
    assert directs(f"{root}/mailings/{second}/retry", "post").json() == {"mails": 1}
    consented = directs(f"{root}/templates", "post", LETTER | {"key": "news", "purpose": "newsletters"}).json()
    nobody = directs(f"{root}/mailings", "post", {"segment": segment, "template": consented["number"]})
    assert (nobody.status_code, "Nobody" in nobody.json()["detail"]) == (409, True)


@pytest.mark.parametrize(
    ("where", "given", "status", "words"),
    [
        ("segments", {"name": " "}, 422, "as described"),
        ("segments", {"name": "A", "filters": {"kind": ["visitor of nobody"]}}, 422, "as described"),
        ("segments", {"name": "A", "filters": {"section": ["nowhere"]}}, 409, "no such section"),
        ("templates", LETTER | {"body": {"en": "Dear {stranger}", "zh-hans": "{name}"}}, 409, "stranger"),
        ("templates", LETTER | {"subject": {"en": "Hello"}}, 409, "each language"),
        ("templates", LETTER | {"purpose": "advertising"}, 422, "as described"),
        ("mailings", {"segment": 1, "template": 1}, 404, "no such"),
    ],
)
def test_a_segment_or_a_letter_that_is_wrong_is_refused_in_a_sentence(
    where: str, given: dict[str, Any], status: int, words: str, edition: Edition, root: str, directs: Any
) -> None:
    answer = directs(f"{root}/{where}", "post", given)
    assert (answer.status_code, words in answer.json()["detail"]) == (status, True)
    with scope(edition=edition):
        assert not Segment.objects.exists()


def test_two_segments_or_templates_do_not_have_one_name(root: str, directs: Any, edition: Edition) -> None:
    made = directs(f"{root}/segments", "post", {"name": "All"})
    assert directs(f"{root}/segments", "post", {"name": "All"}).status_code == 409
    one = f"{root}/segments/{made.json()['number']}"
    assert directs(one, "put", {"name": "Everybody"}, if_match=made["ETag"]).json()["name"] == "Everybody"
    assert directs(one, "put", {"name": "Nobody"}, if_match=made["ETag"]).status_code == 412
    assert directs(f"{root}/templates", "post", LETTER).status_code == 201
    assert directs(f"{root}/templates", "post", LETTER).status_code == 409


# Imports


def _file(*rows: tuple[str, ...]) -> dict[str, str]:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return {"name": "firms.csv", "content": base64.b64encode(text.getvalue().encode()).decode()}


def test_a_list_is_previewed_mapped_applied_and_taken_back(edition: Edition, root: str, directs: Any) -> None:
    given = _file(("Firm", "Where", "Website"), ("Acme Films Ltd", "CN", ""), ("Nameless", "Atlantis", ""))
    job = directs(f"{root}/imports", "post", given)
    assert (job.status_code, job.json()["state"]) == (202, "done")
    one = f"{root}/imports/{job.json()['made']}"
    previewed = directs(one)
    assert previewed.json()["state"] == "previewed"
    assert not Firm.objects.filter(legal_name="Acme Films Ltd").exists()
    columns = {"A": "legal_name", "B": "country", "C": "website"}
    assert directs(f"{one}/mapping", "put", {"columns": columns}, if_match=previewed["ETag"]).status_code == 202
    mapped = directs(one)
    assert {each["column"]: each["field"] for each in mapped.json()["columns"]} == columns
    assert (mapped.json()["trouble"], mapped.json()["rows"]["new"], mapped.json()["rows"]["rejected"]) == ("", 1, 1)
    assert directs(f"{one}/mapping", "put", {"columns": {"Z": "name"}}).status_code == 409
    assert directs(f"{one}/mapping", "put", {"columns": {"A": "shoe size"}}).json()["state"] == "refused"
    directs(f"{one}/mapping", "put", {"columns": {"A": "country", "B": "country"}})
    assert directs(one).json()["trouble"]
    directs(f"{one}/mapping", "put", {"columns": columns})
    [rejected] = directs(f"{one}/rows?state=rejected").json()["items"]
    assert (rejected["row"], bool(rejected["reason"])) == (3, True)
    applied = directs(f"{one}/apply", "post")
    assert (applied.status_code, applied.json()["state"]) == (202, "done")
    assert directs(one).json()["state"] == "applied"
    firm = Firm.objects.get(legal_name="Acme Films Ltd")
    assert directs(f"{one}/rows?state=new").json()["items"][0]["firm"] == firm.identifier
    assert directs(one, "delete").status_code == 409
    assert directs(f"{one}/undo", "post").json()["state"] == "done"
    assert directs(one).json()["state"] == "undone"
    assert not Firm.objects.filter(legal_name="Acme Films Ltd").exists()
    assert directs(f"{one}/undo", "post").json()["state"] == "refused"
    assert AuditEntry.objects.filter(action__in=("import.applied", "import.undone")).count() == 2


def test_a_row_that_may_be_a_known_firm_waits_for_a_choice(
    edition: Edition, root: str, directs: Any, a_firm: Callable[..., Firm], take_part: Any
) -> None:
    known = take_part(edition, a_firm("Shenzhen Brightway Battery Separator Materials Company Limited")).firm
    given = _file(("Legal name", "Country"), ("Shenzhen Brightway Battery Separators Materials Company Limited", "CN"))
    one = f"{root}/imports/{directs(f'{root}/imports', 'post', given).json()['made']}"
    [row] = directs(f"{one}/rows").json()["items"]
    assert (row["state"], row["candidates"][0]["identifier"]) == ("possible", known.identifier)
    unknown = directs(f"{one}/choices", "put", {"choices": [{"row": 2, "choice": "999999"}]})
    assert unknown.status_code == 409
    chosen = {"choices": [{"row": 2, "choice": row["candidates"][0]["choice"]}]}
    assert directs(f"{one}/choices", "put", chosen).status_code == 200
    assert directs(f"{one}/rows").json()["items"][0]["choice"] == row["candidates"][0]["choice"]
    directs(f"{one}/apply", "post")
    assert directs(f"{one}/rows").json()["items"][0]["firm"] == known.identifier


def test_what_is_no_list_is_refused_and_a_preview_is_discarded(edition: Edition, root: str, directs: Any) -> None:
    pdf = {"name": "firms.pdf", "content": base64.b64encode(b"%PDF-1.7").decode()}
    refused = directs(f"{root}/imports", "post", pdf).json()
    assert (refused["state"], "PDF" in refused["sentence"]) == ("refused", True)
    number = directs(f"{root}/imports", "post", _file(("Name", "Country"), ("Acme", "CN"))).json()["made"]
    assert directs(f"{root}/imports/{number}", "delete").status_code == 204
    with scope(edition=edition):
        assert not Import.objects.exists()


# Exports


def test_a_table_is_taken_as_a_file_and_who_took_it_is_written_down(
    edition: Edition, root: str, directs: Any, organiser: User, desk: Participation, take_part: Any
) -> None:
    take_part(edition, kind="buyer")
    listed = {one["key"]: one for one in directs(f"{root}/exports?limit=200").json()["items"]}
    assert "legal_name" in listed["firms"]["columns"]
    assert {one["name"] for one in listed["firms"]["filters"]} == {"kind", "state"}

    def take(path: str, given: dict[str, Any] | None = None) -> Any:
        job = directs(f"{root}/exports{path}", "post", given)
        assert job.status_code == 202
        return directs(f"{root}/jobs/{job.json()['number']}/file")

    taken = take("/firms", {"format": "json", "filters": {"kind": "exhibitor"}})
    assert taken["Content-Type"] == "application/json"
    assert "attachment" in taken["Content-Disposition"]
    assert [row["legal_name"] for row in json.loads(taken.getvalue())] == [desk.firm.legal_name]
    as_csv = take("/firms", {"format": "csv"})
    assert len(list(csv.reader(as_csv.getvalue().decode("utf-8-sig").splitlines()))) == 3
    workbook = take("/firms", {"format": "xlsx"})
    assert workbook.getvalue().startswith(b"PK")
    assert directs(f"{root}/exports/firms", "post", {"filters": {"kind": "nobody"}}).status_code == 409
    assert directs(f"{root}/exports/nothing", "post", {}).status_code == 404
    archive = take("")
    assert f"{edition.slug}/manifest.json" in zipfile.ZipFile(io.BytesIO(archive.getvalue())).namelist()
    assert AuditEntry.objects.filter(action="export.taken", user=organiser).count() == 4
