"""What stands beside the headlines: by hand, and what must hold of every need and source."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.world.supply import FurtherFigure, SupplyNetwork, further_figures, generate_supply, needs_of, source_values
from serai.world.supply.passages import passages, through
from serai.world.trade import Exports
from tests.world.supply.test_stoppage import BY_HAND


def figures_of(
    network: SupplyNetwork, need: tuple[str, str], country: str, exports: Exports | None = None, **declared: object
) -> dict[str, FurtherFigure]:
    needs = needs_of(network, [need], **declared)  # type: ignore[arg-type]
    return {figure.about: figure for figure in further_figures(network, needs, 0, country, exports=exports)}


def test_half_of_koreas_cells_from_china_by_hand() -> None:
    figures = figures_of(BY_HAND, ("cells", "KOR"), "CHN", present={0: {"KOR": 1.0}}, theta={0: 0.5}, sources={0: 2.0})

    def shown(about: str) -> tuple[float, float]:
        figure = figures[about]
        return figure.present, figure.present + figure.change

    assert shown("concentration of countries, sum of squared shares") == pytest.approx((1, 0.5))
    # two firms alike, then a quarter each and a half
    assert shown("concentration of firms, sum of squared shares") == pytest.approx((0.5, 0.375))
    # Korea adds .7 and buys salts of Chile for .3; China buys three quarters of its salts in Australia
    assert shown("concentration of the origins of value, every tier") == pytest.approx(
        (0.7**2 + 0.3**2, 2 * 0.35**2 + (0.15 + 0.0375) ** 2 + 0.1125**2)
    )
    # Korea's cells are lost by its own stop and by Chile's; China's .7 by Australia's and .1 by Chile's
    assert shown("root mean square of the losses by single stops") == pytest.approx(
        (np.sqrt(2 / 4), np.sqrt((0.35**2 + 0.55**2 + 2 * 0.5**2) / 4))
    )
    # the World Bank's index of 2023: Korea 3.8, China 3.7
    assert shown("logistics performance of the weakest origin") == pytest.approx((3.8, 3.7))
    assert shown("share that crosses a border") == pytest.approx((0, 0.5))


def test_straits_are_told_by_the_share_that_passes() -> None:
    network = generate_supply(2, 30, seed=0)
    figures = figures_of(network, (network.nodes[0], "DEU"), "AUS", present={0: {"BRA": 1.0}}, theta={0: 0.4})
    countries = ["DEU", "AUS", "BRA"]
    routes = {strait: through(countries, strait)[1:, 0].astype(float) for strait in passages()}
    shown = {
        about.removeprefix("share on its way through "): (figure.present, figure.change)
        for about, figure in figures.items()
        if figure.property == "smooth" and "through" in about
    }
    assert "suez" in shown
    assert shown == {
        strait: pytest.approx((brazil, 0.4 * (australia - brazil)))
        for strait, (australia, brazil) in routes.items()
        if australia or brazil
    }


def test_revealed_advantage_of_the_origin_in_the_headings_of_the_exports_at_hand() -> None:
    nodes = tuple(replace(node, hs=("2836",)) if node.code == "salts" else node for node in BY_HAND.chain.nodes)
    network = replace(BY_HAND, chain=replace(BY_HAND.chain, nodes=nodes))
    exports = Exports(("AUS", "CHL", "KOR"), ("2836", "8507"), np.array([[1.0, 1.0], [3.0, 1.0], [0.0, 4.0]]), 2017)
    about = "revealed advantage of the source beside the mean of the present ones"
    figure = figures_of(network, ("salts", "KOR"), "AUS", exports)[about]
    assert (figure.present, figure.change) == pytest.approx((0.75 / 0.4, 0.25 / 0.2 - 0.75 / 0.4))
    assert not figures_of(network, ("cells", "KOR"), "AUS", exports)[about].measured()


def test_what_is_not_measured_says_why_and_a_country_alone_states_nothing() -> None:
    values = source_values(BY_HAND, needs_of(BY_HAND, [("salts", "KOR")]), ["AUS"])
    records = [figure.record() for figure in values.further(0, "AUS")]
    firms = next(row for row in records if "of firms" in row["about"])
    assert (firms["present"], firms["told"]) == (None, "not measured")
    assert firms["reason"] == "The buyer does not say from how many firms it buys."
    assert len(values.further(0, 0)) == len(records) + 2  # price and share in the sales
    with pytest.raises(KeyError, match="no country 'XXX'"):
        values.further(0, "XXX")


@given(st.integers(0, 50), st.floats(0.05, 0.9))
@settings(max_examples=12, deadline=None)
def test_shares_stay_shares_and_the_mean_of_losses_stays_below_the_worst(seed: int, theta: float) -> None:
    network = generate_supply(6, 8, seed, makers=5, unknown=0.1)
    random = np.random.default_rng(seed)
    need = network.nodes[random.integers(6)], network.countries[random.integers(8)]
    source = network.countries[random.integers(8)]
    needs = needs_of(network, [need], theta={0: theta})
    values = source_values(network, needs, [source], draws=8)
    figures = {figure.about: figure for figure in values.further(0, source)}
    for figure in figures.values():
        if figure.measured() and figure.unit in {"share", "0 to 1"}:
            assert -1e-9 <= figure.present <= 1 + 1e-9
            assert -1e-9 <= figure.present + figure.change <= 1 + 1e-9
    mean = figures["root mean square of the losses by single stops"]
    worst = values.figure(0, source, "stable")
    assert mean.present <= worst.present + 1e-6
    assert mean.present + mean.change <= worst.present + worst.change[0] + 1e-6
    countries = figures["concentration of countries, sum of squared shares"]
    assert countries.present == pytest.approx(1 / values.figure(0, source, "open").present)


@given(st.integers(0, 50))
@settings(max_examples=8, deadline=None)
def test_more_from_the_only_source_changes_nothing(seed: int) -> None:
    network = generate_supply(5, 6, seed, makers=4)
    source = network.countries[seed % 6]
    figures = figures_of(network, (network.nodes[seed % 5], network.countries[0]), source, present={0: {source: 1.0}})
    assert all(figure.change == pytest.approx(0, abs=1e-9) for figure in figures.values() if figure.measured())
