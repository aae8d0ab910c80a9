"""A chain and its links in the world: who supplies a product now, who could, and whose work is in what is made.

Read from the world table and from the exports that this machine has; what it lacks is said, never filled in. Answers
are kept for the life of the process, as the tables do not change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from django.utils.translation import gettext_noop

from serai.world.classifications.countries import alpha2
from serai.world.classifications.industries import divisions, industries
from serai.world.industries import industries_making
from serai.world.readers import MAKERS, read
from serai.world.table import Array, NotMeasured
from serai.world.trade import Supplier, exports_at_hand, suppliers

MOST = 5
"""How many countries are named."""

NO_EXPORTS = gettext_noop("Who supplies it, and who could, is not measured: this machine has no table of exports.")
NO_INDUSTRY = gettext_noop("Whose work is in it is not measured: the world table does not know these industries.")


@dataclass(frozen=True)
class Source:
    """A country or region by its alpha-2 code, empty for the rest of the world, with its share."""

    country: str
    share: float


@dataclass(frozen=True)
class Origins:
    """Origins of the value added in the final products of some industries, over all tiers.

    `effective_number` of origins is 1 over their Herfindahl index: as many of equal weight would be as concentrated.
    `coarse` names industries of the table that hold much beside what was asked for; `residual` says that the table
    takes for value added what its inputs leave of output, with taxes and what is bought outside of the table.
    """

    largest: tuple[Source, ...]
    effective_number: float
    coarse: tuple[str, ...]
    year: int
    source: str
    residual: bool = False


@dataclass(frozen=True)
class Sourcing:
    """Who exports a heading with an advantage, by share, and who else could by what they make already."""

    heading: str
    supplying: tuple[Source, ...]
    able: tuple[str, ...]
    effective_number: float
    year: int


def origins(isic: Sequence[str]) -> Origins | None:
    """The origins for the industries of these ISIC classes; None if the table has none of these industries."""
    return _origins(tuple(sorted(set(isic))))


def sourcing(headings: Sequence[str]) -> list[Sourcing] | None:
    """The sourcing of each of these HS headings that was traded; None if this machine has no table of exports."""
    exports = _exports()
    if exports is None:
        return None
    return [_sourcing(heading) for heading in headings if heading in exports.products]


@dataclass(frozen=True, eq=False)
class _Makers:
    """What is kept of the world table: `origins` (N, S), value added of each country in what each industry sells to
    final users, and what names its parts. The table itself would keep 200 MB of each process."""

    countries: tuple[str, ...]
    industries: tuple[str, ...]
    classification: str
    origins: Array
    year: int
    source: str
    residual: bool


@cache
def _makers() -> _Makers:
    table = read(question=MAKERS).with_precision(np.float32)
    made = table.cell_origins * table.final.sum(axis=1)
    by_industry = made.reshape(table.n_countries, table.n_countries, table.n_industries).sum(axis=1)
    labels = table.countries, table.industries, table.classification
    return _Makers(*labels, by_industry, table.year, table.citation, "value_added" in table.cautions)


@cache
def _origins(isic: tuple[str, ...]) -> Origins | None:
    makers = _makers()
    try:
        chosen = industries_making(makers.classification, makers.industries, isic)
    except NotMeasured:
        return None
    content = makers.origins[:, chosen].sum(axis=1)
    if content.sum() <= 0:
        return None
    shares = content / content.sum()
    ranked = np.argsort(-shares, kind="stable")[:MOST]
    return Origins(
        tuple(Source(alpha2(makers.countries[place]), float(shares[place])) for place in ranked),
        float(1 / (shares**2).sum()),
        _coarse(makers, [makers.industries[place] for place in chosen], isic),
        makers.year,
        makers.source,
        makers.residual,
    )


def _coarse(makers: _Makers, chosen: Sequence[str], isic: Sequence[str]) -> tuple[str, ...]:
    """The names of the industries of which less than half of the ISIC divisions were asked for."""
    asked = {code[:2] for code in isic}
    rows = [industries(makers.classification)[label] for label in chosen]
    return tuple(
        row["name"]
        for row in rows
        if len(asked.intersection(divisions(row["isic4"]))) < len(divisions(row["isic4"])) / 2
    )


@cache
def _sourcing(heading: str) -> Sourcing:
    exports = _exports()
    assert exports is not None
    exporters = suppliers(exports, heading)
    return Sourcing(
        heading,
        tuple(Source(alpha2(exporter.country), exporter.share) for exporter in exporters if exporter.established)[
            :MOST
        ],
        tuple(alpha2(exporter.country) for exporter in exporters if _could(exporter))[:MOST],
        float(1 / exports.concentration[exports.product(heading)]),
        exports.year,
    )


def _could(supplier: Supplier) -> bool:
    """Whether a country without an advantage in a product makes what is made alongside."""
    return not supplier.established and supplier.density > 0


_exports = cache(exports_at_hand)
