"""Expressions of interest in offers and needs, and the quotations that follow them.

Accepting an interest names to its asker who stayed unnamed; declining names nobody. Only the two sides read a
quotation. Both end when their item is taken off the market.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, record_change, state
from serai.expo.base.files.domain import FileRefusedError, discard, keep
from serai.expo.base.files.models import Audience
from serai.expo.base.rooms import Hook
from serai.expo.base.rows import made_once
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.domain.letters import send_letters
from serai.expo.firms.record.domain.visibility import active_owners
from serai.expo.offers.interests.models import Quotation
from serai.expo.offers.market.domain.specification import UNITS
from serai.expo.offers.market.domain.visibility import shown_to_all
from serai.expo.offers.market.models import Incoterm, Interest, MarketItem, Need
from serai.expo.participants.participation.domain.representation import Acting, acted_for, trace
from serai.expo.people.account.models import User

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


def end_interests(item: MarketItem, user: User | None) -> None:
    """Decline open interests in an item, with their quotations, and mail to the askers. Names nobody."""
    of_item = {"need": item} if isinstance(item, Need) else {"offer": item}
    waiting = Interest.objects.select_for_update().filter(state=Interest.State.OPEN, **of_item)
    for interest in waiting.select_related("asker", "edition"):
        record_change("interest.ended", interest, user=user, state=Interest.State.DECLINED, answered_at=timezone.now())
        end_standing(interest, user)
        owners = active_owners(interest.asker.firm_id)
        send_letters(interest.edition, owners, "interest-ended", lambda _owner: {"title": in_language(item.title).text})


def end_quotation(
    quotation: Quotation, to: Quotation.State, by: Acting | User | None, *, at: datetime | None = None
) -> None:
    """End a quotation, by a person who acts for a participant, by an organiser, or by a daily job (None)."""
    before = state(quotation)
    quotation.state, quotation.ended_at = to, at or timezone.now()
    quotation.save(update_fields=["state", "ended_at"])
    if isinstance(by, Acting):
        trace(f"quotation.{to}", quotation, by, before=before)
    else:
        edition = quotation.edition
        record(f"quotation.{to}", quotation, before=before, after=state(quotation), user=by, edition=edition)


def end_standing(interest: Interest, by: Acting | User | None) -> None:
    """Withdraw the current quotation of an interest, at the time when the interest was declined or withdrawn."""
    for quotation in Quotation.objects.filter(interest=interest, state=Quotation.State.STANDS).select_related(
        "edition"
    ):
        end_quotation(quotation, Quotation.State.WITHDRAWN, by, at=interest.answered_at)


State = Interest.State
MOST_OPEN = 30
"""So many expressions of interest of one participant may wait for an answer at a time."""


vetoes = Hook[[Any, Any], QuerySet[Any]]("vetoes of one participant against another")
"""Answers with the rows that say that the first does not want to meet the second.

Each is a participation, or a reference to one in an outer query.
"""


class InterestRefusedError(ValueError):
    """Why an interest cannot be said or answered, in the reader's language."""


@made_once
def say(by: Acting, item: MarketItem, answers: Mapping[str, str]) -> Interest:
    """Express interest, once for each offer or need; one withdrawn can be said again.

    Raises InterestRefusedError for an item of one's own or one that is on the market no more, for who takes no part,
    and where one waits or was answered already.
    """
    own = by.participation
    if own.state != Participation.State.CONFIRMED:
        raise InterestRefusedError(_("The organiser has to confirm that you take part first."))
    if item.participation_id == own.pk or item.participation.firm_id == own.firm_id:
        raise InterestRefusedError(_("This is your own."))
    if not type(item).objects.filter(shown_to_all(), pk=item.pk).exists():
        raise InterestRefusedError(_("This is on the market no more."))
    if not (answers["cooperation"].strip() and answers["about"].strip()):
        raise InterestRefusedError(_("Say what cooperation you mean, and who you are."))
    if answers.get("agreement") and item.agreements and answers["agreement"] not in item.agreements:
        raise InterestRefusedError(_("Choose one of the kinds of agreement that are sought."))
    waiting = Interest.objects.filter(asker=own, state=State.OPEN).count()
    if waiting >= MOST_OPEN:
        raise InterestRefusedError(_("%d of yours wait for an answer already. Withdraw one first.") % waiting)
    of_item = {"need" if isinstance(item, Need) else "offer": item}
    existing = Interest.objects.select_for_update().filter(asker=own, **of_item).first()
    if existing is not None and existing.state != State.WITHDRAWN:
        raise InterestRefusedError(_("You have expressed interest in this already."))
    before = state(existing) if existing else None
    interest = existing or Interest(edition=by.edition, asker=own, **of_item)
    for name in ("agreement", "cooperation", "unclear", "about"):
        setattr(interest, name, answers.get(name, "").strip())
    interest.state, interest.said_by, interest.said_at = State.OPEN, by.user, timezone.now()
    interest.answered_at, interest.answered_by, interest.answer = None, None, ""
    interest.save()
    trace("interest.said", interest, by, before=before)
    if not has_vetoed(item.participation, own):
        tell(item.participation, "interest-said", item, interest.cooperation)
    return interest


