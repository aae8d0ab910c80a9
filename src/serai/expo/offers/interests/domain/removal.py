"""The end of interests and quotations: their item is taken off the market, or the interest is answered or withdrawn."""

from datetime import datetime

from django.utils import timezone

from serai.expo.base.audit.domain.changes import record_change
from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.text import in_language
from serai.expo.fairs.mailing.domain.letters import send_letters
from serai.expo.firms.record.domain.owners import active_owners
from serai.expo.offers.interests.models import Quotation
from serai.expo.offers.market.models import Interest, MarketItem, Need
from serai.expo.participants.participation.domain.representation import Acting, trace
from serai.expo.people.account.models import User


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
