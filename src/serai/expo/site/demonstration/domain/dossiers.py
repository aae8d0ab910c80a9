"""The record of an invented firm beyond its name: bands, trade, plants, certificates, emissions.

Drawn from random numbers of its own, so that the rest of the fair stays the same. Register numbers have prefixes that
nobody uses: GS1 keeps 952 for examples, and no issuer of LEIs has the prefix 0000.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from stdnum import ean
from stdnum.iso7064 import mod_97_10

from serai.expo.firms.record.domain.provenance import mark
from serai.expo.firms.record.domain.register_numbers import identifier
from serai.expo.firms.record.models import Certification, Firm, FirmIdentifier, Flow, Plant
from serai.expo.offers.chains.models import ChainPosition, Node
from serai.expo.people.account.models import Organisation
from serai.expo.site.demonstration.domain.entrants import Entrant

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
