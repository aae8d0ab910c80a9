"""Packages: set by the organiser, given, kept where they bear, shown on the desk, copied to the next fair."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.fairs.edition.domain.clone import clone_edition
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.offers.market.domain.items import ItemRefusedError, keep_item
from serai.expo.offers.market.models import Need, Offer
from serai.expo.participants.packages.domain import PackageRefusedError, exhibitors_named, give, keep_package, shares_of
from serai.expo.participants.packages.models import Package
from serai.expo.people.account.models import User
from serai.expo.programme.badges.domain.badges import BadgeRefusedError, keep_badge
from serai.expo.programme.badges.models import Badge
from serai.expo.programme.sessions.domain.booth_events import NotProposedError, propose
from serai.expo.venue.halls.models import Booth, Hall, Stand

FORM = {
    "code": "basic",
    "title_en": "Basic",
    "meetings_minimum": "4",
    "meetings_maximum": "12",
    "seats": "2",
    "badges": "1",
    "offers": "2",
    "launches": "1",
    "booth_events": "1",
    "order": "0",
}


@pytest.fixture
def package(desk: Participation, edition: Edition, organiser: User) -> Package:
    """A small package, which the desk has."""
    with scope(edition=edition):
        made = keep_package(
            Package(
                edition=edition,
                code="basic",
                title={"en": "Basic"},
                meetings_minimum=4,
                meetings_maximum=12,
                seats=2,
                badges=1,
                offers=2,
                launches=1,
                booth_events=1,
            ),
            user=organiser,
        )
        give(made, [desk], user=organiser)
    return made


def test_an_organiser_makes_a_package_and_gives_it(
    desk: Participation, edition: Edition, organiser_client: Client, owner_client: Client, address: str
) -> None:
    base = f"/en/{edition.slug}/organiser/packages/"
    assert "Ensure" not in organiser_client.post(f"{base}new/", FORM).text
    assert "has this code" in organiser_client.post(f"{base}new/", FORM).text
    wrong = organiser_client.post(f"{base}new/", FORM | {"code": "odd", "meetings_minimum": "13"})
    assert wrong.status_code == 400
    said = organiser_client.post(f"{base}basic/give/", {"firms": "CN0000"}, follow=True).text
    assert "No exhibitor of this fair has the identifier CN0000" in said
    assert "Say to whom" in organiser_client.post(f"{base}basic/give/", {}, follow=True).text
    said = organiser_client.post(f"{base}basic/give/", {"firms": desk.firm.identifier.lower()}, follow=True).text
    assert "Given to 1 exhibitor." in said
    said = organiser_client.post(f"{base}basic/give/", {"kind": "exhibitor"}, follow=True).text
    assert "Given to 0 exhibitors." in said
    with scope(edition=edition):
        one = Participation.objects.get(pk=desk.pk)
        assert (one.meetings_minimum, one.meetings_maximum, one.seats) == (4, 12, 2)
    page = owner_client.get(address).text
    for told in ("Your package: Basic", "4–12", "0 of 2", "1 of 2"):
        assert told.split(": ")[-1] in page
    assert ">1</td>" in organiser_client.get(base).text


def test_a_full_package_answers_in_a_sentence_and_nothing_is_kept(
    package: Package, desk: Participation, edition: Edition, owner: User, owner_client: Client, address: str
) -> None:
    with scope(edition=edition):
        keep_item(Offer(edition=edition, participation=desk, title={"en": "One"}, launch=True), user=owner)
        with pytest.raises(ItemRefusedError, match="Your package Basic has 1 of these: Launches"):
            keep_item(Offer(edition=edition, participation=desk, title={"en": "Two"}, launch=True), user=owner)
        two = keep_item(Offer(edition=edition, participation=desk, title={"en": "Two"}), user=owner)
        two.launch = True
        with pytest.raises(ItemRefusedError, match="Launches"):
            keep_item(two, user=owner)
        keep_item(Need(edition=edition, participation=desk, title={"en": "A need"}), user=owner)
        keep_badge(Badge(edition=edition, participation=desk, name="Lin"), user=owner)
        with pytest.raises(BadgeRefusedError, match="has 1 of these: Badges"):
            keep_badge(Badge(edition=edition, participation=desk, name="Mei"), user=owner)
        assert [(str(share.what), share.used, share.most) for share in shares_of(desk)] == [
            ("Seats of the team", 1, 2),
            ("Badges", 1, 1),
            ("Offers", 2, 2),
            ("Launches", 1, 1),
            ("Events at the booth", 0, 1),
        ]
    answer = owner_client.post(f"{address}offers/new/", {"family": "goods", "title_en": "Three"})
    assert answer.status_code == 400
    assert "Your package Basic has 2 of these: Offers. Remove one, or ask the organiser for more." in answer.text
    with scope(edition=edition):
        assert Offer.objects.count() == 2


def test_events_at_the_booth_are_as_many_as_the_package_has_whatever_holds_for_others(
    package: Package, desk: Participation, edition: Edition, owner: User
) -> None:
    with scope(edition=edition):
        hall = Hall.objects.create(edition=edition, code="W1", title={"en": "Hall"})
        booth = Booth.objects.create(edition=edition, hall=hall, code="A01")
        Stand.objects.create(edition=edition, booth=booth, participation=desk)
        begins = datetime.combine(edition.starts_on, datetime.min.time(), ZoneInfo(edition.time_zone))

        def hold(hour: int) -> None:
            at = begins + timedelta(hours=hour)
            propose(
                desk,
                title={"en": "Talk"},
                summary={},
                starts_at=at,
                ends_at=at + timedelta(minutes=30),
                capacity=None,
                languages=["en"],
                by=owner,
            )

        hold(10)
        with pytest.raises(NotProposedError, match="has 1 of these: Events at the booth"):
            hold(11)


def test_a_changed_package_reaches_those_who_have_it_as_it_was_given(
    package: Package, desk: Participation, edition: Edition, organiser: User, take_part: Callable[..., Any]
) -> None:
    own = take_part(edition)
    with scope(edition=edition):
        give(package, [own], user=organiser)
        Participation.objects.filter(pk=own.pk).update(seats=9)
        package.seats, package.meetings_maximum = 3, 20
        keep_package(package, user=organiser)
        seats = dict(Participation.objects.filter(package=package).values_list("pk", "seats"))
        assert seats == {desk.pk: 3, own.pk: 9}
        assert set(Participation.objects.filter(package=package).values_list("meetings_maximum", flat=True)) == {20}
        package.meetings_minimum = 21
        with pytest.raises(PackageRefusedError, match="not above the most"):
            keep_package(package, user=organiser)


def test_the_next_fair_has_the_packages_and_nobody_has_one(package: Package, edition: Edition, organiser: User) -> None:
    shift = timedelta(days=365)
    new = Edition(
        organisation=edition.organisation,
        slug="fair-2027",
        name=edition.name,
        country="CN",
        time_zone=edition.time_zone,
        starts_on=edition.starts_on + shift,
        ends_on=edition.ends_on + shift,
    )
    made = clone_edition(edition, new, invite=True, user=organiser).edition
    with scope(edition=made):
        assert list(Package.objects.values_list("code", "badges")) == [("basic", 1)]
        assert not Participation.objects.exclude(package=None).exists()


def test_an_identifier_of_before_a_merge_leads_to_the_exhibitor_that_its_firm_has_become(
    desk: Participation, edition: Edition, a_firm: Callable[..., Firm]
) -> None:
    old = a_firm("Of before")
    Firm.objects.filter(pk=old.pk).update(merged_into=desk.firm)
    with scope(edition=edition):
        assert exhibitors_named(edition, [old.identifier.lower(), " ", desk.firm.identifier]) == [desk]
        with pytest.raises(PackageRefusedError, match="NOBODY"):
            exhibitors_named(edition, ["nobody"])
