"""Expressions of interest in what is on the market no more end with their prices, and who asked is told so."""

from datetime import datetime

from django.utils import timezone

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.text import in_language
from serai.expo.fairs.mailing.domain.letters import send_letters
from serai.expo.firms.record.domain.owners import active_owners
from serai.expo.offers.interests.models import Quotation
from serai.expo.offers.market.models import Interest, MarketItem, Need
from serai.expo.participants.participation.domain.representation import Acting, trace
from serai.expo.people.account.models import User


def end_interests(item: MarketItem, user: User | None) -> None:
    """Decline what waits for an answer, naming nobody, with its price, and tell who asked."""
    of_item = {"need": item} if isinstance(item, Need) else {"offer": item}
    waiting = Interest.objects.select_for_update().filter(state=Interest.State.OPEN, **of_item)
    for interest in waiting.select_related("asker", "edition"):
        before = state(interest)
        interest.state, interest.answered_at = Interest.State.DECLINED, timezone.now()
        interest.save(update_fields=["state", "answered_at"])
        record("interest.ended", interest, before=before, after=state(interest), user=user, edition=interest.edition)
        end_standing(interest, user)
        owners = active_owners(interest.asker.firm_id)
        send_letters(interest.edition, owners, "interest-ended", lambda _owner: {"title": in_language(item.title).text})


def end_quotation(
    quotation: Quotation, to: Quotation.State, by: Acting | User | None, *, at: datetime | None = None
) -> None:
    """End it, through who acts for a participant, an organiser, or nobody."""
    before = state(quotation)
    quotation.state, quotation.ended_at = to, at or timezone.now()
    quotation.save(update_fields=["state", "ended_at"])
    if isinstance(by, Acting):
        trace(f"quotation.{to}", quotation, by, before=before)
    else:
        edition = quotation.edition
        record(f"quotation.{to}", quotation, before=before, after=state(quotation), user=by, edition=edition)


def end_standing(interest: Interest, by: Acting | User | None) -> None:
    """No price stands to an interest that is declined or withdrawn, from the same moment."""
    for quotation in Quotation.objects.filter(interest=interest, state=Quotation.State.STANDS).select_related(
        "edition"
    ):
        end_quotation(quotation, Quotation.State.WITHDRAWN, by, at=interest.answered_at)
