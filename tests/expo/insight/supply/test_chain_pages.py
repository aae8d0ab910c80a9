"""The map of a chain: what anybody sees of the world and of the fair on it, with and without stored results."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope
from pytest_django.fixtures import DjangoAssertNumQueries

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.insight.supply.domain import exposures, layouts
from serai.expo.insight.supply.domain.stored_results import compute
from serai.expo.insight.supply.models import StoredResult
from serai.expo.offers.chains.domain.placements import load_builtin_chains
from serai.expo.offers.chains.models import Node, Placement
from serai.expo.offers.market.models import Need, Offer
from serai.world.chains import builtin_chains

type Make[Thing] = Callable[..., Thing]

SLUG = "clean-energy"
CHAIN = f"/en/fair-2026/chains/{SLUG}/"
CELLS = f"{CHAIN}battery-cells/"


@pytest.fixture(scope="module")
def computed() -> dict[str, Any]:
    """The two stored results of the chain, computed once for all tests of this module."""
    return {}


@pytest.fixture
def results(edition: Edition, computed: dict[str, Any]) -> None:
    """The results of the chain as the worker has stored them."""
    load_builtin_chains()
    for kind in (exposures.KIND, layouts.KIND):
        if kind not in computed:
            compute.call(None, kind, SLUG)
            row = StoredResult.objects.get(kind=kind)
            computed[kind] = {"fingerprint": row.fingerprint, "data": row.data}
        else:
            StoredResult.objects.create(kind=kind, key=SLUG, **computed[kind])


@pytest.fixture
def makers(edition: Edition, take_part: Make[Participation], offer: Make[Offer], need: Make[Need]) -> None:
    """Two exhibitors of battery cells from one country, and a buyer that needs them."""
    load_builtin_chains()
    for _ in range(2):
        placed(offer=offer(take_part(edition), "Lithium-ion battery cells"))
    placed(need=need(take_part(edition, kind="buyer"), "Lithium-ion battery cells"))


def placed(**item: Any) -> None:
    """Place an offer or a need at the battery cells, without any doubt."""
    ((side, of),) = item.items()
    edition = of.edition
    with scope(edition=edition):
        node = Node.objects.get(chain__slug=SLUG, code="battery-cells")
        Placement.objects.create(
            edition=edition, participation=of.participation, side=side, node=node, confidence=1, **item
        )


def test_a_page_without_stored_results_says_that_they_are_being_computed(
    edition: Edition, anonymous_client: Client
) -> None:
    load_builtin_chains()
    for address in (CHAIN, CELLS):
        page = anonymous_client.get(address).text
        assert "Being computed" in page
        assert "data-awaited" in page
        assert "serai/renew" in page  # which renews the page when the result is there
    assert "Nobody at this fair offers these." in anonymous_client.get(CHAIN).text


@pytest.mark.usefixtures("results", "makers")
class TestTheMap:
    def test_shows_every_link_and_every_edge(self, anonymous_client: Client) -> None:
        page = anonymous_client.get(CHAIN).text
        (chain,) = builtin_chains((SLUG,))
        assert set(re.findall(r'<a href="[^"]*" data-node="([^"]+)"[^>]* aria-label', page)) == {
            node.code for node in chain.nodes
        }
        drawn = set(re.findall(r'data-from="([^"]+)" data-to="([^"]+)"', page))
        assert drawn == set(chain.edges)
        assert "Being computed" not in page

    @pytest.mark.parametrize(
        ("layer", "words"),
        [
            ("firms", "2 firms"),
            ("countries", "China "),
            ("concentration", " sources"),
            ("loss", " missing"),
            ("links", "no new link yet"),
            ("needs", "1 of 1 open"),
        ],
    )
    def test_tells_one_layer_at_a_time(self, layer: str, words: str, anonymous_client: Client) -> None:
        page = anonymous_client.get(CHAIN, {"layer": layer}).text
        figures = re.findall(r'<text class="figure"[^>]*>([^<]+)</text>', page)
        assert len(figures) == 40
        assert any(words in figure for figure in figures)

    def test_of_a_country_that_stops_tells_what_is_missing_then(self, anonymous_client: Client) -> None:
        other, china = (anonymous_client.get(CHAIN, {"layer": "loss", "stop": code}).text for code in ("AU", "CN"))
        assert "Here: Australia stops." in other
        assert len(re.findall(" missing</text>", china)) > len(re.findall(" missing</text>", other)) > 0

    def test_from_right_to_left_is_the_mirror_image(self, anonymous_client: Client) -> None:
        def lefts(language: str) -> list[float]:
            page = anonymous_client.get(CHAIN.replace("/en/", f"/{language}/")).text
            return [float(x) for x in re.findall(r'<rect x="([\d.]+)"', page)]

        width = StoredResult.objects.get(kind=layouts.KIND).data["width"]
        assert lefts("ar") == pytest.approx([width - x - layouts.BOX for x in lefts("en")])

    def test_tells_of_a_chosen_link_who_makes_it_and_what_hangs_on_it(self, anonymous_client: Client) -> None:
        page = anonymous_client.get(CHAIN, {"node": "battery-cells"}).text
        assert "Who makes it in the world" in page
        assert "If China stops making it" in page
        assert "2 exhibitors · 1 need · 1 without a meeting yet" in page
        assert "and these into" in page

    @pytest.mark.parametrize("wanted", [{"layer": "x"}, {"node": "x"}, {"stop": "x"}, {"group": "x"}])
    def test_with_an_unknown_choice_is_as_without(self, wanted: dict[str, str], anonymous_client: Client) -> None:
        assert anonymous_client.get(CHAIN, wanted).status_code == 200

    def test_of_a_group_counts_its_members_alone(self, edition: Edition, anonymous_client: Client) -> None:
        edition.country_groups = ["LDC"]
        edition.save()
        page = anonymous_client.get(CHAIN, {"layer": "countries", "group": "LDC"}).text
        assert " % from the group" in page
        assert "2 firms" not in anonymous_client.get(CHAIN, {"layer": "firms", "group": "LDC"}).text


@pytest.mark.usefixtures("results")
def test_the_page_of_a_link_shows_both_worlds(edition: Edition, anonymous_client: Client) -> None:
    page = anonymous_client.get(CELLS).text
    assert "missing node" in page
    assert "effective number" in page.lower()
    assert "is a residual" in page


@pytest.mark.parametrize(
    ("language", "heading", "activity"),
    [
        ("zh-hans", "蓄电池（锂离子蓄电池等）", "电池和蓄电池制造"),
        ("ar", "مدخرات كهربائية (مدخرات أيون الليثيوم وغيرها)", "صناعة البطاريات والمراكم"),
    ],
)
@pytest.mark.usefixtures("results")
def test_the_page_of_a_link_names_its_codes_in_the_language_of_the_reader(
    language: str, heading: str, activity: str, edition: Edition, anonymous_client: Client
) -> None:
    page = anonymous_client.get(CELLS.replace("/en/", f"/{language}/")).text
    assert f'<span class="number">8507</span> <bdi>{heading}</bdi>' in page
    assert f'<span class="number">2720</span> <bdi>{activity}</bdi>' in page


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.usefixtures("results")
def test_the_pages_ask_as_often_for_three_exhibitors_as_for_one(
    count: int,
    edition: Edition,
    take_part: Make[Participation],
    offer: Make[Offer],
    anonymous_client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(count):
        placed(offer=offer(take_part(edition), "Lithium-ion battery cells"))
    assert f"{count} exhibitor" in anonymous_client.get(CELLS).text
    with django_assert_num_queries(13):
        anonymous_client.get(CELLS)
    with django_assert_num_queries(27):
        anonymous_client.get(CHAIN)


@pytest.mark.parametrize("slug", [SLUG, "healthy-life"])
def test_no_box_lies_on_another_and_every_title_fits(slug: str, db: None) -> None:
    from serai.world.charts.text_lines import text_width

    (chain,) = load_builtin_chains((slug,))
    layout = layouts.chain_layout(None, chain.slug, lambda _what, _share: None)
    boxes = list(layout["boxes"].values())
    for place, (x, y, width, height) in enumerate(boxes):
        assert x >= 0
        assert y > 0
        assert x + width <= layout["width"]
        assert y + height <= layout["height"]
        for other_x, other_y, other_width, other_height in boxes[:place]:
            apart = x + width <= other_x or other_x + other_width <= x
            assert apart or y + height <= other_y or other_y + other_height <= y
    (document,) = builtin_chains((slug,))
    for node in document.nodes:
        for title in node.title.values():
            lines = layout["lines"][title]
            assert (
                layouts.LINE_HEIGHT * (len(lines) + layouts.FIGURES) + 2 * layouts.PAD <= layout["boxes"][node.code][3]
            )
            words = max((text_width(word, layouts.TEXT) for word in title.split()), default=0)
            assert max(text_width(line, layouts.TEXT) for line in lines) <= max(words, layouts.BOX - 2 * layouts.PAD)
