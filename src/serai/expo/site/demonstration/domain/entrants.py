"""Invented firms with their participations, offers and needs, all unsaved."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.firms import new_firm
from serai.expo.firms.record.models import Firm
from serai.expo.offers.market.models import Family, MarketItem, Need, Offer
from serai.expo.site.demonstration.domain.content import Pair, Template, Trade, read
from serai.expo.site.demonstration.domain.names import FirmName
from serai.expo.site.demonstration.domain.texts import amount, fill, fits, vary

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
