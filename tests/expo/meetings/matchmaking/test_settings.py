"""What the organiser chooses about matching: kept with a trace, obeyed by the proposals, bounded in its cost."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.matchmaking.domain.choice import choose, compute_curve
from serai.expo.meetings.matchmaking.domain.matching import choice_of, partners_of_edition, read_edition
from serai.expo.meetings.matchmaking.models import MatchingChoice
from serai.expo.offers.chains.domain.placements import load_builtin_chains, place_edition
from serai.expo.offers.market.models import Need, Offer
from serai.expo.people.account.models import User
from serai.match.trade_links import Trade

type Make[Thing] = Callable[..., Thing]

CHOICE = {"floor": "2", "most_lost": "10", "secure": "3", "green": "0"}


@pytest.fixture
def fair(
    edition: Edition,
    a_firm: Make[Firm],
    take_part: Make[Participation],
    offer: Make[Offer],
    need: Make[Need],
) -> Edition:
    """Two makers of separators, a small one among them, and three cell makers who need them."""
    load_builtin_chains()
    for name, country, size in (("Film One", "CN", "large"), ("Film Two", "DE", "small")):
        offer(take_part(edition, a_firm(name, country, size=size)), "Lithium battery separator film", hs=["8507"])
    for name, country in (("Cell One", "CN"), ("Cell Two", "JP"), ("Cell Three", "US")):
        buyer = take_part(edition, a_firm(name, country, size="large"))
        offer(buyer, "Lithium-ion battery cells")
        need(buyer, "Battery separator film")
    place_edition(edition)
    return edition


def test_a_choice_is_kept_with_its_trace(fair: Edition, organiser: User) -> None:
    with scope(edition=fair):
        choose(fair, floor=3, link_weights={"secure": 2.0, "green": 0.0}, most_lost=0.1, user=organiser)
        choose(fair, floor=4, link_weights={"secure": 2.0, "green": 0.0}, most_lost=0.1, user=organiser)
        kept = choice_of(fair)
    assert (kept.floor, kept.link_weights, kept.most_lost) == (4, {"secure": 2.0, "green": 0.0}, 0.1)
    entries = AuditEntry.objects.filter(action="matching.chosen").order_by("pk")
    assert [entry.after and entry.after["floor"] for entry in entries] == [3, 4]
    assert entries[1].before == {"floor": 3}


def test_the_floor_that_was_chosen_is_kept_by_the_proposals(fair: Edition, organiser: User) -> None:
    with scope(edition=fair):
        choose(fair, floor=3, link_weights={}, most_lost=0.05, user=organiser)
        small = Participation.objects.get(firm__legal_name="Film Two").pk
    lists = partners_of_edition(fair, most=2)
    assert sum(any(partner.participation.pk == small for partner in found) for found in lists.values()) >= 3


def test_links_weigh_in_only_where_the_organiser_says_so_and_cost_no_more_than_allowed(
    fair: Edition, organiser: User
) -> None:
    def relevance() -> dict[int, float]:
        return {pk: sum(each.match.score for each in found) for pk, found in partners_of_edition(fair, most=2).items()}

    plain = relevance()
    with scope(edition=fair):
        choose(fair, floor=1, link_weights={"secure": 10.0}, most_lost=0.0, user=organiser)
    assert relevance() == pytest.approx(plain)
    with scope(edition=fair):
        choose(fair, floor=1, link_weights={"secure": 10.0}, most_lost=0.3, user=organiser)
    weighed = relevance()
    assert weighed.keys() == plain.keys()


def test_the_curve_is_computed_by_the_worker_and_kept_with_its_time(fair: Edition) -> None:
    compute_curve(fair)
    with scope(edition=fair):
        choice = choice_of(fair)
    assert choice.curve_at is not None
    assert [point["floor"] for point in choice.curve] == [0, 10, 20, 40, 80]


def test_the_organiser_chooses_on_the_page(fair: Edition, organiser_client: Client) -> None:
    page = f"/en/{fair.slug}/organiser/matching/"
    answer = organiser_client.post(f"{page}choice/", CHOICE)
    assert answer["Location"] == page
    with scope(edition=fair):
        kept = MatchingChoice.objects.get()
    assert (kept.floor, kept.most_lost) == (2, 0.1)
    assert {name: weight for name, weight in kept.link_weights.items() if weight} == {"secure": 3.0}
    assert 'value="3.0"' in organiser_client.get(page).text


def test_the_organiser_chooses_the_table_that_says_which_industries_trade(
    fair: Edition, organiser_client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = f"/en/{fair.slug}/organiser/matching/"
    shown = organiser_client.get(page).text
    assert "G20 and the rest of the world x ISIC sections, 2019" in shown
    assert "leather" not in shown  # invented numbers

    def kinds() -> set[Trade]:
        with scope(edition=fair):
            return {link.trade for link in read_edition(fair).market.links}

    assert Trade.INDUSTRY in kinds()
    organiser_client.post(f"{page}choice/", CHOICE | {"table": "none"})
    assert kinds() == {Trade.STATED, Trade.FED}
    assert 'value="none" selected' in organiser_client.get(page).text
    refused = organiser_client.post(f"{page}choice/", CHOICE | {"table": "eora/1"})
    assert 'role="alert"' in refused.text
    # A table that was chosen and is on the machine no more gives way to the built-in one.
    with scope(edition=fair):
        MatchingChoice.objects.update(table="wiod2013/2011")
    monkeypatch.setenv("SERAI_DATA", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert Trade.INDUSTRY in kinds()


@pytest.mark.parametrize("wrong", [{"floor": "-1"}, {"most_lost": "900"}, {"secure": "eleven"}, {"floor": ""}])
def test_a_wrong_choice_changes_nothing(wrong: dict[str, str], fair: Edition, organiser_client: Client) -> None:
    answer = organiser_client.post(f"/en/{fair.slug}/organiser/matching/choice/", CHOICE | wrong)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text
    with scope(edition=fair):
        assert not MatchingChoice.objects.exists()


def test_nobody_else_chooses(
    fair: Edition,
    member_client: Client,
    stranger_client: Client,
    other_organiser_client: Client,
    anonymous_client: Client,
) -> None:
    clients = (member_client, stranger_client, other_organiser_client, anonymous_client)
    page = f"/en/{fair.slug}/organiser/matching/choice/"
    assert [client.post(page, CHOICE).status_code for client in clients] == [403, 403, 403, 302]
    with scope(edition=fair):
        assert not MatchingChoice.objects.exists()
