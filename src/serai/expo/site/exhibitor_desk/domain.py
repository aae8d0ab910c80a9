"""The exhibitor's desk: how complete a firm's profile is and why readers need what is missing, the meetings of the
day, and the organiser's decision.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.fields import FIRM
from serai.expo.firms.record.domain.record_pages import GROUPS, lacks
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.meeting.domain.life import showing
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.offers.market.models import Need, Offer, Review

ENOUGH = 0.8
"""The least share of a complete profile."""

LONG_ENOUGH = {"zh": 40, "ja": 40}
"""The least length of a meaningful description, in characters; 120 in other languages."""


@dataclass(frozen=True)
class Part:
    """A part of the profile, why it matters, and the page on which it is filled in."""

    title: str | Promise
    why: str | Promise
    page: str
    done: bool
    group: str = ""  # of the record, where the page is one of those


type _Of[What] = tuple[str | Promise, str | Promise, str, Callable[[What], bool]]
"""Title, why, the page or, after a colon, the group of the record, and whether it is done."""


def _filled(name: str, title: str | Promise, why: str | Promise) -> _Of[Firm]:
    """A field that the firm has to fill, with the page on which it is filled."""
    page = FIRM[name].page
    where = "desk-profile" if page == "profile" else f"desk-record-group:{page}"
    return title, why, where, lambda firm: bool(getattr(firm, name))


_TWO = _("The search of each language finds its own words; visitors read what they understand.")

OF_FIRM: tuple[_Of[Firm], ...] = (
    (_("Name in two languages"), _TWO, "desk-profile", lambda firm: _said(firm.name) > 1),
    (_("Description in two languages"), _TWO, "desk-profile", lambda firm: _said(firm.description) > 1),
    (
        _("A description that says what you make"),
        _("From its words Serai places you on a chain, where buyers look."),
        "desk-profile",
        lambda firm: any(len(text) >= LONG_ENOUGH.get(lang[:2], 120) for lang, text in firm.description.items()),
    ),
    _filled("city", _("City"), _("Buyers ask how far goods have to travel.")),
    _filled("size", _("Size of the firm"), _("Small firms are promised a place in the lists of others.")),
    _filled("founded", _("Year founded"), _("It is among the first that buyers ask.")),
    _filled("website", _("Web site"), _("Buyers read more there before they meet you.")),
    _filled("isic", _("Classes of activity (ISIC)"), _("They place an offer that has no HS code, services above all.")),
)

OF_DESK: tuple[_Of["Brought"], ...] = (
    (
        _("An offer"),
        _("Without an offer nobody can be told to meet you."),
        "desk-offers",
        lambda brought: bool(brought.offers),
    ),
    (
        _("HS codes or ISIC classes on every offer"),
        _("A code places an offer more surely than words do."),
        "desk-offers",
        lambda brought: bool(brought.offers) and all(offer.hs or offer.isic for offer in brought.offers),
    ),
    (
        _("Minimum order and lead time"),
        _("Buyers narrow the market by them, and leave out who says nothing."),
        "desk-offers",
        lambda brought: any(offer.minimum_order and offer.lead_time_days for offer in brought.offers),
    ),
    (_("A need"), _("You are shown to those who supply it."), "desk-needs", lambda brought: bool(brought.needs)),
)


@dataclass(frozen=True)
class Brought:
    """The offers and needs that an exhibitor has submitted."""

    offers: list[Offer]
    needs: list[Need]


@dataclass(frozen=True)
class Completeness:
    """The parts of a profile, and the share of them that is done."""

    parts: tuple[Part, ...]

    @property
    def share(self) -> float:
        return sum(part.done for part in self.parts) / len(self.parts)

    @property
    def missing(self) -> list[Part]:
        return [part for part in self.parts if not part.done]


def completeness(participation: Participation) -> Completeness:
    """The completeness of an exhibitor's profile, offers and needs."""
    handed_in = {"participation": participation, "review__in": (Review.SUBMITTED, Review.PUBLISHED)}
    brought = Brought(list(Offer.objects.filter(**handed_in)), list(Need.objects.filter(**handed_in)))
    firm = participation.firm
    return Completeness((*_parts(OF_FIRM, firm), *_of_record(firm), *_parts(OF_DESK, brought)))


def _of_record(firm: Firm) -> Iterable[Part]:
    """The pages of the record that ``OF_FIRM`` does not cover; a page with any entry is done."""
    lacking = lacks(firm)
    for group in GROUPS.values():
        if group.slug not in {"profile", "company"}:
            yield Part(group.title, group.text, "desk-record-group", group.slug not in lacking, group.slug)


def is_complete(firm: Firm) -> bool:
    """Whether the firm's own profile is complete enough."""
    return Completeness(_parts(OF_FIRM, firm)).share >= ENOUGH


def _parts[What](declared: tuple[_Of[What], ...], subject: What) -> tuple[Part, ...]:
    return tuple(
        Part(title, why, page.partition(":")[0], done(subject), page.partition(":")[2])
        for title, why, page, done in declared
    )


def _said(texts: dict[str, str]) -> int:
    return len([text for text in texts.values() if text])


STANDING = (Meeting.State.SCHEDULED, Meeting.State.CONFIRMED, Meeting.State.HELD)
EXPIRY_NOTICE = timedelta(days=30)


def meetings_of_the_day(participation: Participation, today: date) -> tuple[date | None, list[Meeting]]:
    """The meetings of today, else those of the next day with meetings.

    Meetings whose times are not announced yet are left out.
    """
    edition = participation.edition
    since = datetime.combine(today, time.min, ZoneInfo(edition.time_zone))
    own = (Q(host=participation) | Q(guest=participation)) & showing(edition).known
    coming = Meeting.objects.filter(own, edition=edition, state__in=STANDING, starts_at__gte=since)
    listed = list(coming.select_related("host__firm", "guest__firm").order_by("starts_at")[:60])
    if not listed:
        return None, []
    day = _day(listed[0], edition)
    return day, [meeting for meeting in listed if _day(meeting, edition) == day]


def _day(meeting: Meeting, edition: Edition) -> date:
    assert meeting.starts_at is not None  # the query asks for it
    return meeting.starts_at.astimezone(ZoneInfo(edition.time_zone)).date()


def decision_on(participation: Participation) -> str:
    """The organiser's last decision on the participation in its words, or that the application waits; else empty."""
    if participation.state == Participation.State.APPLIED:
        return gettext("Your application waits for the organiser.")
    decision = participation.decisions.order_by("-decided_at", "-pk").first()
    if decision is None or not decision.reason or decision.state != participation.state:
        return ""
    return gettext("The organiser writes: %s") % in_language(decision.reason).text
