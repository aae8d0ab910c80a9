"""The quality that was reached stays: nothing falls below a committed figure by more than its interval."""

import pytest

from benchmarks import DATA
from benchmarks.fairs import committed, figures_of_fairs, figures_of_tenders
from benchmarks.ranking import TENDERS
from serai.match.evaluation import Interval


def fallen(measured: dict[str, Interval]) -> dict[str, tuple[float, float]]:
    """The figures below the low end of what was committed, each beside it."""
    kept = committed()
    return {what: (figure.mean, kept[what].low) for what, figure in measured.items() if figure.mean < kept[what].low}


def test_the_partners_of_two_fairs_are_as_right_as_they_were() -> None:
    measured = figures_of_fairs()
    assert fallen(measured) == {}
    assert all(figure.mean == 1 for what, figure in measured.items() if what.endswith("somebody"))


def test_the_winners_of_real_tenders_are_found_as_well_as_they_were() -> None:
    if not all((DATA / name).exists() for name in TENDERS):
        pytest.skip("the tenders are not on this machine; set SERAI_DATA")
    assert fallen(figures_of_tenders()) == {}
