"""Imports on the organiser's desk: what to do first, rows held back, and the card."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from serai.expo.base.retention import kept
from serai.expo.base.workbooks.domain.grid import FileRefusedError
from serai.expo.fairs.desk.domain import Todo, card, check
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.jobs.domain import job
from serai.expo.participants.contact_persons.domain import forgetting_contacts
from serai.expo.people.account.domain import privacy
from serai.expo.people.account.models import User
from serai.expo.site.imports.domain.custody import BEGUN, ImportStateError, is_interrupted
from serai.expo.site.imports.domain.erasure import forget_contacts, forget_mail, forget_persons
from serai.expo.site.imports.domain.jobs import apply, preview, remap, undo
from serai.expo.site.imports.domain.reversal import UndoRefusedError
from serai.expo.site.imports.domain.subjects import why_not_cancel
from serai.expo.site.imports.models import Import, ImportRow


@check
def _import(edition: Edition) -> Iterator[Todo]:
    if not Participation.objects.filter(edition=edition).exists():
        yield Todo(_("Import your firms"), _("One workbook is enough to start."), "import-upload")


@check
def _interrupted(edition: Edition) -> Iterator[Todo]:
    begun = Import.objects.filter(edition=edition, state__in=BEGUN)
    if count := sum(map(is_interrupted, begun)):
        yield Todo(
            ngettext_lazy("Take %d interrupted import back", "Take %d interrupted imports back", count) % count,
            _("A part of what it says may be done. Taken back, it can be applied anew."),
            "import-list",
            count,
        )


@check
def _held_back(edition: Edition) -> Iterator[Todo]:
    waiting = ImportRow.objects.filter(
        batch__edition=edition, state=ImportRow.State.POSSIBLE, participation__isnull=True
    ).exclude(batch__state="undone")
    if count := waiting.count():
        yield Todo(
            ngettext_lazy("Decide on %d row held back", "Decide on %d rows held back", count) % count,
            _("They may be firms that are known already; nothing is merged or doubled without you."),
            "import-list",
            count,
        )


card(
    "imports",
    "build",
    title=_("Import"),
    text=_("Firms, contacts, sessions, needs, wishes and booths from workbooks, with a preview, and undone whole."),
    page="import-list",
    order=30,
)

REFUSALS = (FileRefusedError, ImportStateError, UndoRefusedError)
job("import-preview", title=_("Reading a list"), refusals=REFUSALS, why_not=why_not_cancel)(preview)
job("import-mapping", title=_("Reading a list anew"), refusals=REFUSALS, why_not=why_not_cancel)(remap)
job("import-application", title=_("Applying an import"), refusals=REFUSALS, why_not=why_not_cancel)(apply)
job("import-reversal", title=_("Taking an import back"), refusals=REFUSALS, why_not=why_not_cancel)(undo)

forgetting_contacts.register(forget_contacts)


@privacy.erasing.register
def forget_person(user: User) -> None:
    """Take a person out of rows of which no contact was made."""
    forget_mail(user.email)


@kept(
    "imported-persons",
    title=_("Persons in imported lists"),
    text=_("Names, addresses and numbers of persons in the rows as they were sent. What became of each row stays."),
    days=365,
)
def forget_imported_persons(edition: Edition) -> int:
    return forget_persons(edition)
