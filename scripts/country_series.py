"""Make src/serai/world/data/series again: what publishers count by country and year, in small files.

    SERAI_DATA=FOLDER python scripts/country_series.py

Reads the files below FOLDER/supply that may be passed on with attribution: World Bank (development indicators,
logistics performance, tariffs, governance; CC BY 4.0), EDGAR (CC BY 4.0), DESTA (CC BY 4.0) and the liner shipping
network of Xu, Pan and others (CC BY 4.0). The columns are series, country (ISO 3166-1 alpha-3), year, value; what each
series is stands in series.toml, which is kept by hand.
"""

import os
from pathlib import Path

import polars as pl

SERIES = Path(__file__).parents[1] / "src" / "serai" / "world" / "data" / "series"
FIRST_YEAR = 2000
DEVELOPMENT = {
    "population": "SP.POP.TOTL",
    "gdp": "NY.GDP.MKTP.CD",
    "goods_exports": "TX.VAL.MRCH.CD.WT",
    "goods_imports": "TM.VAL.MRCH.CD.WT",
    "logistics_performance": "LP.LPI.OVRL.XQ",
    "container_traffic": "IS.SHP.GOOD.TU",
    "research_share": "GB.XPD.RSDV.GD.ZS",
    "broadband": "IT.NET.BBND.P2",
    "secure_servers": "IT.NET.SECR.P6",
    "high_tech_exports": "TX.VAL.TECH.CD",
}
"""Series of the World Development Indicators by the names that they have here."""
PATENTS = ("IP.PAT.RESD", "IP.PAT.NRES")
"""Applications for patents by residents and by others, added up."""
SECTORS = {
    "Agriculture": "agriculture",
    "Buildings": "buildings",
    "Fuel Exploitation": "fuel_exploitation",
    "Industrial Combustion": "industrial_combustion",
    "Power Industry": "power",
    "Processes": "processes",
    "Transport": "transport",
    "Waste": "waste",
}
NOT_COUNTRIES = ("AIR", "SEA")
"""EDGAR's international bunkers, which no country emits."""
TREATIES = ("base_treaty", "accession", "consolidated")


def main() -> None:
    folder = Path(os.environ["SERAI_DATA"]) / "supply"
    frames = [development(folder), logistics(folder), shipping(folder), governance(folder), tariffs(folder)]
    frames += [agreements(folder), emissions(folder)]
    write(frames, "series.parquet")
    write([patents(folder)], "patents.parquet")


def write(frames: list[pl.DataFrame], name: str) -> None:
    series = (
        pl.concat([frame.select("series", "country", pl.col("year").cast(pl.Int16), "value") for frame in frames])
        .filter(pl.col("value").is_not_null() & (pl.col("year") >= FIRST_YEAR))
        .with_columns(pl.col("value").cast(pl.Float32), pl.col("series", "country").cast(pl.Categorical))
        .sort(pl.col("series").cast(pl.String), pl.col("country").cast(pl.String), "year")
    )
    if series.select("series", "country", "year").is_duplicated().any():
        raise ValueError("A series has two numbers for one country and year.")
    series.write_parquet(SERIES / name, compression="zstd", compression_level=22)
    print(series.group_by("series").len().sort("series"))


def patents(folder: Path) -> pl.DataFrame:
    """Applications by residents and by others, where a country reports both."""
    frame = pl.read_parquet(folder / "wdi_connectivity_2000_2025.parquet").filter(
        pl.col("indicator").is_in(PATENTS) & pl.col("value").is_not_null()
    )
    both = frame.group_by("iso3", "year").agg(pl.col("value").sum(), pl.len().alias("parts"))
    return both.filter(pl.col("parts") == len(PATENTS)).select(
        pl.lit("patents").alias("series"), pl.col("iso3").alias("country"), "year", "value"
    )


def development(folder: Path) -> pl.DataFrame:
    names = {indicator: name for name, indicator in DEVELOPMENT.items()}
    frame = pl.read_parquet(folder / "wdi_connectivity_2000_2025.parquet").filter(pl.col("indicator").is_in(names))
    return frame.select(
        pl.col("indicator").replace_strict(names).alias("series"), pl.col("iso3").alias("country"), "year", "value"
    )


