"""Titles are changed where an organiser's list shows them."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition
from serai.expo.participants.packages.models import Package
from serai.expo.people.account.models import Organisation, Role, User
from serai.expo.venue.floor.domain.floor_plan import save_booth, save_hall
from serai.expo.venue.halls.models import Booth, Hall


@pytest.fixture
def hall(edition: Edition) -> Hall:
    return save_hall(Hall(edition=edition, code="W1", title={"en": "West"}, width_m=40, depth_m=30))


def test_a_hall_is_renamed_in_the_list_and_nothing_else_of_it_changes(
    hall: Hall, edition: Edition, organiser_client: Client
) -> None:
    listed = f"/en/{edition.slug}/organiser/floor/"
    page = organiser_client.get(listed).text
    assert f'href="?rename=hall-{hall.pk}"' in page
    assert "data-in-place" not in page
    opened = organiser_client.get(f"{listed}?rename=hall-{hall.pk}").text
    assert "data-in-place" in opened
    assert [opened.count(f'id="{place}"') for place in ("halls", "messages", "side")] == [1, 1, 1]
    answer = organiser_client.post(f"{listed}?rename=hall-{hall.pk}&page=2", {"title_en": "West hall"})
    assert answer["Location"] == f"{listed}?page=2"
    hall.refresh_from_db()
    assert (hall.title, hall.code, hall.width_m) == ({"en": "West hall"}, "W1", 40)
    entry = AuditEntry.objects.filter(action="hall.set").latest("pk")
    assert (entry.before, entry.after) == ({"title": {"en": "West"}}, {"title": {"en": "West hall"}})


def test_a_title_is_never_empty_and_what_a_room_refuses_is_told_beside_it(
    hall: Hall, edition: Edition, organiser_client: Client
) -> None:
    listed = f"/en/{edition.slug}/organiser/floor/"
    refused = organiser_client.post(f"{listed}?rename=hall-{hall.pk}", {"title_en": ""})
    assert (refused.status_code, "data-in-place" in refused.text) == (400, True)
    booths = [
        save_booth(Booth(edition=edition, hall=hall, code=code, x_m=x, y_m=1, width_m=3, depth_m=3))
        for code, x in (("A1", 1), ("A2", 10))
    ]
    of_hall = f"{listed}W1/?rename=booth-{booths[0].pk}"
    taken = organiser_client.post(of_hall, {"code": "A2"})
    assert (taken.status_code, taken.text.count("Hall W1 has a booth")) == (400, 1)
    assert organiser_client.post(of_hall, {"code": "A3"}).status_code == 302
    with scope(edition=edition):
        assert sorted(Booth.objects.values_list("code", flat=True)) == ["A2", "A3"]


def test_only_who_may_change_the_list_renames_in_it(
    hall: Hall, edition: Edition, organisation: Organisation, stranger: User, stranger_client: Client
) -> None:
    address = f"/en/{edition.slug}/organiser/floor/?rename=hall-{hall.pk}"
    assert stranger_client.get(address).status_code == 403
    Role.objects.create(user=stranger, organisation=organisation, kind=Role.Kind.VIEWER)
    seen = stranger_client.get(address)
    assert (seen.status_code, 'class="rename"' in seen.text, "data-in-place" in seen.text) == (200, False, False)
    assert stranger_client.post(address, {"title_en": "Mine"}).status_code == 403
    hall.refresh_from_db()
    assert hall.title == {"en": "West"}


def test_what_is_not_of_the_fair_is_not_renamed(
    other_edition: Edition, edition: Edition, organiser_client: Client
) -> None:
    other = save_hall(Hall(edition=other_edition, code="E1", title={"en": "East"}, width_m=40, depth_m=30))
    listed = f"/en/{edition.slug}/organiser/floor/?rename="
    assert organiser_client.post(f"{listed}hall-{other.pk}", {"title_en": "Mine"}).status_code == 404
    assert organiser_client.get(f"{listed}hall-99999999999999999999").status_code == 404
    assert organiser_client.get(f"{listed}hall-{'9' * 5000}").status_code == 404, "Python reads no such number"
    assert organiser_client.get(f"{listed}user-1").status_code == 200


def test_renaming_costs_no_query_for_each_row(edition: Edition, organiser_client: Client) -> None:
    listed = f"/en/{edition.slug}/organiser/packages/"

    def queries() -> int:
        organiser_client.get(listed)
        with CaptureQueriesContext(connection) as captured:
            organiser_client.get(listed)
        return len(captured)

    counted = []
    for codes in (["gold"], ["silver", "bronze"]):
        for code in codes:
            Package.objects.create(edition=edition, code=code, title={"en": code})
        counted.append(queries())
    assert counted[0] == counted[1]
