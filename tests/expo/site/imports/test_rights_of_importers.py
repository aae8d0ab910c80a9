"""An organiser imports the lists of the areas that its role changes, and no others, by pages and by the interface."""

from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.edition.rules.roles import AREAS
from serai.expo.fairs.interface.domain.keys import make_key
from serai.expo.fairs.jobs.domain import reread, why_not_cancel
from serai.expo.fairs.jobs.models import Job
from serai.expo.people.account.models import Role, User
from serai.expo.programme.sessions.models import Session
from serai.expo.site.imports.domain.jobs import start_application
from serai.expo.site.imports.domain.subjects import SUBJECTS, importable
from serai.expo.site.imports.models import Import

CANCEL = ">Cancel</button>"
SESSIONS = [
    ("Title", "Date", "Begins", "Ends", "Room"),
    ("Opening", "2026-11-28", "10:00", "11:00", "Room 1"),
]


@pytest.fixture
def role(organiser: User) -> Role:
    return organiser.roles.get()


def act_as(role: Role, kind: str) -> None:
    Role.objects.filter(pk=role.pk).update(kind=kind)


@pytest.mark.parametrize(
    ("kind", "lists"),
    [
        ("owner", set(SUBJECTS)),
        ("manager", set(SUBJECTS)),
        ("programme", {"sessions"}),
        ("floor", {"booths"}),
        ("matchmaking", {"needs", "wishes"}),
        ("viewer", set()),
    ],
)
def test_each_role_imports_the_lists_of_what_it_changes(
    edition: Edition, organiser: User, role: Role, kind: str, lists: set[str]
) -> None:
    act_as(role, kind)
    assert {subject.key for subject in importable(organiser, edition)} == lists
    assert {subject.area for subject in SUBJECTS.values()} <= set(AREAS)


def send(client: Client, edition: Edition, path: Path, **fields: str) -> HttpResponse:
    file = SimpleUploadedFile(path.name, path.read_bytes())
    return client.post(reverse("import-upload", args=[edition.slug]), {"file": file, **fields}, follow=True)


def test_a_programme_organiser_imports_sessions_and_no_firms(
    edition: Edition,
    organiser_client: Client,
    role: Role,
    book: Callable[..., Path],
    firms: list[tuple[str, ...]],
    previewed: Callable[..., Import],
) -> None:
    of_firms = previewed(firms)
    with scope(edition=edition):
        before = Participation.objects.count()
    act_as(role, "programme")

    def address(name: str, made: Import) -> str:
        return reverse(name, args=[edition.slug, made.pk])

    # What it may not import is not offered, is refused where it is named, and where the titles of columns tell it.
    offered = organiser_client.get(reverse("import-upload", args=[edition.slug])).text
    assert 'value="sessions"' in offered
    assert 'value="firms"' not in offered
    assert send(organiser_client, edition, book(firms), subject="firms").status_code == 400
    assert "Your role does not import this kind of list: Firms." in send(organiser_client, edition, book(firms)).text
    for name, given in (("import-apply", {}), ("import-mapping", {"guess": "1"}), ("import-undo", {})):
        answer = organiser_client.post(address(name, of_firms), given)
        assert answer.status_code == 403
        assert "Your role is Programme: it reads 'Firms and people'" in unescape(answer.text)
    assert organiser_client.post(address("import-detail", of_firms), {"row-2": "out"}).status_code == 403
    assert 'class="only-reads"' in organiser_client.get(address("import-detail", of_firms)).text
    with scope(edition=edition):
        assert Import.objects.get().state == Import.State.PREVIEWED
        assert Participation.objects.count() == before

    # Its own list it imports and takes back.
    assert send(organiser_client, edition, book(SESSIONS, "programme.xlsx")).status_code == 200
    with scope(edition=edition):
        made = Import.objects.exclude(pk=of_firms.pk).get()
    assert made.subject == "sessions"
    assert 'class="only-reads"' not in organiser_client.get(address("import-detail", made)).text
    assert organiser_client.post(address("import-apply", made), follow=True).status_code == 200
    with scope(edition=edition):
        assert [session.title["en"] for session in Session.objects.all()] == ["Opening"]
    assert organiser_client.post(address("import-undo", made), follow=True).status_code == 200
    with scope(edition=edition):
        assert not Session.objects.exists()


def test_the_interface_refuses_what_the_pages_refuse(
    edition: Edition,
    organiser: User,
    role: Role,
    firms: list[tuple[str, ...]],
    previewed: Callable[..., Import],
) -> None:
    made = previewed(firms)
    act_as(role, "programme")
    _key, text = make_key(organiser, "a program", ("read", "write", "organise", "decide"))
    address = f"/api/v1/editions/{edition.slug}/imports"
    client = Client(headers={"authorization": f"Bearer {text}"})
    assert client.get(f"{address}/{made.pk}").status_code == 200
    assert client.post(f"{address}/{made.pk}/apply").status_code == 403
    assert client.post(f"{address}/{made.pk}/undo").status_code == 403
    assert client.delete(f"{address}/{made.pk}").status_code == 403
    act_as(role, "manager")
    assert client.delete(f"{address}/{made.pk}").status_code == 204


@pytest.mark.jobs_wait
def test_who_may_import_a_list_cancels_its_job_and_nobody_else_does(
    edition: Edition,
    organiser: User,
    organiser_client: Client,
    role: Role,
    book: Callable[..., Path],
    new_user: Callable[..., User],
) -> None:
    manager = Client()
    manager.force_login(new_user("manager", organisation=edition.organisation))

    def asked(client: Client) -> Job:
        answer = send(client, edition, book(SESSIONS, "programme.xlsx"), subject="sessions")
        assert answer.status_code == 200
        return Job.objects.filter(edition=edition).latest("pk")

    def page(job: Job) -> str:
        return reverse("job", args=[edition.slug, job.pk])

    act_as(role, "programme")
    with scope(edition=edition):
        own, of_manager = asked(organiser_client), asked(manager)
    assert CANCEL in organiser_client.get(page(own)).text
    assert organiser_client.post(page(own)).status_code == 302
    # The manager's list may be of firms as well: nobody has read yet what it is about.
    assert CANCEL not in organiser_client.get(page(of_manager)).text
    refused = organiser_client.post(page(of_manager))
    assert refused.status_code == 403
    assert "Your role is Programme: it reads 'Firms and people'" in unescape(refused.text)
    assert (reread(own).state, reread(of_manager).state) == ("cancelled", "waiting")
    assert manager.post(page(of_manager)).status_code == 302
    assert reread(of_manager).state == "cancelled"


@pytest.mark.jobs_wait
def test_a_job_of_an_import_is_cancelled_by_who_may_import_its_list(
    edition: Edition, organiser: User, role: Role, firms: list[tuple[str, ...]], previewed: Callable[..., Import]
) -> None:
    job = start_application(previewed(firms), user=organiser)
    act_as(role, "programme")
    assert "Your role is Programme" in why_not_cancel(job, User.objects.get(pk=organiser.pk))
    act_as(role, "manager")
    assert why_not_cancel(job, User.objects.get(pk=organiser.pk)) == ""
