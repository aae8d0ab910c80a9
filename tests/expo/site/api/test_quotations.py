"""Programs exchange times, quote and compare, and sign the contract of a booth, as their owners may on the pages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from serai.expo.base.workbooks.domain.grid import MOST_BYTES
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.requests.models import MeetingExchange
from serai.expo.offers.market.models import Interest
from serai.expo.participants.exhibitors.models import DeskTask
from serai.expo.people.account.models import User
from serai.expo.venue.contracts.models import BoothContract

pytestmark = pytest.mark.any_database

PDF = b"%PDF-1.7 on our paper"
QUOTED = {"price": 1250.5, "currency": "CNY", "per": 1000, "unit": "MTK", "valid_until": "2999-01-01"}


@pytest.fixture
def within(edition: Edition, program_of: Callable[..., Any]) -> Callable[..., Any]:
    """A program of somebody, called with the rest of an address of the fair."""

    def make(user: User) -> Any:
        program = program_of(user, "read", "write", "organise")

        def call(path: str, *rest: Any, form: dict[str, Any] | None = None, **more: Any) -> Any:
            address = f"/editions/{edition.slug}{path}"
            return program.send(address, form, *rest) if form is not None else program(address, *rest, **more)

        return call

    return make


@pytest.fixture
def sides(there: dict[str, Any], owner: User, new_user: Callable[..., User], within: Any) -> dict[str, Any]:
    """Programs of the exhibitor, and of whom its two exchangeable meetings are with."""
    with scope(edition=Edition.objects.get(slug=there["slug"])):
        met = Meeting.objects.select_related("host__firm", "guest__firm").in_bulk(
            [there["later meeting"], there["other meeting"]]
        )
        firms = (met[there["later meeting"]].host.firm, met[there["other meeting"]].guest.firm)
        others = [within(new_user(f"other {number}", firm=firm)) for number, firm in enumerate(firms)]
    return {"owner": within(owner), "first": others[0], "second": others[1]}


def test_an_exchange_is_offered_asked_and_done_once_both_agree(
    edition: Edition, there: dict[str, Any], sides: dict[str, Any]
) -> None:
    later, other = there["later meeting"], there["other meeting"]
    offered = sides["owner"](f"/meetings/{later}/exchangeable").json()["items"]
    assert other in [row["number"] for row in offered]
    refused = sides["owner"](f"/meetings/{later}/exchange", "post", {"other": there["meetings"]})
    assert refused.status_code == 409
    asked = sides["owner"](f"/meetings/{later}/exchange", "post", {"other": other, "message": "A late flight"})
    assert (asked.status_code, asked.json()["other"]) == (201, other)
    number = asked.json()["number"]
    for who, done in (("first", "open"), ("second", "done")):
        [waiting] = [row for row in sides[who]("/my/exchanges").json()["items"] if row["number"] == number]
        assert (waiting["other"], waiting["message"]) == (None, "A late flight")
        agreed = sides[who](f"/my/exchanges/{number}/agree", "post")
        assert (agreed.status_code, agreed.json()["state"], agreed.json()["agreed"]) == (200, done, True)
    with scope(edition=edition):
        times = {one.pk: one.starts_at for one in Meeting.objects.filter(pk__in=(later, other))}
        row = MeetingExchange.objects.get(pk=number)
    assert (times[later], times[other]) == (row.second_starts_at, row.first_starts_at)
    assert sides["first"](f"/my/exchanges/{number}").status_code == 404  # over


def test_who_has_read_an_older_exchange_agrees_to_nothing(there: dict[str, Any], sides: dict[str, Any]) -> None:
    number = there["exchanges"]
    read = sides["owner"](f"/my/exchanges/{number}")
    answer = sides["owner"](f"/my/exchanges/{number}/agree", "post", if_match='"of before"')
    assert answer.status_code == 412
    assert sides["owner"](f"/my/exchanges/{number}/agree", "post", if_match=read["ETag"]).status_code == 200


def test_a_list_of_exchanges_takes_the_same_queries_with_one_and_with_three(
    edition: Edition, there: dict[str, Any], sides: dict[str, Any]
) -> None:
    def counted() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert sides["owner"]("/my/exchanges?box=sent&firm=" + there["identifier"]).status_code == 200
        return len(queries)

    counted()
    one = counted()
    with scope(edition=edition):
        row = MeetingExchange.objects.get(pk=there["sent exchange"])
        for _number in range(2):
            row.pk = None
            row.save(force_insert=True)
    assert len(sides["owner"]("/my/exchanges?box=sent&firm=" + there["identifier"]).json()["items"]) == 3
    assert counted() == one


def test_a_quotation_is_said_with_a_document_replaced_compared_and_withdrawn(
    edition: Edition, there: dict[str, Any], owner: User, new_user: Callable[..., User], within: Any
) -> None:
    with scope(edition=edition):
        asked = Interest.objects.select_related("need__participation__firm").get(pk=there["interest sent"])
        buyer = within(new_user("buying", firm=asked.need.participation.firm))
    seller, path = within(owner), f"/my/interests/{asked.pk}/quotations"
    document = SimpleUploadedFile("our price.pdf", PDF)
    said = seller(path, form={name: str(value) for name, value in QUOTED.items()} | {"file": document})
    assert (said.status_code, said.json()["version"], said.json()["file"]) == (201, 2, "our price.pdf")
    assert said.json()["price_of_one"] == "1.250500"
    read = seller(path)
    again = seller(path, "post", QUOTED | {"price": 1100}, if_match=read["ETag"])
    assert (again.status_code, again.json()["file"]) == (201, "our price.pdf")  # stays with it
    assert seller(path, "post", QUOTED, if_match=read["ETag"]).status_code == 412
    assert [row["state"] for row in buyer(path).json()["items"]] == ["stands", "replaced", "replaced"]
    [row] = [row for row in buyer("/my/interests/received").json()["items"] if row["number"] == asked.pk]
    assert row["quotation"]["price"] == "1100.0000"
    [compared] = buyer(f"/my/needs/{asked.need_id}/quotations?order=lead").json()["items"]
    assert (compared["firm"], compared["interest"]) == (there["identifier"], asked.pk)
    file = buyer(f"/my/quotations/{compared['number']}/file")
    assert (file["Content-Type"], file.getvalue()) == ("application/pdf", PDF)
    assert buyer(path, "post", QUOTED).status_code == 409  # who would buy says no price
    assert seller(path, "post", QUOTED | {"incoterm": "FOB"}).json()["detail"].startswith("Say the place")
    assert seller(f"{path}/withdraw", "post").json()["state"] == "withdrawn"
    assert buyer(f"/my/needs/{asked.need_id}/quotations").json()["items"] == []


def test_a_contract_is_offered_read_signed_with_a_page_and_withdrawn(
    edition: Edition, desk: Participation, there: dict[str, Any], owner: User, organiser: User, within: Any
) -> None:
    fair, exhibitor = within(organiser), within(owner)
    [waiting] = [row for row in fair("/booths-without-contract").json()["items"] if row["firm"] == there["partner"]]
    assert waiting["stand"] == there["stand"]
    offered = fair("/contracts", "post", {"stand": waiting["stand"]})
    assert (offered.status_code, offered.json()["booth"]) == (201, "W2 B03")
    assert fair("/contracts", "post", {"stand": waiting["stand"]}).status_code == 409  # offered already
    assert exhibitor(f"/contracts/{offered.json()['number']}").status_code == 404  # of another firm
    [mine] = exhibitor("/contracts?state=offered").json()["items"]
    read = exhibitor(f"/contracts/{mine['number']}")
    assert read.json()["terms"]["text"] == {"en": "Leave it clean."}
    assert read.json()["content"]["exhibitor"]["identifier"] == there["identifier"]
    form = {"signed_by": "Amina Okoye", "signed_on": there["today"], "file": SimpleUploadedFile("page.pdf", PDF)}
    signed = exhibitor(f"/contracts/{mine['number']}/sign", form=form)
    assert (signed.status_code, signed.json()["state"], signed.json()["file"]) == (200, "signed", "page.pdf")
    page = fair(f"/contracts/{mine['number']}/file")
    assert page.getvalue() == PDF
    assert exhibitor(f"/contracts/{mine['number']}/withdraw", "post").status_code == 403
    assert fair(f"/contracts/{mine['number']}/withdraw", "post").json()["file"] is None
    assert exhibitor(f"/contracts/{mine['number']}").status_code == 404
    with scope(edition=edition):
        assert BoothContract.objects.get(pk=mine["number"]).state == "withdrawn"


def test_a_file_comes_as_a_form_where_it_is_larger_than_json_takes(
    edition: Edition, organiser: User, within: Any
) -> None:
    rows = b"name,country,summary\n" + b"".join(
        b"Firm %d Ltd,CN,%s\n" % (number, b"film " * 400) for number in range(1500)
    )
    assert 2_900_000 < len(rows) < MOST_BYTES
    fair = within(organiser)
    job = fair("/imports", form={"file": SimpleUploadedFile("firms.csv", rows)})
    assert (job.status_code, job.json()["state"]) == (202, "done")
    previewed = fair(f"/imports/{job.json()['made']}").json()
    assert (previewed["file_name"], sum(previewed["rows"].values())) == ("firms.csv", 1500)


def test_what_is_no_file_form_or_too_large_is_told_and_keeps_nothing(
    edition: Edition, desk: Participation, organiser: User, owner: User, within: Any, program_of: Callable[..., Any]
) -> None:
    fair = within(organiser)
    assert fair("/imports", form={"sheet": "One"}).status_code == 422  # without its file
    refused = fair("/imports", form={"file": SimpleUploadedFile("list.pdf", PDF)}).json()
    assert (refused["state"], refused["made"]) == ("refused", None)
    large = fair("/imports", "post", {"name": "a.csv", "content": "AAAA" * 700_000})
    assert (large.status_code, "multipart/form-data" in large.json()["detail"]) == (413, True)
    program = program_of(organiser, "organise", "write")
    broken = program.client.generic(
        "POST",
        f"/api/v1/editions/{edition.slug}/imports",
        b"nothing",
        content_type="multipart/form-data",
        headers=program.headers,
    )
    assert (broken.status_code, broken["Content-Type"]) == (400, "application/problem+json")
    assert fair("/imports").json()["items"] == []


def test_a_task_is_done_with_a_file_of_a_form_sent_with_put(
    edition: Edition, desk: Participation, owner: User, within: Any
) -> None:
    with scope(edition=edition):
        DeskTask.objects.create(
            edition=edition, code="insurance", title={"en": "Insure"}, due_on=edition.starts_on, wants_file=True
        )
    path = f"/firms/{desk.firm.identifier}/tasks/insurance"
    form = {"note": "", "file": SimpleUploadedFile("policy.pdf", PDF)}
    done = within(owner)(path, "put", form=form)
    assert (done.status_code, done.json()["done"], done.json()["file"].startswith("policy")) == (200, True, True)


def test_a_call_narrows_by_what_the_page_narrows_by(
    edition: Edition, desk: Participation, there: dict[str, Any], owner: User, organiser: User, within: Any
) -> None:
    exhibitor, fair = within(owner), within(organiser)
    for person, step in (("Amina Diallo", "Call"), ("Li Wei", "")):
        kept = exhibitor(f"/firms/{desk.firm.identifier}/leads", "post", {"person": person, "next_step": step})
        assert kept.status_code == 201

    def people(query: str) -> list[str]:
        return [row["person"] for row in exhibitor(f"/my/leads?{query}").json()["items"]]

    assert people("q=diallo") == people("due=1") == ["Amina Diallo"]
    waiting = fair("/outcomes?documents=1").json()["items"]
    assert len(waiting) == 1
    assert waiting[0]["number"] not in (there["outcomes"], there["own outcome"])
    assert fair("/outcomes?state=never").status_code == fair("/badges?kind=never").status_code == 422
    assert [row["name"] for row in fair("/badges?q=owner&kind=exhibitor").json()["items"]] == ["Owner"]
    assert {row["state"] for row in fair("/participations?state=invited").json()["items"]} == {"invited"}
