"""Emissions of a table's cells from EDGAR's eight sectors by country: the coarse account that needs no download.

| EDGAR | ISIC Rev.4 | split among cells by |
| --- | --- | --- |
| power | D | output; what other industries generate themselves stays here |
| industrial combustion, processes | B, C, F | what they buy of coal, oil and gas, refined fuels and power |
| fuel exploitation | B: 05, 06 and 09 where a table keeps them apart | output |
| transport | H | what they buy of the same fuels; private cars stand here too |
| agriculture | A | output |
| waste | E | output |
| buildings | households | - |

International bunkers are in no country. A country's total is EDGAR's; how it is split within a sector is an estimate.
"""

import numpy as np

from serai.world.arrays import Array, Indices
from serai.world.classifications.industries import divisions, industries
from serai.world.readers.country_series import REST, country_series, series_of_table
from serai.world.table import Extension, WorldTable

FUELS = ("05", "06", "19", "35")
"""ISIC divisions of coal, oil and gas, refined fuels, and power."""
INDUSTRY = tuple(f"{division:02d}" for division in (*range(5, 34), 41, 42, 43))
MINING = tuple(f"{division:02d}" for division in range(5, 10))

OF_CELLS: tuple[tuple[str, tuple[str, ...], bool], ...] = (
    ("power", ("35",), False),
    ("industrial_combustion", INDUSTRY, True),
    ("processes", INDUSTRY, True),
    ("fuel_exploitation", ("05", "06", "09"), False),
    ("transport", ("49", "50", "51", "52", "53"), True),
    ("agriculture", ("01", "02", "03"), False),
    ("waste", ("36", "37", "38", "39"), False),
)
"""EDGAR's sector, the divisions that it is split among, and whether by fuels bought rather than by output."""

SOURCE = (
    "EDGAR 2024 booklet (European Commission JRC and IEA, CC BY 4.0), eight sectors split among industries by the "
    "fuels that they buy: a coarse account"
)


def with_emissions(table: WorldTable) -> WorldTable:
    """The table with the extension "emissions" by cell (Mt CO2 equivalent), buildings as the households' own.

    A country without a number has none, and a country without output has no cell that emits: the log names both.
    Raises KeyError for a year that EDGAR is too far from.
    """
    values, missing = np.zeros(table.n), set[str]()
    fuels = _fuels_bought(table)
    years: set[int] = set()
    for sector, wanted, by_fuels in OF_CELLS:
        totals, of_years = series_of_table(table, country_series(f"emissions_{sector}"))
        years |= set(of_years)
        missing |= {label for label, total in zip(table.countries, totals, strict=True) if np.isnan(total)}
        members = _industries(table, wanted)
        for country in range(table.n_countries):
            cells = country * table.n_industries + members
            weights = fuels[cells] if by_fuels and fuels[cells].sum() > 0 else table.x[cells]
            if np.isfinite(totals[country]) and weights.sum() > 0:
                values[cells] += totals[country] * weights / weights.sum()
    if not years:
        raise KeyError(f"EDGAR has no emissions near {table.year}.")
    buildings, _ = series_of_table(table, country_series("emissions_buildings"))
    households = np.where(table.producing, np.nan_to_num(buildings), 0.0)
    idle = [label for label, producing in zip(table.countries, table.producing, strict=True) if not producing]
    without = sorted(missing - {REST}) + idle
    when = table.year if table.year in years else f"the year nearest to {table.year}"
    sentence = f"Emissions of {when} from EDGAR's eight sectors, split among industries by the fuels they buy"
    sentence += f"; none for {', '.join(dict.fromkeys(without))}." if without else "."
    extension = Extension(values, "Mt CO2 equivalent", SOURCE, households)
    return table.then(sentence, extensions={**table.extensions, "emissions": extension})


def _industries(table: WorldTable, wanted: tuple[str, ...]) -> Indices:
    """The industries of which these divisions are a part, those that are nothing else where there are such."""
    covered = _covered(table)
    chosen = [place for place, of_industry in enumerate(covered) if of_industry & set(wanted)]
    pure = [place for place in chosen if covered[place] <= set(wanted)]
    if not chosen:
        raise KeyError(f"No industry of '{table.classification}' covers ISIC {', '.join(wanted)}.")
    return np.array(pure if pure and set(wanted) <= set().union(*(covered[place] for place in pure)) else chosen)


def _fuels_bought(table: WorldTable) -> Array:
    """What each cell buys of fuels and power, shape (n,), from industries that make little else."""
    chosen = [
        place
        for place, of_industry in enumerate(_covered(table))
        if of_industry & set(FUELS) and of_industry <= {*FUELS, *MINING}
    ]
    sellers = np.isin(table.industry_of, chosen)
    return np.asarray(table.Z[sellers].sum(axis=0, dtype=np.float64))


def _covered(table: WorldTable) -> list[set[str]]:
    """The ISIC divisions of each industry of the table."""
    facts = industries(table.classification)
    return [set(divisions(facts[label]["isic4"])) for label in table.industries]