def logistics(folder: Path) -> pl.DataFrame:
    """The wave of 2023, which the development indicators lack."""
    frame = pl.read_csv(folder / "lpi_subscores_2012_2023.csv").filter(pl.col("year") == 2023)
    return frame.select(
        pl.lit("logistics_performance").alias("series"),
        pl.col("iso3").alias("country"),
        "year",
        pl.col("lpi_score").cast(pl.Float64).alias("value"),
    )


def shipping(folder: Path) -> pl.DataFrame:
    frame = pl.read_csv(folder / "liner_shipping_connectivity_lsci_2015_2017.csv", infer_schema=False)
    return frame.select(
        pl.lit("liner_shipping_connectivity").alias("series"),
        pl.col("country_code").alias("country"),
        pl.col("year").cast(pl.Int64),
        pl.col("lsci").cast(pl.Float64, strict=False).alias("value"),
    )


def governance(folder: Path) -> pl.DataFrame:
    frame = pl.read_csv(folder / "wgi_2010_2021.csv", schema_overrides={"estimate": pl.Float64}, null_values=["NA", ""])
    return frame.select(
        pl.format("governance_{}", "dimension").alias("series"),
        pl.col("iso3").alias("country"),
        "year",
        pl.col("estimate").alias("value"),
    )


def tariffs(folder: Path) -> pl.DataFrame:
    frame = pl.read_csv(folder / "tariff_rates_wb_47_countries_2005_2022.csv")
    return frame.select(
        pl.format("tariff_{}", "rate").alias("series"),
        pl.col("iso3").alias("country"),
        "year",
        (pl.col("percent").cast(pl.Float64) / 100).alias("value"),
    )


def agreements(folder: Path) -> pl.DataFrame:
    """With how many countries a country has a trade agreement in force, by year; withdrawals are not counted back."""
    treaties = pl.read_csv(folder / "desta_trade_agreements.csv", infer_schema=False).filter(
        pl.col("entry_type").is_in(TREATIES) & pl.col("entryforceyear").is_not_null()
    )
    in_force = treaties.select("number", pl.col("entryforceyear").cast(pl.Float64).cast(pl.Int64).alias("from"))
    members = pl.read_csv(folder / "desta_trade_agreement_members.csv", infer_schema=False).filter(
        pl.col("iso3").str.len_chars() == 3
    )
    signed = members.join(in_force, on="number").select("number", "iso3", "from").unique()
    pairs = (
        signed.join(signed, on="number", suffix="_partner")
        .filter(pl.col("iso3") != pl.col("iso3_partner"))
        .group_by("iso3", "iso3_partner")
        .agg(pl.col("from").min())
    )
    years = [
        pairs.filter(pl.col("from") <= year)
        .group_by("iso3")
        .agg(pl.len().cast(pl.Float64).alias("value"))
        .with_columns(pl.lit(year).alias("year"))
        for year in range(FIRST_YEAR, 2021)
    ]
    return pl.concat(years).select(
        pl.lit("agreement_partners").alias("series"), pl.col("iso3").alias("country"), "year", "value"
    )


def emissions(folder: Path) -> pl.DataFrame:
    """All gases together in Mt of CO2 equivalent (AR5), by EDGAR's eight sectors."""
    frame = pl.read_parquet(folder / "edgar_ghg_by_sector_country_2000_2023.parquet").filter(
        ~pl.col("iso3").is_in(NOT_COUNTRIES)
    )
    return (
        frame.group_by("sector", "iso3", "year")
        .agg(pl.col("mt_co2eq_gwp100ar5").sum().alias("value"))
        .select(
            pl.format("emissions_{}", pl.col("sector").replace_strict(SECTORS)).alias("series"),
            pl.col("iso3").alias("country"),
            "year",
            "value",
        )
    )


if __name__ == "__main__":
    main()
