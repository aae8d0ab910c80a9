"""Operations that need no key: what the public pages show, as data."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from serai.expo.api import shown
from serai.expo.api.caller import caller_of, in_edition
from serai.expo.api.models import ApiKey
from serai.expo.api.pages import A_PAGE, MOST, page_of
from serai.expo.chains.domain import chains_of_edition
from serai.expo.chains.standing import standing
from serai.expo.editions.models import Edition, Participation
from serai.expo.editions.rules import may_see_edition
from serai.expo.firms.directory import EXHIBITING, Filter, answer, exhibitors, find
from serai.expo.halls.models import Booth, Hall
from serai.expo.market.models import Need, Offer, Review
from serai.expo.people.models import Role
from serai.expo.programme.models import Session
from serai.expo.report.domain import figures

router = Router(tags=["Fair"])


class Cut(Schema):
    """Which page of a long answer."""

    cursor: str = Field("", max_length=100, description="'next' of the page before")
    limit: int = Field(A_PAGE, ge=1, le=MOST)


class Wanted(Cut):
    """The filter of the directory's page, by the same names."""

    q: str = Field("", max_length=200, description="Words in any language")
    chain: str = Field("", max_length=64)
    node: str = Field("", max_length=64)
    position: str = Field("", max_length=64, description="upstream, midstream, downstream or service")
    country: str = Field("", max_length=64, description="ISO 3166 alpha-2")
    group: str = Field("", max_length=64, description="Group of countries, as of the opening day")
    launches: bool = Field(False, description="With something shown for the first time")

    def as_filter(self) -> Filter:
        asked = {one.name: getattr(self, one.name) for one in fields(Filter) if one.name != "words"}
        # PostgreSQL refuses the null character in any text.
        plain: Mapping[str, Any] = {
            name: value.replace("\0", "") if isinstance(value, str) else value for name, value in asked.items()
        }
        return Filter(words=self.q.replace("\0", "").strip(), **plain)


@router.get("/editions", response=list[shown.EditionShown], operation_id="editions", summary="Fairs")
def list_editions(request: HttpRequest) -> Any:
    """Every fair that you may see."""
    caller = caller_of(request)
    rows = Edition.objects.select_related("organisation")
    if caller.key is not None and caller.key.only_in_id is not None:
        rows = rows.filter(pk=caller.key.only_in_id)
    return [shown.edition(row) for row in rows if may_see_edition(request.user, row)]


@router.get("/editions/{slug}", response=shown.EditionShown, operation_id="edition", summary="A fair")
def one_edition(request: HttpRequest, slug: str) -> Any:
    with in_edition(request, slug) as edition:
        return shown.edition(edition)


def with_firm(rows: QuerySet[Participation]) -> QuerySet[Participation]:
    """With all that is shown of a participation, in a fixed number of queries."""
    return rows.select_related("firm", "section").prefetch_related(
        Prefetch("booths", Booth.objects.select_related("hall"))
    )


@router.get(
    "/editions/{slug}/firms",
    response=shown.Page[shown.ParticipationShown],
    operation_id="firms",
    summary="Exhibitors",
)
def list_firms(request: HttpRequest, slug: str, wanted: Query[Wanted]) -> Any:
    """Who exhibits, by the filter of the directory."""
    with in_edition(request, slug) as edition:
        asked = wanted.as_filter()
        answered = answer(edition, asked)
        found = find(edition, asked, answered.participations if answered else None)
        return page_of(with_firm(found), shown.participation, cursor=wanted.cursor, limit=wanted.limit)


@router.get(
    "/editions/{slug}/firms/{identifier}",
    response=shown.ParticipationShown,
    operation_id="firm",
    summary="An exhibitor",
)
def one_firm(request: HttpRequest, slug: str, identifier: str) -> Any:
    with in_edition(request, slug) as edition:
        rows = with_firm(exhibitors(edition)).filter(firm__identifier=identifier.upper()).order_by("pk")
        row = rows.first()
        if row is None:
            raise Http404(_("No exhibitor of this fair has this identifier."))
        return shown.participation(row)


def _visible(request: HttpRequest, edition: Edition) -> Q:
    """Which offers and needs the caller may see: what is published, one's own, and as an organiser all."""
    caller = caller_of(request)
    public = Q(
        participation__kind__in=EXHIBITING, participation__state=Participation.State.CONFIRMED, review=Review.PUBLISHED
    ) & (Q(valid_until=None) | Q(valid_until__gte=timezone.localdate()))
    if caller.key is None:
        return public
    if caller.may(ApiKey.Scope.ORGANISE) and caller.user.has_perm("expo.organise_edition", edition):
        return Q()
    if caller.may(ApiKey.Scope.READ):
        return public | Q(participation__firm__in=own_firms(request))
    return public


