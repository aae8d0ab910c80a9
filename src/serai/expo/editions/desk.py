"""The organiser's to-dos: what the state of an edition asks for next."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from serai.expo.chains.domain import chains_of_edition
from serai.expo.chains.models import Placement
from serai.expo.chains.standing import links
from serai.expo.editions.models import Edition, Participation
from serai.expo.firms.directory import exhibitors
from serai.expo.imports.models import ImportRow
from serai.expo.market.models import Offer
from serai.expo.meetings.models import TimetableRun, Wish


@dataclass(frozen=True)
class Todo:
    """Something to do, why, and the page on which to do it (the name of its address)."""

    text: str | Promise
    why: str | Promise
    page: str
    count: int = 0


type Check = Callable[[Edition], Iterator[Todo]]


def todos(edition: Edition) -> list[Todo]:
    """What there is to do, in the order in which a fair is built. Call inside of the edition's scope."""
    return [todo for check in CHECKS for todo in check(edition)]


def _import(edition: Edition) -> Iterator[Todo]:
    if not Participation.objects.filter(edition=edition).exists():
        yield Todo(_("Import your firms"), _("One workbook is enough to start."), "import-upload")


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


def _place(edition: Edition) -> Iterator[Todo]:
    placed = Placement.objects.filter(edition=edition, side=Placement.Side.OFFER).values("participation")
    offering = Offer.objects.filter(edition=edition).values("participation")
    count = exhibitors(edition).filter(pk__in=offering).exclude(pk__in=placed).count()
    if count:
        yield Todo(
            ngettext_lazy("Place %d exhibitor on a chain", "Place %d exhibitors on a chain", count) % count,
            _("Neither codes nor words of theirs point to a link of a chain."),
            "matching",
            count,
        )
    silent = exhibitors(edition).exclude(pk__in=offering).count()
    if silent:
        yield Todo(
            ngettext_lazy("Ask %d exhibitor what it offers", "Ask %d exhibitors what they offer", silent) % silent,
            _("Without an offer nobody can be told to meet them."),
            "directory",
            silent,
        )


def _gaps(edition: Edition) -> Iterator[Todo]:
    _present, count = links(edition, chains_of_edition(edition))
    if count and Placement.objects.filter(edition=edition).exists():
        yield Todo(
            ngettext_lazy("Fill %d missing link", "Fill %d missing links", count) % count,
            _("Nobody at this fair offers these; the chain maps show them."),
            "chain-list",
            count,
        )


def _timetable(edition: Edition) -> Iterator[Todo]:
    wishes = Wish.objects.filter(edition=edition).exclude(strength=Wish.Strength.NO_THANKS)
    runs = TimetableRun.objects.filter(edition=edition)
    if wishes.exists() and not runs.exists():
        yield Todo(_("Make the timetable"), _("There are wishes to meet and no timetable yet."), "timetable")
    elif (
        runs.filter(state=TimetableRun.State.DRAFT).exists()
        and not runs.filter(state=TimetableRun.State.PUBLISHED).exists()
    ):
        yield Todo(_("Publish the timetable"), _("It is a draft that only organisers see."), "timetable")


CHECKS: tuple[Check, ...] = (_import, _held_back, _place, _gaps, _timetable)
