"""The token of forms: what a refused form is told, and which answers set its cookie."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.people.account.models import User
from tests.expo.site.web.forms import forms_of

SIGN_IN = "/en/sign-in/"
SENTENCE = "The form was opened before you signed in or out elsewhere"


@pytest.fixture
def browser(db: None) -> Client:
    """One whose forms need their token, as those of visitors do."""
    return Client(enforce_csrf_checks=True)


def token_of(page: str) -> str:
    return forms_of(page)[0].sent["csrfmiddlewaretoken"][0]


def refused(browser: Client, path: str = SIGN_IN, **headers: str) -> Any:
    browser.cookies["csrftoken"] = "x" * 32
    answer: Any = browser.post(path, {"csrfmiddlewaretoken": "y" * 32}, headers=headers)
    assert answer.status_code == 403
    return answer


def test_a_form_with_another_token_is_told_so_on_a_page_of_ours_that_sends_nothing(browser: Client) -> None:
    page = refused(browser, referer=f"http://testserver{SIGN_IN}?next=/en/account/").text
    assert SENTENCE in page
    assert "Nothing was changed." in page
    assert 'class="masthead"' in page
    assert f'href="{SIGN_IN}?next=/en/account/">Open the page again</a>' in page
    assert 'href="/en/">To the start</a>' in page
    assert "style=" not in page
    assert "<style" not in page
    assert forms_of(page) == []


@pytest.mark.parametrize(
    ("referer", "address"),
    [
        ("", None),
        ("https://elsewhere.example/en/sign-in/", None),
        ("http://[", None),
        ("javascript:alert(1)", None),
        ("http://testserver//elsewhere.example/", "/%2Felsewhere.example/"),
    ],
)
def test_no_referer_leads_to_another_site(browser: Client, referer: str, address: str | None) -> None:
    page = refused(browser, referer=referer).text
    assert ("Open the page again" in page) == (address is not None)
    assert "//elsewhere.example" not in page
    assert address is None or f'href="{address}"' in page


def test_the_way_to_the_start_leads_to_the_fair_of_the_form(browser: Client) -> None:
    answer = refused(browser, reverse("change-feed", args=["fair"]))
    assert 'href="/en/fair/">To the start</a>' in answer.text


def test_a_program_is_told_of_a_refused_form_by_a_problem(browser: Client) -> None:
    answer = refused(browser, accept="application/json")
    assert answer["Content-Type"] == "application/problem+json"
    assert SENTENCE in answer.text


def test_an_answer_that_comes_late_does_not_void_the_forms_opened_after_signing_in(
    member: User, browser: Client
) -> None:
    member.set_password("correct horse battery")
    member.save()
    form, late = browser.get(SIGN_IN), browser.get(SIGN_IN)
    assert "csrftoken" in form.cookies
    assert "Cookie" in late["Vary"]
    given = {"login": member.email, "password": "correct horse battery", "csrfmiddlewaretoken": token_of(form.text)}
    assert "csrftoken" in browser.post(SIGN_IN, given).cookies
    after = browser.get("/en/account/")
    browser.cookies.update(late.cookies)
    assert browser.post("/en/sign-out/", {"csrfmiddlewaretoken": token_of(after.text)}).status_code == 302


def test_what_is_fetched_for_keeping_sets_no_cookie(
    edition: Edition, desk: Participation, owner_client: Client
) -> None:
    agenda = reverse("agenda", args=[edition.slug])
    keeping = {"X-Serai-Keeping": "1"}
    assert not owner_client.get(agenda, headers=keeping).cookies
    assert "csrftoken" in owner_client.get(agenda).cookies
    for headers, deleted in ((keeping, False), ({}, True)):
        owner_client.cookies["sessionid"] = "that-ended"
        assert ("sessionid" in owner_client.get(agenda, headers=headers).cookies) == deleted
