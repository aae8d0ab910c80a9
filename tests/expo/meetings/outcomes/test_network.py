"""The links known to the fair: what both sides have said, and nothing that one side claims."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.outcomes.domain.network import known_links
from serai.expo.meetings.outcomes.models import Outcome, OutcomeParty
from serai.world.firm_network import FirmNetwork

type Make[Thing] = Callable[..., Thing]


@pytest.fixture
def host(edition: Edition, take_part: Make[Participation], a_firm: Make[Firm]) -> Participation:
    return take_part(edition, a_firm("Film Maker", "CN", isic=["2220"], size="small"))


@pytest.fixture
def guest(edition: Edition, take_part: Make[Participation], a_firm: Make[Firm]) -> Participation:
    return take_part(edition, a_firm("Cell Maker", "DE", isic=["2720"]), kind="buyer")


def agree(host: Participation, guest: Participation, state: str, kind: str = "contract", both: bool = True) -> None:
    with scope(edition=host.edition):
        meeting, _ = Meeting.objects.get_or_create(edition=host.edition, host=host, guest=guest)
        outcome = Outcome.objects.create(edition=host.edition, meeting=meeting, kind=kind, state=state)
        OutcomeParty.objects.create(outcome=outcome, participation=host, confirmed_at=timezone.now())
        OutcomeParty.objects.create(outcome=outcome, participation=guest, confirmed_at=timezone.now() if both else None)


def network(edition: Edition) -> FirmNetwork:
    with scope(edition=edition):
        return known_links(edition)


def links(edition: Edition) -> dict[tuple[str, str], float]:
    """(supplier, buyer) by legal name, with the number of links."""
    found = network(edition)
    assert found.names is not None
    name_of = dict(Firm.objects.values_list("identifier", "legal_name"))
    names = [name_of[identifier] for identifier in found.names]
    pairs = zip(found.supplier.tolist(), found.buyer.tolist(), found.value.tolist(), strict=True)
    return {(names[supplier], names[buyer]): value for supplier, buyer, value in pairs}


def test_a_contract_that_both_confirmed_is_a_link(host: Participation, guest: Participation) -> None:
    agree(host, guest, "confirmed")
    agree(host, guest, "evidenced")
    assert links(host.edition) == {("Film Maker", "Cell Maker"): 2.0}


@pytest.mark.parametrize(
    ("state", "kind", "both"),
    [
        ("claimed", "contract", True),
        ("lapsed", "contract", True),
        ("confirmed", "visit", True),
        ("confirmed", "contract", False),
    ],
)
def test_what_one_side_claims_or_what_supplies_nothing_is_no_link(
    state: str, kind: str, both: bool, host: Participation, guest: Participation
) -> None:
    agree(host, guest, state, kind, both)
    assert links(host.edition) == {}


def test_a_co_exhibitor_supplies_the_leader_of_its_chain(
    host: Participation, guest: Participation, edition: Edition
) -> None:
    with scope(edition=edition):
        Participation.objects.filter(pk=host.pk).update(lead=guest)
    assert links(edition) == {("Film Maker", "Cell Maker"): 1.0}


def test_every_firm_that_takes_part_stands_in_the_network_linked_or_not(
    host: Participation, guest: Participation, edition: Edition, other_edition: Edition, take_part: Make[Participation]
) -> None:
    take_part(other_edition)
    found = network(edition)
    assert found.n == 2
    assert {found.countries[code] for code in found.country} == {"CN", "DE"}
    assert sorted(found.size.tolist()) == [1.0, 30.0]


def test_an_empty_fair_is_an_empty_network(edition: Edition) -> None:
    assert (network(edition).n, network(edition).m) == (0, 0)
