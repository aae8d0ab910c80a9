"""A firm's exposure: figures by the library's own calls, alternatives ranked by relief, and nothing for others."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.base.datasets import datasets
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.insight.exposure.domain import results
from serai.expo.insight.exposure.domain.results import figures_of_inputs
from serai.expo.insight.exposure.domain.sources import Input, Origin, Said, Source, declare, inputs_at_links
from serai.expo.insight.supply.domain import source_values
from serai.expo.insight.supply.domain.source_values import Meeting, values_by_averages
from serai.expo.insight.supply.domain.stored_results import compute
from serai.expo.offers.chains.domain.placements import load_builtin_chains
from serai.expo.offers.chains.models import Node, Placement
from serai.expo.people.account.models import Role, User
from serai.world.chains import builtin_chains
from serai.world.supply import SupplyNetwork, supply_network


@pytest.fixture(scope="module")
def network() -> SupplyNetwork:
    """Clean energy with the shares that come with Serai, without a table."""
    return supply_network(next(chain for chain in builtin_chains() if chain.slug == "clean-energy"))


def polysilicon(*sources: tuple[str, str, float], stock: float | None = None) -> Input:
    origin = Origin.DECLARED if sources else Origin.NEED
    return Input(1, "clean-energy", "polysilicon", origin, stock_weeks=stock, sources=sources)


def test_figures_of_declared_sources_follow_from_them_by_hand(network: SupplyNetwork) -> None:
    item = polysilicon(("CN", "Daqo", 0.8), ("DE", "Wacker", 0.2), stock=6)
    (found,) = figures_of_inputs(network, [item], "DE", {1: [(5, "US"), (6, "CN"), (7, "MY")]})
    assert found["countries"] == [["CN", 0.8], ["DE", 0.2]]
    assert found["failures"] == [["country", "CN", 0.8], ["firm", "Daqo", 0.8]]
    (worst, loss, weeks), *_rest = found["stops"]
    assert (worst, loss) == ("CN", pytest.approx(0.8, abs=0.02))
    assert weeks == pytest.approx(6 / loss, abs=0.1)
    assert found["world"][0][0] == "CN"
    # Two firms, .8 and .2: effectively 1 / (.64 + .04); a third takes 1 / (n + 1), and the largest keeps the rest.
    part = 1 / (1 / 0.68 + 1)
    told = {other["participation"]: other["figures"]["secure"] for other in found["alternatives"]}
    assert told.keys() == {5, 7}
    assert told[5][0] + told[5][1] == pytest.approx(0.8 * (1 - part), abs=0.001)
    assert [other["relief"] for other in found["alternatives"]] == sorted(
        (other["relief"] for other in found["alternatives"]), reverse=True
    )


def test_it_is_said_why_there_is_no_safer_source(network: SupplyNetwork) -> None:
    item = polysilicon(("CN", "", 0.9), ("DE", "", 0.1))
    whys = {
        name: figures_of_inputs(network, [item], "DE", makers)[0]["why_none"]
        for name, makers in {"none": {}, "same": {1: [(6, "CN")]}, "other": {1: [(6, "MY")]}}.items()
    }
    assert whys == {"none": "nobody", "same": "dependent", "other": ""}


def test_averages_of_other_countries_carry_other_verdicts(network: SupplyNetwork) -> None:
    rows = list(values_by_averages(network, {"polysilicon": Meeting({"DE"}, {"MY", "US", "ET", "CN", "NO"})}))
    verdicts = [str(row["figures"]) for row in rows]
    assert len(set(verdicts)) == len(verdicts) == 5
    assert all(np.isfinite(number) for row in rows for told in row["figures"].values() for number in told)
    elsewhere = {"wind-blades": Meeting({"DE"}, {"XX"}), "battery-cells": Meeting({"DE"}, set())}
    met = {"polysilicon": Meeting({"DE"}, {"MY", "US", "ET", "CN", "NO"}), **elsewhere}
    assert list(values_by_averages(network, met)) == rows  # of a source in a country without figures nothing is told


@pytest.fixture
def buyer(edition: Edition, take_part: Callable[..., Participation], a_firm: Callable[..., Any]) -> Participation:
    load_builtin_chains()
    return take_part(edition, a_firm("Rhein Cells", "DE"), kind="buyer")


@pytest.fixture
def maker(
    edition: Edition,
    buyer: Participation,
    take_part: Callable[..., Participation],
    a_firm: Callable[..., Any],
    offer: Callable[..., Any],
) -> Participation:
    row = take_part(edition, a_firm("Penang Silicon", "MY", name={"en": "Penang Silicon"}))
    placed(row, Placement.Side.OFFER, offer=offer(row, "Polysilicon"))
    return row


def placed(participation: Participation, side: str, **item: Any) -> None:
    with scope(edition=participation.edition):
        Placement.objects.create(
            edition=participation.edition, participation=participation, side=side, node=node(), confidence=1, **item
        )


def node() -> Node:
    return Node.objects.get(chain__slug="clean-energy", code="polysilicon")


@pytest.fixture
def own_client(buyer: Participation, new_user: Callable[..., User]) -> Client:
    user = new_user("buying-owner", firm=buyer.firm)
    Role.objects.filter(user=user).update(kind=Role.Kind.OWNER)
    client = Client()
    client.force_login(user)
    return client


def test_needs_stand_as_inputs_until_their_sources_are_declared(buyer: Participation, need: Callable[..., Any]) -> None:
    wanted = need(buyer, "Polysilicon")
    placed(buyer, Placement.Side.NEED, need=wanted)
    with scope(edition=buyer.edition):
        assert [item.origin for item in inputs_at_links(buyer).known] == [Origin.NEED]
        declare(buyer, wanted, Said((Source("CN", "", Decimal(80)),)), user=None)
        (item,) = inputs_at_links(buyer).known
        assert (item.origin, item.code, item.sources) == (Origin.DECLARED, "polysilicon", (("CN", "", 0.8),))


def test_the_page_says_that_it_is_computed_then_shows_what_was_stored_and_sets_a_paper(
    buyer: Participation,
    maker: Participation,
    own_client: Client,
    network: SupplyNetwork,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(results, "network_of", lambda _slug: network)
    monkeypatch.setattr(results, "contents_of", lambda _slug, _network: None)
    with scope(edition=buyer.edition):
        said = Said((Source("CN", "Daqo", Decimal(80)), Source("DE", "Wacker", Decimal(20))), Decimal(6))
        declare(buyer, node(), said, user=None)
    page = f"/en/{buyer.edition.slug}/desk/{buyer.firm.identifier}/exposure/"
    assert "data-awaited" in own_client.get(page).text
    compute.call(buyer.edition.pk, results.KIND, str(buyer.pk))
    shown = own_client.get(page).text
    for told in ("Single source: 80 % comes from one country, China.", "your stock lasts 8 weeks", "Penang Silicon"):
        assert told in shown
    assert "Ask for a meeting" in shown
    assert own_client.post(f"{page}paper/").headers["Location"] == f"{page}?paper"
    assert "data-awaited" in own_client.get(f"{page}?paper").text
    compute.call(buyer.edition.pk, results.PAPER, f"{buyer.pk}-en")
    assert "Download the paper" in own_client.get(f"{page}?paper").text
    paper = own_client.get(f"{page}paper/")
    assert paper.content.startswith(b"%PDF")
    assert "no-store" in paper["Cache-Control"]


def test_its_owner_alone_takes_the_exposure_out_as_data(
    buyer: Participation,
    maker: Participation,
    own_client: Client,
    new_user: Callable[..., User],
    organiser_client: Client,
    stranger_client: Client,
    network: SupplyNetwork,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(results, "network_of", lambda _slug: network)
    monkeypatch.setattr(results, "contents_of", lambda _slug, _network: None)
    with scope(edition=buyer.edition):
        said = Said((Source("CN", "Daqo", Decimal(80)), Source("DE", "Wacker", Decimal(20))), Decimal(6))
        declare(buyer, node(), said, user=None)
    page = f"/en/{buyer.edition.slug}/desk/{buyer.firm.identifier}/exposure/"
    assert own_client.get(f"{page}data.csv").headers["Location"] == page  # nothing is stored yet
    compute.call(buyer.edition.pk, results.KIND, str(buyer.pk))
    assert f"{page}data.json" in own_client.get(page).text
    table = list(csv.DictReader(io.StringIO(own_client.get(f"{page}data.csv").content.decode("utf-8-sig"))))
    sources = [(row["country"], row["firm"], float(row["value"])) for row in table if row["about"] == "source"]
    assert sources == [("CN", "", 0.8), ("DE", "", 0.2), ("CN", "Daqo", 0.8), ("DE", "Wacker", 0.2)]
    (safer,) = [row for row in table if (row["about"], row["property"]) == ("alternative", "secure")]
    assert (safer["firm"], float(safer["value"])) == ("Penang Silicon", 0.8)
    part = 1 / (1 / 0.68 + 1)  # two firms, .8 and .2; a third takes 1 / (n + 1), and the largest keeps the rest
    assert float(safer["value"]) + float(safer["change"]) == pytest.approx(0.8 * (1 - part), abs=0.001)
    told = own_client.get(f"{page}data.json")
    assert "no-store" in told["Cache-Control"]
    (stated,) = told.json()["tables"]["inputs"]["rows"]
    assert (stated["node"], stated["grade"], stated["stock_weeks"]) == ("polysilicon", "declared", 6)
    assert own_client.get(f"{page}data.pdf").status_code == 404

    member, rival = Client(), Client()
    member.force_login(new_user("colleague", firm=buyer.firm))
    seller = new_user("seller", firm=maker.firm)
    Role.objects.filter(user=seller).update(kind=Role.Kind.OWNER)
    rival.force_login(seller)
    for other in (member, rival, organiser_client, stranger_client, Client()):
        for ending in ("csv", "json", "zip"):
            answer = other.get(f"{page}data.{ending}")
            assert answer.status_code in (302, 403)
            assert "sign-in" in answer.headers.get("Location", "sign-in")
            assert b"Daqo" not in answer.content
    assert "exposure" not in datasets()  # nor does open data know it
    assert Client().get(f"/en/{buyer.edition.slug}/data/exposure/data.csv").status_code == 404


def test_what_a_firm_declares_changes_nothing_that_others_see(
    buyer: Participation, maker: Participation, network: SupplyNetwork
) -> None:
    """The averages have no way to declared sources: neither their rows nor what they are read from change."""
    with scope(edition=buyer.edition):
        before = source_values._fingerprint(buyer.edition, "")
        declare(buyer, node(), Said((Source("CN", "Daqo", Decimal(99)),)), user=None)
        assert source_values._fingerprint(buyer.edition, "") == before


def test_an_exposure_that_can_not_be_computed_says_so_and_is_tried_again_when_its_basis_changes(
    buyer: Participation, own_client: Client, network: SupplyNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_slug: str) -> SupplyNetwork:
        raise RuntimeError("a defect")

    monkeypatch.setattr(results, "network_of", broken)
    page = f"/en/{buyer.edition.slug}/desk/{buyer.firm.identifier}/exposure/"
    with scope(edition=buyer.edition):
        said = Said((Source("CN", "Daqo", Decimal(80)), Source("DE", "Wacker", Decimal(20))), Decimal(6))
        declare(buyer, node(), said, user=None)
    assert "data-awaited" in own_client.get(page).text
    compute.call(buyer.edition.pk, results.KIND, str(buyer.pk))
    failed = own_client.get(page).text
    assert "It could not be computed." in failed
    assert "data-awaited" not in failed
    with scope(edition=buyer.edition):
        declare(buyer, node(), replace(said, stock_weeks=Decimal(8)), user=None)
    assert "data-awaited" in own_client.get(page).text


def test_a_firm_reads_on_its_own_suggestions_what_a_source_is_beside_those_that_it_declares(
    buyer: Participation,
    maker: Participation,
    own_client: Client,
    new_user: Callable[..., User],
    need: Callable[..., Any],
    network: SupplyNetwork,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its owner alone: a member of the same firm without the duty reads the average, or nothing."""
    monkeypatch.setattr(results, "network_of", lambda _slug: network)
    monkeypatch.setattr(results, "contents_of", lambda _slug, _network: None)
    placed(buyer, Placement.Side.NEED, need=need(buyer, "Polysilicon"))
    with scope(edition=buyer.edition):
        declare(buyer, node(), Said((Source("CN", "", Decimal(100)),)), user=None)
    compute.call(buyer.edition.pk, results.KIND, str(buyer.pk))
    member = Client()
    member.force_login(new_user("colleague", firm=buyer.firm))
    page = f"/en/{buyer.edition.slug}/firms/{buyer.firm.identifier}/partners/"
    told = "Your second source country for Polysilicon: Largest share of one country (today China): 100 % → 50 %"
    assert told in own_client.get(page).text
    assert "second source country" not in member.get(page).text
    assert "second source country" not in Client().get(page).text
    ask = f"/en/{buyer.edition.slug}/meetings/ask/{maker.firm.identifier}/"
    assert told in own_client.get(ask).text
    assert "second source country" not in member.get(ask).text
