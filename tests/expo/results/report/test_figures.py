"""Every figure has a definition, and counts what it says and nothing else."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.groups.domain import US_AND_EUROPE
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.outcomes.models import Outcome
from serai.expo.offers.chains.domain.placements import load_builtin_chains, place_edition
from serai.expo.offers.market.models import Offer
from serai.expo.results.assistance.models import AssistanceCase
from serai.expo.results.figures.domain import Value, definitions, registry
from serai.expo.results.report.domain.properties import figures

type Make[Thing] = Callable[..., Thing]


def values(edition: Edition) -> dict[str, Value]:
    return {figure.code: figure.value for figure in figures(edition)}


def test_every_figure_has_words_a_unit_and_a_version() -> None:
    for definition in registry.values():
        assert str(definition.title)
        assert str(definition.text).endswith(".")
        assert str(definition.unit)
        assert definition.version >= 1


def test_the_exhibitors_are_counted_by_firm_and_seat(
    edition: Edition, other_edition: Edition, a_firm: Make[Firm], take_part: Make[Participation]
) -> None:
    seats = ("CN", "CN", "US", "DE", "RW", "TH")
    firms = [a_firm(country=country) for country in seats]
    for firm in firms:
        take_part(edition, firm)
    take_part(edition, firms[0], kind="co_exhibitor")
    take_part(edition, a_firm(country="FR"), state="cancelled")
    take_part(edition, a_firm(country="FR"), kind="buyer")
    take_part(other_edition, a_firm(country="BR"))
    with scope(edition=edition):
        Participation.objects.filter(firm=firms[4]).update(support=["stand", "freight"])
    counted = values(edition)
    assert not {"american_european_share", "belt_and_road_share", "least_developed"} & set(counted)
    edition.country_groups = [US_AND_EUROPE, "BRI", "LDC"]
    counted = values(edition)
    assert counted["exhibitors"] == 6
    assert counted["countries"] == 5
    assert counted["foreign_share"] == pytest.approx(100 * 4 / 6)
    assert counted["american_european_share"] == pytest.approx(50)
    assert counted["belt_and_road_share"] == pytest.approx(50)
    assert counted["least_developed"] == 1
    assert counted["assistance_firms"] == 1
    assert counted["buyers"] == 1


def test_who_is_assisted_is_counted_alike_wherever_it_is_told(
    edition: Edition, a_firm: Make[Firm], take_part: Make[Participation]
) -> None:
    by_case, by_import, by_both, asked, gone = (take_part(edition, a_firm(country="RW")) for _number in range(5))
    again = take_part(edition, by_case.firm, kind="service")
    with scope(edition=edition):
        Participation.objects.filter(pk__in=(by_import.pk, by_both.pk)).update(support=["visa"])
        Participation.objects.filter(pk=gone.pk).update(state="cancelled")
        for participation, state in (
            (by_case, "granted"),
            (again, "done"),
            (by_both, "in_work"),
            (asked, "asked"),
            (gone, "done"),
        ):
            AssistanceCase.objects.create(edition=edition, participation=participation, kind="visa", state=state)
    counted = values(edition)
    assert counted["assistance_firms"] == 3
    assert counted["assistance_share"] == 75.0


def test_a_share_of_nothing_is_not_known_rather_than_zero(edition: Edition) -> None:
    assert values(edition)["foreign_share"] is None
    assert values(edition)["exhibitors"] == 0


def test_nodes_are_counted_once_the_offers_of_a_fair_are_placed(
    edition: Edition, firm: Firm, take_part: Make[Participation], offer: Make[Offer]
) -> None:
    load_builtin_chains()
    before = values(edition)
    assert before["links"] == 0 < before["gaps"]
    with scope(edition=edition):
        offer(take_part(edition, firm), title={"en": "Lithium-ion battery cells"})
    waiting = values(edition)
    assert waiting["links"] is waiting["gaps"] is None
    place_edition(edition)
    placed = values(edition)
    assert placed["links"] == 1
    assert placed["gaps"] == before["gaps"] - 1


def test_a_meeting_counts_as_held_after_two_scans_only(edition: Edition, take_part: Make[Participation]) -> None:
    now = datetime(2026, 11, 28, 10, tzinfo=UTC)
    for guest_arrived in (now, None):
        host, guest = take_part(edition), take_part(edition, kind="buyer")
        with scope(edition=edition):
            Meeting.objects.create(
                edition=edition,
                host=host,
                guest=guest,
                state=Meeting.State.HELD,
                starts_at=now,
                host_arrived_at=now,
                guest_arrived_at=guest_arrived,
            )
    assert values(edition)["held"] == 1
    assert values(edition)["scheduled"] == 2


def test_claimed_confirmed_and_evidenced_stand_apart_and_few_values_are_not_told(edition: Edition) -> None:
    def add(state: Outcome.State, count: int) -> None:
        with scope(edition=edition):
            for _ in range(count):
                Outcome.objects.create(
                    edition=edition, kind="contract", state=state, value=Decimal("1000.50"), currency="USD"
                )

    add(Outcome.State.CLAIMED, 7)
    add(Outcome.State.CONFIRMED, 3)
    add(Outcome.State.EVIDENCED, 1)
    counted = values(edition)
    assert (counted["outcomes_claimed"], counted["outcomes_confirmed"], counted["outcomes_evidenced"]) == (7, 3, 1)
    assert counted["value_confirmed"] is None
    add(Outcome.State.EVIDENCED, 1)
    assert values(edition)["value_confirmed"] == 5002.5


def test_a_share_is_told_with_one_sign(
    edition: Edition, a_firm: Make[Firm], take_part: Make[Participation], anonymous_client: Client
) -> None:
    take_part(edition, a_firm("Nordwind", "DE"))
    shown = anonymous_client.get(f"/en/{edition.slug}/report/").text
    (row,) = (line for line in shown.splitlines() if 'id="foreign_share"' in line)
    assert "100.0 %" in row
    assert row.count("%") == 1


def test_the_page_and_the_data_say_the_same(edition: Edition, anonymous_client: Client) -> None:
    page = anonymous_client.get(f"/en/{edition.slug}/report/").text
    data = anonymous_client.get(f"/en/{edition.slug}/report/figures.json").json()
    assert [record["code"] for record in data["figures"]] == [row.code for row in definitions(edition)]
    assert "Belt and Road" not in page
    for record in data["figures"]:
        assert f'id="{record["code"]}"' in page
        assert record["title"] in page


@pytest.mark.django_db(transaction=True)
def test_a_figure_is_counted_again_only_when_what_it_counts_changes(
    edition: Edition, take_part: Make[Participation], django_assert_num_queries: Any
) -> None:
    take_part(edition)
    assert values(edition)["exhibitors"] == 1
    with django_assert_num_queries(1):  # for the revisions
        assert values(edition)["exhibitors"] == 1
    take_part(edition)
    assert values(edition)["exhibitors"] == 2
    edition.area_m2 = 700
    assert values(edition)["area"] == 700  # of the row in hand, saved or not