def has_vetoed(participation: Participation, other: Participation) -> bool:
    """Whether ``participation`` does not want to meet ``other``.

    A vetoed side may still ask; it only gets no answer, so that it cannot see the veto.
    """
    return any(rows.exists() for rows in vetoes.call(participation, other))


@transaction.atomic
def answer(by: Acting, interest: Interest, *, accept: bool, words: str = "") -> None:
    """Accept it, which names the owner to the asker, or decline it, which ends its quotation.

    Raises InterestRefusedError.
    """
    held = Interest.objects.select_for_update().get(pk=interest.pk)
    if held.item.participation_id != by.participation.pk:
        raise InterestRefusedError(_("This is not yours to answer."))
    _require_open(held)
    before = state(held)
    held.state = State.ACCEPTED if accept else State.DECLINED
    held.answer, held.answered_at, held.answered_by = words.strip()[:1000], timezone.now(), by.user
    held.save()
    trace(f"interest.{held.state}", held, by, before=before)
    if not accept:
        end_standing(held, by)
    tell(held.asker, "interest-accepted" if accept else "interest-declined", held.item, held.answer)


@transaction.atomic
def withdraw(by: Acting, interest: Interest) -> None:
    """Withdraw it as the asker, before it is answered. Raises InterestRefusedError."""
    held = Interest.objects.select_for_update().get(pk=interest.pk)
    if held.asker_id != by.participation.pk:
        raise InterestRefusedError(_("This is not yours to withdraw."))
    _require_open(held)
    take_back(by, held)


def take_back(by: Acting, held: Interest) -> None:
    """Withdraw an interest that waits for an answer, with its quotation. Call inside of a transaction."""
    before = state(held)
    held.state, held.answered_at = State.WITHDRAWN, timezone.now()
    held.save()
    trace("interest.withdrawn", held, by, before=before)
    end_standing(held, by)


def visible_to(user: User | AnonymousUser, edition: Edition) -> QuerySet[Interest]:
    """Interests that the user's participants expressed or received. Organisers see none of others."""
    own = acted_for(user, edition).values("pk")
    return _with_owner(edition).filter(Q(asker__in=own) | _told(own))


def received(participation: Participation) -> QuerySet[Interest]:
    """Interests in the offers and needs of a participant, unanswered ones first."""
    rows = _with_owner(participation.edition).filter(_told([participation.pk]))
    return rows.select_related("offer", "need", "asker__firm").order_by("answered_at", "-said_at")


def _with_owner(edition: Edition) -> QuerySet[Interest]:
    owner = Coalesce("offer__participation", "need__participation")
    return Interest.objects.filter(edition=edition).annotate(owner=owner)


def _told(own: Any) -> Q:
    """The condition that one of these participations, by primary key, may read an interest in its item.

    Withdrawn interests are hidden, and open ones of participants that it vetoed.
    """
    told = Q(owner__in=own) & ~Q(state=State.WITHDRAWN)
    for rows in vetoes.call(OuterRef("owner"), OuterRef("asker")):
        told &= ~(Q(state=State.OPEN) & Q(Exists(rows)))
    return told


def sent(participation: Participation) -> QuerySet[Interest]:
    """Interests that a participant expressed in the offers and needs of others."""
    return Interest.objects.filter(asker=participation).select_related(
        "offer__participation__firm", "need__participation__firm"
    )


def _require_open(interest: Interest) -> None:
    if interest.state != State.OPEN:
        raise InterestRefusedError(_("This has been answered or withdrawn."))


def tell(to: Participation, key: str, item: MarketItem, words: str) -> None:
    """Mail to the owners of a firm. It names nobody, because one side may be unnamed."""
    send_letters(
        to.edition,
        active_owners(to.firm_id),
        key,
        lambda _owner: {"title": in_language(item.title).text, "words": words},
    )


QuotationState = Quotation.State

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
        end_quotation(standing, QuotationState.REPLACED, by)
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
    end_quotation(standing, QuotationState.WITHDRAWN, by)
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
    rows = Quotation.objects.filter(answers | offers, state=QuotationState.STANDS)
    return rows.select_related("interest__asker__firm", "interest__need", "interest__offer").order_by("pk")


def _held(interest: Interest) -> Interest:
    # The lock takes the interest alone: PostgreSQL takes none over a join that may be empty.
    rows = Interest.objects.select_for_update(of=("self",)).select_related(
        "asker__firm", "need__participation__firm", "offer__participation__firm"
    )
    return rows.get(pk=interest.pk)


def _standing(interest: Interest) -> Quotation | None:
    return Quotation.objects.filter(interest=interest, state=QuotationState.STANDS).select_related("file").first()


def of_side(participation: Participation, number: int) -> Interest | None:
    """The interest with this number, if the participant is one of its two sides and may read it."""
    for rows in (received(participation), sent(participation)):
        interest = rows.filter(pk=number).first()
        if interest is not None:
            return interest
    return None


def with_standing(interests: QuerySet[Interest]) -> QuerySet[Interest]:
    """The interests with their current quotation in ``standing``, a list of one or none. One more query."""
    stands = Quotation.objects.filter(state=QuotationState.STANDS).select_related("file")
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
    rows = Quotation.objects.filter(interest__in=shown.order_by().values("pk"), state=QuotationState.STANDS)
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
