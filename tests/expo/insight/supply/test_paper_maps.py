"""The map of a chain on a sheet of A4 can be read: its letters have the height of a footnote at least."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from serai.expo.base.text import in_language
from serai.expo.insight.supply.domain import layouts
from serai.expo.insight.supply.domain.chain_map import chain_map
from serai.world.chains import BUILTIN, builtin_chains
from serai.world.charts.text_lines import text_width

pytestmark = pytest.mark.any_database
MILLIMETRES_A_POINT = 25.4 / 72


@pytest.mark.slow
@pytest.mark.parametrize("slug", BUILTIN)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_letters_on_paper_have_seven_points_and_every_title_fits_its_box(slug: str, language: str) -> None:
    (chain,) = builtin_chains((slug,))
    layout = layouts.paper_layout_of(chain, language)
    assert layouts.letters_on_paper(layout) >= 7 * MILLIMETRES_A_POINT
    assert layouts.letters_on_paper(layout) > layouts.letters_on_paper(layouts.layout_of(chain))
    for node in chain.nodes:
        _x, _y, width, height = layout["boxes"][node.code]
        lines = layout["lines"][str(in_language(node.title, language))]
        assert layout["line"] * (len(lines) + layouts.FIGURES) < height
        assert all(text_width(line, layouts.TEXT) < width for line in lines)


def test_a_layout_that_an_earlier_version_stored_is_drawn_as_it_was() -> None:
    (chain,) = builtin_chains(("clean-energy",))
    layout = layouts.layout_of(chain)
    earlier = {name: value for name, value in layout.items() if name != "line"}
    nobody = cast("Any", SimpleNamespace(places={}))
    drawn = [chain_map(stored, chain.stages, nobody, cast("Any", None)) for stored in (layout, earlier)]
    assert drawn[0] == drawn[1]
    assert drawn[0].columns
