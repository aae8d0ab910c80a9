"""The 515 exhibitors: 381 firms of the host, put together, and 134 from abroad, written by hand.

Co-exhibitors stand with the chain leader that they supply. They are among the 515, since the only published figure of
the first China International Supply Chain Expo is given "with co-exhibitors".
"""

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from serai.expo.base.collation import fold
from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.record.models import Firm
from serai.expo.site.demonstration.domain import content
from serai.expo.site.demonstration.domain.entrants import EMPLOYEES, Desk, Entrant
from serai.expo.site.demonstration.domain.texts import Brand, FirmName, fill, host_name, written_name

EXHIBITORS = 515
SIZES = {Firm.Size.MICRO: 4, Firm.Size.SMALL: 34, Firm.Size.MEDIUM: 54, Firm.Size.LARGE: 8}
AREAS = {
    Firm.Size.MICRO: (9, 18),
    Firm.Size.SMALL: (18, 27, 36),
    Firm.Size.MEDIUM: (36, 48, 60),
    Firm.Size.LARGE: (108, 117, 126),
}
LEADER_AREAS = (198, 234, 270)


def exhibitors(desk: Desk, brands: Iterator[Brand]) -> list[Entrant]:
    """All exhibitors with their offers and needs; the suppliers of the leaders are co-exhibitors."""
    abroad = [_from_abroad(desk, row) for row in content.foreign_exhibitors()]
    host = [
        _of_host(desk, brand, trade, leads)
        for brand, (trade, leads) in zip(
            _unlike(brands), _stands_of_host(desk.random, EXHIBITORS - len(abroad)), strict=False
        )
    ]
    everyone = [*abroad, *host]
    for entrant in everyone:
        _add_needs(desk, entrant)
    _let_lead(desk.random, everyone)
    return everyone


def _unlike(brands: Iterator[Brand]) -> Iterator[Brand]:
    """The brands that do not sound like an earlier one."""
    heard: set[str] = set()
    for brand in brands:
        if brand.en not in heard:
            heard.add(brand.en)
            yield brand


def _stands_of_host(random: Random, number: int) -> list[tuple[content.Trade, int]]:
    """The trade of each firm of the host, and how many suppliers it leads: one firm at each trade with offers, the
    others at random, at most two more at each."""
    offered = [trade for trade in content.trades().values() if not trade.is_gap]
    leaders: dict[str, dict[str, int]] = content.read("edition.toml")["leaders"]
    first = [(trade, leaders[trade.chain].get(trade.node, 0)) for trade in offered]
    more = random.sample([*offered, *offered], number - len(first))
    return [*first, *((trade, 0) for trade in more)]


# Firms of the host


def _of_host(desk: Desk, brand: Brand, trade: content.Trade, leads: int) -> Entrant:
    random = desk.random
    is_large = leads or trade.node in content.read("edition.toml")["large"].get(trade.chain, ())
    size = Firm.Size.LARGE if is_large else random.choices(list(SIZES), list(SIZES.values()))[0]
    city = random.choice(content.cities_for(trade))
    name = host_name(brand, city, random.choice(trade.words), size, random)
    founded = random.randint(1984, 2009) if leads else random.randint(1992, 2014)
    entrant = desk.enter(
        name,
        content.HOST,
        Participation.Kind.EXHIBITOR,
        language="zh-hans",
        city=city.place,
        about=_about(random, name.short, trade, city, founded, size).texts,
        firm=_facts(random, name, trade, founded, size),
        participation=_stand(random, size, leads),
    )
    entrant.leads = leads
    for template in random.sample(trade.offers, 2):
        desk.offer(entrant, trade, template)
    beside = [other for other in _beside(trade) if random.random() < 0.3]
    if beside:
        other = random.choice(beside)
        desk.offer(entrant, other, random.choice(other.offers))
    return entrant


def _facts(random: Random, name: FirmName, trade: content.Trade, founded: int, size: str) -> dict[str, Any]:
    return {
        "website": f"https://{_address(name.short.en)}.example",
        "founded": founded,
        "size": size,
        "women_led": random.random() < 0.2,
        "isic": list(trade.isic),
    }


def _address(name: str) -> str:
    words = fold(name).encode("ascii", "ignore").decode().split()
    return "-".join(words[:2])


def _stand(random: Random, size: str, leads: int) -> dict[str, Any]:
    areas = LEADER_AREAS if leads else AREAS[Firm.Size(size)]
    return {"area_m2": random.choice(areas), "meetings_maximum": 60 if leads else 40}


