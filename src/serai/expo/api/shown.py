"""What the interface shows of each thing: plain values, texts as mappings from language to text."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.utils.functional import Promise
from ninja import Schema
from pydantic import Field, StringConstraints

from serai.expo.chains.models import Chain, Node
from serai.expo.editions.models import Edition, Participation
from serai.expo.firms.visibility import shown as shown_field
from serai.expo.halls.models import Booth, Hall
from serai.expo.leads.models import Lead
from serai.expo.market.models import Family, MarketItem, Need, Offer
from serai.expo.meetings.models import Meeting
from serai.expo.outcomes.models import Outcome
from serai.expo.programme.models import Session
from serai.expo.report.figures import Figure

type Texts = dict[str, str]


class Page[Item](Schema):
    """A page of a long answer. ``next`` is the cursor of the following page, null at the end."""

    items: list[Item]
    next: str | None = None


class EditionShown(Schema):
    slug: str
    name: Texts
    theme: Texts
    city: Texts
    venue: Texts
    country: str = Field(description="ISO 3166 alpha-2")
    time_zone: str
    starts_on: date
    ends_on: date
    state: str
    fictional: bool


def edition(row: Edition) -> EditionShown:
    return EditionShown.model_validate({name: getattr(row, name) for name in EditionShown.model_fields})


class FirmShown(Schema):
    identifier: str
    legal_name: str
    name: Texts
    country: str
    city: Texts
    description: Texts
    website: str


class ParticipationShown(Schema):
    firm: FirmShown
    kind: str
    state: str
    section: str | None
    pavilion: str
    booths: list[str] = Field(description="Hall and booth, as in W1-A01")


def participation(row: Participation) -> ParticipationShown:
    firm = row.firm
    return ParticipationShown(
        firm=FirmShown.model_validate({name: shown_field(firm, name) for name in FirmShown.model_fields}),
        kind=row.kind,
        state=row.state,
        section=row.section.slug if row.section else None,
        pavilion=row.pavilion,
        booths=[booth.code for booth in row.booths.all()],
    )


class ItemShown(Schema):
    number: int = Field(description="Its identifier in this interface")
    firm: str | None = Field(description="Identifier of the firm; null where it stays unnamed until it accepts")
    family: str
    title: Texts
    summary: Texts
    text: Texts
    hs: list[str]
    cpc: list[str] = Field(description="CPC 2.1")
    isic: list[str]
    certificates: list[str] = Field(description="Schemes: of a need those required, of an offer those stated")
    attributes: list[list[str]] = Field(description="Each of name, operator, value and unit")
    currency: str = Field(description="ISO 4217")
    price_low: Decimal | None = Field(description="Of a need the target price")
    price_high: Decimal | None
    unit: str = Field(description="UN/CEFACT Recommendation 20")
    incoterms: list[str]
    delivery_place: str
    delivery_from: date | None
    delivery_until: date | None
    development: str
    rights: str
    agreements: list[str]
    partner_kinds: list[str]
    partner_sizes: list[str]
    partner_role: Texts
    countries_wanted: list[str] = Field(description="ISO 3166 alpha-2; empty: all")
    languages: list[str]
    valid_until: date | None
    renewed_on: date | None


class CarriedShown(Schema):
    scheme: str
    number: str
    body: str
    valid_until: date | None
    verified: bool = Field(description="Whether an organiser has looked at it")


class OfferShown(ItemShown):
    launch: bool
    launch_at: datetime | None
    minimum_order: Decimal | None
    capacity: Decimal | None
    capacity_period: str
    lead_time_days: int | None
    carried: list[CarriedShown] = Field(description="Certificates of the firm that the offer carries")


class NeedShown(ItemShown):
    quantity: Decimal | None
    frequency: str
    budget_low: Decimal | None
    budget_high: Decimal | None


def _item(row: MarketItem, model: type[ItemShown], *, unnamed: bool) -> dict[str, Any]:
    apart = {"number", "firm", "carried"}
    fields = {name: getattr(row, name) for name in model.model_fields if name not in apart}
    fields |= {name: [str(code) for code in fields[name]] for name in ("hs", "cpc", "isic", "certificates")}
    firm = None if row.anonymous and unnamed else row.participation.firm.identifier
    return fields | {"number": row.pk, "firm": firm}


def offer(row: Offer, *, unnamed: bool = True) -> OfferShown:
    carried = [
        CarriedShown(
            # The number of a certificate would name who stays unnamed.
            scheme=one.scheme,
            number="" if row.anonymous and unnamed else one.number,
            body=one.body,
            valid_until=one.valid_until,
            verified=one.verified_at is not None,
        )
        for one in row.certifications.all()
    ]
    return OfferShown.model_validate(_item(row, OfferShown, unnamed=unnamed) | {"carried": carried})


def need(row: Need, *, unnamed: bool = True) -> NeedShown:
    return NeedShown.model_validate(_item(row, NeedShown, unnamed=unnamed))


class ChainShown(Schema):
    slug: str
    title: Texts
    summary: Texts


def chain(row: Chain) -> ChainShown:
    return ChainShown(slug=row.slug, title=row.title, summary=row.summary)


class NodeShown(Schema):
    code: str
    title: Texts
    position: str = Field(description="upstream, midstream, downstream or service")
    exhibitors: int


def node(row: Node, exhibitors: int) -> NodeShown:
    return NodeShown(code=row.code, title=row.title, position=row.stage.position, exhibitors=exhibitors)


class ChainWithNodes(ChainShown):
    nodes: list[NodeShown]


class BoothShown(Schema):
    code: str
    x_m: float | None
    y_m: float | None
    width_m: float | None
    depth_m: float | None
    firms: list[str]


class HallShown(Schema):
    code: str
    title: Texts
    width_m: float | None
    depth_m: float | None
    booths: list[BoothShown]


def booth(row: Booth) -> BoothShown:
    return BoothShown(
        code=row.code,
        x_m=row.x_m,
        y_m=row.y_m,
        width_m=row.width_m,
        depth_m=row.depth_m,
        firms=[there.firm.identifier for there in row.participations.all()],
    )


def hall(row: Hall) -> HallShown:
    return HallShown(
        code=row.code,
        title=row.title,
        width_m=row.width_m,
        depth_m=row.depth_m,
        booths=[booth(one) for one in row.booths.all()],
    )


class SessionShown(Schema):
    number: int
    forum: str
    kind: str
    title: Texts
    summary: Texts
    starts_at: datetime
    ends_at: datetime
    capacity: int | None


def session(row: Session) -> SessionShown:
    return SessionShown(
        number=row.pk,
        forum=row.forum.slug,
        kind=row.forum.kind,
        title=row.title or row.forum.title,
        summary=row.summary or row.forum.summary,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        capacity=row.capacity,
    )


class FigureShown(Schema):
    code: str
    title: str
    definition: str
    version: int
    unit: str
    value: float | None = Field(description="null means that it cannot be said, never that it is zero")


def figure(row: Figure) -> FigureShown:
    said: str | Promise = row.definition.text
    return FigureShown(
        code=row.code,
        title=str(row.definition.title),
        definition=str(said),
        version=row.definition.version,
        unit=str(row.definition.unit),
        value=row.value,
    )


class MeetingShown(Schema):
    number: int
    parties: list[str]
    state: str
    starts_at: datetime | None
    place: str


def meeting(row: Meeting) -> MeetingShown:
    return MeetingShown(
        number=row.pk,
        parties=[row.host.firm.identifier, row.guest.firm.identifier],
        state=row.state,
        starts_at=row.starts_at,
        place=row.place,
    )


class OutcomeShown(Schema):
    number: int
    kind: str
    state: str
    title: Texts
    parties: list[str]
    value: Decimal | None = Field(description="null where it is confidential")
    currency: str
    claimed_at: datetime


def outcome(row: Outcome) -> OutcomeShown:
    return OutcomeShown(
        number=row.pk,
        kind=row.kind,
        state=row.state,
        title=row.title,
        parties=[party.participation.firm.identifier for party in row.parties.all()],
        value=None if row.confidential else row.value,
        currency=row.currency,
        claimed_at=row.claimed_at,
    )


class LeadShown(Schema):
    number: int
    firm: str = Field(description="Whose lead it is")
    person: str
    position: str
    firm_name: str
    contact: str
    need: str
    asked: list[str]
    rating: int
    notes: str
    next_step: str
    next_on: date | None
    met_at: datetime


def lead(row: Lead) -> LeadShown:
    named = {name: getattr(row, name) for name in LeadShown.model_fields if name not in {"number", "firm"}}
    return LeadShown.model_validate({"number": row.pk, "firm": row.participation.firm.identifier} | named)


class CallerShown(Schema):
    mail: str
    name: str
    scopes: list[str]
    only_in: str | None


class SeatShown(Schema):
    session: int
    state: str = Field(description="confirmed, or waiting for a seat")


HsCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}([0-9]{2}([0-9]{2})?)?$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[a-z0-9]{2,8})*$", max_length=16)]
Words = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=4000)]


Scheme = Annotated[str, StringConstraints(pattern=r"^[^\x00]*\S[^\x00]*$", max_length=100)]


class ItemGiven(Schema):
    title: dict[Language, Words] = Field(
        min_length=1,
        description="Language to text, as in {'en': 'Separator film', 'zh-hans': '隔膜'}",
        json_schema_extra={"additionalProperties": False},
    )
    text: dict[Language, Words] = Field(default_factory=dict, json_schema_extra={"additionalProperties": False})
    summary: dict[Language, Words] = Field(default_factory=dict, json_schema_extra={"additionalProperties": False})
    family: Family = Family.GOODS
    hs: list[HsCode] = Field(default_factory=list, max_length=20, description="HS 2022 codes of 2, 4 or 6 digits")
    certificates: list[Scheme] = Field(
        default_factory=list, max_length=20, description="Schemes, as in ISO 9001: of a need those required"
    )
    valid_until: date | None = None
    submit: bool = Field(False, description="Hand it in for review at once")


class OfferGiven(ItemGiven):
    launch: bool = Field(False, description="Shown here for the first time")


class NeedGiven(ItemGiven):
    quantity: float | None = Field(default=None, ge=0, le=1e12, description="Rounded to two places")
    unit: str = Field("", pattern=r"^[A-Z0-9]{0,3}$", description="UN/CEFACT Recommendation 20")


class EnteredShown(Schema):
    number: int
    review: str = Field(description="draft, or submitted")
