"""Figures of the fair itself: participants, offers, area."""

from functools import partial

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.groups.domain import US_AND_EUROPE, members
from serai.expo.firms.record.domain.size_classes import computed_size
from serai.expo.firms.record.models import Firm
from serai.expo.offers.chains.domain.chain_maps import links
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.offers.chains.models import Placement
from serai.expo.offers.market.models import Need, Offer, Review
from serai.expo.participants.participation.domain.exhibitors import exhibitors
from serai.expo.programme.sessions.models import Forum, Session
from serai.expo.results.figures.domain import figure
from serai.world.classifications.countries import country

of_fair = partial(figure, group="fair")
OF_PARTICIPANTS = Q(review=Review.PUBLISHED, participation__state=Participation.State.CONFIRMED)
"""Offers and needs that count: published ones of confirmed participants."""


def share(part: float, whole: float | None) -> float | None:
    """A share in per cent, None if the whole is zero or not known."""
    return 100 * part / whole if whole else None


def foreign(edition: Edition) -> QuerySet[Participation]:
    return exhibitors(edition).exclude(firm__country=edition.country)


def share_of_firms(of: QuerySet[Participation], which: Q) -> float | None:
    """The share of firms that meet a condition, each counted once, in one query."""
    counted = of.aggregate(some=Count("firm", distinct=True, filter=which), all=Count("firm", distinct=True))
    return share(counted["some"], counted["all"])


@of_fair(
    "exhibitors",
    title=_("Exhibitors"),
    text=_("Confirmed participations as exhibitor, co-exhibitor or service provider, each firm counted once."),
    unit=_("firms"),
)
def count_exhibitors(edition: Edition) -> int:
    return exhibitors(edition).values("firm").distinct().count()


@of_fair(
    "countries",
    title=_("Countries and regions"),
    text=_("Countries and regions of the exhibitors' registered seats, the host among them (ISO 3166)."),
    unit=_("countries and regions"),
)
def count_countries(edition: Edition) -> int:
    return exhibitors(edition).values("firm__country").distinct().count()


@of_fair(
    "foreign_share",
    title=_("Exhibitors from abroad"),
    text=_("Exhibitors whose registered seat is outside of the host country, as a share of all exhibitors."),
    unit="%",
)
def share_foreign(edition: Edition) -> float | None:
    return share_of_firms(exhibitors(edition), ~Q(firm__country=edition.country))


@of_fair(
    "small_share",
    title=_("Small firms among the exhibitors"),
    text=_(
        "Exhibitors that are micro or small by the fair's own rule from their bands of employees and turnover, or by"
        " their own statement where there is no rule or no band, as a share of all whose class is known."
    ),
    unit="%",
)
def share_small(edition: Edition) -> float | None:
    sized = exhibitors(edition).annotate(size_here=computed_size(edition)).exclude(size_here="")
    return share_of_firms(sized, Q(size_here__in=(Firm.Size.MICRO, Firm.Size.SMALL)))


@of_fair(
    "american_european_share",
    title=_("American and European among those from abroad"),
    text=_(
        "Seat in the United States or in the United Nations region Europe (M49), as a share of exhibitors from abroad."
    ),
    unit="%",
    of_countries=US_AND_EUROPE,
)
def share_american_european(edition: Edition) -> float | None:
    codes = dict(foreign(edition).order_by().values_list("firm__country").annotate(n=Count("pk")))
    counted = sum(n for code, n in codes.items() if code == "US" or country(code).region == "Europe")
    return share(counted, sum(codes.values()))


@of_fair(
    "belt_and_road_share",
    title=_("Belt and Road partners among those from abroad"),
    text=_(
        "Seat in a country that was a Belt and Road partner on the opening day, as a share of exhibitors from abroad."
    ),
    unit="%",
    of_countries="BRI",
)
def share_belt_and_road(edition: Edition) -> float | None:
    of_group = Q(firm__country__in=members("BRI", edition.starts_on))
    counted = foreign(edition).aggregate(some=Count("pk", filter=of_group), all=Count("pk"))
    return share(counted["some"], counted["all"])


@of_fair(
    "least_developed",
    title=_("Exhibitors from least developed countries"),
    text=_("Seat in a country on the United Nations list of least developed countries on the opening day."),
    unit=_("firms"),
    of_countries="LDC",
)
def count_least_developed(edition: Edition) -> int:
    return exhibitors(edition).filter(firm__country__in=members("LDC", edition.starts_on)).count()


@of_fair("area", title=_("Exhibition area"), text=_("Gross area of the halls, as entered by the organiser."), unit="m²")
def area(edition: Edition) -> int | None:
    return edition.area_m2


@of_fair(
    "buyers", title=_("Registered buyers"), text=_("Confirmed participations as buyer or delegation."), unit=_("firms")
)
def count_buyers(edition: Edition) -> int:
    return Participation.objects.filter(
        edition=edition,
        kind__in=[Participation.Kind.BUYER, Participation.Kind.DELEGATION],
        state=Participation.State.CONFIRMED,
    ).count()


def _count_of_participants(model: type[Offer | Need], wanted: Q, edition: Edition) -> int:
    return model.objects.filter(OF_PARTICIPANTS, wanted, edition=edition).count()


_shown_first = _("Offers that their exhibitor says are shown here for the first time.")
for _code, _title, _text, _unit, _model, _wanted in (
    ("offers", _("Offers"), _("Products and services entered by participants."), _("offers"), Offer, Q()),
    ("launches", _("Launches"), _shown_first, _("offers"), Offer, Q(launch=True)),
    ("needs", _("Needs"), _("Needs entered by participants."), _("needs"), Need, Q()),
):  # of version 1, which counted those of who takes no part any more, these are the second
    of_fair(_code, title=_title, text=_text, unit=_unit, version=2)(partial(_count_of_participants, _model, _wanted))


@of_fair(
    "links",
    title=_("Nodes of the chains present"),
    text=_("Nodes of the chains at which an exhibitor offers something, placed with a confidence of one half or more."),
    unit=_("nodes"),
)
def count_links(edition: Edition) -> int | None:
    return links(edition, chains_of_edition(edition))[0] if is_placed(edition) else None


@of_fair(
    "gaps",
    title=_("Missing nodes"),
    text=_("Nodes of the chains at which no exhibitor offers anything."),
    unit=_("nodes"),
)
def count_gaps(edition: Edition) -> int | None:
    return links(edition, chains_of_edition(edition))[1] if is_placed(edition) else None


def is_placed(edition: Edition) -> bool:
    """Whether the offers of a fair were placed on its chains; of an imported list that is done some time later."""
    return Placement.objects.filter(edition=edition).exists() or not Offer.objects.filter(edition=edition).exists()


@of_fair("forums", title=_("Forums"), text=_("Main and themed forums."), unit=_("forums"))
def count_forums(edition: Edition) -> int:
    return Forum.objects.filter(edition=edition, kind__in=[Forum.Kind.MAIN_FORUM, Forum.Kind.THEMED_FORUM]).count()


@of_fair(
    "sessions",
    title=_("Sessions"),
    text=_("Confirmed sessions of the programme, the ceremony and events at booths among them."),
    version=2,
    unit=_("sessions"),
)
def count_sessions(edition: Edition) -> int:
    return Session.objects.filter(edition=edition, state=Session.State.CONFIRMED).count()
