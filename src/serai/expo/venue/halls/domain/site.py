"""The site with all halls, where firms stand, and both as data."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.expo.base.datasets import Column, Numbers, dataset
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition, Participation, Section
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING, exhibitors
from serai.expo.venue.halls.domain.plan import halls, halls_with_counts
from serai.expo.venue.halls.models import Hall, Stand
from serai.match.search import terms

USUAL_M = 100.0
"""Width and depth of a hall whose size is not known."""
STREET_M = 15.0
"""Between halls that are drawn side by side."""
MARGIN_M = 2.0
MOST_FOUND = 30


@dataclass(frozen=True)
class HallOnSite:
    """A hall on the site, in metres, with its exhibitors by section, the largest first."""

    hall: Hall
    x: float
    y: float
    width: float
    depth: float
    exhibitors: int
    sections: Sequence[tuple[Section, int]]

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.depth / 2


@dataclass(frozen=True)
class Site:
    """All halls, and the size of what is drawn."""

    halls: Sequence[HallOnSite]
    is_true: bool
    """Whether the halls lie where they are drawn; else they are drawn side by side."""

    @property
    def view_box(self) -> str:
        """Of the drawing, in metres, with a margin."""
        left = min((hall.x for hall in self.halls), default=0.0) - MARGIN_M
        top = min((hall.y for hall in self.halls), default=0.0) - MARGIN_M
        right = max((hall.x + hall.width for hall in self.halls), default=0.0) + MARGIN_M
        far = max((hall.y + hall.depth for hall in self.halls), default=0.0) + MARGIN_M
        return f"{left:.1f} {top:.1f} {right - left:.1f} {far - top:.1f}"


def site(edition: Edition) -> Site:
    """The halls of a fair where they lie, by four queries; side by side where the place of one is not known."""
    rows = list(halls(edition))
    confirmed = Stand.objects.filter(
        edition=edition, participation__state=Participation.State.CONFIRMED, participation__kind__in=EXHIBITING
    )
    counted = (
        confirmed.order_by()
        .values_list("booth__hall", "participation__section")
        .annotate(firms=Count("participation", distinct=True))
    )
    sections = {section.pk: section for section in Section.objects.filter(edition=edition).select_related("chain")}
    firms: Counter[int] = Counter()
    by_hall: dict[int, list[tuple[Section, int]]] = defaultdict(list)
    for hall, section, number in counted:
        firms[hall] += number
        if section is not None:
            by_hall[hall].append((sections[section], number))
    known = [hall for hall in rows if hall.site_x_m is not None and hall.site_y_m is not None]
    is_true = len(known) == len(rows)
    drawn, taken = [], 0.0
    for hall in rows:
        width, depth = float(hall.width_m or USUAL_M), float(hall.depth_m or USUAL_M)
        x, y = (float(hall.site_x_m or 0), float(hall.site_y_m or 0)) if is_true else (taken, 0.0)
        taken += width + STREET_M
        largest_first = sorted(by_hall[hall.pk], key=lambda of: (-of[1], of[0].order))
        drawn.append(HallOnSite(hall, x, y, width, depth, firms[hall.pk], largest_first))
    return Site(drawn, is_true)


def stands_of(edition: Edition, words: str) -> QuerySet[Stand]:
    """Where exhibitors stand whose names or texts hold all of these words, in order of their names; none without words.

    At most `MOST_FOUND`.
    """
    named = exhibitors(edition)
    for word in words.split():
        in_texts = Q()
        for term in terms(word):
            in_texts &= Q(tokens__contains=f" {term} ")
        by_name = Q(firm__legal_name__icontains=word) | Q(booths__code__iexact=word)
        named = named.filter(by_name | in_texts if in_texts else by_name)
    if not words.split():
        named = named.none()
    stands = Stand.objects.filter(edition=edition, participation__in=named.values("pk"))
    related = stands.select_related("booth__hall", "participation__firm")
    return related.order_by("participation__firm__sort_name", "booth__hall", "booth__code")[:MOST_FOUND]


HALLS = (
    Column("hall", "string", "Code of the hall"),
    Column("title", "string", "Its title"),
    Column("width_m", "number", "Width", "m"),
    Column("depth_m", "number", "Depth", "m"),
    Column("booths", "integer", "Booths"),
    Column("taken", "integer", "Booths with an exhibitor"),
)
TITLE = _("Halls and their booths")
TEXT = _("How large each hall is, and how many of its booths have an exhibitor.")


def _numbers(rows: Iterable[Hall]) -> Numbers:
    halls = [
        (
            *(hall.code, str(in_language(hall.title)), hall.width_m, hall.depth_m),
            *(getattr(hall, name) for name in ("booth_count", "taken_count")),
        )
        for hall in rows
    ]
    return Numbers({"halls": halls}, timezone.now())


@dataset("hall-list", title=TITLE, text=TEXT, tables={"halls": HALLS})
def booths_by_hall(edition: Edition | None) -> Numbers:
    if edition is None:
        raise LookupError
    return _numbers(halls_with_counts(edition))


@dataset("hall", title=TITLE, text=TEXT, tables={"halls": HALLS})
def booths_of_hall(edition: Edition | None, code: str) -> Numbers:
    rows = list(halls_with_counts(edition).filter(code=code)) if edition else []
    if not rows:
        raise LookupError
    return _numbers(rows)
