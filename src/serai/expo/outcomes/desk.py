"""What the ledger asks of the organiser's desk."""

from django.utils.translation import gettext_lazy as _

from serai.expo.editions.board import card, queue
from serai.expo.editions.models import Edition
from serai.expo.outcomes.models import OutcomeEvidence


@queue(
    "evidence",
    title=_("Documents to judge"),
    text=_("What came of the fair, with the documents that you have to judge."),
    page="ledger",
)
def count_documents(edition: Edition) -> int:
    return OutcomeEvidence.objects.filter(edition=edition, state=OutcomeEvidence.State.WAITING).count()


card(
    "ledger",
    "after",
    title=_("Ledger of outcomes"),
    text=_("What came of the fair, with the documents that you have to judge."),
    page="ledger",
    order=10,
)
