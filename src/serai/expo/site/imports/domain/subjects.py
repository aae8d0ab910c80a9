"""The kinds of lists that can be imported, and who imports which. A file whose kind is not named is of the first
that fits its header best.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.edition.rules import refusal, rights_in
from serai.expo.fairs.jobs.models import Job
from serai.expo.people.account.models import User
from serai.expo.site.imports.domain.booth_list import booth_columns, plan_booths
from serai.expo.site.imports.domain.contact_cells import WHO
from serai.expo.site.imports.domain.fields import fields
from serai.expo.site.imports.domain.need_list import need_columns, plan_needs
from serai.expo.site.imports.domain.plan import columns, plan, plan_contacts
from serai.expo.site.imports.domain.session_columns import session_columns
from serai.expo.site.imports.domain.session_list import plan_sessions, tell_moved
from serai.expo.site.imports.domain.subject import Need, Subject
from serai.expo.site.imports.domain.wish_list import plan_wishes, wish_columns
from serai.expo.site.imports.models import Import

FIRMS = Subject(
    key="firms",
    title=_("Firms"),
    text=_("Exhibitors, buyers and all others who take part, one firm a row."),
    columns=fields,
    plan=plan,
    needs=(
        Need(("name", "legal_name"), _("No column holds the name of the firm. Say which one does.")),
        Need(
            ("country",),
            _("No column holds the country or region of the firm. Say which one does, or add one to the file."),
        ),
    ),
    shown=("name", "legal_name"),
    below="country",
    in_other_languages=("name", "description", "offers"),
    keeps_own=True,
)

CONTACTS = Subject(
    key="contacts",
    title=_("Contact persons"),
    text=_("People of firms that take part already, found by the name or the identifier of the firm."),
    columns=columns,
    plan=plan_contacts,
    needs=(
        Need(("name", "legal_name", "serai"), _("No column holds the name of the firm. Say which one does.")),
        Need(tuple(sorted(WHO)), _("No column holds a person, a mail address or a phone. Say which one does.")),
    ),
    shown=("name", "legal_name", "serai"),
    below="contact_name",
)

SESSIONS = Subject(
    key="sessions",
    title=_("Sessions and speakers"),
    text=_("The programme, one session a row with its room, times and speakers. Also schedule.json and iCalendar."),
    columns=session_columns,
    plan=plan_sessions,
    needs=(
        Need(("title",), _("No column holds the title of the session. Say which one does.")),
        Need(("begins",), _("No column says when the session begins. Say which one does.")),
    ),
    shown=("title",),
    below="begins",
    area="programme",
    in_other_languages=("title", "summary"),
    after=tell_moved,
)

NEEDS = Subject(
    key="needs",
    title=_("Needs"),
    text=_("What buyers look for, one need a row, with the name of the firm as it takes part."),
    columns=need_columns,
    plan=plan_needs,
    needs=(
        Need(("firm", "serai"), _("No column holds the name of the firm. Say which one does.")),
        Need(("title",), _("No column holds the title of the need. Say which one does.")),
    ),
    shown=("title",),
    below="firm",
    area="meetings",
    in_other_languages=("title", "text"),
)

WISHES = Subject(
    key="wishes",
    title=_("Wishes to meet"),
    text=_("Who must, would or does not want to meet whom, one pair a row. The other side never sees it."),
    columns=wish_columns,
    plan=plan_wishes,
    needs=(
        Need(("wisher",), _("No column says who wishes. Say which one does.")),
        Need(("wished",), _("No column says whom to meet. Say which one does.")),
    ),
    shown=("wisher",),
    below="wished",
    area="meetings",
)

BOOTHS = Subject(
    key="booths",
    title=_("Booths"),
    text=_("Halls and booths with sizes, kinds and prices, one booth a row, and the firm that has it."),
    columns=booth_columns,
    plan=plan_booths,
    needs=(
        Need(("booth",), _("No column holds the code of the booth. Say which one does.")),
        Need(
            ("width_m", "size", "area_m2", "kind", "build", "price", "x_m", "power_kw"),
            _("No column says anything of the booth, such as its size, kind or price. Say which one does."),
        ),
    ),
    shown=("booth",),
    below="hall",
    area="floor",
)

SUBJECTS: Mapping[str, Subject] = {
    subject.key: subject for subject in (FIRMS, CONTACTS, SESSIONS, NEEDS, WISHES, BOOTHS)
}
"""By key, in the order of their pages."""


def importable(user: User, edition: Edition) -> list[Subject]:
    """The kinds of lists that an organiser may import into the edition."""
    rights = rights_in(user, edition)
    return [subject for subject in SUBJECTS.values() if rights.may(subject.area, change=True)]


def why_not(user: User, edition: Edition, subject: Subject) -> str:
    """Why an organiser may not import a list of this kind; empty where it may."""
    return "" if subject in importable(user, edition) else refusal(user, edition, subject.area, change=True)


def why_not_cancel(user: User, job: Job) -> str:
    """Why an organiser may not cancel a job of an import; empty where it may import all that the job may be about."""
    refusals = (why_not(user, job.edition, subject) for subject in _subjects_of(job))
    return next(filter(None, refusals), "")


def _subjects_of(job: Job) -> list[Subject]:
    """The kinds of lists that a job may read: those of who asked for a preview, or that of its import."""
    if "number" not in job.given:
        return [SUBJECTS[key] for key in job.given.get("among", SUBJECTS)]
    with scope(edition=job.edition):
        kept = Import.objects.filter(pk=job.given["number"]).values_list("subject", flat=True).first()
    return [] if kept is None else [SUBJECTS[kept]]
