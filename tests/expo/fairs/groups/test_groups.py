"""An instance corrects the groups of countries with audit, and every figure hears the correction."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.groups import domain
from serai.expo.fairs.groups.models import GroupMembership
from serai.expo.people.account.models import Role, User
from serai.world.classifications import country_groups

pytestmark = pytest.mark.django_db
LAST, AFTER = date(2026, 11, 23), date(2026, 11, 24)


def test_without_a_correction_the_packaged_table_counts() -> None:
    for group in country_groups.groups():
        assert domain.members(group.key, LAST) == country_groups.members(group.key, LAST)
        assert domain.members_of_all(AFTER)[group.key] == country_groups.members(group.key, AFTER)


def test_a_correction_takes_the_place_of_the_pair_and_can_be_taken_back(organiser: User) -> None:
    assert "BD" in domain.members("LDC", LAST)
    assert "BD" not in domain.members("LDC", AFTER)
    made = domain.correct("LDC", "BD", until="2029-11-23", status="member", source="General Assembly", user=organiser)
    assert "BD" in domain.members("LDC", AFTER)
    assert "NP" not in domain.members("LDC", AFTER)
    assert AuditEntry.objects.get(action="group_membership.corrected").user == organiser
    domain.take_back(made, user=organiser)
    assert "BD" not in domain.members("LDC", AFTER)
    domain.correct("LDC", "ET", status=GroupMembership.NONE, source="test", user=organiser)
    assert "ET" not in domain.members("LDC", LAST)


@pytest.mark.parametrize(
    "wrong",
    [{"group": "none"}, {"country": "XX"}, {"since": "2026-13"}, {"since": "2027", "until": "2026"}, {"source": " "},
     {"status": "friend"}],
)  # fmt: skip
def test_a_wrong_correction_is_refused(wrong: dict[str, Any], organiser: User) -> None:
    with pytest.raises(domain.GroupError):
        domain.correct(
            **{"group": "LDC", "country": "BD", "status": "member", "source": "x", "user": organiser} | wrong
        )
    assert not GroupMembership.objects.exists()


def test_only_an_owner_of_an_organisation_corrects(edition: Edition, organiser: User, organiser_client: Client) -> None:
    page = f"/en/{edition.slug}/organiser/country-groups/"
    given = {"group": "LDC", "country": "BD", "status": "member", "source": "General Assembly"}
    Role.objects.filter(user=organiser).update(kind=Role.Kind.MANAGER)
    assert organiser_client.post(page, given).status_code == 403
    Role.objects.filter(user=organiser).update(kind=Role.Kind.OWNER)
    assert organiser_client.post(page, given).status_code == 302
    made = GroupMembership.objects.get()
    assert "General Assembly" in organiser_client.get(page).text
    assert organiser_client.post(f"{page}{made.pk}/").status_code == 302
    assert not GroupMembership.objects.exists()


def test_the_page_says_of_each_row_from_when_to_when_who_says_so_and_what_nobody_has_verified(
    edition: Edition, organiser_client: Client
) -> None:
    edition.starts_on = edition.ends_on = date(2024, 6, 1)
    edition.save()
    page = organiser_client.get(f"/en/{edition.slug}/organiser/country-groups/").text
    partners = page.partition("Belt and Road partners</caption>")[2].partition("</table>")[0]
    said = {row.partition("</th>")[0]: row for row in partners.split('<tr><th scope="row">')}
    assert "<td>2018-11-02</td><td>–</td>" in said["Chile"]
    assert "Ministry of Foreign Affairs of Chile" in said["Chile"]
    assert "unverified" not in said["Chile"]
    assert "<td>2017-11-17</td><td>2025-02-06</td>" in said["Panama"]
    assert "unverified" in said["Panama"]
    assert "Italy" not in said


def test_a_fair_shows_the_groups_that_its_organiser_chose_and_no_other(
    edition: Edition, organiser_client: Client, anonymous_client: Client, take_part: Callable[..., Participation]
) -> None:
    take_part(edition, kind="exhibitor")
    page, report = f"/en/{edition.slug}/organiser/country-groups/", f"/en/{edition.slug}/report/"
    directory = f"/en/{edition.slug}/firms/"
    assert "Belt and Road" not in anonymous_client.get(report).text
    assert 'name="group"' not in anonymous_client.get(directory).text
    assert organiser_client.post(f"{page}shown/", {"shown": ["APEC", "BRI"]}).status_code == 302
    assert AuditEntry.objects.get(action="edition.groups_chosen").after == {"country_groups": ["APEC", "BRI"]}
    assert "Belt and Road" in anonymous_client.get(report).text
    assert "APEC" in anonymous_client.get(directory).text
    organiser_client.post(f"{page}shown/", {"shown": ["none"]})
    edition.refresh_from_db()
    assert edition.country_groups == ["APEC", "BRI"]
