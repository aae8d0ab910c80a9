"""Public pages are kept for visitors without cookies, and a change is seen at once by everybody."""

import gzip
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django_scopes import scope

from serai.expo.base.revisions import reading
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.firms.record.models import Firm
from serai.expo.insight.supply.domain import stored_results
from serai.expo.people.account.models import User
from serai.expo.site.web.pages import kept_pages
from serai.expo.site.web.pages.kept_pages import KeptPages, is_for_all
from tests.expo.site.web.declared import DECLARED, pages_of

FIRST = "Nova Power"


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    kept_pages._pages.clear()
    yield
    kept_pages._pages.clear()


@pytest.fixture
def exhibitor(edition: Edition, a_firm: Callable[..., Firm], take_part: Callable[..., Participation]) -> Firm:
    firm = a_firm("Nova Power Ltd", name={"en": FIRST})
    take_part(edition, firm)
    return firm


@pytest.fixture
def directory(edition: Edition) -> str:
    return reverse("directory", args=[edition.slug])


def queries(request: Callable[[], HttpResponse]) -> tuple[HttpResponse, int]:
    """An answer, and how many times the database was asked for it."""
    asked: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        return request(), len(asked)


@pytest.mark.django_db(transaction=True)
class TestAPublicPage:
    def test_is_kept_for_visitors_without_cookies(self, directory: str, exhibitor: Firm, client: Client) -> None:
        first, worked_out = queries(lambda: client.get(directory))
        again, asked = queries(lambda: client.get(directory))
        assert FIRST in first.text
        assert (worked_out > 5, asked) == (True, 1)
        assert again.content == first.content
        assert {**again.headers, "X-Request-Id": ""} == {**first.headers, "X-Request-Id": ""}
        assert again["X-Request-Id"] != first["X-Request-Id"]

    def test_is_logged_as_if_it_had_been_worked_out(
        self, directory: str, exhibitor: Firm, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        noted: list[dict[str, Any]] = []
        monkeypatch.setattr("serai.expo.site.operation.pages.note_request", lambda **told: noted.append(told))
        for _ in range(2):
            client.get(directory)
        first, again = ({name: value for name, value in told.items() if name != "seconds"} for told in noted)
        assert first == again
        assert (first["page"], first["edition"]) == ("directory", "fair-2026")

    def test_is_sent_as_it_is_kept_to_those_who_can_read_it(
        self, directory: str, exhibitor: Firm, client: Client
    ) -> None:
        plain = client.get(directory)
        small = client.get(directory, headers={"accept-encoding": "br, gzip"})
        assert gzip.decompress(small.content) == plain.content
        assert (small["Content-Encoding"], small["Content-Length"]) == ("gzip", str(len(small.content)))
        assert plain["Content-Length"] == str(len(plain.content))
        assert len(small.content) < len(plain.content) / 2
        assert small["Vary"] == plain["Vary"] == "Cookie, Accept-Encoding"

    def test_is_not_sent_again_to_a_browser_that_has_it(self, directory: str, exhibitor: Firm, client: Client) -> None:
        tag = client.get(directory)["ETag"]
        unchanged = client.get(directory, headers={"if-none-match": tag, "accept-encoding": "gzip"})
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        exhibitor.name = {"en": "Nova Grid"}
        exhibitor.save()
        changed = client.get(directory, headers={"if-none-match": tag})
        assert changed.status_code == 200
        assert "Nova Grid" in changed.text

    def test_shows_a_change_at_once_however_it_was_made(self, directory: str, exhibitor: Firm, client: Client) -> None:
        assert FIRST in client.get(directory).text
        by_hand = "UPDATE expo_firm SET name = %s WHERE id = %s"
        changes: Mapping[str, Callable[[], object]] = {
            "Nova Grid": lambda: Firm.objects.filter(pk=exhibitor.pk).update(name={"en": "Nova Grid"}),
            "Nova Cell": lambda: Firm.objects.bulk_update([renamed(exhibitor, "Nova Cell")], ["name"]),
            "Nova Wind": lambda: connection.cursor().execute(by_hand, ['{"en": "Nova Wind"}', exhibitor.pk]),
        }
        for name, change in changes.items():
            change()
            page = client.get(directory).text
            assert name in page
            assert FIRST not in page

    def test_shows_a_change_at_once_to_who_made_it_and_to_others(
        self, edition: Edition, organiser: User, client: Client
    ) -> None:
        page, own = reverse("ways-in", args=[edition.slug]), Client()
        own.force_login(organiser)
        assert not closed_in(client.get(page))
        phases = reverse("phases", args=[edition.slug])
        assert own.post(phases, {"apply-closes": "2026-10-01T09:00"}).status_code == 302
        for visitor in (own, client):
            assert closed_in(visitor.get(page))

    def test_changes_by_itself_when_a_phase_ends(self, edition: Edition, client: Client) -> None:
        page = reverse("ways-in", args=[edition.slug])
        with scope(edition=edition), time_machine.travel("2026-11-28 09:00:59Z", tick=False) as now:
            Phase.objects.create(edition=edition, kind="apply", closes_at="2026-11-28T09:01:00Z")
            assert [closed_in(client.get(page)) for _ in range(2)] == [False, False]
            now.shift(1)
            assert closed_in(client.get(page))

    def test_is_another_for_another_address_and_for_who_says_who_they_are(
        self, directory: str, exhibitor: Firm, client: Client
    ) -> None:
        client.get(directory)
        others: list[dict[str, Any]] = [
            {"path": directory.replace("/en/", "/ar/")},
            {"query_params": {"country": "CN"}},
            {"headers": {"host": "localhost"}},
            {"headers": {"cookie": "sessionid=x"}},
            {"headers": {"authorization": "Bearer x"}},
            {"secure": True},
        ]
        for other in others:
            assert queries(lambda other=other: client.get(**{"path": directory} | other))[1] > 5, other

    def test_is_no_way_in_for_hosts_that_are_not_served(self, directory: str, client: Client) -> None:
        assert client.get(directory, headers={"host": "elsewhere.example"}).status_code == 400

    def test_of_a_fair_that_is_withdrawn_is_gone_at_once(self, edition: Edition, client: Client) -> None:
        page = f"/en/{edition.slug}/"
        assert client.get(page).status_code == 200
        edition.state = Edition.State.DRAFT
        edition.save()
        assert client.get(page).status_code == 404


def closed_in(answer: HttpResponse) -> bool:
    """Whether a page says that applications are closed."""
    return 'class="notice notice-warning"' in answer.text


def renamed(firm: Firm, name: str) -> Firm:
    firm.name = {"en": name}
    return firm


@pytest.mark.any_database
@pytest.mark.slow
def test_what_a_public_page_reads_is_counted(
    edition: Edition, things: Mapping[str, Any], subtests: pytest.Subtests, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever adds a page need not think of this: one that reads what is not counted is worked out each time.

    A page that asks the worker for a result is not kept; all else that it reads is counted as it is with the result.
    """
    monkeypatch.setattr(stored_results, "ask", lambda *_what: False)
    visitor = Client(headers={"accept-language": "en"})
    pages = [page for room in DECLARED for page in pages_of(room, things)]
    for page in pages:
        if page.who != "public" or page.post or page.nothing:
            continue
        with subtests.test(page=page.name), scope(edition=edition), reading() as read:
            answer = visitor.get(page.address(edition, things))
            if answer.streaming:
                answer.getvalue()  # to the end, where its file is closed
            if answer.status_code == 200 and not answer.streaming and is_for_all(answer):
                assert read.repeatable


@pytest.mark.parametrize(
    ("is_kept", "answer"),
    [
        (True, HttpResponse("a page", headers={"Vary": "Cookie"})),
        (False, HttpResponse("a page", status=404)),
        (False, HttpResponse("a page", headers={"Vary": "Cookie, Accept-Language"})),
        (False, HttpResponse("a page", headers={"Cache-Control": "no-store"})),
        (False, HttpResponse(b"a picture", content_type="image/png")),
        (False, HttpResponse("x" * (kept_pages.LONGEST + 1))),
    ],
    ids=["for all", "not there", "by another header", "not to be kept", "not a text", "too long"],
)
def test_only_what_is_for_all_is_kept(is_kept: bool, answer: HttpResponse) -> None:
    assert is_for_all(answer) is is_kept


def test_a_page_that_sets_a_cookie_is_not_kept() -> None:
    answer = HttpResponse("a form")
    answer.set_cookie("csrftoken", "secret")
    assert not is_for_all(answer)


@pytest.mark.django_db(transaction=True)
def test_the_pages_asked_for_last_are_kept_within_so_many_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_pages._pages, "_most", 130)
    made: list[str] = []

    def answer(request: Any) -> HttpResponse:
        made.append(request.path)
        return HttpResponse("a page")

    pages, asked = KeptPages(answer), RequestFactory()
    for path in ("/en/a/", "/en/b/", "/en/a/", "/en/c/", "/en/d/", "/en/e/", "/en/f/", "/en/g/", "/en/h/", "/en/a/"):
        pages(asked.get(path))
    assert made.count("/en/a/") == 2
    made.clear()
    pages(asked.get("/en/a/"))
    assert made == []
