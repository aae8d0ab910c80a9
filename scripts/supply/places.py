"""Write `world/data/supply/places.csv`: where each country's main city lies, its size, whether it has a coast.

    SERAI_DATA=... python -m scripts.supply.places

From CEPII GeoDist (`cepii_geo.csv`, Mayer and Zignago 2011; Etalab 2.0) and World Bank WDI (CC BY 4.0), the last GDP
from 2015 on.
"""

import os
from pathlib import Path

import polars as pl

from serai.world.classifications.countries import countries

NOT_IN_WDI = {"TWN": 780.0}
"""US$ billion: the IMF's World Economic Outlook, October 2024, rounded."""

TARGET = Path(__file__).parents[2] / "src/serai/world/data/supply/places.csv"


def main() -> None:
    folder = Path(os.environ["SERAI_DATA"]) / "supply"
    codes = [country.alpha3 for country in countries().values()]
    gdp = (
        pl.read_parquet(folder / "wdi_connectivity_2000_2025.parquet")
        .filter((pl.col("indicator") == "NY.GDP.MKTP.CD") & (pl.col("year") >= 2015) & pl.col("value").is_not_null())
        .sort("year")
        .group_by("iso3")
        .agg(pl.col("value").last() / 1e9)
    )
    written = {"ROM": "ROU", "ZAR": "COD", "TMP": "TLS", "PAL": "PSE", "YUG": "SRB"}  # CEPII's codes -> ISO 3166-1
    places = (
        pl.read_csv(folder / "cepii_geo.csv", infer_schema_length=None)
        .with_columns(pl.col("iso3").replace(written))
        .filter(pl.col("iso3").is_in(codes))
        .sort("maincity", descending=True)
        .unique("iso3", keep="first", maintain_order=True)
        .join(gdp, on="iso3", how="left")
        .sort("iso3")
    )
    places.select(
        country="iso3",
        latitude=pl.col("lat").round(2),
        longitude=pl.col("lon").round(2),
        internal_km=pl.col("dis_int").round(0).cast(pl.Int64),
        landlocked=pl.col("landlocked").cast(pl.Int64),
        gdp=pl.col("value").fill_null(pl.col("iso3").replace_strict(NOT_IN_WDI, default=None)).round(1),
    ).write_csv(TARGET)


if __name__ == "__main__":
    main()
