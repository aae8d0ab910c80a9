"""Invented firms with their participations, offers, needs and record (bands, trade, plants, certificates,
emissions), all unsaved.

The record is drawn from random numbers of its own, so that the rest of the fair stays the same. Register
numbers have prefixes that nobody uses: GS1 keeps 952 for examples, and no issuer of LEIs has the prefix 0000.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from stdnum import ean
from stdnum.iso7064 import mod_97_10

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.names import new_firm
from serai.expo.firms.record.domain.profile import identifier, mark
from serai.expo.firms.record.models import Certification, Firm, FirmIdentifier, Flow, Plant
from serai.expo.offers.chains.models import ChainPosition, Node
from serai.expo.offers.market.models import Family, MarketItem, Need, Offer
from serai.expo.people.account.models import Organisation
from serai.expo.site.demonstration.domain.content import Pair, Template, Trade, read
from serai.expo.site.demonstration.domain.texts import FirmName, amount, fill, fits, vary

REGISTRATION_DAYS = 150
"""Firms register from so many days before the fair until ten days before it."""

EMPLOYEES = {
    Firm.Size.MICRO: (4, 9),
    Firm.Size.SMALL: (12, 49),
    Firm.Size.MEDIUM: (60, 240),
    Firm.Size.LARGE: (320, 4_800),
}
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November")


@dataclass
class Entrant:
    """A participant with its offers and needs. ``stands_at`` are the trades of its offers, ``looks_for`` those of its
    needs, ``leads`` is the number of suppliers on its stand."""

    firm: Firm
    participation: Participation
    offers: list[Offer] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    stands_at: list[Trade] = field(default_factory=list)
    looks_for: list[Trade] = field(default_factory=list)
    leads: int = 0

    @property
    def trade(self) -> Trade:
        """The trade of its first offer."""
        return self.stands_at[0]


@dataclass
class Desk:
    """Makes entrants of an edition; knows the random numbers, and the identifiers and texts already used."""

    edition: Edition
    random: Random
    identifiers: set[str]
    used_texts: set[tuple[str, str, str]] = field(default_factory=set)

    def enter(
        self,
        name: FirmName,
        country: str,
        kind: Participation.Kind,
        *,
        language: str,
        city: dict[str, str],
        about: dict[str, str],
        firm: dict[str, Any],
        participation: dict[str, Any] | None = None,
    ) -> Entrant:
        """A firm and its participation, on a random day of the registration."""
        on = self.edition.starts_on - timedelta(days=self.random.randint(10, REGISTRATION_DAYS))
        at = datetime.combine(on, time(self.random.randint(8, 18), self.random.randrange(60)), self._zone)
        new = self._new_firm(name, country, on, language=language, city=city, description=about, created_at=at, **firm)
        return Entrant(
            new, Participation(edition=self.edition, firm=new, kind=kind, entered_at=at, **(participation or {}))
        )

    def _new_firm(self, name: FirmName, country: str, on: date, **fields: Any) -> Firm:
        make = partial(
            new_firm, legal_name=name.legal, country=country, on=on, name=name.texts(fields["language"]), **fields
        )
        while (firm := make(chooser=self.random)).identifier in self.identifiers:
            pass
        self.identifiers.add(firm.identifier)
        return firm

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.edition.time_zone)

    def offer(self, entrant: Entrant, trade: Trade, template: Template) -> Offer:
        """An offer of what the trade makes."""
        title, text = self._unused(trade, template, Pair("", ""))
        offer = self._item(Offer, entrant, trade, template.hs, title, text)
        offer.launch = self.random.random() < 0.08
        offer.isic = list(trade.isic)
        offer.certificates = self.random.sample(
            trade.certificates, min(len(trade.certificates), self.random.randint(1, 2))
        )
        entrant.offers.append(offer)
        entrant.stands_at.append(trade)
        return offer

    def need(self, entrant: Entrant, trade: Trade, templates: Sequence[Template] = ()) -> Need:
        """A need of goods or services of the trade, with a closing sentence of the firm."""
        firm = entrant.firm
        country = firm.country if firm.country != self.edition.country else None
        possible = templates or trade.needs
        fitting = [need for need in possible if fits(need.title, country) and fits(need.text, country)]
        template = self.random.choice(fitting or possible)
        title, text = self._unused(trade, template, self._closing(firm, trade), country)
        need = self._item(Need, entrant, trade, template.hs, title, text)
        if trade.is_service:
            need.isic = list(trade.isic)
        elif asked := amount(text.en):
            need.quantity, need.unit = asked
        need.valid_until = self.edition.ends_on + timedelta(days=self.random.choice((90, 180, 365)))
        entrant.needs.append(need)
        entrant.looks_for.append(trade)
        return need

    def _closing(self, firm: Firm, trade: Trade) -> Pair:
        month = self.random.randrange(len(MONTHS))
        common = {"month": MONTHS[month], "number": month + 1}
        texts = read("about.toml")
        closings = texts["closings"] if trade.is_service else [*texts["closings"], *texts["closings_for_goods"]]
        return fill(
            Pair(*self.random.choice(closings)),
            common | {"city": firm.city["en"].split(",")[0]},
            common | {"city": firm.city["zh-hans"]},
        )

    def _unused(self, trade: Trade, template: Template, closing: Pair, country: str | None = None) -> tuple[Pair, Pair]:
        """Title and text that no other item has, as long as the template has alternatives left."""
        for _ in range(12):
            title, text = (vary(part, self.random, country=country) for part in (template.title, template.text))
            key = (trade.key, title.en, text.en + closing.en)
            if key not in self.used_texts:
                break
        self.used_texts.add(key)
        return title, Pair(f"{text.en} {closing.en}".strip(), text.zh + closing.zh)

    def _item[Item: MarketItem](
        self, model: type[Item], entrant: Entrant, trade: Trade, hs: Sequence[str], title: Pair, text: Pair
    ) -> Item:
        number = len(entrant.offers if model is Offer else entrant.needs) + 1
        return model(
            edition=self.edition,
            participation=entrant.participation,
            number=number,
            family=Family.SERVICE if trade.is_service else Family.GOODS,
            title=title.texts,
            text=text.texts,
            hs=list(hs),
            created_at=entrant.participation.entered_at,
        )


SIZES = {
    Firm.Size.MICRO: (Firm.Employees.TO_9,),
    Firm.Size.SMALL: (Firm.Employees.TO_19, Firm.Employees.TO_49),
    Firm.Size.MEDIUM: (Firm.Employees.TO_249,),
    Firm.Size.LARGE: (Firm.Employees.TO_999, Firm.Employees.MORE),
}
TURNOVER = {
    Firm.Size.MICRO: (Firm.Turnover.TO_2,),
    Firm.Size.SMALL: (Firm.Turnover.TO_2, Firm.Turnover.TO_10),
    Firm.Size.MEDIUM: (Firm.Turnover.TO_10, Firm.Turnover.TO_50),
    Firm.Size.LARGE: (Firm.Turnover.TO_50, Firm.Turnover.TO_500, Firm.Turnover.MORE),
}
TONNES = {Firm.Size.MICRO: 40, Firm.Size.SMALL: 300, Firm.Size.MEDIUM: 2_400, Firm.Size.LARGE: 38_000}
MARKETS = ("DE", "US", "JP", "KR", "BR", "KE", "AE", "VN", "TH", "MX", "FR", "GB", "KZ", "SA", "ZA", "ID", "CL", "EG")
BODIES = ("Bureau of Example Certification", "Example Assurance", "Model Register")
SOURCE = "demonstration"


type FirmRow = FirmIdentifier | Plant | Certification | Flow


def dossiers(seed: int, exhibitors: Sequence[Entrant], buyers: Iterable[Entrant]) -> list[FirmRow]:
    """Fill in the fields of the firms. Returns the rows that belong to the exhibitors. Unsaved."""
    random, rows = Random(seed + 1), list[FirmRow]()  # noqa: S311  the same fair each time, no secret
    for number, entrant in enumerate(exhibitors, start=1):
        _fill(random, entrant)
        rows += _rows(random, entrant, number)
    for entrant in buyers:
        entrant.firm.employees = random.choice(SIZES[Firm.Size(entrant.firm.size)])
    return rows


def positions(
    seed: int, exhibitors: Sequence[Entrant], nodes: Mapping[tuple[str, str], Node], organisation: Organisation
) -> list[ChainPosition]:
    """Positions on the chains that three in five exhibitors state; some are checked, some only listed. Unsaved."""
    random, stated = Random(seed + 2), []  # noqa: S311  the same fair each time, no secret
    for entrant in exhibitors:
        drawn, trade, at = random.random(), entrant.trade, entrant.participation.entered_at
        if drawn > 0.6 or (trade.chain, trade.node) not in nodes:
            continue
        position = ChainPosition(
            firm=entrant.firm,
            node=nodes[trade.chain, trade.node],
            role=ChainPosition.Role.SERVICE if trade.is_service else ChainPosition.Role.MAKER,
            state=ChainPosition.State.LISTED if drawn < 0.1 else ChainPosition.State.CONFIRMED,
            source="workbook" if drawn < 0.1 else SOURCE,
            said_at=at,
        )
        if drawn > 0.45:
            position.state, position.organisation = ChainPosition.State.CHECKED, organisation
            position.checked_at = at + timedelta(days=2)
            position.checked_how = "Certificate of registration and a visit, 2026"
        stated.append(position)
    return stated


def _fill(random: Random, entrant: Entrant) -> None:
    firm, trade, size = entrant.firm, entrant.trade, Firm.Size(entrant.firm.size)
    firm.employees = random.choice(SIZES[size])
    firm.turnover = random.choice(TURNOVER[size])
    firm.export_share = random.choice([band for band in Firm.ExportShare.values if band != "0"])
    firm.ownership = random.choice(
        (Firm.Ownership.PRIVATE, Firm.Ownership.PRIVATE, Firm.Ownership.FAMILY)
        if size in {Firm.Size.MICRO, Firm.Size.SMALL}
        else (Firm.Ownership.PRIVATE, Firm.Ownership.LISTED, Firm.Ownership.STATE, Firm.Ownership.JOINT)
    )
    abroad = [code for code in MARKETS if code != firm.country]
    firm.markets = random.sample(abroad, random.randint(1, 5))
    firm.markets_sought = random.sample([code for code in abroad if code not in firm.markets], random.randint(1, 3))
    firm.languages = list(dict.fromkeys((firm.language, "en", *random.sample(("fr", "es", "ru", "ar"), 1))))
    if not trade.is_service:
        firm.incoterms = random.choice((["EXW", "FOB"], ["FOB", "CIF"], ["FCA", "DAP"], ["FOB", "CFR", "DDP"]))
        firm.lead_time_days = random.choice((15, 20, 30, 45, 60))
        firm.minimum_order = random.choice(("500 kg", "1 t", "1 × 20′", "200 pcs", "5,000 pcs"))
    if random.random() < 0.35:
        firm.emissions_year = entrant.participation.entered_at.year - 1
        firm.scope_1 = round(TONNES[size] * random.uniform(0.4, 1.6))
        firm.scope_2 = round(TONNES[size] * random.uniform(0.3, 1.2))
    stated = ["employees", "turnover", "export_share", "ownership", "markets", "markets_sought", "languages", "plants"]
    stated += ["certifications", "identifiers", "flows"]
    firm.provenance = mark(firm, stated, SOURCE, at=entrant.participation.entered_at)


def _rows(random: Random, entrant: Entrant, number: int) -> Iterator[FirmRow]:
    firm, trade, on = entrant.firm, entrant.trade, entrant.participation.entered_at.date()
    yield identifier(firm, FirmIdentifier.Scheme.GLN, _gln(number), source=SOURCE, on=on)
    if entrant.leads:
        yield identifier(firm, FirmIdentifier.Scheme.LEI, _lei(number), source=SOURCE, on=on)
    for scheme in random.sample(trade.certificates, min(len(trade.certificates), 2)):
        begins = date(on.year - random.randint(0, 2), random.randint(1, 12), 1)
        yield Certification(
            firm=firm,
            scheme=scheme,
            number=f"EX-{random.randint(10_000, 99_999)}",
            body=random.choice(BODIES),
            valid_from=begins,
            valid_until=begins + timedelta(days=3 * 365),
        )
    if trade.is_service:
        return
    yield Plant(
        firm=firm,
        country=firm.country,
        place=firm.city,
        process=trade.title.texts,
        capacity=Decimal(random.choice((2, 5, 12, 30, 80)) * (100 if entrant.leads else 10)),
        unit="kt/a" if entrant.leads else "t/a",
        since=min((firm.founded or 2000) + random.randint(0, 6), on.year - 1),
    )
    bought = list(dict.fromkeys(code for need in entrant.needs for code in need.hs))[:2]
    for direction, codes, share in (
        (Flow.Direction.OUTPUT, trade.hs[:1], Flow.Share.TO_100),
        (Flow.Direction.INPUT, bought, Flow.Share.TO_25),
    ):
        yield from (Flow(firm=firm, direction=direction, code=code, share=share, since=firm.founded) for code in codes)


def _gln(number: int) -> str:
    digits = f"952{number:09d}"
    return digits + ean.calc_check_digit(digits)


def _lei(number: int) -> str:
    start = f"000000SERAIDEMO{number:03d}"
    return start + mod_97_10.calc_check_digits(start)
