"""A need is stated once; the best three sources at this fair are shown at once, and one that makes supply safer."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import state
from serai.expo.fairs.edition.domain.phases import require_open
from serai.expo.fairs.edition.models import Participation, Phase
from serai.expo.meetings.matchmaking.domain.market import Read
from serai.expo.meetings.matchmaking.domain.matching import suppliers_for
from serai.expo.meetings.matchmaking.domain.partners import Partner, links_for, with_reasons
from serai.expo.offers.chains.domain.placements import place_items
from serai.expo.offers.chains.domain.refresh import refresh
from serai.expo.offers.interests.domain.removal import end_interests
from serai.expo.offers.market.domain.items import ItemRefusedError, remove_item
from serai.expo.offers.market.domain.renewal import renew
from serai.expo.offers.market.models import Need, Review
from serai.expo.offers.search.domain.search_text import refresh_tokens
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.participants.participation.domain.representation import Acting, trace
from serai.match.partners import Match

BEST = 3
LEAST = 0.5
"""Least score of the safer source, as a share of the score of the third best."""
WEIGHED = 12
"""Number of countries considered for the safer source."""


class NeedRefusedError(ValueError):
    """Why a need cannot be stated, in the reader's language."""


@dataclass(frozen=True)
class Sources:
    """The best sources of a need, and the other source whose link makes the supply safest."""

    best: list[Partner]
    safer: Partner | None
    others: int


@transaction.atomic
def state_need(by: Acting, need: Need) -> Need:
    """Keep a need and place it on the chains.

    Raises NeedRefusedError for an exhibitor, while needs are closed, and for one without a title.
    """
    _require_open(by)
    _require_title(need)
    last = Need.objects.filter(participation=by.participation).aggregate(last=Max("number"))["last"] or 0
    need.edition, need.participation, need.number = by.edition, by.participation, last + 1
    # What goes on the market, though unnamed, the organiser reads first.
    need.review = Review.SUBMITTED if need.anonymous else Review.PUBLISHED
    need.changed_at = timezone.now()
    need.save()
    trace("need.stated", need, by)
    if not need.anonymous:
        place_items(by.edition, [need])
    refresh_tokens(Participation.objects.filter(pk=by.participation.pk))
    return need


@transaction.atomic
def change_need(by: Acting, need: Need) -> Need:
    """Keep a changed need; its places on the chains follow.

    Raises NeedRefusedError while needs are closed, and for one without a title.
    """
    _require_open(by)
    _require_title(need)
    old = Need.objects.select_for_update().get(pk=need.pk)
    before = state(old)
    # What was only for the buyer's own eyes the organiser reads before it goes on the market; so does a change of it.
    need.review = Review.SUBMITTED if need.anonymous else Review.PUBLISHED
    need.changed_at = timezone.now()
    need.save()
    trace("need.changed", need, by, before=before)
    if old.anonymous and old.review == Review.PUBLISHED:
        end_interests(need, user=by.user)
    refresh(by.participation)
    return need


@transaction.atomic
def renew_need(by: Acting, need: Need) -> None:
    """Valid for half a year more. Raises NeedRefusedError while needs are closed."""
    _require_open(by)
    try:
        renew(need, user=by.user)
    except ItemRefusedError as refusal:
        raise NeedRefusedError(str(refusal)) from None


@transaction.atomic
def remove_need(by: Acting, need: Need) -> None:
    """Delete a need; whose expression of interest waits is told.

    Raises NeedRefusedError for an exhibitor, and while needs are closed.
    """
    _require_open(by)
    trace("need.removed_by_its_buyer", need, by)
    remove_item(need, user=by.user)


def _require_open(by: Acting) -> None:
    # What an exhibitor needs is read by everyone: it is written at the exhibitor's desk and reviewed first.
    if by.participation.kind in EXHIBITING:
        raise NeedRefusedError(_("An exhibitor writes its needs at its own desk."))
    require_open(by.edition, Phase.Kind.NEEDS, refusal=NeedRefusedError)


def _require_title(need: Need) -> None:
    if not any(need.title.values()):
        raise NeedRefusedError(_("Say in a few words what you look for."))


def sources_of(need: Need) -> Sources:
    """The best sources of a need at this fair, with reasons, for the buyer only.

    An anonymous need is on no chain, since its place there would name it. Its sources are found as if it were.
    """
    if not need.anonymous:
        return _sources_of(need)
    with transaction.atomic():
        place_items(need.edition, [need])
        sources = _sources_of(need)
        transaction.set_rollback(True)
    return sources


def _sources_of(need: Need) -> Sources:
    read, matches = suppliers_for(need)
    country = dict(zip(read.market.firms, read.market.countries, strict=True))
    best, others = matches[:BEST], matches[BEST:]
    least = LEAST * best[-1].score if best else 0.0
    # What a link does for the supply follows from its countries and industries: of each country the best will do.
    by_country: dict[str, Match] = {}
    for match in others:
        if match.score >= least and country[match.partner] != country[match.firm]:
            by_country.setdefault(country[match.partner], match)
    safer = _safer(read, list(by_country.values())[:WEIGHED])
    chosen = [*best, safer] if safer else best
    partners = with_reasons(read, need.participation, chosen)
    return Sources(partners[: len(best)], partners[-1] if safer else None, len(others))


def _safer(read: Read, others: list[Match]) -> Match | None:
    """The source whose link lowers the concentration of the buyer's supply most, by the world table."""
    if not others:
        return None
    values = links_for(read, others)
    gains = [((values.of(match.firm, match.partner) or {}).get("secure", 0.0), match) for match in others]
    gain, best = max(gains, key=lambda pair: pair[0])
    return best if gain > 0 else None