def _about(
    random: Random, short: content.Pair, trade: content.Trade, city: content.City, founded: int, size: str
) -> content.Pair:
    """Two sentences about the firm."""
    texts = content.read("about.toml")
    common = {
        "founded": founded,
        "countries": random.randint(6, 48),
        "staff": random.choice((8, 12, 20, 35, 60)),
        "recent": random.randint(max(2019, founded + 1), 2025),
        "patents": random.choice((9, 14, 22, 38, 57, 90)),
        "standards": random.randint(2, 9),
        "days": random.choice((5, 7, 10, 15)),
        "apprentices": random.choice((8, 12, 20, 30)),
        "percent": random.choice((18, 25, 31, 40)),
        "few": random.choice((8, 10, 12)),
        "languages": random.randint(3, 9),
        "offices": random.randint(2, 7),
        "abroad": random.randint(2, 5),
    }
    employees = random.randint(*EMPLOYEES[Firm.Size(size)])
    other = random.choice([other_city for other_city in content.host_cities() if other_city != city])
    text = [random.choice(texts["openings"]), random.choice(texts["services" if trade.is_service else "goods"])]
    return fill(
        content.Pair(" ".join(en for en, _ in text), "".join(zh for _, zh in text)),
        common
        | {"name": short.en, "business": trade.business.en, "employees": f"{employees:,}"}
        | {"city": city.name.en, "place": other.name.en},
        common
        | {"name": short.zh, "business": trade.business.zh, "employees": employees}
        | {"city": city.name.zh, "place": other.name.zh},
    )


def _beside(trade: content.Trade) -> list[content.Trade]:
    """Neighbouring trades of the chain that a firm of this trade may have as well."""
    return [
        other
        for other in content.trades().values()
        if (other.key in trade.suppliers or trade.key in other.suppliers)
        and other.sector == trade.sector
        and not other.is_gap
    ]


# Firms from abroad


def _from_abroad(desk: Desk, row: Mapping[str, Any]) -> Entrant:
    random, trade = desk.random, content.trades()[row["node"]]
    name = written_name(row["name"])
    en, zh, *own = row["city"].split("|")
    size = Firm.Size(row["size"])
    facts = _facts(random, name, trade, row["founded"], size)
    if "women_led" in row:
        facts["women_led"] = row["women_led"]
    entrant = desk.enter(
        name,
        row["country"],
        Participation.Kind.EXHIBITOR,
        language=row["language"],
        city={"en": en, "zh-hans": zh} | ({row["language"]: own[0]} if own else {}),
        about=dict(row["about"]),
        firm=facts,
        participation=_stand(random, size, row.get("leader", 0)) | {"support": row.get("support", [])},
    )
    entrant.leads = row.get("leader", 0)
    headings = (row["hs"],) if "hs" in row else trade.hs[:1]
    shown = content.Template(content.Pair.of(row["title"]), content.Pair.of(row["text"]), headings)
    offer = desk.offer(entrant, trade, shown)
    offer.title, offer.launch = dict(row["title"]), row.get("launch", False)
    if not _is_grown(trade):
        desk.offer(entrant, trade, random.choice(trade.offers))
    return entrant


def _is_grown(trade: content.Trade) -> bool:
    """Whether the goods depend on the place: a tea garden in Kenya has no Pu'er."""
    return trade.sector in {"agro", "food"}


# What exhibitors look for, and who leads whom


def _add_needs(desk: Desk, entrant: Entrant) -> None:
    """Add one or two needs: inputs from the chain, or a need that any firm may have."""
    random = desk.random
    inputs = [content.trades()[key] for key in entrant.trade.inputs]
    for trade in random.sample(inputs, min(len(inputs), random.randint(1, 2))):
        desk.need(entrant, trade)
    if not inputs or random.random() < 0.3:
        key = random.choice([key for key in content.common_needs() if key != entrant.trade.key])
        desk.need(entrant, content.trades()[key], content.common_needs()[key])


def _let_lead(random: Random, everyone: list[Entrant]) -> None:
    """Make suppliers of the leaders co-exhibitors: firms of the host up to three links before them."""
    free = [entrant for entrant in everyone if entrant.firm.country == content.HOST and not entrant.leads]
    for leader in (entrant for entrant in everyone if entrant.leads):
        near = set(leader.trade.suppliers)
        for _ in range(2):
            near |= {supplier for key in near for supplier in content.trades()[key].suppliers}
        for supplier in random.sample([entrant for entrant in free if entrant.trade.key in near], leader.leads):
            supplier.participation.kind = Participation.Kind.CO_EXHIBITOR
            supplier.participation.lead = leader.participation
            supplier.participation.area_m2 = None
            free.remove(supplier)
