"""The first owner of an instance: by the link of the console, or by the command; and who organises."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import translation

from serai.cli import main
from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.mailing.domain.letters import site_address
from serai.expo.fairs.mailing.domain.outbox import send_next
from serai.expo.fairs.organisers import domain as first_start
from serai.expo.fairs.organisers.domain import make_organisation
from serai.expo.people.account.models import Organisation, Role, User
from serai.expo.settings import base_url
from tests.expo.clock import NOW

GIVEN = {"organisation": "Fair Company", "country": "DE", "name": "Ana", "email": "Ana@fair.example"}
NEW_FAIR = {
    "slug": "machines-2027",
    "name_en": "Machines 2027",
    "starts_on": "2027-06-01",
    "ends_on": "2027-06-03",
    "country": "DE",
    "time_zone": "Europe/Berlin",
    "meetings_from": "09:30",
    "meetings_until": "17:30",
    "meeting_minutes": "30",
    "meeting_tables": "40",
}


@pytest.fixture
def path(db: None) -> str:
    """The path of a new link."""
    link = first_start.link()
    assert link is not None
    return link.removeprefix(site_address())


def enter_the_code(client: Client, asked: Any) -> Any:
    """Enter the code of the letter on the page that asks for it; the answer leads back."""
    assert list(iter(send_next, False))
    code = re.search(r"^[A-Z0-9]{3,}-?[A-Z0-9]{3,}$", str(mail.outbox[-1].body), re.MULTILINE)
    assert code
    (back,) = parse_qs(urlsplit(asked["Location"]).query)["next"]
    return client.post(asked["Location"], {"code": code[0], "next": back})


def test_who_opens_the_link_names_the_organisation_signs_in_and_owns_it(path: str, client: Client) -> None:
    assert "Name your organisation" in client.get(path).text
    back = enter_the_code(client, client.post(path, GIVEN | {"next": path}))
    assert back["Location"] == path
    page = client.get(path).text
    assert 'value="Fair Company"' in page
    assert "signed in as Ana" in page
    answer = client.post(path, {"organisation": "Fair Company", "country": "DE"})
    assert answer["Location"] == "/en/new-fair/"
    role = Role.objects.select_related("user", "organisation").get()
    assert role.organisation is not None
    assert (role.kind, role.user.email, role.user.name) == ("owner", "ana@fair.example", "Ana")
    assert (role.organisation.name, role.organisation.country) == ({"en": "Fair Company"}, "DE")
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"user.made", "organisation.made", "role.given"} <= actions
    made = client.post(answer["Location"], NEW_FAIR | {"organisation": str(role.organisation_id)})
    assert made["Location"] == "/en/machines-2027/organiser/imports/new/"
    assert client.get(made["Location"]).status_code == 200


def test_the_first_use_ends_every_link_and_a_day_does(path: str, client: Client) -> None:
    other = str(first_start.link()).removeprefix(site_address())
    with time_machine.travel(NOW + timedelta(days=1, minutes=1)):
        assert client.get(path).status_code == 404
    user = User.objects.create_user("ana@fair.example")
    client.force_login(user)
    assert client.post(path, {"organisation": "Fair Company", "country": "DE"}).status_code == 302
    for used in (path, other):
        assert client.get(used).status_code == 404
        assert client.post(used, {"organisation": "Thief", "country": "DE"}).status_code == 404
    assert first_start.link() is None
    assert [organisation.slug for organisation in Organisation.objects.all()] == ["fair-company"]


@pytest.mark.parametrize("change", [lambda token: token[:-3] + "xyz", lambda _: "nothing", lambda token: token[5:]])
def test_a_link_that_was_made_up_opens_nothing(path: str, client: Client, change: Callable[[str], str]) -> None:
    *before, token, _end = path.split("/")
    made_up = "/".join([*before, change(token), ""])
    assert client.get(made_up).status_code == 404
    assert client.post(made_up, GIVEN).status_code == 404
    assert not User.objects.exists()


def test_what_is_missing_is_said_and_makes_no_account(path: str, client: Client) -> None:
    answer = client.post(path, GIVEN | {"email": "no address", "organisation": ""})
    assert answer.status_code == 400
    assert not User.objects.exists()


def test_looking_at_the_link_or_asking_for_a_code_does_not_use_it(path: str, client: Client) -> None:
    client.get(path)
    client.post(path, GIVEN | {"next": path})
    assert Client().get(path).status_code == 200
    assert not Organisation.objects.exists()


def test_an_instance_that_is_closed_to_sign_ups_gets_its_owner(path: str, client: Client, settings: Any) -> None:
    settings.SIGN_UP = False
    assert enter_the_code(client, client.post(path, GIVEN | {"next": path}))["Location"] == path


def test_the_organisation_of_an_import_is_taken_over_and_named(path: str, client: Client) -> None:
    waiting = make_organisation("machines-2027", "CN")
    client.force_login(User.objects.create_user("ana@fair.example"))
    assert 'value="machines-2027"' in client.get(path).text
    client.post(path, {"organisation": "Fair Company", "country": "DE"})
    waiting.refresh_from_db()
    assert (waiting.name, waiting.country, waiting.roles.get().kind) == ({"en": "Fair Company"}, "DE", "owner")
    assert Organisation.objects.count() == 1


def test_the_front_page_says_where_the_link_stands_and_never_shows_it(db: None, client: Client) -> None:
    page = client.get("/en/", REMOTE_ADDR="127.0.0.1").text
    assert "console" in page
    assert "first-start" not in page


def test_the_front_page_of_a_fair_that_is_organised_does_not_speak_of_it(edition: Edition, organiser: User) -> None:
    Edition.objects.update(state=Edition.State.DRAFT)
    page = Client().get("/en/").text
    assert "There is no fair here yet" in page
    assert "console" not in page


def test_the_link_begins_with_the_address_of_the_site(db: None, settings: Any) -> None:
    settings.BASE_URL = "https://fair.example"
    assert str(first_start.link()).startswith("https://fair.example/en/first-start/")


@pytest.mark.parametrize(
    "given", ["fair.example", "ftp://fair.example", "https://", "https://fair.example/fair", "https://a@b"]
)
def test_an_address_of_the_site_that_is_none_is_refused_in_words(given: str) -> None:
    with pytest.raises(ValueError, match="must be an address such as"):
        base_url(given)
    assert (base_url("https://fair.example/"), base_url("")) == ("https://fair.example", "")


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> Iterator[Callable[..., str]]:
    """Run the command and return what it said; it must have ended well, or with the exit code given."""
    monkeypatch.setenv("SERAI_HOME", str(tmp_path))

    def run(*arguments: str, code: int = 0) -> str:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == code
        told = capsys.readouterr()
        return told.err if code else told.out

    with translation.override(translation.get_language()):
        yield run


def test_the_command_makes_an_owner_who_signs_in_by_a_code(db: None, run: Callable[..., str], client: Client) -> None:
    said = run(
        "organiser", "add", "Ana@fair.example", "--organisation", "Fair Company", "--owner", "--country", "Germany"
    )
    assert "has been made" in said
    assert "ana@fair.example is owner of fair-company" in said
    assert "/en/sign-in/code/" in said
    answer = enter_the_code(client, client.post("/en/sign-in/code/?next=/en/new-fair/", {"email": "ana@fair.example"}))
    assert answer["Location"] == "/en/new-fair/"
    assert "Fair Company" in client.get("/en/new-fair/").text
    assert first_start.link() is None


def test_the_command_done_again_changes_the_role_and_makes_nothing_twice(db: None, run: Callable[..., str]) -> None:
    run("organiser", "add", "ana@fair.example", "--organisation", "Fair Company")
    run("organiser", "add", "ana@fair.example", "--organisation", "fair company", "--owner")
    run("organiser", "add", "li@fair.example", "--organisation", "fair-company")
    assert Organisation.objects.count() == 1
    assert [(row["mail"], row["role"]) for row in json.loads(run("organiser", "list", "--json"))] == [
        ("ana@fair.example", "owner"),
        ("li@fair.example", "manager"),
    ]
    assert "fair-company  li@fair.example  manager" in run("organiser", "list")


def test_the_command_names_each_role_and_leaves_no_organisation_without_an_owner(
    db: None, run: Callable[..., str]
) -> None:
    fair = ("--organisation", "Fair Company")
    run("organiser", "add", "ana@fair.example", *fair, "--role", "owner")
    assert "li@fair.example is floor" in run("organiser", "add", "li@fair.example", *fair, "--role", "floor")
    assert "manager, programme, floor" in run("organiser", "add", "li@fair.example", *fair, "--role", "boss", code=2)
    assert "needs an owner" in run("organiser", "add", "ana@fair.example", *fair, "--role", "viewer", code=2)
    assert [row["role"] for row in json.loads(run("organiser", "list", "--json"))] == ["owner", "floor"]


def test_the_command_refuses_what_is_no_address_or_country_and_makes_nothing(db: None, run: Callable[..., str]) -> None:
    assert "no country" in run(
        "organiser", "add", "a@b.example", "--organisation", "Fair", "--country", "Atlantis", code=2
    )
    assert "mail address" in run("organiser", "add", "nobody", "--organisation", "Fair", code=2).lower().replace(
        "email", "mail"
    )
    assert not Organisation.objects.exists()
    assert "Nobody organises here yet" in run("organiser", "list")


def test_an_import_into_an_empty_instance_says_how_to_sign_in(db: None, run: Callable[..., str], tmp_path: Any) -> None:
    firms = tmp_path / "firms.csv"
    firms.write_text("Company,Country\nAlpha Cells Ltd,China\n", encoding="utf-8")
    said = run("import", str(firms), "--edition", "machines-2027", "--create", "--country", "DE")
    assert "serai organiser add MAIL --organisation machines-2027 --owner" in said
    assert "serai up" in said
    run("organiser", "add", "ana@fair.example", "--organisation", "machines-2027", "--owner")
    assert Edition.objects.get().organisation.roles.get().user.email == "ana@fair.example"
    assert "organiser add" not in run("import", str(firms), "--edition", "machines-2027")
