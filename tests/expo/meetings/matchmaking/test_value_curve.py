"""The curve of what the weight of sources costs and brings: drawn from its points, with the ends in words."""

from dataclasses import asdict

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from serai.expo.meetings.matchmaking.domain.value_curve import ValuePoint, plot_of
from serai.expo.meetings.matchmaking.models import MatchingChoice, usual_weights

POINTS = [ValuePoint(0.0, 1.0, 0.02, 0.4, 0.0), ValuePoint(0.01, 0.995, 0.03, 0.5, 0.01)]


def test_a_point_that_costs_more_stands_further_right_and_one_that_brings_more_higher() -> None:
    plot = plot_of([asdict(point) for point in POINTS])
    assert plot is not None
    (x0, y0, _first), (x1, y1, last) = plot.points
    assert x1 > x0
    assert y1 < y0
    assert (plot.right_label, plot.top_label) == ("0.50 %", "3.00 %")
    assert (last.lost_label, last.safer_label) == ("1.00 %", "50.00 %")
    assert plot_of([asdict(POINTS[0])]) is None


def test_sources_count_from_the_start_and_only_where_something_can_be_told_of_security() -> None:
    assert usual_weights().keys() == {"secure", "stable", "inclusive"}
    assert min(usual_weights().values()) > 0


def test_the_picture_has_its_data_beside_it_and_points_in_every_language() -> None:
    choice = MatchingChoice(value_curve=[asdict(point) for point in POINTS], value_curve_at=timezone.now())
    with override("fr"):
        shown = render_to_string(
            "meetings/matchmaking/value_curve.html", {"plot": plot_of(choice.value_curve), "choice": choice}
        )
    assert 'cx="44.0"' in shown
    assert shown.count("<circle") == 2
    assert "<td" in shown
