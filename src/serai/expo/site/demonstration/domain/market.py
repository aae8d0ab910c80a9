"""The market: packages, certificates of offers, a need whose buyer stays unnamed, and quotations for another."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Certification
from serai.expo.offers.interests.models import Quotation
from serai.expo.offers.market.models import Agreement, Interest, Need, Offer
from serai.expo.participants.packages.models import Package
from serai.expo.site.demonstration.domain.content import read
from serai.expo.site.demonstration.domain.entrants import Entrant


def packages(edition: Edition) -> list[Package]:
    """A small and a large package. Unsaved."""
    rows = read("market.toml")["packages"]
    return [Package(edition=edition, currency="USD", order=order, **row) for order, row in enumerate(rows)]


def deal(
    exhibitors: Sequence[Entrant],
    buyers: Sequence[Entrant],
    packages: Sequence[Package],
    certifications: Iterable[Certification],
) -> None:
    """Give each exhibitor a package and its first offer the firm's certificates; fill in an offer and two needs."""
    basic, partner = packages
    small, leading = (
        [entrant.participation.pk for entrant in exhibitors if bool(entrant.leads) is leads] for leads in (False, True)
    )
    Participation.objects.filter(pk__in=small, kind=Participation.Kind.EXHIBITOR).update(package=basic)
    Participation.objects.filter(pk__in=leading).update(
        package=partner, seats=partner.seats, meetings_maximum=partner.meetings_maximum
    )
    first = {entrant.firm.pk: entrant.offers[0].pk for entrant in exhibitors if entrant.offers}
    certified = Offer.certifications.through
    certified._base_manager.bulk_create(
        certified(offer_id=first[row.firm_id], certification_id=row.pk)
        for row in certifications
        if row.firm_id in first
    )
    texts, last_day = read("market.toml"), exhibitors[0].participation.edition.ends_on
    _fill(exhibitors[0].offers[0], texts["offer"] | {"valid_until": last_day + timedelta(days=180)})
    need, unnamed = buyers[0].needs[0], next(entrant for entrant in buyers[1:] if entrant.needs).needs[0]
    _fill(need, texts["need"] | {"delivery_until": last_day + timedelta(days=90)})
    _fill(unnamed, {"anonymous": True, "valid_until": last_day + timedelta(days=180)})
    _interest(unnamed, exhibitors[0].participation, texts["interests"]["unnamed"])
    for entrant, quotation in zip(exhibitors[1:4], texts["quotations"], strict=False):
        interest = _interest(need, entrant.participation, texts["interests"]["quoted"])
        Quotation.objects.create(
            edition=need.edition,
            interest=interest,
            version=1,
            per=Decimal(1_000),
            unit="H87",
            quantity=Decimal(20_000),
            valid_until=last_day + timedelta(days=60),
            said_at=interest.said_at,
            **quotation,
        )


def _fill(item: Offer | Need, values: dict[str, object]) -> None:
    for name, value in values.items():
        setattr(item, name, value)
    item.save()


def _interest(need: Need, asker: Participation, texts: dict[str, str]) -> Interest:
    return Interest.objects.create(
        edition=need.edition, need=need, asker=asker, agreement=Agreement.SUPPLY, said_at=asker.entered_at, **texts
    )
