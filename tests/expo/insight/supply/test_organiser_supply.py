"""The organiser sees gaps and single sources, whom to call, and the meetings that help most, and suggests them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope, scopes_disabled

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.insight.supply.domain.fair_meetings import KIND
from serai.expo.insight.supply.domain.stored_results import compute
from serai.expo.insight.supply.models import StoredResult
from serai.expo.meetings.matchmaking.models import Suggestion
from serai.expo.meetings.meeting.models import Meeting, Wish
from serai.expo.offers.chains.domain.fair_chains import set_sections
from serai.expo.offers.chains.domain.placements import load_builtin_chains
from serai.expo.offers.chains.models import Node, Placement
from serai.expo.offers.market.models import Need, Offer
from serai.expo.people.account.models import Organisation

type Make[Thing] = Callable[..., Thing]

PAGE = "/en/fair-2026/organiser/sources/"
SLUG, NODE = "clean-energy", "battery-cells"


@pytest.fixture
def sides(
    edition: Edition, take_part: Make[Participation], a_firm: Make[Firm], offer: Make[Offer], need: Make[Need]
) -> dict[str, Participation]:
    """A German buyer of battery cells, and makers of them in China and Japan."""
    (chain,) = load_builtin_chains((SLUG,))
    with scope(edition=edition):
        set_sections(edition, [chain], user=None)
    sides = {
        code: take_part(
            edition,
            a_firm(f"Firm of {code} Ltd", code, name={"en": f"Firm of {code} Ltd"}),
            kind="buyer" if code == "DE" else "exhibitor",
        )
        for code in ("DE", "CN", "JP")
    }
    for code, participation in sides.items():
        item: dict[str, Any] = {"need": need(participation)} if code == "DE" else {"offer": offer(participation)}
        place(edition, participation, **item)
    return sides


def place(edition: Edition, participation: Participation, **item: Any) -> None:
    with scope(edition=edition):
        Placement.objects.create(
            edition=edition,
            participation=participation,
            side=next(iter(item)),
            node=Node.objects.get(chain__slug=SLUG, code=NODE),
            confidence=1,
            **item,
        )


def result(edition: Edition) -> Any:
    with scope(edition=edition):
        compute.call(edition.pk, KIND, "")
    return StoredResult.objects.get(kind=KIND).data


def test_the_meeting_with_another_country_helps_most_and_one_click_suggests_it(
    edition: Edition, sides: dict[str, Participation], organiser_client: Client
) -> None:
    told = result(edition)
    best = told["meetings"][0]
    assert (best["buyer"], best["supplier"], best["node"]) == (sides["DE"].pk, sides["JP"].pk, NODE)
    assert best["taken_away"] > 0
    assert told["gap"] == pytest.approx(0, abs=1e-9)
    assert "Firm of JP Ltd" in organiser_client.get(PAGE).text
    assert organiser_client.post(PAGE).status_code == 302
    with scope(edition=edition):
        first = Suggestion.objects.get(participation=sides["DE"], rank=1)
    assert first.partner == sides["JP"]
    assert AuditEntry.objects.filter(action="suggestions.put_first").exists()


def test_who_is_met_or_refuses_is_not_suggested(edition: Edition, sides: dict[str, Participation]) -> None:
    with scope(edition=edition):
        Wish.objects.create(edition=edition, wisher=sides["JP"], wished=sides["DE"], strength=Wish.Strength.NO_THANKS)
        Meeting.objects.create(edition=edition, host=sides["CN"], guest=sides["DE"], state=Meeting.State.SCHEDULED)
    told = result(edition)
    assert told["meetings"] == []
    assert told["timetable_links"] == 1


def test_a_firm_of_an_earlier_fair_is_called_for_a_node_that_nobody_offers(
    edition: Edition,
    organisation: Organisation,
    new_edition: Make[Edition],
    take_part: Make[Participation],
    a_firm: Make[Firm],
    need: Make[Need],
    offer: Make[Offer],
    organiser_client: Client,
) -> None:
    (chain,) = load_builtin_chains((SLUG,))
    earlier = new_edition(organisation, "fair-2025", starts_on=date(2025, 11, 1), ends_on=date(2025, 11, 3))
    with scope(edition=edition):
        set_sections(edition, [chain], user=None)
    maker = take_part(earlier, a_firm("Cells of last year Ltd", "KR", name={"en": "Cells of last year Ltd"}))
    place(earlier, maker, offer=offer(maker))
    buyer = take_part(edition, kind="buyer")
    place(edition, buyer, need=need(buyer))
    page = organiser_client.get(PAGE).text
    assert "Cells of last year Ltd" in page
    assert "1 open need" in page
    with scopes_disabled():
        take_part(edition, maker.firm)
    assert "Cells of last year Ltd" not in organiser_client.get(PAGE).text
