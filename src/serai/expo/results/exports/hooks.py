"""The tables of a fair that are views over several records, then one table for each kind of record."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import Count, Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from serai.expo.base.export_tables import Filter, Rows, Table, Wanted, add, languages, table
from serai.expo.fairs.desk.domain import card
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.jobs.domain import job
from serai.expo.firms.record.domain.visibility import as_organiser, may_read, shown
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.outcomes.models import Outcome
from serai.expo.meetings.timetable.domain.pools import pair_of_each
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.models import Session, SignUp
from serai.expo.results.exports.domain.archive import write_everything, write_table
from serai.expo.results.exports.domain.record_tables import AT_A_TIME, record_tables, value_at
from serai.expo.venue.halls.models import Booth, Entrance, TableArea

type Columns = Mapping[str, str | Callable[[Any], object]]
"""By the title of a column the path of its value from the row, as in ``host.firm.identifier``, or a function."""

KIND = Filter("kind", _("Kind"), Participation.Kind.choices)
STATE = Filter("state", _("State"), Participation.State.choices)
FIRM = {"firm": "firm.identifier", "firm_name": "firm.legal_name", "firm_country": "firm.country"}
PLACE = ("x_m", "y_m", "width_m", "depth_m")


def own(*names: str) -> Columns:
    """Columns with fields of the row itself."""
    return dict(zip(names, names, strict=True))


def read(row: Model, columns: Columns) -> list[object]:
    return [value_at(row, column) if isinstance(column, str) else column(row) for column in columns.values()]


def declare[M: Model](
    key: str, title: str | Promise, rows: Callable[[], QuerySet[M]], columns: Columns, filters: Sequence[Filter] = ()
) -> None:
    """Declare a table with a row for each row of one model; filters are fields of the model."""

    def made(edition: Edition, wanted: Wanted) -> Rows:
        for row in rows().filter(edition=edition, **wanted).iterator(AT_A_TIME):
            yield read(row, columns)

    add(Table(key, title, tuple(columns), tuple(filters), personal=False, rows=made))


def identifiers(parties: Sequence[Any]) -> list[str]:
    """The firms of stands or of parties of an outcome."""
    return [party.participation.firm.identifier for party in parties]


def firm_names(parties: Sequence[Any]) -> list[str]:
    return [party.participation.firm.legal_name for party in parties]


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
    taking_part = Participation.objects.filter(edition=edition, **wanted)
    rows = Firm.objects.filter(pk__in=taking_part.values("firm")).order_by("sort_name", "pk")
    kinds: dict[int, list[str]] = {}
    for number, kind in taking_part.order_by("pk").values_list("firm_id", "kind"):
        kinds.setdefault(number, []).append(kind)
    for firm in rows.prefetch_related("identifiers").iterator(AT_A_TIME):
        reader = as_organiser(edition, firm)
        may_see = may_read(firm, "identifiers", reader)
        numbers = [f"{number.scheme} {number.value}" for number in firm.identifiers.all() if may_see]
        yield (
            *(firm.identifier, firm.legal_name, *languages(firm.name, "en", "zh-hans"), firm.country, firm.city),
            *(shown(firm, name, reader) for name in ("website", "founded", "size", "women_led")),
            *(numbers, shown(firm, "isic", reader), kinds.get(firm.pk, [])),
        )


declare(
    "participations",
    _("Participations"),
    lambda: Participation.objects.select_related("firm", "section", "lead__firm").prefetch_related("booths__hall"),
    {
        **FIRM,
        **own("kind", "state"),
        "section": "section.slug",
        "lead": "lead.firm.identifier",
        **own("pavilion", "area_m2"),
        "booths": lambda row: [booth.label for booth in row.booths.all()],
        **own("support", "meetings_minimum", "meetings_maximum", "entered_at"),
    },
    (KIND, STATE),
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
    users = User.objects.filter(theirs).distinct().order_by("email")
    for user in users.prefetch_related("roles__firm", "roles__organisation").iterator(AT_A_TIME):
        for role in user.roles.all():
            if role.firm_id in firms or role.organisation_id == edition.organisation_id:
                yield (
                    *(user.email, user.name, user.language),
                    *((role.firm.identifier, role.firm.legal_name) if role.firm else ("", "")),
                    *(role.organisation.slug if role.organisation else "", role.kind, user.joined_at),
                )


MEETING: Columns = {
    "host": "host.firm.identifier",
    "host_name": "host.firm.legal_name",
    "guest": "guest.firm.identifier",
    "guest_name": "guest.firm.legal_name",
    **own("state", "source", "value", "starts_at", "ends_at", "place", "why_not"),
    **own("host_arrived_at", "guest_arrived_at"),
}


@table(
    "meetings",
    title=_("Meetings"),
    columns=(*MEETING, "interpreters"),
    filters=(Filter("state", _("State"), Meeting.State.choices),),
)
def meetings(edition: Edition, wanted: Wanted) -> Rows:
    rows = Meeting.objects.filter(edition=edition, **wanted).select_related("host__firm", "guest__firm")
    pair = pair_of_each(edition)
    for meeting in rows.iterator(AT_A_TIME):
        yield [*read(meeting, MEETING), list(pair(meeting) or ())]


declare(
    "outcomes",
    _("Outcomes"),
    lambda: Outcome.objects.prefetch_related("parties__participation__firm"),
    {
        **own("kind", "state", "title"),
        "parties": lambda row: identifiers(row.parties.all()),
        "party_names": lambda row: firm_names(row.parties.all()),
        "confirmed_by": lambda row: identifiers([party for party in row.parties.all() if party.confirmed_at]),
        **own("value", "currency", "confidential", "claimed_at"),
    },
    (Filter("kind", _("Kind"), Outcome.Kind.choices), Filter("state", _("State"), Outcome.State.choices)),
)
declare(
    "booths",
    _("Booths"),
    lambda: Booth.objects.select_related("hall").prefetch_related("stands__participation__firm"),
    {
        "hall": "hall.code",
        "booth": "code",
        **own(*PLACE, "kind", "build", "power_kw", "equipment", "height_m", "load_kg_m2", "state", "held_until"),
        "firms": lambda row: identifiers(row.stands.all()),
        "firm_names": lambda row: firm_names(row.stands.all()),
    },
)
declare(
    "entrances",
    _("Entrances of the halls"),
    lambda: Entrance.objects.select_related("hall"),
    {"hall": "hall.code", **own("code", "x_m", "y_m")},
)
declare(
    "meeting-tables",
    _("Places of meeting tables"),
    lambda: TableArea.objects.select_related("hall"),
    {"hall": "hall.code", "tables": lambda row: f"{row.first}-{row.last}", **own(*PLACE)},
)
declare(
    "programme",
    _("Programme"),
    lambda: Session.objects.select_related("forum", "room").annotate(
        signed_up=Count("sign_ups", Q(sign_ups__state=SignUp.State.CONFIRMED)),
        waiting=Count("sign_ups", Q(sign_ups__state=SignUp.State.WAITING)),
    ),
    {
        "forum": "forum.slug",
        "kind": "forum.kind",
        "forum_title": "forum.title",
        "session": "pk",
        "title_en": lambda row: row.title.get("en"),
        "title_zh": lambda row: row.title.get("zh-hans"),
        **own("starts_at", "ends_at"),
        "room": "room.title",
        **own("capacity", "languages", "signed_up", "waiting"),
    },
)
declare(  # what a lead says belongs to the firm that made it: organisers learn how many there are
    "leads",
    _("Leads, as a count a firm"),
    lambda: (
        Participation.objects.filter(leads__isnull=False)
        .select_related("firm")
        .annotate(
            all_leads=Count("leads"),
            with_next_step=Count("leads", Q(leads__next_on__isnull=False)),
            done=Count("leads", Q(leads__done_at__isnull=False)),
        )
    ),
    {**FIRM, "kind": "kind", "leads": "all_leads", **own("with_next_step", "done")},
)
for record in record_tables():
    add(record)


card(
    "export-list",
    "after",
    title=_("Exports"),
    text=_("Every table as a workbook, CSV or JSON, and all of the fair as one archive."),
    order=30,
)

job("export", title=_("A table as a file"))(write_table)
job("export-of-all", title=_("All of the fair as one archive"))(write_everything)
