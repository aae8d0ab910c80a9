"""Files of publishers about products, which `serai world get` fetches beside the tables: who mines, who trades what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from serai.world.readers import data_folders, latest_edition


@dataclass(frozen=True)
class ProductFile:
    """A publisher's file by year: `files(year)` are the patterns of its path below a data folder."""

    key: str
    title: str
    citation: str
    terms: str
    years: tuple[int, ...]
    files: Callable[[int], tuple[str, ...]]
    packaged: bool = False

    def find(self, year: int) -> Path | None:
        """The file of this year on this machine, the last by name of several editions, or None."""
        return latest_edition(data_folders(), self.files(year))

    def latest(self) -> tuple[int, Path] | None:
        """The latest year that is on this machine, and its file; None where there is none."""
        return next(((year, path) for year in reversed(self.years) if (path := self.find(year))), None)


USGS = ProductFile(
    key="usgs",
    title="Mineral Commodity Summaries, data release: world production by country",
    citation="U.S. Geological Survey, National Minerals Information Center, Mineral Commodity Summaries",
    terms="public domain (United States)",
    years=(2026,),
    files=lambda year: (f"usgs/MCS{year}_Commodities_Data.csv",),
)
BACI = ProductFile(
    key="baci",
    title="BACI, bilateral trade by product (HS 2022, six digits)",
    citation="Gaulier and Zignago (2010), BACI: International Trade Database at the Product-Level, CEPII WP 2010-23",
    terms="Etalab 2.0",
    years=(2022, 2023, 2024),
    files=lambda year: (f"baci/BACI_HS22_Y{year}_V*.csv",),
)

PRODUCT_FILES: Mapping[str, ProductFile] = MappingProxyType({file.key: file for file in (USGS, BACI)})
