"""The people and things of a small fair, and functions that make more of them.

Two organisations hold a fair each. ``organiser`` has a role in the first, ``other_organiser`` in the second, ``member``
in a firm of the first fair, ``stranger`` nowhere. A view is tried by each of them and by ``anonymous_client``.
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from django.tasks.signals import task_enqueued
from django.template import Context, Template
from django.test import Client
from django.test.signals import template_rendered
from django.utils import translation
from django.utils.safestring import SafeString
from django_scopes import scope

from serai.expo.base.tasks.domain.queue import claim_task, run
from serai.expo.fairs.edition.models import Edition, Participation, Section
from serai.expo.fairs.jobs.domain import do
from serai.expo.fairs.mailing.domain.outbox import send_next
from serai.expo.firms.record.domain.names import new_firm
from serai.expo.firms.record.domain.profile import identifier
from serai.expo.firms.record.models import Firm
from serai.expo.insight.supply.domain.stored_results import compute
from serai.expo.offers.market.models import Need, Offer
from serai.expo.offers.search.domain import copies
from serai.expo.people.account.models import Organisation, Role, User
from tests.expo import statements
from tests.expo.clock import NOW

_number = count(1)
ASKED = pytest.StashKey[statements.Asked]()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, after a run on SQLite, leave out what asks for nothing new: see statements.py."""
    folder = os.environ.get(statements.FOLDER)
    if folder is None or connection.vendor == "sqlite":
        return
    asked = statements.read(Path(folder))
    always = {item.nodeid for item in items if item.nodeid not in asked or _differs_between_databases(item)}
    there = {item.nodeid: asked[item.nodeid] for item in items if item.nodeid in asked}
    chosen = statements.enough(there, always)
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in chosen])
    items[:] = [item for item in items if item.nodeid in chosen]


def _differs_between_databases(item: pytest.Item) -> bool:
    commits = any(mark.kwargs.get("transaction") for mark in item.iter_markers("django_db"))
    return commits or "transactional_db" in item.fixturenames or item.get_closest_marker("every_database") is not None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if not report.passed and ASKED in item.stash:  # failed or skipped on SQLite: it is run on PostgreSQL
        del item.stash[ASKED]
    return report


@pytest.fixture(autouse=True)
def asked_of_the_database(request: pytest.FixtureRequest) -> Iterator[None]:
    """On SQLite, note what a test asks of the database, for the choice of what is run on PostgreSQL."""
    folder = os.environ.get(statements.FOLDER)
    if folder is None or connection.vendor != "sqlite" or request.node.get_closest_marker("any_database"):
        yield
        return
    request.node.stash[ASKED] = asked = statements.Asked(set())
    began = time.perf_counter()
    with connection.execute_wrapper(asked.note):
        yield
    asked.seconds = time.perf_counter() - began
    if ASKED in request.node.stash:
        process = os.environ.get("PYTEST_XDIST_WORKER", "alone")
        statements.write(Path(folder), process, request.node.nodeid, asked)


@pytest.fixture(autouse=True)
def clock(request: pytest.FixtureRequest) -> Iterator[None]:
    """It is the first day of the fair whenever the tests are run, but for those that another process takes part in."""
    if request.node.get_closest_marker("real_time"):
        yield
    else:
        with time_machine.travel(NOW):
            yield


@pytest.fixture(autouse=True)
def no_memory_of_other_tests() -> None:
    """Primary keys of editions come again in every test; what the process keeps of an edition must not."""
    copies._copies.clear()
    cache.clear()  # in it, how often somebody tried to sign in


def make_organisation(slug: str) -> Organisation:
    return Organisation.objects.create(slug=slug, name={"en": slug.replace("-", " ").title()}, country="CN")


