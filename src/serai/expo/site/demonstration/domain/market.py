"""The market of the demonstration: packages, certificates that offers carry, and a buyer that stays unnamed."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Certification
from serai.expo.offers.market.models import Agreement, Incoterm, Interest, MarketItem, Need, Offer, PartnerKind
from serai.expo.offers.quotations.models import Quotation
from serai.expo.participants.packages.models import Package
from serai.expo.site.demonstration.domain.entrants import Entrant

QUOTED = (
    (Decimal(1_180), "CNY", Incoterm.FOB, "Tianjin", 35),
    (Decimal(1_240), "CNY", Incoterm.DAP, "Beijing", 21),
    (Decimal(165), "USD", Incoterm.CIF, "Hamburg", 50),
)
"""What three answer to the need of the demonstration's buyer, for a thousand pieces each."""

BASIC = {
    "en": "Basic",
    "zh-hans": "基础套餐",
    "ar": "الباقة الأساسية",
    "fr": "Formule de base",
    "es": "Paquete básico",
    "ru": "Базовый пакет",
}
PARTNER = {
    "en": "Chain leader",
    "zh-hans": "链主套餐",
    "ar": "باقة قادة السلاسل",
    "fr": "Formule chef de chaîne",
    "es": "Paquete líder de cadena",
    "ru": "Пакет лидера цепочки",
}
PACKAGES = (
    ("basic", BASIC, Decimal(3_000), 4, 30, 5, 8, 6, 1, 1),
    ("partner", PARTNER, Decimal(12_000), 8, 60, 20, 60, None, 4, 6),
)


def packages(edition: Edition) -> list[Package]:
    """A small and a large package. Not yet written."""
    return [
        Package(
            edition=edition,
            code=code,
            title=title,
            price=price,
            currency="USD",
            meetings_minimum=least,
            meetings_maximum=most,
            seats=seats,
            badges=badges,
            offers=offers,
            launches=launches,
            booth_events=events,
            order=order,
        )
        for order, (code, title, price, least, most, seats, badges, offers, launches, events) in enumerate(PACKAGES)
    ]


def deal(
    exhibiting: Sequence[Entrant],
    buying: Sequence[Entrant],
    known: Sequence[Package],
    certifications: Iterable[Certification],
) -> None:
    """Give the packages, let offers carry what their firms hold, and put a need on the market unnamed. In the scope."""
    basic, partner = known
    small = [one.participation.pk for one in exhibiting if not one.leads]
    Participation.objects.filter(pk__in=small, kind=Participation.Kind.EXHIBITOR).update(package=basic)
    Participation.objects.filter(pk__in=[one.participation.pk for one in exhibiting if one.leads]).update(
        package=partner, seats=partner.seats, meetings_maximum=partner.meetings_maximum
    )
    first = {one.firm.pk: one.offers[0].pk for one in exhibiting if one.offers}
    carrying = Offer.certifications.through
    carrying._base_manager.bulk_create(
        carrying(offer_id=first[row.firm_id], certification_id=row.pk) for row in certifications if row.firm_id in first
    )
    _say_more(exhibiting[0].offers[0])
    asking = next((one for one in buying[:1] if one.needs), None)
    if asking is not None:
        _wish(asking.needs[0])
    unnamed = next((one for one in buying[1:] if one.needs), None)
    if unnamed is not None:
        _stay_unnamed(unnamed.needs[0], exhibiting[0].participation)
    if buying[0].needs:
        _quote(buying[0].needs[0], [one.participation for one in exhibiting[1:4]])


def _say_more(item: MarketItem) -> None:
    """What the page of an offer shows where its firm has written all."""
    item.summary = {"en": "Made to order, with samples within two weeks.", "zh-hans": "按单生产，两周内可提供样品。"}
    item.currency, item.price_low, item.price_high = "USD", Decimal(12), Decimal(18)
    item.incoterms, item.delivery_place = [Incoterm.FOB, Incoterm.CIF], "Tianjin"
    item.agreements, item.partner_kinds = [Agreement.SUPPLY, Agreement.LICENCE], [PartnerKind.MAKER]
    item.languages, item.valid_until = ["en", "zh-hans"], item.edition.ends_on + timedelta(days=180)
    item.save()


def _wish(need: Need) -> None:
    """A must and some wishes, so that its sources say which are met."""
    need.languages, need.musts = ["en", "zh-hans"], ["languages"]
    need.certificates, need.countries_wanted = ["ISO 9001"], ["CN", "DE", "KE"]
    need.delivery_until = need.edition.ends_on + timedelta(days=90)
    need.save()


def _stay_unnamed(need: Need, asker: Participation) -> None:
    need.anonymous = True
    need.valid_until = need.edition.ends_on + timedelta(days=180)
    need.save()
    Interest.objects.create(
        edition=need.edition,
        need=need,
        asker=asker,
        agreement=Agreement.SUPPLY,
        cooperation="We can supply it from stock and adapt it to your drawings.",
        unclear="In which quantities a year, and delivered where?",
        about="A maker with two plants and thirty customers abroad.",
        said_at=asker.entered_at,
    )


def _quote(need: Need, askers: Sequence[Participation]) -> None:
    """Three answers to a need with a price each, in two currencies, for the buyer to compare."""
    for asker, (price, currency, incoterm, place, days) in zip(askers, QUOTED, strict=False):
        said = Interest.objects.create(
            edition=need.edition,
            need=need,
            asker=asker,
            agreement=Agreement.SUPPLY,
            cooperation="We make it in series and hold stock for two months.",
            about="A maker with customers in twelve countries.",
            said_at=asker.entered_at,
        )
        Quotation.objects.create(
            edition=need.edition,
            interest=said,
            version=1,
            price=price,
            currency=currency,
            per=Decimal(1_000),
            unit="H87",
            incoterm=incoterm,
            place=place,
            quantity=Decimal(20_000),
            lead_time_days=days,
            valid_until=need.edition.ends_on + timedelta(days=60),
            said_at=asker.entered_at,
        )
