"""Industrial completeness: in how many kinds of manufacturing a country takes part, as its exports show.

Kinds are the classes of ISIC Rev.4's section C that trade by heading reaches, or nodes of chains that name headings. A
country takes part **at all** where it exports anything of a kind, **with weight** where its share in the world's
exports of the kind reaches a stated share, and **with advantage** where that share is at least its share in all
exports (Balassa 1965).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from serai.world.arrays import Array, Indices, ratio
from serai.world.classifications.concordance import concord
from serai.world.trade import Exports

MANUFACTURING = tuple(f"{division}" for division in range(10, 34))
"""The divisions of ISIC Rev.4's section C."""

LEAST_SHARE = 0.01
"""Share in the world's exports of a kind from which a country takes part with weight."""


@dataclass(frozen=True, eq=False)
class Completeness:
    """In how many of `kinds` each country takes part, shape (C,)."""

    countries: tuple[str, ...]
    kinds: tuple[str, ...]
    at_all: Indices
    with_weight: Indices
    with_advantage: Indices


def completeness(
    exports: Exports, kinds: Mapping[str, Mapping[str, float]], least_share: float = LEAST_SHARE
) -> Completeness:
    """How complete each exporter is over these kinds: name to headings, each with the part of it that belongs there.

    Headings that the exports lack are left out, and kinds without any heading too.
    """
    place = {code: position for position, code in enumerate(exports.products)}
    parts_of = {
        kind: {place[code]: part for code, part in headings.items() if code in place}
        for kind, headings in kinds.items()
        if any(code in place for code in headings)
    }
    weights = np.zeros((len(exports.products), len(parts_of)))
    for column, parts in enumerate(parts_of.values()):
        weights[list(parts), column] = list(parts.values())
    values: Array = exports.values @ weights
    shares = np.nan_to_num(ratio(values, values.sum(axis=0)))
    size = exports.values.sum(axis=1) / exports.values.sum()
    return Completeness(
        exports.countries,
        tuple(parts_of),
        (values > 0).sum(axis=1),
        (shares >= least_share).sum(axis=1),
        ((shares > 0) & (shares >= size[:, None])).sum(axis=1),
    )


def manufacturing_classes() -> Mapping[str, Mapping[str, float]]:
    """The classes of manufacturing with the headings of HS 2017 that lead there and the part of each that does."""
    kinds: dict[str, dict[str, float]] = {}
    for heading, classes in concord("hs2017", "isic4").weights.items():
        for code, part in classes.items():
            if code[:2] in MANUFACTURING:
                kinds.setdefault(code, {})[heading] = part
    return dict(sorted(kinds.items()))


def nodes_with_headings(nodes: Iterable[tuple[str, Iterable[str]]]) -> Mapping[str, Mapping[str, float]]:
    """Nodes, given as their key and HS codes, as kinds: a heading that several nodes name counts for each of them."""
    return {key: dict.fromkeys((code[:4] for code in codes), 1.0) for key, codes in nodes}
