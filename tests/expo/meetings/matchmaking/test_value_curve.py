"""The curve of what the weight of sources costs and brings: drawn from its points, with the ends in words."""

import re
from dataclasses import asdict

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from serai.expo.meetings.matchmaking.domain.choice import ValuePoint, plot_of, sources_of
from serai.expo.meetings.matchmaking.models import MatchingChoice, usual_weights
from serai.match.partners import Match, Relation

POINTS = [ValuePoint(0.0, 1.0, 0.02, 0.4, 0.0, 1.5, 0.1), ValuePoint(0.01, 0.995, 0.03, 0.5, 0.01, 1.75, 0.2)]


def test_a_point_that_costs_more_stands_further_right_and_one_that_brings_more_higher() -> None:
    plot = plot_of([asdict(point) for point in POINTS])
    assert plot is not None
    (x0, y0, _first), (x1, y1, last) = plot.points
    assert x1 > x0
    assert y1 < y0
    assert (plot.right_label, plot.top_label) == ("0.50 %", "3.00 %")
    assert (last.lost_label, last.safer_label) == ("1.00 %", "50.00 %")
    assert plot_of([asdict(POINTS[0])]) is None


def test_a_curve_that_was_stored_with_other_figures_is_not_drawn() -> None:
    assert plot_of([{"most_lost": 0.0, "kept": 1.0}, {"most_lost": 0.01, "kept": 0.99}]) is None


def test_source_countries_are_those_of_suppliers_among_the_first_five_alone() -> None:
    country = {"de": "DE", "cn": "CN", "cn2": "CN", "et": "ET", "fr": "FR", "last": "BR"}

    def listed(*partners: str, relation: Relation = Relation.SUPPLIER) -> list[Match]:
        return [Match("buyer", name, relation, 0.5, 0.5, 0.5, (), {}, {}) for name in partners]

    lists = {
        "one": [*listed("cn", "cn2", "et"), *listed("fr", relation=Relation.CUSTOMER), *listed("de", "last")],
        "two": listed("fr"),
        "none": listed("et", relation=Relation.CUSTOMER),
    }
    countries, least_developed = sources_of(lists, country, {"ET"})
    assert countries == (3 + 1) / 2  # CN, ET and DE; the sixth place and customers do not count, nor the third list
    assert least_developed == 1 / 5
    assert sources_of({"none": lists["none"]}, country, {"ET"}) == (None, None)


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
    assert shown.count("1,50") == 1  # source countries, as French writes numbers
    assert shown.count("20.00 %") == 1
    for _label, definition in re.findall(r"<dt>(.+?)</dt><dd>(.+?)</dd>", shown):
        assert definition
    assert shown.count("<dt>") == 6
