"""The 4,000 registered buyers: makers with needs for their inputs, and traders."""

from collections.abc import Iterator
from random import Random

from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.record.models import Firm
from serai.expo.site.demonstration.domain.content import (
    HOST,
    BuyerCountry,
    Pair,
    Trade,
    buyer_countries,
    cities_for,
    pair,
    read,
    trades,
)
from serai.expo.site.demonstration.domain.entrants import EMPLOYEES, Desk, Entrant
from serai.expo.site.demonstration.domain.texts import Brand, FirmName, fill, foreign_brands, foreign_name, host_name
from serai.world.classifications.countries import name as country_name

BUYERS = 4_000
MAKERS = 0.65
"""The share of buyers who make something; the others trade."""

MEETINGS_MAXIMUM = 12
SIZES = {Firm.Size.SMALL: 30, Firm.Size.MEDIUM: 45, Firm.Size.LARGE: 25}
TRADERS = {Firm.Size.MICRO: 20, Firm.Size.SMALL: 50, Firm.Size.MEDIUM: 30}
WITH_ARTICLE = {"AE", "GB", "NL", "PH", "US"}


def buyers(desk: Desk, brands: Iterator[Brand]) -> list[Entrant]:
    """All buyers with one to three needs each."""
    abroad = [entrant for origin in buyer_countries() for entrant in _from_abroad(desk, origin)]
    host = [_of_host(desk, next(brands)) for _ in range(BUYERS - len(abroad))]
    return [*abroad, *host]


def _from_abroad(desk: Desk, origin: BuyerCountry) -> Iterator[Entrant]:
    for brand in desk.random.sample(foreign_brands(origin.names), origin.number):
        makes, wants = _business(desk.random)
        name = foreign_name(origin.names, brand, makes.sector if makes else "trade", desk.random)
        city = desk.random.choice(origin.cities)
        yield _enter(desk, name, origin.country, origin.language, city, city.texts, makes, wants)


def _of_host(desk: Desk, brand: Brand) -> Entrant:
    random = desk.random
    makes, wants = _business(random)
    words = makes.words if makes else tuple(map(pair, read("about.toml")["trading_words"]))
    city = random.choice(cities_for(makes or wants[0]))
    name = host_name(brand, city, random.choice(words), random.choice(list(SIZES)), random)
    return _enter(desk, name, HOST, "zh-hans", city.name, city.place, makes, wants)


def _business(random: Random) -> tuple[Trade | None, list[Trade]]:
    """The firm's trade (None for a trader), and one to three trades from which it buys: inputs from the chain, or for a
    trader goods of one sector."""
    number = random.choices((1, 2, 3), (45, 35, 20))[0]
    if random.random() < MAKERS:
        makes = random.choice([trade for trade in trades().values() if trade.inputs])
        return makes, [trades()[key] for key in random.sample(makes.inputs, min(number, len(makes.inputs)))]
    goods = [trade for trade in trades().values() if not trade.is_service]
    first = random.choice(goods)
    alike = [trade for trade in goods if trade.chain == first.chain and trade.sector == first.sector]
    return None, random.sample(alike, min(number, len(alike)))


def _enter(
    desk: Desk,
    name: FirmName,
    country: str,
    language: str,
    city: Pair,
    place: dict[str, str],
    makes: Trade | None,
    wants: list[Trade],
) -> Entrant:
    random = desk.random
    sizes = SIZES if makes else TRADERS
    size = random.choices(list(sizes), list(sizes.values()))[0]
    founded = random.randint(1958 if country != HOST else 1990, 2022)
    entrant = desk.enter(
        name,
        country,
        Participation.Kind.BUYER,
        language=language,
        city=place,
        about=_about(random, name, country, city, makes, wants[0].title, founded, size).texts,
        firm={"founded": founded, "size": size, "isic": list(makes.isic) if makes else ["4690"]},
        participation={"meetings_maximum": MEETINGS_MAXIMUM},
    )
    for trade in wants:
        desk.need(entrant, trade)
    return entrant


def _about(
    random: Random, name: FirmName, country: str, city: Pair, makes: Trade | None, goods: Pair, founded: int, size: str
) -> Pair:
    texts = read("about.toml")
    common = {"founded": founded, "customers": random.choice((40, 90, 150, 300, 600))}
    employees = random.randint(*EMPLOYEES[Firm.Size(size)])
    return fill(
        Pair(*random.choice(texts["makers" if makes else "traders"])),
        common
        | {"name": name.short.en, "business": makes.business.en if makes else "", "city": city.en}
        | {"employees": f"{employees:,}", "goods": _within_sentence(goods.en)}
        | {"country": ("the " if country in WITH_ARTICLE else "") + country_name(country, "en")},
        common
        | {"name": name.short.zh, "business": makes.business.zh if makes else "", "city": city.zh}
        | {"employees": employees, "goods": goods.zh, "country": country_name(country, "zh-hans")},
    )


def _within_sentence(title: str) -> str:
    return title[:1].lower() + title[1:] if title[1:2].islower() else title
