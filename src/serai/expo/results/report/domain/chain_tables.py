"""A chain in a report: who makes each node, which have a single source, and what each end product loses in a stop."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from serai.expo.base.text import country_name, each_language, in_language
from serai.expo.insight.supply.domain.map_layers import percent, span
from serai.expo.results.report.domain.blocks import Block, Picture, Table, joined, listed_with_commas, sourced, sources

type Content = dict[str, Any]

LEADERS, STOPS = 3, 3
SIZE = re.compile(r'width="([\d.]+)" height="([\d.]+)"')
GRADES = gettext_lazy(
    "How close a share is to the product: A stated for this product; B exports under a heading that is chiefly this "
    "product; C the industry as a whole, or a heading that several nodes share; D assumed."
)
LOSSES = gettext_lazy(
    "What is missing in the first weeks, without stocks and new suppliers, when all makers of one country or region "
    "stop. Two numbers: makers that nobody names go on, or stop too."
)


def chain_rows(
    nodes: Iterable[tuple[str, Mapping[str, str], Mapping[str, str]]],
    exposure: Mapping[str, Any],
    languages: Sequence[str],
) -> Content:
    """``rows`` by node (code, title of its stage, title) and ``ends`` from a stored exposure, as plain data."""
    listed = list(nodes)
    titles = {code: dict(title) for code, _stage, title in listed}
    rows = [
        {
            "code": code,
            "stage": dict(stage),
            "title": dict(title),
            "leaders": told["makers"][:LEADERS],
            "single_source": told["single_source"],
            "grade": told["grade"],
            "year": told["year"],
            "source": told["source"],
        }
        for code, stage, title in listed
        if (told := exposure["nodes"].get(code))
    ]
    ends = [
        {"code": code, "title": titles[code], "losses": _worst(code, exposure["stops"])}
        for code in exposure["ends"]
        if code in titles
    ]
    return {
        "rows": rows,
        "ends": [end for end in ends if end["losses"]],
        "grades": each_language(languages, lambda: GRADES),
        "losses": each_language(languages, lambda: LOSSES),
    }


def _worst(code: str, stops: Mapping[str, Mapping[str, Sequence[float]]]) -> list[tuple[str, float, float]]:
    """The countries whose stop takes most of a node: country, low, high."""
    losses = [(country, of[code][0], of[code][1]) for country, of in stops.items() if code in of]
    return sorted(losses, key=lambda loss: (-loss[2], loss[0]))[:STOPS]


def chain_block(shown: Content, language: str) -> Block:
    """A chain as it is read: its map, then its tables."""

    def text(texts: Mapping[str, str]) -> str:
        return in_language(texts, language).text

    title = text(shown["title"])
    single = shown["single_sources"]
    sentence = _("No node has a single source in the world.")
    if single:
        sentence = ngettext(
            "%(number)s node has a single source in the world.",
            "%(number)s nodes have a single source in the world.",
            single,
        )
    picture = Picture(
        SafeString(shown["pictures"][language]),  # drawn by pictures.py, with escaped texts
        title=title,
        alt=_("Map of the chain %(title)s; the table below has its data") % {"title": title},
        caption=text(shown["definition"]),
        is_wide=True,
        ratio=_ratio(shown["pictures"][language]),
    )
    tables = [_nodes(shown, text)] if shown.get("rows") else []
    if shown.get("ends"):
        tables.append(_ends(shown, text))
    return Block(title=title, sentences=(sentence % {"number": single},), pictures=(picture,), tables=tables)


def _ratio(svg: str) -> float:
    """The width of a drawing over its height."""
    size = SIZE.search(svg)
    return float(size[1]) / float(size[2]) if size else 1.0


def _nodes(shown: Content, text: Any) -> Table:
    rows, stage = [], ""
    counts = all("exhibitors" in row for row in shown["rows"])
    for row in shown["rows"]:
        here = text(row["stage"])
        leaders = [f"{country_name(country)} {percent(share)}" for country, share in row["leaders"] if country]
        told = listed_with_commas(leaders) or _("makers not known")
        if row["single_source"]:
            told = _("Single source: %s") % told
        basis = f"{row['grade']} · {row['year']}" if row["year"] else row["grade"]
        here_too = (number_format(row["exhibitors"], force_grouping=True),) if counts else ()
        rows.append(("" if here == stage else here, text(row["title"]), told, *here_too, basis))
        stage = here
    named = sources(row["source"] for row in shown["rows"] if row["leaders"])
    return Table(
        header=(
            *(_("Stage"), _("Node"), _("Largest makers and their shares")),
            *((_("Exhibitors"),) if counts else ()),
            _("Grade, year"),
        ),
        rows=rows,
        numbers=(3,) if counts else (),
        widths=("1.8fr", "3.4fr", "4.8fr", *(("auto",) if counts else ()), "auto"),
        means=joined([text(shown["grades"]), sourced(named)]),
    )


def _ends(shown: Content, text: Any) -> Table:
    rows = [
        (
            text(end["title"]),
            listed_with_commas(f"{country_name(country)} {span(low, high)}" for country, low, high in end["losses"]),
        )
        for end in shown["ends"]
    ]
    return Table(
        title=_("What the end products lose when one country stops"),
        header=(_("End product"), _("Missing when it stops")),
        rows=rows,
        widths=("3fr", "5fr"),
        means=text(shown["losses"]),
    )
