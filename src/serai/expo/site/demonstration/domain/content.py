"""The content of the demonstration edition, read from the files in content/."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from serai.world.chains import Chain, Position, builtin_chains

if TYPE_CHECKING:
    from serai.expo.fairs.edition.models import Edition

HOST = "CN"


@dataclass(frozen=True)
class Pair:
    """A text in English and in Chinese."""

    en: str
    zh: str

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> "Pair":
        return cls(texts["en"], texts["zh-hans"])

    @property
    def texts(self) -> dict[str, str]:
        return {"en": self.en, "zh-hans": self.zh}


@dataclass(frozen=True)
class Template:
    """A template of offers or needs: ``{a|b|c}`` stands for one of these alternatives."""

    title: Pair
    text: Pair
    hs: tuple[str, ...]


@dataclass(frozen=True)
class Trade:
    """A node of a chain as a trade: words for the names of its firms, templates of their offers and needs."""

    chain: str
    node: str
    position: Position
    sector: str
    title: Pair
    words: tuple[Pair, ...]
    business: Pair
    is_service: bool
    certificates: tuple[str, ...]
    hs: tuple[str, ...]
    isic: tuple[str, ...]
    offers: tuple[Template, ...]
    needs: tuple[Template, ...]
    layer: int
    suppliers: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"{self.chain}/{self.node}"

    @property
    def inputs(self) -> tuple[str, ...]:
        """The trades from which its firms buy. Firms that test, insure or carry goods do not buy them."""
        if self.sector in {"services", "finance", "recycling"} or self.node == "cold-chain":
            return ()
        return self.suppliers

    @property
    def is_gap(self) -> bool:
        """Whether nobody at the fair offers this, so that the map of the chain shows a missing link."""
        return not self.offers


@dataclass(frozen=True)
class City:
    """A city of the host with its province, and the chains that are at home there."""

    name: Pair
    province: Pair
    chains: frozenset[str]

    @property
    def place(self) -> dict[str, str]:
        """The city with its province, by language."""
        if not self.province.en:
            return self.name.texts
        return {"en": f"{self.name.en}, {self.province.en}", "zh-hans": f"{self.province.zh}{self.name.zh}"}


@dataclass(frozen=True)
class BuyerCountry:
    """A country with the number of its buyers, the language of their business, and the cities of their seats."""

    country: str
    names: str
    language: str
    number: int
    cities: tuple[Pair, ...]


@cache
def read(name: str) -> dict[str, Any]:
    """A TOML file of content/."""
    return tomllib.loads((files("serai.expo.site.demonstration") / "content" / name).read_text(encoding="utf-8"))


def moment(edition: "Edition", day: int, clock: time = time(10, 30)) -> datetime:
    """A time on the clock of the fair, so many days after its first day (before it, where ``day`` is negative)."""
    return datetime.combine(edition.starts_on + timedelta(days=day), clock, ZoneInfo(edition.time_zone))


def only[Row](model: type[Row], rows: Iterable[object]) -> list[Row]:
    """The rows of one model."""
    return [row for row in rows if isinstance(row, model)]


def pair(text: str) -> Pair:
    """``"English|中文"``."""
    en, zh = text.split("|")[:2]
    return Pair(en, zh)


@cache
def trades() -> Mapping[str, Trade]:
    """All trades by ``chain/node``, in the order of the chains and of their nodes."""
    by_key = {}
    for chain in builtin_chains():
        content = read(f"chains/{chain.slug}.toml")
        for node in chain.nodes:
            trade = _trade(chain, node.code, content[node.code])
            by_key[trade.key] = trade
    return MappingProxyType(by_key)


def _trade(chain: Chain, code: str, content: dict[str, Any]) -> Trade:
    node = chain.node(code)
    return Trade(
        chain=chain.slug,
        node=code,
        position=chain.stage_of(code).position,
        sector=content["sector"],
        title=Pair.of(node.title),
        words=tuple(map(pair, content["words"])),
        business=Pair(*content["business"]),
        # Electricity has an HS heading and is a service all the same.
        is_service=not set(node.hs) - {"2716"},
        certificates=tuple(content.get("certificates", ())),
        hs=node.hs,
        isic=node.isic,
        offers=tuple(_template(row, node.hs) for row in content["offers"]),
        needs=tuple(_template(row, node.hs) for row in content["needs"]),
        layer=chain.layers[code],
        suppliers=tuple(f"{chain.slug}/{supplier}" for supplier in chain.suppliers_of(code)),
    )


def _template(row: list[str], headings: tuple[str, ...]) -> Template:
    title_en, title_zh, text_en, text_zh, *heading = row
    hs = tuple(filter(None, heading)) if heading else headings[:1]
    return Template(Pair(title_en, title_zh), Pair(text_en, text_zh), hs)


@cache
def common_needs() -> Mapping[str, tuple[Template, ...]]:
    """Needs that any firm may have, by the key of the trade that offers the service."""
    services = read("common_needs.toml")
    return MappingProxyType(
        {f"supply-chain-services/{node}": tuple(_template(row, ()) for row in rows) for node, rows in services.items()}
    )


_CHAIN_LETTERS = {
    "v": "smart-vehicle",
    "a": "green-agriculture",
    "e": "clean-energy",
    "d": "digital-technology",
    "h": "healthy-life",
    "s": "supply-chain-services",
}


def cities_for(trade: Trade) -> list[City]:
    """The cities of the host with firms of this trade: those in content/places.toml, else the cities of its chain."""
    homes = read("places.toml")["homes"].get(trade.chain, {}).get(trade.node)
    return [city for city in host_cities() if (city.name.en in homes if homes else trade.chain in city.chains)]


@cache
def host_cities() -> tuple[City, ...]:
    """The cities of the host."""
    cities = []
    for row in read("places.toml")["host"]:
        en, zh, province_en, province_zh, letters = row.split("|")
        chains = frozenset(_CHAIN_LETTERS[letter] for letter in letters)
        cities.append(City(Pair(en, zh), Pair(province_en, province_zh), chains))
    return tuple(cities)


@cache
def buyer_countries() -> tuple[BuyerCountry, ...]:
    """The countries of the buyers from abroad."""
    countries = []
    for country, row in read("places.toml")["buyers"].items():
        names, language, number, cities = row.split("|")
        seats = tuple(Pair(*city.strip().rsplit(" ", 1)) for city in cities.split(";"))
        countries.append(BuyerCountry(country, names, language, int(number), seats))
    return tuple(countries)


@cache
def foreign_exhibitors() -> tuple[Mapping[str, Any], ...]:
    """The exhibitors from abroad, which are written by hand."""
    return tuple(
        firm for part in ("america", "europe", "asia", "africa") for firm in read(f"exhibitors/{part}.toml")["firm"]
    )


@cache
def avoided() -> frozenset[str]:
    """Names of well-known firms, in lower case, that no invented name may contain."""
    text = (files("serai.expo.site.demonstration") / "content" / "avoid.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))
