"""Each page tried by the organiser, a member of a firm, the organiser of another fair, a stranger and nobody."""

import re

import pytest
from django.test import Client

from serai.expo.fairs.edition.models import Edition

PUBLIC = [
    "",
    "chains/",
    "chains/clean-energy/",
    "chains/clean-energy/battery-cells/",
    "firms/",
    "halls/",
    "programme/",
    "programme/programme.ics",
    "programme/schedule.xml",
    "programme/schedule.json",
    "report/",
    "report/figures.json",
    "report/exhibitors.csv",
]
ORGANISER = ["organiser/", "organiser/matching/", "organiser/timetable/"]
LANGUAGES = ["en", "zh-hans", "ar"]


@pytest.fixture(autouse=True)
def chains(db: None) -> None:
    from serai.expo.offers.chains.domain.placements import load_builtin_chains

    load_builtin_chains()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PUBLIC)
def test_a_public_page_is_for_everyone(page: str, language: str, edition: Edition, visitors: dict[str, Client]) -> None:
    answers = {who: client.get(f"/{language}/{edition.slug}/{page}") for who, client in visitors.items()}
    assert {answer.status_code for answer in answers.values()} == {200}
    if page.endswith("/") or not page:
        assert f'lang="{language}"' in answers["anonymous"].text
        assert ('dir="rtl"' in answers["anonymous"].text.split("<body>")[0]) == (language == "ar")


@pytest.mark.parametrize("page", PUBLIC)
def test_a_draft_is_for_its_organiser_only(page: str, edition: Edition, visitors: dict[str, Client]) -> None:
    Edition.objects.filter(pk=edition.pk).update(state=Edition.State.DRAFT)
    answers = {who: client.get(f"/en/{edition.slug}/{page}").status_code for who, client in visitors.items()}
    assert answers == {"organiser": 200, "member": 404, "other organiser": 404, "stranger": 404, "anonymous": 404}


@pytest.mark.parametrize("page", ORGANISER)
def test_the_organisers_desk_is_for_its_organiser_only(
    page: str, edition: Edition, visitors: dict[str, Client]
) -> None:
    answers = {who: client.get(f"/en/{edition.slug}/{page}") for who, client in visitors.items()}
    codes = {who: answer.status_code for who, answer in answers.items()}
    assert codes == {"organiser": 200, "member": 403, "other organiser": 403, "stranger": 403, "anonymous": 302}
    assert answers["anonymous"]["Location"].startswith("/en/sign-in/?next=")


@pytest.mark.parametrize("page", ["organiser/timetable/publish/", "organiser/matching/", "organiser/timetable/"])
def test_nobody_else_changes_anything(page: str, edition: Edition, visitors: dict[str, Client]) -> None:
    visitors.pop("organiser")
    answers = {who: client.post(f"/en/{edition.slug}/{page}").status_code for who, client in visitors.items()}
    assert answers == {"member": 403, "other organiser": 403, "stranger": 403, "anonymous": 302}


def test_a_page_that_changes_something_is_not_a_link(edition: Edition, organiser_client: Client) -> None:
    assert organiser_client.get(f"/en/{edition.slug}/organiser/timetable/publish/").status_code == 405


def test_an_unknown_fair_chain_or_firm_is_not_found(edition: Edition, anonymous_client: Client) -> None:
    for page in (
        "nowhere/",
        f"{edition.slug}/chains/nowhere/",
        f"{edition.slug}/chains/clean-energy/nothing/",
        f"{edition.slug}/firms/CN2026328AAAAA0/",
    ):
        answer = anonymous_client.get(f"/en/{page}")
        assert answer.status_code == 404
        assert "There is nothing at this address" in answer.text


def test_who_may_not_see_a_page_is_told_so_in_words(edition: Edition, stranger_client: Client) -> None:
    answer = stranger_client.get(f"/en/{edition.slug}/organiser/")
    assert answer.status_code == 403
    assert "not yours to see" in answer.text


def test_a_fault_of_ours_is_told_without_a_traceback(
    edition: Edition, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise ZeroDivisionError

    client.raise_request_exception = False
    monkeypatch.setattr("serai.expo.results.report.pages.views.figures", fail)
    answer = client.get(f"/en/{edition.slug}/report/")
    assert answer.status_code == 500
    assert "went wrong on our side" in answer.text
    assert "Traceback" not in answer.text


def test_signing_in_leads_back_and_signing_out_is_a_post(edition: Edition, organiser: object, client: Client) -> None:
    page = f"/en/{edition.slug}/organiser/"
    wrong = client.post("/en/sign-in/", {"login": "organiser@example.org", "password": "wrong"})
    assert "do not belong together" in wrong.text
    right = {"login": "Organiser@example.org", "password": "correct horse battery", "next": page}
    assert client.post("/en/sign-in/", right)["Location"] == page
    assert client.get("/en/sign-out/").status_code == 405
    client.post("/en/sign-out/")
    assert client.get(page).status_code == 302


def test_signing_in_never_leads_to_another_site(organiser: object, client: Client) -> None:
    sent = {
        "login": "organiser@example.org",
        "password": "correct horse battery",
        "next": "https://elsewhere.example/",
    }
    assert client.post("/en/sign-in/", sent)["Location"] == "/en/"


def test_no_page_asks_anything_of_a_third_party(edition: Edition, anonymous_client: Client) -> None:
    answer = anonymous_client.get(f"/en/{edition.slug}/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for word in ('src="http', 'href="http', "<script>", "style="):
        assert word not in answer.text
    scripts = re.findall(r"<script[^>]*>", answer.text)
    assert all(re.search(r' src="/static/[^"]+" defer', script) for script in scripts if "application/" not in script)


def test_the_start_leads_to_the_readers_language(edition: Edition, anonymous_client: Client) -> None:
    answer = anonymous_client.get("/", headers={"accept-language": "zh-CN,zh;q=0.9"})
    assert answer["Location"] == "/zh-hans/"
