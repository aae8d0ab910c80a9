"""How long proposals of sessions are kept."""

from django.utils.translation import gettext_lazy as _

from serai.expo.audit.forgetting import mask_rows_of
from serai.expo.editions.models import Edition
from serai.expo.programme.models import Proposal, ProposalReview, ProposedSpeaker
from serai.expo.retention.registry import kept


@kept(
    "proposals",
    title=_("Proposals of sessions"),
    text=_("Who proposed what for the programme, with the reviews. Sessions that it became stay."),
    days=180,
)
def forget_proposals(edition: Edition) -> int:
    mask_rows_of(edition, Proposal, ProposedSpeaker, ProposalReview)
    return Proposal.objects.filter(edition=edition).delete()[1].get("expo.Proposal", 0)
