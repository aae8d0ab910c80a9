"""What this room tells the registries: tables, desk."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from serai.expo.base.export_tables import Filter, Row, Rows, Wanted, add, languages, table
from serai.expo.fairs.desk.domain import card
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.visibility import as_organiser, may_read, shown
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.outcomes.models import Outcome
from serai.expo.meetings.timetable.domain.interpreters import pair_of_each
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.models import Session, SignUp
from serai.expo.results.exports.domain.record_tables import record_tables
from serai.expo.venue.halls.models import Booth, TableArea

KIND = Filter("kind", _("Kind"), Participation.Kind.choices)
STATE = Filter("state", _("State"), Participation.State.choices)
AT_A_TIME = 500


def each[M: Model](found: QuerySet[M]) -> Iterator[M]:
    """The rows some at a time, with what is prefetched."""
    return found.iterator(AT_A_TIME)


def narrowed[M: Model](found: QuerySet[M], wanted: Wanted, **lookups: str) -> QuerySet[M]:
    """The rows that the filters leave: ``kind="participation__kind"`` looks there for what is wanted as the kind."""
    return found.filter(**{lookups[name]: value for name, value in wanted.items() if name in lookups})


def of_firm(firm: Firm) -> Row:
    return firm.identifier, firm.legal_name, firm.country


FIRM = ("firm", "firm_name", "firm_country")


@table(
    "firms",
    title=_("Firms"),
    columns=(
        *("firm", "legal_name", "name_en", "name_zh", "country", "city", "website", "founded", "size", "women_led"),
        *("identifiers", "isic", "kinds"),
    ),
    filters=(KIND, STATE),
)
def firms(edition: Edition, wanted: Wanted) -> Rows:
    taking_part = narrowed(Participation.objects.filter(edition=edition), wanted, kind="kind", state="state")
    found = Firm.objects.filter(pk__in=taking_part.values("firm")).order_by("sort_name", "pk")
    kinds: dict[int, list[str]] = {}
    for number, kind in taking_part.order_by("pk").values_list("firm_id", "kind"):
        kinds.setdefault(number, []).append(kind)
    for firm in each(found.prefetch_related("identifiers")):
        reader = as_organiser(edition, firm)
        told = may_read(firm, "identifiers", reader)
        numbers = [f"{one.scheme} {one.value}" for one in firm.identifiers.all() if told]
        yield (
            *(firm.identifier, firm.legal_name, *languages(firm.name, "en", "zh-hans"), firm.country, firm.city),
            *(shown(firm, name, reader) for name in ("website", "founded", "size", "women_led")),
            *(numbers, shown(firm, "isic", reader), kinds.get(firm.pk, [])),
        )


@table(
    "participations",
    title=_("Participations"),
    columns=(
        *FIRM,
        *("kind", "state", "section", "lead", "pavilion", "area_m2", "booths", "support"),
        *("meetings_minimum", "meetings_maximum", "entered_at"),
    ),
    filters=(KIND, STATE),
)
def participations(edition: Edition, wanted: Wanted) -> Rows:
    found = narrowed(Participation.objects.filter(edition=edition), wanted, kind="kind", state="state")
    for one in each(found.select_related("firm", "section", "lead__firm").prefetch_related("booths__hall")):
        yield (
            *of_firm(one.firm),
            *(one.kind, one.state, one.section.slug if one.section else ""),
            *(one.lead.firm.identifier if one.lead else "", one.pavilion, one.area_m2),
            *([booth.label for booth in one.booths.all()], one.support),
            *(one.meetings_minimum, one.meetings_maximum, one.entered_at),
        )


@table(
    "people",
    title=_("People"),
    columns=("email", "name", "language", "firm", "firm_name", "organisation", "role", "joined_at"),
    personal=True,
)
def people(edition: Edition, _wanted: Wanted) -> Rows:
    taking_part = Participation.objects.filter(edition=edition).values("firm")
    theirs = Q(roles__firm__in=taking_part) | Q(roles__organisation=edition.organisation_id)
    firms = set(Participation.objects.filter(edition=edition).values_list("firm_id", flat=True))
    found = User.objects.filter(theirs).distinct().order_by("email")
    for user in each(found.prefetch_related("roles__firm", "roles__organisation")):
        for role in user.roles.all():
            if role.firm_id in firms or role.organisation_id == edition.organisation_id:
                yield (
                    *(user.email, user.name, user.language),
                    *((role.firm.identifier, role.firm.legal_name) if role.firm else ("", "")),
                    *(role.organisation.slug if role.organisation else "", role.kind, user.joined_at),
                )


@table(
    "meetings",
    title=_("Meetings"),
    columns=(
        *("host", "host_name", "guest", "guest_name", "state", "source", "value", "starts_at", "ends_at", "place"),
        *("why_not", "host_arrived_at", "guest_arrived_at", "interpreters"),
    ),
    filters=(Filter("state", _("State"), Meeting.State.choices),),
)
def meetings(edition: Edition, wanted: Wanted) -> Rows:
    found = narrowed(Meeting.objects.filter(edition=edition), wanted, state="state")
    pair = pair_of_each(edition)
    for one in each(found.select_related("host__firm", "guest__firm")):
        host, guest = one.host.firm, one.guest.firm
        yield (
            *(host.identifier, host.legal_name, guest.identifier, guest.legal_name, one.state, one.source, one.value),
            *(one.starts_at, one.ends_at, one.place, one.why_not, one.host_arrived_at, one.guest_arrived_at),
            list(pair(one) or ()),
        )


@table(
    "outcomes",
    title=_("Outcomes"),
    columns=(
        *("kind", "state", "title", "parties", "party_names", "confirmed_by"),
        *("value", "currency", "confidential", "claimed_at"),
    ),
    filters=(
        Filter("kind", _("Kind"), Outcome.Kind.choices),
        Filter("state", _("State"), Outcome.State.choices),
    ),
)
def outcomes(edition: Edition, wanted: Wanted) -> Rows:
    found = narrowed(Outcome.objects.filter(edition=edition), wanted, kind="kind", state="state")
    for one in each(found.prefetch_related("parties__participation__firm")):
        parties = list(one.parties.all())
        yield (
            *(one.kind, one.state, one.title, [party.participation.firm.identifier for party in parties]),
            [party.participation.firm.legal_name for party in parties],
            [party.participation.firm.identifier for party in parties if party.confirmed_at],
            *(one.value, one.currency, one.confidential, one.claimed_at),
        )


BOOTH_FIELDS = ("kind", "power_kw", "equipment", "height_m", "load_kg_m2", "state", "held_until")


@table(
    "booths",
    title=_("Booths"),
    columns=("hall", "booth", "x_m", "y_m", "width_m", "depth_m", *BOOTH_FIELDS, "firms", "firm_names"),
)
def booths(edition: Edition, _wanted: Wanted) -> Rows:
    found = Booth.objects.filter(edition=edition).select_related("hall")
    for one in each(found.prefetch_related("stands__participation__firm")):
        firms = [stand.participation.firm for stand in one.stands.all()]
        more: list[Any] = [getattr(one, name) for name in BOOTH_FIELDS]
        yield (
            *(one.hall.code, one.code, one.x_m, one.y_m, one.width_m, one.depth_m, *more),
            *([firm.identifier for firm in firms], [firm.legal_name for firm in firms]),
        )


@table(
    "meeting-tables",
    title=_("Places of meeting tables"),
    columns=("hall", "tables", "x_m", "y_m", "width_m", "depth_m"),
)
def meeting_tables(edition: Edition, _wanted: Wanted) -> Rows:
    for one in each(TableArea.objects.filter(edition=edition).select_related("hall")):
        yield (one.hall.code, f"{one.first}-{one.last}", one.x_m, one.y_m, one.width_m, one.depth_m)


@table(
    "programme",
    title=_("Programme"),
    columns=(
        *("forum", "kind", "forum_title", "session", "title_en", "title_zh", "starts_at", "ends_at", "room"),
        *("capacity", "languages", "signed_up", "waiting"),
    ),
)
def programme(edition: Edition, _wanted: Wanted) -> Rows:
    seats = Q(sign_ups__state=SignUp.State.CONFIRMED), Q(sign_ups__state=SignUp.State.WAITING)
    found = Session.objects.filter(edition=edition).select_related("forum", "room")
    counted = found.annotate(taken=Count("sign_ups", seats[0]), waits=Count("sign_ups", seats[1]))
    for one in counted.iterator(AT_A_TIME):
        yield (
            *(one.forum.slug, one.forum.kind, one.forum.title, one.pk, *languages(one.title, "en", "zh-hans")),
            *(one.starts_at, one.ends_at, one.room.title if one.room else "", one.capacity, one.languages),
            *(one.taken, one.waits),
        )


@table("leads", title=_("Leads, as a count a firm"), columns=(*FIRM, "kind", "leads", "with_next_step", "done"))
def leads(edition: Edition, _wanted: Wanted) -> Rows:
    """What a lead says belongs to the firm that made it; the organiser learns how many there are."""
    found = Participation.objects.filter(edition=edition, leads__isnull=False).select_related("firm")
    counted = found.annotate(
        all_leads=Count("leads"),
        planned=Count("leads", Q(leads__next_on__isnull=False)),
        done=Count("leads", Q(leads__done_at__isnull=False)),
    )
    for one in counted.iterator(AT_A_TIME):
        yield *of_firm(one.firm), one.kind, one.all_leads, one.planned, one.done


for one in record_tables():
    add(one)


card(
    "exports",
    "after",
    title=_("Exports"),
    text=_("Every table as a workbook, CSV or JSON, and all of the fair as one archive."),
    page="export-list",
    order=30,
)
