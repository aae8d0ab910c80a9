"""A page that lists rows asks the database as often for three of them as for one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.models import Segment
from serai.expo.offers.chains.domain.placements import save_chain
from serai.expo.offers.chains.models import ChainPosition, Node, Placement, PlacementDecision
from serai.expo.offers.market.models import Offer
from serai.expo.participants.delegations import domain as delegating
from serai.expo.participants.packages.models import Package
from serai.expo.participants.team.models import TeamInvitation
from serai.expo.people.account.models import Role, User
from serai.expo.results.report.domain.builder import publish
from serai.expo.results.report.models import NamedReport, ReportPart
from serai.expo.site.api.domain import add_webhook
from serai.world.chains import builtin_chains


@dataclass(frozen=True)
class Given:
    """What rows are made of: the fair, its organiser, an exhibitor, and makers of others."""

    edition: Edition
    organiser: User
    desk: Participation
    new_user: Callable[..., User]
    take_part: Callable[..., Participation]


@pytest.fixture
def given(
    edition: Edition,
    organiser: User,
    desk: Participation,
    new_user: Callable[..., User],
    take_part: Callable[..., Participation],
) -> Given:
    return Given(edition, organiser, desk, new_user, take_part)


def package(given: Given, number: int) -> None:
    made = Package.objects.create(edition=given.edition, code=f"p{number}", title={"en": "Gold"})
    given.take_part(given.edition, package=made)


def delegation(given: Given, number: int) -> None:
    leader = given.new_user(f"leader{number}")
    led = delegating.found(given.edition, leader, f"Delegation {number}", "CN")
    for name in ("Li Wei", "Amina Okoye"):
        delegating.add_member(led, by=leader, name=name)


def webhook(given: Given, number: int) -> None:
    add_webhook(given.edition, f"https://hooks.example/{number}", ["nothing.*"], by=given.organiser)


def position(given: Given, number: int) -> None:
    if not Node.objects.exists():
        save_chain(next(chain for chain in builtin_chains() if chain.slug == "clean-energy"), order=1)
    firm = given.take_part(given.edition).firm
    said_by = given.new_user(f"speaker{number}")
    ChainPosition.objects.create(firm=firm, node=Node.objects.order_by("pk")[number], said_by=said_by)


def an_offer(given: Given, title: str) -> Offer:
    participation = given.take_part(given.edition)
    return Offer.objects.create(edition=given.edition, participation=participation, title={"en": title})


def unsure_place(given: Given, number: int) -> None:
    if not Node.objects.exists():
        save_chain(next(chain for chain in builtin_chains() if chain.slug == "clean-energy"), order=1)
    offer = an_offer(given, f"Separator film {number}")
    guess = {"edition": given.edition, "participation": offer.participation, "offer": offer, "side": "offer"}
    Placement.objects.create(node=Node.objects.order_by("pk")[number], confidence=0.5, **guess)
    decided = an_offer(given, f"Wafers {number}")
    PlacementDecision.objects.create(
        edition=given.edition, participation=decided.participation, offer=decided, by="organiser"
    )


def report(given: Given, number: int) -> None:
    made = NamedReport.objects.create(
        edition=given.edition, slug=f"r{number}", title={"en": "Yearbook"}, languages=["en"], made_by=given.organiser
    )
    ReportPart.objects.create(edition=given.edition, report=made, kind="words", text={"en": "A good fair."})
    publish(made, user=given.organiser)


def segment(given: Given, number: int) -> None:
    Segment.objects.create(edition=given.edition, name=f"s{number}", filters={"country": ["CN"]})


def session(given: Given, number: int) -> None:
    browser = Client()
    browser.force_login(given.organiser)
    UserSession.objects.create(
        user=given.organiser,
        ip="127.0.0.1",
        user_agent=f"Browser {number}",
        session_key=browser.session.session_key,
    )


def member(given: Given, number: int) -> None:
    Role.objects.create(user=given.new_user(f"colleague{number}"), firm=given.desk.firm, kind=Role.Kind.SALES)
    TeamInvitation.objects.create(
        firm=given.desk.firm,
        email=f"invited{number}@example.org",
        kind=Role.Kind.SALES,
        token_hash=str(number) * 64,
        sent_by=given.organiser,
        expires_at=timezone.now() + timedelta(days=9),
    )


LISTS: Mapping[str, Callable[[Given, int], None]] = {
    "packages": package,
    "delegations": delegation,
    "webhooks": webhook,
    "position-list": position,
    "placement-queue": unsure_place,
    "report-builder": report,
    "segments": segment,
    "usersessions_list": session,
    "desk-team": member,
}
"""By name of an address that lists rows what makes one of them, with all that the row tells."""


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_as_often_for_three_rows_as_for_one(
    name: str, given: Given, organiser_client: Client, owner_client: Client
) -> None:
    edition, client = given.edition, owner_client if name == "desk-team" else organiser_client
    known = {"desk-team": [edition.slug, given.desk.firm.identifier], "usersessions_list": []}
    address = reverse(name, args=known.get(name, [edition.slug]))

    def add(number: int) -> None:
        with scope(edition=edition):
            LISTS[name](given, number)

    def asked() -> tuple[int, int]:
        """How many questions, and how long the page is."""
        with CaptureQueriesContext(connection) as said:
            answer = client.get(address)
        assert answer.status_code == 200
        return len(said), len(answer.text)

    add(1)
    client.get(address)  # what is read once a process
    one, short = asked()
    add(2)
    add(3)
    three, long = asked()
    assert long > short, "the rows are not shown"
    assert three == one
