"""Quotations: made, replaced or withdrawn by the seller, and compared by the buyer.

Only the two sides read one. For the organiser it is what is said between two firms, as the words of an interest are.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.collisions import made_once
from serai.expo.base.files.domain import FileRefusedError, discard, keep
from serai.expo.base.files.models import Audience
from serai.expo.fairs.edition.models import Participation
from serai.expo.offers.interests.domain.interests import InterestRefusedError, has_vetoed, received, sent, tell
from serai.expo.offers.interests.domain.removal import end_quotation
from serai.expo.offers.interests.models import Quotation
from serai.expo.offers.market.domain.units import UNITS
from serai.expo.offers.market.models import Incoterm, Interest, Need
from serai.expo.participants.participation.domain.representation import Acting, trace

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

State = Quotation.State

OPEN_TO_QUOTES = (Interest.State.OPEN, Interest.State.ACCEPTED)

TERMS = ("price", "currency", "per", "unit", "incoterm", "place", "quantity", "lead_time_days", "valid_until")
"""What is said in a quotation, beside its file."""


def seller_of(interest: Interest) -> Participation:
    """The seller: the asker of an interest in a need, or the owner of the offer."""
    seller: Participation = interest.asker if interest.need_id else interest.item.participation
    return seller


def buyer_of(interest: Interest) -> Participation:
    """The buyer, the other side than the seller."""
    buyer: Participation = interest.item.participation if interest.need_id else interest.asker
    return buyer


@made_once
def quote(
    by: Acting, interest: Interest, terms: Mapping[str, Any], *, file: "UploadedFile[bytes] | None" = None
) -> Quotation:
    """Make a quotation, or a new version of it; the former version stays in the history.

    Without a new file the one of the quotation before is kept. Raises InterestRefusedError for who would not sell, for
    an interest that is over, and for terms that cannot be.
    """
    held = _held(interest)
    if seller_of(held).pk != by.participation.pk:
        raise InterestRefusedError(_("Only the side that would sell says a price."))
    if held.state not in OPEN_TO_QUOTES:
        raise InterestRefusedError(_("This has been declined or withdrawn."))
    _require_sound(terms)
    standing = _standing(held)
    kept = standing.file if standing else None
    if file is not None:
        try:
            kept = keep(file, firm=by.participation.firm, user=by.user, audience=Audience.FIRM)
        except FileRefusedError as refusal:
            raise InterestRefusedError(str(refusal)) from None
    if standing is not None:
        end_quotation(standing, State.REPLACED, by)
    last = Quotation.objects.filter(interest=held).aggregate(last=Max("version"))["last"] or 0
    quotation = Quotation.objects.create(
        edition=by.edition,
        interest=held,
        version=last + 1,
        file=kept,
        said_by=by.user,
        **{name: terms.get(name) for name in TERMS if terms.get(name) not in (None, "")},
    )
    trace("quotation.said", quotation, by)
    to = buyer_of(held)
    if not has_vetoed(to, by.participation):
        tell(to, "quotation-said", held.item, "")
    return quotation


def _require_sound(terms: Mapping[str, Any]) -> None:
    price, per, until = terms["price"], terms.get("per") or Decimal(1), terms["valid_until"]
    if price <= 0 or per <= 0:
        raise InterestRefusedError(_("A price is more than nothing."))
    if not terms.get("currency") or terms.get("unit") not in dict(UNITS[1:]):
        raise InterestRefusedError(_("Say in which currency, and for what unit."))
    if until < timezone.localdate():
        raise InterestRefusedError(_("The day until which it holds is over already."))
    if (terms.get("incoterm") or "") not in {"", *Incoterm.values}:
        raise InterestRefusedError(_("There is no such term of delivery."))
    if terms.get("incoterm") and not terms.get("place"):
        raise InterestRefusedError(_("Say the place that the term of delivery names."))


@transaction.atomic
def withdraw_quotation(by: Acting, interest: Interest) -> None:
    """Withdraw the current quotation. Raises InterestRefusedError."""
    held = _held(interest)
    if seller_of(held).pk != by.participation.pk:
        raise InterestRefusedError(_("Only the side that would sell says a price."))
    standing = _standing(held)
    if standing is None:
        raise InterestRefusedError(_("No quotation stands."))
    end_quotation(standing, State.WITHDRAWN, by)
    tell_withdrawn(held, by)


def tell_withdrawn(interest: Interest, by: Acting) -> None:
    """Mail to the buyer that the quotation was withdrawn."""
    to = buyer_of(interest)
    if not has_vetoed(to, by.participation):
        tell(to, "quotation-withdrawn", interest.item, "")


def standing_by(participation: Participation) -> QuerySet[Quotation]:
    """The current quotations of a participant as the seller."""
    answers = Q(interest__need__isnull=False, interest__asker=participation)
    offers = Q(interest__offer__participation=participation)
    rows = Quotation.objects.filter(answers | offers, state=State.STANDS)
    return rows.select_related("interest__asker__firm", "interest__need", "interest__offer").order_by("pk")


def _held(interest: Interest) -> Interest:
    # The lock takes the interest alone: PostgreSQL takes none over a join that may be empty.
    rows = Interest.objects.select_for_update(of=("self",)).select_related(
        "asker__firm", "need__participation__firm", "offer__participation__firm"
    )
    return rows.get(pk=interest.pk)


def _standing(interest: Interest) -> Quotation | None:
    return Quotation.objects.filter(interest=interest, state=State.STANDS).select_related("file").first()


def of_side(participation: Participation, number: int) -> Interest | None:
    """The interest with this number, if the participant is one of its two sides and may read it."""
    for rows in (received(participation), sent(participation)):
        interest = rows.filter(pk=number).first()
        if interest is not None:
            return interest
    return None


def with_standing(interests: QuerySet[Interest]) -> QuerySet[Interest]:
    """The interests with their current quotation in ``standing``, a list of one or none. One more query."""
    stands = Quotation.objects.filter(state=State.STANDS).select_related("file")
    return interests.prefetch_related(Prefetch("quotations", stands, to_attr="standing"))


def history(interest: Interest) -> list[Quotation]:
    """All versions of the quotation, the newest first."""
    return list(Quotation.objects.filter(interest=interest).select_related("file", "said_by"))


ORDERS: Mapping[str, Callable[[Quotation], tuple[Any, ...]]] = {
    "price": lambda row: (row.currency, row.unit, row.price_of_one, _lead(row)),
    "lead": lambda row: (_lead(row), row.currency, row.unit, row.price_of_one),
    "until": lambda row: (row.valid_until, row.currency, row.unit, row.price_of_one),
}
"""By what quotations are put in order. Prices are compared within a currency and a unit only: nothing is converted."""


def compared(need: Need, own: Participation, *, order: str = "price") -> list[Quotation]:
    """The current quotations for a need, without declined and hidden interests."""
    shown = received(own).filter(need=need, state__in=OPEN_TO_QUOTES)
    rows = Quotation.objects.filter(interest__in=shown.order_by().values("pk"), state=State.STANDS)
    by = ORDERS.get(order, ORDERS["price"])
    rows = rows.select_related("interest__asker__firm", "file")
    return sorted(rows, key=lambda row: (row.has_run_out, *by(row), row.pk))


def _lead(row: Quotation) -> int:
    return row.lead_time_days if row.lead_time_days is not None else 10**6


def forget_quotations(quotations: QuerySet[Quotation]) -> int:
    """Delete quotations and their files. Returns how many quotations there were."""
    files = {row.file for row in quotations.select_related("file") if row.file is not None}
    number = quotations.delete()[0]
    for file in files:
        discard(file)
    return number