def make_edition(organisation: Organisation, slug: str, **fields: Any) -> Edition:
    """A published edition of three days."""
    given = {
        "name": {"en": "Fair of chains", "zh-hans": "链博会"},
        "city": {"en": "Beijing", "zh-hans": "北京"},
        "country": "CN",
        "time_zone": "Asia/Shanghai",
        "starts_on": date(2026, 11, 28),
        "ends_on": date(2026, 11, 30),
        "state": Edition.State.PUBLISHED,
    }
    return Edition.objects.create(organisation=organisation, slug=slug, **given | fields)


def make_user(name: str, *, organisation: Organisation | None = None, firm: Firm | None = None) -> User:
    """A user who signs in as ``name@example.org`` with the password 'correct horse battery'."""
    user = User.objects.create_user(f"{name}@example.org", "correct horse battery", name=name.title())
    if organisation or firm:
        kind = Role.Kind.OWNER if organisation else Role.Kind.MEMBER
        Role.objects.create(user=user, kind=kind, organisation=organisation, firm=firm)
    return user


def make_firm(
    legal_name: str = "", country: str = "CN", identifiers: Mapping[str, str] | None = None, **fields: Any
) -> Firm:
    """A firm; without a name one that no other firm has. ``identifiers`` are numbers by scheme."""
    legal_name = legal_name or f"Firm {next(_number)} Ltd"
    firm = new_firm(legal_name=legal_name, country=country, on=date(2026, 1, 2), **fields)
    firm.save()
    for scheme, value in (identifiers or {}).items():
        identifier(firm, scheme, value).save()
    return firm


def make_participation(edition: Edition, firm: Firm | None = None, kind: str = "exhibitor", **fields: Any) -> Any:
    """A confirmed participation of ``firm`` (else of a new one) in ``edition``."""
    with scope(edition=edition):
        return Participation.objects.create(edition=edition, firm=firm or make_firm(), kind=kind, **fields)


def make_offer(participation: Participation, title: str | Mapping[str, str] = "Separator film", **fields: Any) -> Offer:
    with scope(edition=participation.edition):
        return Offer.objects.create(
            edition=participation.edition, participation=participation, title=_texts(title), **fields
        )


def make_need(participation: Participation, title: str | Mapping[str, str] = "Separator film", **fields: Any) -> Need:
    with scope(edition=participation.edition):
        return Need.objects.create(
            edition=participation.edition, participation=participation, title=_texts(title), **fields
        )


def _texts(text: str | Mapping[str, str]) -> dict[str, str]:
    return {"en": text} if isinstance(text, str) else dict(text)


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """A password is hashed quickly: the hash of a real site takes a third of a second for each person of a test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True, scope="session")
def only_pages_are_noted(django_test_environment: None) -> None:
    """An answer tells what its page was made of, as ``answer.context``, but not what each field of a form was made of.

    Django's test client copies all that a template knows, for each field of each form: a sixth of the time of a page.
    """

    def render(template: Template, context: Context) -> SafeString:
        if context.template is template and getattr(context, "request", None) is not None:
            template_rendered.send(sender=template, template=template, context=context)
        return template.nodelist.render(context)

    Template._render = render  # type: ignore[method-assign]  (pytest-django puts Django's own back at the end)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Every test starts in English, whatever language the page of an earlier one was in."""
    with translation.override("en"):
        yield


# The factories as fixtures: conftest modules cannot be imported from tests.


@pytest.fixture
def deliver() -> Callable[[], int]:
    """A function that sends what is in the outbox, as the worker does, and says how many letters were due."""

    def send() -> int:
        number = 0
        while send_next():
            number += 1
        return number

    return send


@pytest.fixture(autouse=True)
def jobs_at_once(request: pytest.FixtureRequest) -> Iterator[None]:
    """A job is done as soon as it is asked for, as by a worker without anything else to do.

    A test marked ``jobs_wait`` does them itself.
    """

    def do_job(task_result: Any, **_more: Any) -> None:
        if task_result.task.module_path == do.module_path:
            task = claim_task("tests")
            assert task is not None
            run(task)

    if not request.node.get_closest_marker("jobs_wait"):
        task_enqueued.connect(do_job)
    yield
    task_enqueued.disconnect(do_job)


