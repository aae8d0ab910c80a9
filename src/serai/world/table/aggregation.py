"""Countries, industries or uses of a table added together; all identities hold, as flows are only added."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse

from serai.world.table.labels import positions

if TYPE_CHECKING:
    from serai.world.table import WorldTable


def added_together[Table: "WorldTable"](
    table: Table,
    countries: Mapping[str, str] | None,
    industries: Mapping[str, str] | None,
    uses: Mapping[str, str] | None = None,
    *,
    classification: str = "",
    last: str | None = None,
) -> Table:
    """The table with labels renamed by these mappings and equal ones added together; the label `last` stands last.

    Raises KeyError for a mapped label that the table lacks.
    """
    new_countries, country_map = _merge("country", table.countries, countries, last)
    new_industries, industry_map = _merge("industry", table.industries, industries, last)
    new_uses, use_map = _merge("use", table.uses, uses, last)
    cell_map = scipy.sparse.kron(country_map, industry_map, format="csr")
    final_map = scipy.sparse.kron(country_map, use_map, format="csr")
    adds_cells, adds_finals = cell_map.astype(table.Z.dtype), final_map.astype(table.F.dtype)
    kept = {name: item for name, item in table.extensions.items() if item.additive}
    left_out = sorted(set(table.extensions) - set(kept))
    sentence = f"Aggregated to {len(new_countries)} countries x {len(new_industries)} industries."
    if left_out:
        sentence += f" Left out, as rates cannot be added: {', '.join(left_out)}."
    inventories = table.inventories
    if inventories is not None and uses is not None:
        inventories = None if inventories in uses or inventories in uses.values() else inventories
    return table.then(
        sentence,
        countries=new_countries,
        industries=new_industries,
        uses=new_uses,
        Z=np.ascontiguousarray((adds_cells @ (adds_cells @ table.Z).T).T),
        F=np.ascontiguousarray((adds_finals @ (cell_map.astype(table.F.dtype) @ table.F).T).T),
        classification=classification if industries else table.classification,
        inventories=inventories,
        extensions={name: item.aggregate(cell_map, country_map) for name, item in kept.items()},
        focus=None,
    )


def _merge(
    kind: str, labels: Sequence[str], mapping: Mapping[str, str] | None, last: str | None
) -> tuple[tuple[str, ...], scipy.sparse.csr_array]:
    """The merged labels, `last` at the end, and the (merged, old) matrix of ones that adds the old ones together."""
    positions(kind, labels, mapping or ())
    renamed = [(mapping or {}).get(label, label) for label in labels]
    merged = tuple(sorted(dict.fromkeys(renamed), key=lambda label: label == last))
    rows = [merged.index(label) for label in renamed]
    ones = np.ones(len(labels))
    matrix = scipy.sparse.csr_array((ones, (rows, np.arange(len(labels)))), shape=(len(merged), len(labels)))
    return merged, matrix
