"""Every address of the organiser is tried by each role: the table fairs/edition/rules/roles.py says who may do what.

A guard refuses before the page is made, so a refusal is tried at the view itself, for the price of one query. What a
role may open is tried by the owner in test_rights_of_every_page.py.
"""

from collections.abc import Mapping
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import resolve
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.base.rooms import WINGS, rooms
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.edition.rules.roles import AREAS, DESK, EXPLAINED, PAGES, ROLES, ROOMS, area_of_page, opens
from serai.expo.people.account.models import Role, User
from tests.expo.site.web.declared import DECLARED, LEVELS, Page, pages_of

OWNS = Role.Kind.OWNER


def test_the_owner_may_everything_alone_changes_organisers_and_a_viewer_nothing() -> None:
    assert set(ROLES) == set(EXPLAINED) == set(Role.IN_AN_ORGANISATION)
    assert ROLES[OWNS].changes == set(AREAS)
    assert [kind for kind, rights in ROLES.items() if rights.may("organisers", change=True)] == [OWNS]
    assert ROLES[Role.Kind.MANAGER].changes == set(AREAS) - {"organisers"}
    assert ROLES[Role.Kind.VIEWER].changes == set()
    for rights in ROLES.values():
        assert rights.changes <= rights.reads <= {DESK, *AREAS}
    for kind, area in (("programme", "programme"), ("floor", "floor"), ("matchmaking", "meetings")):
        assert ROLES[kind].may(area, change=True)
        assert not ROLES[kind].may("letters")
        assert not ROLES[kind].may("records")


def test_each_room_of_the_table_is_there_and_names_an_area() -> None:
    known = {*WINGS, *("/".join(room.split(".")[2:4]) for room in rooms())}
    assert set(ROOMS) <= known
    assert {*ROOMS.values(), *PAGES.values()} <= {DESK, *AREAS}
    assert all(area_of_page(page) == area for page, area in PAGES.items())


@pytest.fixture
def role(organiser: User) -> Role:
    return organiser.roles.get()


@pytest.fixture
def addresses(edition: Edition, things: Mapping[str, Any]) -> list[tuple[Page, str]]:
    """Every page that an organiser and not everybody sees, with its path."""
    pages = [page for room in DECLARED for page in pages_of(room, things)]
    own = [page for page in pages if "organiser" in LEVELS[page.who] and "stranger" not in LEVELS[page.who]]
    with scope(edition=edition):
        return [(page, page.address(edition, things)) for page in own]


@pytest.mark.slow
@pytest.mark.any_database
def test_every_page_of_the_organiser_refuses_the_roles_whose_areas_do_not_hold_it(
    edition: Edition, organiser: User, role: Role, addresses: list[tuple[Page, str]]
) -> None:
    factory, refused = RequestFactory(), 0
    for kind, rights in ROLES.items():
        Role.objects.filter(pk=role.pk).update(kind=kind)
        for page, address in addresses:
            if page.who != "organiser":
                continue
            for method in ("post",) if page.post else ("get", "post"):
                is_read_only = method == "post" and area_of_page(page.name) == DESK
                if is_read_only or opens(rights, page.name, change=method == "post"):
                    continue
                request = getattr(factory, method)(address)
                view = request.resolver_match = resolve(address)
                request.user, request.edition = organiser, edition
                values = {name: value for name, value in view.kwargs.items() if name != "edition"}
                with pytest.raises(PermissionDenied, match="An owner can change roles"):
                    view.func(request, **values)
                refused += 1
    assert refused > 200


def read(answer: Any) -> Any:
    """An answer read to its end, which closes its file."""
    if answer.streaming:
        answer.getvalue()
    return answer


COMPUTES = {"lab-chain", "lab-table", "lab-ready"}
"""Pages that compute and change nothing of the fair: whoever looks at it may have it computed."""


@pytest.mark.slow
@pytest.mark.any_database
def test_a_viewer_sends_nothing_to_any_address(
    organiser_client: Client, role: Role, addresses: list[tuple[Page, str]]
) -> None:
    Role.objects.filter(pk=role.pk).update(kind=Role.Kind.VIEWER)
    entries = AuditEntry.objects.count()
    for page, address in addresses:
        if page.name in COMPUTES:
            continue
        sent = read(organiser_client.post(address, page.sent))
        if sent.status_code not in {403, 404, 405}:  # it does not look at the method, and shows what it always shows
            assert sent.status_code == read(organiser_client.get(address)).status_code, address
    assert AuditEntry.objects.count() == entries


def test_a_page_that_a_role_may_not_use_is_not_on_its_desk_and_says_why(
    edition: Edition, organiser_client: Client, role: Role
) -> None:
    desk = f"/en/{edition.slug}/organiser/"
    for kind, seen, unseen in (("floor", "floor/", "mail/"), ("viewer", "programme/", "exports/")):
        Role.objects.filter(pk=role.pk).update(kind=kind)
        page = organiser_client.get(desk).text
        assert f'{desk}{seen}"' in page
        assert f'{desk}{unseen}"' not in page
        answer = organiser_client.get(f"{desk}{unseen}")
        assert answer.status_code == 403
        assert f"Your role is {Role.Kind(kind).label}: it does not include" in answer.text
        assert "change nothing on it" not in answer.text


def test_who_reads_a_page_and_does_not_change_it_is_told_so_and_has_no_button(
    edition: Edition, organiser_client: Client, role: Role
) -> None:
    page = f"/en/{edition.slug}/organiser/phases/"
    assert "change nothing on it" not in organiser_client.get(page).text
    Role.objects.filter(pk=role.pk).update(kind=Role.Kind.VIEWER)
    answer = organiser_client.get(page).text
    assert "Your role is Viewer: you read this page and change nothing on it." in answer
    assert 'class="only-reads"' in answer
