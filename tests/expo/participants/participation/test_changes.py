"""The organiser changes a participation, and who stands together may stand together no more."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation, Section
from serai.expo.fairs.mailing.models import Mail
from serai.expo.participants.exhibitors.domain.co_exhibitors import InvitationRefusedError, part
from serai.expo.participants.participation.domain.changes import EditRefusedError, edit, kinds_for
from serai.expo.people.account.models import Role, User
from serai.expo.programme.badges.models import Badge

type Make[Thing] = Callable[..., Thing]


@pytest.fixture(autouse=True)
def within(edition: Edition) -> Iterator[None]:
    with scope(edition=edition):
        yield


@pytest.fixture
def exhibitor(edition: Edition, owner: User, take_part: Make[Participation]) -> Participation:
    one: Participation = take_part(edition, owner.roles.get().firm)
    return one


@pytest.fixture
def leader(edition: Edition, take_part: Make[Participation], new_user: Make[User]) -> Participation:
    one: Participation = take_part(edition)
    Role.objects.create(user=new_user("leader"), firm=one.firm, kind=Role.Kind.OWNER)
    return one


def now_of(one: Participation) -> Participation:
    return Participation.objects.select_related("firm", "lead__firm", "edition").get(pk=one.pk)


def readers() -> list[str]:
    mails = Mail.objects.filter(subject__contains="exhibit together no more")
    return sorted(mails.values_list("user__email", flat=True))


def test_what_is_named_is_changed_and_the_trail_says_from_what_to_what(
    exhibitor: Participation, organiser: User
) -> None:
    section = Section.objects.get()
    edit(exhibitor, {"section": section, "pavilion": "KE", "area_m2": 36, "seats": 9}, by=organiser)
    one = now_of(exhibitor)
    assert (one.section, one.pavilion, one.area_m2, one.seats, one.kind) == (section, "KE", 36, 9, "exhibitor")
    (entry,) = AuditEntry.objects.all()
    assert (entry.action, entry.user) == ("participation.changed", organiser)
    assert (entry.before["area_m2"], entry.after["area_m2"]) == (None, 36)
    assert "energy" in one.tokens
    edit(exhibitor, {"area_m2": 36}, by=organiser)
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "buyer"}, "kind"),
        ({"kind": "co_exhibitor"}, "lead"),
        ({"pavilion": "XX"}, "pavilion"),
        ({"area_m2": 0}, "area_m2"),
        ({"seats": -1}, "seats"),
        ({"meetings_maximum": 40_000}, "meetings_maximum"),
        ({"meetings_minimum": 9, "meetings_maximum": 8}, "meetings_minimum"),
        ({"state": "cancelled"}, "state"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(
    changes: dict[str, Any], field: str, exhibitor: Participation, organiser: User
) -> None:
    with pytest.raises(EditRefusedError) as refusal:
        edit(exhibitor, changes, by=organiser)
    assert refusal.value.field == field
    assert str(refusal.value).endswith(".")
    assert not AuditEntry.objects.exists()


def test_kinds_change_among_who_exhibits_and_among_who_buys() -> None:
    assert kinds_for(Participation(kind="service")) == ["exhibitor", "co_exhibitor", "service"]
    assert kinds_for(Participation(kind="buyer")) == ["buyer", "delegation"]
    assert kinds_for(Participation(kind="press")) == ["press"]


def test_a_firm_is_not_made_the_same_twice(
    exhibitor: Participation, edition: Edition, take_part: Make[Participation], organiser: User
) -> None:
    take_part(edition, exhibitor.firm, kind="service", state="applied")
    with pytest.raises(EditRefusedError, match="takes part as that already"):
        edit(exhibitor, {"kind": "service"}, by=organiser)


def test_who_gets_a_leader_is_a_co_exhibitor_with_badges_of_its_kind(
    exhibitor: Participation, leader: Participation, edition: Edition, organiser: User
) -> None:
    badge = Badge.objects.create(edition=edition, participation=exhibitor, name="Li Wei")
    speaker = Badge.objects.create(edition=edition, participation=exhibitor, name="Amina", kind="speaker")
    edit(exhibitor, {"lead": leader}, by=organiser)
    assert (now_of(exhibitor).kind, now_of(exhibitor).lead) == ("co_exhibitor", leader)
    for one in (badge, speaker):
        one.refresh_from_db()
    assert (badge.kind, speaker.kind) == ("co_exhibitor", "speaker")
    edit(now_of(exhibitor), {"lead": None}, by=organiser)
    assert (now_of(exhibitor).kind, now_of(exhibitor).lead) == ("exhibitor", None)
    assert readers() == ["leader@example.org", "owner@example.org"]


def test_nobody_leads_who_is_led_or_takes_no_part(
    exhibitor: Participation, leader: Participation, edition: Edition, other_edition: Edition,
    take_part: Make[Participation], organiser: User,
) -> None:  # fmt: skip
    led = take_part(edition, kind="co_exhibitor", lead=leader)
    asked = take_part(edition, state="applied")
    for wrong in (led, asked, exhibitor, take_part(edition, kind="buyer"), take_part(other_edition)):
        with pytest.raises(EditRefusedError):
            edit(exhibitor, {"lead": wrong}, by=organiser)
    with pytest.raises(EditRefusedError, match="leads co-exhibitors itself"):
        edit(leader, {"lead": exhibitor}, by=organiser)
    assert now_of(exhibitor).lead is None


def test_either_side_ends_a_tie_and_the_other_is_told(
    exhibitor: Participation, leader: Participation, owner: User
) -> None:
    Participation.objects.filter(pk=exhibitor.pk).update(lead=leader, kind="co_exhibitor")
    part(now_of(exhibitor), user=owner, by=exhibitor)
    assert (now_of(exhibitor).lead, now_of(exhibitor).kind) == (None, "exhibitor")
    assert readers() == ["leader@example.org"]
    with pytest.raises(InvitationRefusedError, match="stands with nobody"):
        part(now_of(exhibitor), user=owner, by=exhibitor)


def test_a_tie_is_ended_at_the_desk_of_the_one_and_of_the_other(
    exhibitor: Participation, leader: Participation, owner: User, client: Client
) -> None:
    slug = exhibitor.edition.slug
    for who, at in (("owner@example.org", exhibitor), ("leader@example.org", leader)):
        Participation.objects.filter(pk=exhibitor.pk).update(lead=leader, kind="co_exhibitor")
        client.force_login(User.objects.get(email=who))
        address = reverse("desk-part", args=[slug, at.firm.identifier, exhibitor.pk])
        assert address in client.get(reverse("desk-co-exhibitors", args=[slug, at.firm.identifier])).text
        client.post(address)
        assert now_of(exhibitor).lead is None
    assert readers() == ["leader@example.org", "owner@example.org"]


def test_nobody_parts_two_others(
    exhibitor: Participation, leader: Participation, edition: Edition, take_part: Make[Participation],
    new_user: Make[User], client: Client,
) -> None:  # fmt: skip
    Participation.objects.filter(pk=exhibitor.pk).update(lead=leader, kind="co_exhibitor")
    third, person = take_part(edition), new_user("third")
    Role.objects.create(user=person, firm=third.firm, kind=Role.Kind.OWNER)
    client.force_login(person)
    mine = reverse("desk-part", args=[edition.slug, third.firm.identifier, exhibitor.pk])
    theirs = reverse("desk-part", args=[edition.slug, leader.firm.identifier, exhibitor.pk])
    assert [client.post(one).status_code for one in (mine, theirs)] == [404, 403]
    assert now_of(exhibitor).lead == leader


def test_the_organiser_changes_it_on_a_page(
    exhibitor: Participation, leader: Participation, organiser_client: Client
) -> None:
    page = reverse("participant", args=[exhibitor.edition.slug, exhibitor.pk])
    given = {"kind": "exhibitor", "seats": 5, "meetings_minimum": 2, "meetings_maximum": 9, "pavilion": "CN"}
    assert organiser_client.post(page, given).status_code == 302
    one = now_of(exhibitor)
    assert (one.meetings_minimum, one.meetings_maximum, one.pavilion) == (2, 9, "CN")
    answer = organiser_client.post(page, given | {"meetings_minimum": 10})
    assert answer.status_code == 400
    assert "not above the most" in answer.text
    assert organiser_client.post(page, given | {"lead": "CN2026000AAAAA"}).status_code == 400
    organiser_client.post(page, given | {"lead": leader.firm.identifier})
    assert (now_of(exhibitor).lead, now_of(exhibitor).kind) == (leader, "co_exhibitor")
    shown = organiser_client.get(page).text
    assert f'value="{leader.firm.identifier}"' in shown


def test_of_who_does_not_exhibit_the_page_asks_what_it_has(
    edition: Edition, take_part: Make[Participation], organiser_client: Client
) -> None:
    buyer = take_part(edition, kind="buyer")
    shown = organiser_client.get(reverse("participant", args=[edition.slug, buyer.pk])).text
    assert 'name="meetings_maximum"' in shown
    assert 'name="lead"' not in shown


def test_a_program_changes_what_it_names(
    exhibitor: Participation, leader: Participation, organiser: User, program_for: Callable[[User], Any]
) -> None:
    call = program_for(organiser)
    path = f"/api/v1/editions/{exhibitor.edition.slug}/participations/{exhibitor.pk}"
    answer = call(path, {"area_m2": 24, "section": "energy", "lead": leader.firm.identifier})
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert (said["area_m2"], said["section"], said["lead"], said["kind"]) == (
        24, "energy", leader.firm.identifier, "co_exhibitor",
    )  # fmt: skip
    assert call(path, {"section": "", "lead": ""}).json()["kind"] == "exhibitor"
    assert call(path, {"section": "nothing"}).status_code == 409
    assert call(path, {"meetings_minimum": 99, "meetings_maximum": 3}).status_code == 409
    assert now_of(exhibitor).area_m2 == 24


@pytest.fixture
def program_for() -> Callable[[User], Any]:
    from serai.expo.fairs.interface.domain.keys import make_key

    def program(user: User) -> Any:
        headers = {"authorization": f"Bearer {make_key(user, 'a program', ['read', 'write', 'organise'])[1]}"}

        def call(path: str, body: dict[str, Any]) -> Any:
            return Client().patch(path, body, content_type="application/json", headers=headers)

        return call

    return program
