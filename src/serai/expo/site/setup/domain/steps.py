"""The steps of setting a fair up, and which of them are done."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from serai.expo.fairs.edition.models import Edition, Participation, Phase, Section
from serai.expo.programme.sessions.models import Forum
from serai.expo.venue.halls.models import Booth


@dataclass(frozen=True)
class Step:
    """One step: its reason, its page, a count, and whether it is done."""

    title: str | Promise
    why: str | Promise
    page: str
    count: int | None
    done: bool


def steps(edition: Edition) -> list[Step]:
    """The steps in the order of the work."""
    sections = Section.objects.filter(edition=edition).count()
    phases = Phase.objects.filter(edition=edition).count()
    booths = Booth.objects.filter(edition=edition).count()
    firms = Participation.objects.filter(edition=edition).count()
    forums = Forum.objects.filter(edition=edition).count()
    published = edition.state != Edition.State.DRAFT
    return [
        Step(_("Name, days and place"), _("What the public reads first."), "edition-change", None, bool(edition.city)),
        Step(_("Sections"), _("Which chains the fair is about."), "sections", sections, sections > 0),
        Step(_("Phases"), _("When each part opens and closes by itself."), "phases", phases, phases > 0),
        Step(_("Halls and booths"), _("The ground plan, drawn or from a workbook."), "floor", booths, booths > 0),
        Step(
            _("Firms"),
            _("One workbook is enough to start; others apply by themselves."),
            "import-upload",
            firms,
            firms > 0,
        ),
        Step(_("Programme"), _("Ceremony, forums and their rooms."), "programme", forums, forums > 0),
        Step(_("Publish"), _("Until then nobody but you sees the fair."), "edition-state", None, published),
    ]