@pytest.fixture
def results_at_once() -> Iterator[None]:
    """A result of the model of the world is computed as soon as a page asks for it; else it is never."""

    def compute_it(task_result: Any, **_more: Any) -> None:
        if task_result.task.module_path == compute.module_path:
            task = claim_task("tests")
            assert task is not None
            run(task)

    task_enqueued.connect(compute_it)
    yield
    task_enqueued.disconnect(compute_it)


@pytest.fixture
def new_edition() -> Callable[..., Edition]:
    return make_edition


@pytest.fixture
def new_user() -> Callable[..., User]:
    return make_user


@pytest.fixture
def a_firm() -> Callable[..., Firm]:
    return make_firm


@pytest.fixture
def take_part() -> Callable[..., Participation]:
    return make_participation


@pytest.fixture
def offer() -> Callable[..., Offer]:
    return make_offer


@pytest.fixture
def need() -> Callable[..., Need]:
    return make_need


@pytest.fixture
def organisation(db: None) -> Organisation:
    return make_organisation("trade-body")


@pytest.fixture
def other_organisation(db: None) -> Organisation:
    return make_organisation("other-body")


@pytest.fixture
def edition(organisation: Organisation) -> Edition:
    """A published fair with one section; queries on its rows need ``scope(edition=edition)``."""
    edition = make_edition(organisation, "fair-2026")
    with scope(edition=edition):
        Section.objects.create(edition=edition, slug="energy", title={"en": "Clean energy", "zh-hans": "清洁能源"})
    return edition


@pytest.fixture
def other_edition(other_organisation: Organisation) -> Edition:
    """The fair of another organisation: nothing of it may ever show in ``edition``."""
    return make_edition(other_organisation, "other-2026")


@pytest.fixture
def organiser(organisation: Organisation) -> User:
    return make_user("organiser", organisation=organisation)


@pytest.fixture
def other_organiser(other_organisation: Organisation) -> User:
    return make_user("other-organiser", organisation=other_organisation)


@pytest.fixture
def member(edition: Edition) -> User:
    """A user with a role in an exhibitor of ``edition``."""
    firm = make_firm("Member Materials Ltd")
    make_participation(edition, firm)
    return make_user("member", firm=firm)


@pytest.fixture
def stranger(db: None) -> User:
    return make_user("stranger")


def _client(user: User | AnonymousUser) -> Client:
    client = Client()
    if user.is_authenticated:
        client.force_login(user)
    return client


@pytest.fixture
def organiser_client(organiser: User) -> Client:
    return _client(organiser)


@pytest.fixture
def other_organiser_client(other_organiser: User) -> Client:
    return _client(other_organiser)


@pytest.fixture
def member_client(member: User) -> Client:
    return _client(member)


@pytest.fixture
def stranger_client(stranger: User) -> Client:
    return _client(stranger)


@pytest.fixture
def anonymous_client(db: None) -> Client:
    return _client(AnonymousUser())


# A firm with an owner and a desk.


@pytest.fixture
def firm(db: None, a_firm: Callable[..., Firm]) -> Firm:
    """A firm that ``owner`` owns."""
    return a_firm("Owned Materials Ltd", name={"en": "Owned Materials"})


@pytest.fixture
def owner(firm: Firm) -> User:
    user = User.objects.create_user("owner@example.org", name="Owner")
    Role.objects.create(user=user, firm=firm, kind=Role.Kind.OWNER)
    return user


@pytest.fixture
def owner_client(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


@pytest.fixture
def desk(edition: Edition, firm: Firm, take_part: Callable[..., Participation]) -> Participation:
    """The participation whose desk ``owner`` keeps."""
    return take_part(edition, firm)


@pytest.fixture
def address(edition: Edition, firm: Firm) -> str:
    """The address of that desk."""
    return f"/en/{edition.slug}/desk/{firm.identifier}/"
