"""A quotation that stands no more: another took its place, it is withdrawn, or what it answers is over."""

from datetime import datetime

from django.utils import timezone

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.offers.market.models import Interest
from serai.expo.offers.quotations.models import Quotation
from serai.expo.participants.participation.domain.representation import Acting, trace
from serai.expo.people.account.models import User

State = Quotation.State


def end_quotation(
    quotation: Quotation, to: Quotation.State, by: Acting | User | None, *, at: datetime | None = None
) -> None:
    """End it, through who acts for a participant, an organiser, or nobody. Call inside of the scope."""
    before = state(quotation)
    quotation.state, quotation.ended_at = to, at or timezone.now()
    quotation.save(update_fields=["state", "ended_at"])
    if isinstance(by, Acting):
        trace(f"quotation.{to}", quotation, by, before=before)
    else:
        edition = quotation.edition
        record(f"quotation.{to}", quotation, before=before, after=state(quotation), user=by, edition=edition)


def end_standing(interest: Interest, by: Acting | User | None) -> None:
    """No price stands to an interest that is declined or withdrawn, from the same moment. Call inside of the scope."""
    for one in Quotation.objects.filter(interest=interest, state=State.STANDS).select_related("edition"):
        end_quotation(one, State.WITHDRAWN, by, at=interest.answered_at)