def own_firms(request: HttpRequest, kinds: Iterable[str] | None = None) -> QuerySet[Role, int]:
    """Primary keys of the firms in which the caller has a role, or one of ``kinds``."""
    number = caller_of(request).user.pk or 0
    roles = Role.objects.filter(user_id=number, firm__isnull=False)
    return (roles if kinds is None else roles.filter(kind__in=list(kinds))).values_list("firm_id", flat=True)


@router.get("/editions/{slug}/offers", response=shown.Page[shown.OfferShown], operation_id="offers", summary="Offers")
def list_offers(request: HttpRequest, slug: str, cut: Query[Cut]) -> Any:
    """What is offered and published; with a key also what is your own firm's."""
    with in_edition(request, slug) as edition:
        rows = (
            Offer.objects.filter(_visible(request, edition))
            .select_related("participation__firm")
            .prefetch_related("certifications")
        )
        own = set(own_firms(request))
        return page_of(
            rows,
            lambda row: shown.offer(row, unnamed=row.participation.firm_id not in own),
            cursor=cut.cursor,
            limit=cut.limit,
        )


@router.get("/editions/{slug}/needs", response=shown.Page[shown.NeedShown], operation_id="needs", summary="Needs")
def list_needs(request: HttpRequest, slug: str, cut: Query[Cut]) -> Any:
    """What exhibitors look for; with a key also what is your own firm's. A buyer's need is its own affair."""
    with in_edition(request, slug) as edition:
        rows = Need.objects.filter(_visible(request, edition)).select_related("participation__firm")
        own = set(own_firms(request))
        return page_of(
            rows,
            lambda row: shown.need(row, unnamed=row.participation.firm_id not in own),
            cursor=cut.cursor,
            limit=cut.limit,
        )


@router.get("/editions/{slug}/chains", response=list[shown.ChainShown], operation_id="chains", summary="Chains")
def list_chains(request: HttpRequest, slug: str) -> Any:
    with in_edition(request, slug) as edition:
        return [shown.chain(row) for row in chains_of_edition(edition)]


@router.get("/editions/{slug}/chains/{chain}", response=shown.ChainWithNodes, operation_id="chain", summary="A chain")
def one_chain(request: HttpRequest, slug: str, chain: str) -> Any:
    """Its links, with how many exhibitors stand on each."""
    with in_edition(request, slug) as edition:
        row = next((one for one in chains_of_edition(edition) if one.slug == chain), None)
        if row is None:
            raise Http404(_("This fair has no such chain."))
        nodes = [shown.node(one.node, one.exhibitors) for one in standing(edition, row)]
        return shown.ChainWithNodes(slug=row.slug, title=row.title, summary=row.summary, nodes=nodes)


@router.get("/editions/{slug}/halls", response=list[shown.HallShown], operation_id="halls", summary="Halls and booths")
def list_halls(request: HttpRequest, slug: str) -> Any:
    with in_edition(request, slug) as edition:
        standing_there = Participation.objects.filter(
            kind__in=EXHIBITING, state=Participation.State.CONFIRMED
        ).select_related("firm")
        booths = Booth.objects.filter(edition=edition).prefetch_related(Prefetch("participations", standing_there))
        rows = Hall.objects.filter(edition=edition).prefetch_related(Prefetch("booths", booths))
        return [shown.hall(row) for row in rows]


@router.get(
    "/editions/{slug}/programme", response=list[shown.SessionShown], operation_id="programme", summary="Programme"
)
def list_sessions(request: HttpRequest, slug: str) -> Any:
    """Sessions in the order of time. schedule.xml, schedule.json and iCalendar are beside the programme's page."""
    with in_edition(request, slug) as edition:
        rows = Session.objects.filter(edition=edition, state=Session.State.CONFIRMED).select_related("forum")
        return [shown.session(row) for row in rows.order_by("starts_at", "pk")]


@router.get("/editions/{slug}/figures", response=list[shown.FigureShown], operation_id="figures", summary="Figures")
def list_figures(request: HttpRequest, slug: str) -> Any:
    """The figures of the report, each with its definition and version."""
    with in_edition(request, slug) as edition:
        return [shown.figure(row) for row in figures(edition)]
