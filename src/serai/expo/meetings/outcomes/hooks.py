"""What this room tells the registries: letters, desk, daily."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.base.daily import daily
from serai.expo.fairs.desk.domain import card, queue
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.mailing.domain.kinds import letter
from serai.expo.meetings.outcomes.domain.follow_ups import remind
from serai.expo.meetings.outcomes.models import OutcomeEvidence

letter(
    "follow-up",
    title=gettext_lazy("What has become of an outcome"),
    when=gettext_lazy("To the people of both sides, three, six and twelve months after."),
    places={"kind": (gettext_lazy("the kind of outcome"), gettext_lazy("Contract"))},
    needed=("kind",),
    words=lambda: (
        _("What has become of it: %s") % "{kind}",
        _("Say on your page of outcomes whether it is on track, delayed, fulfilled or came to nothing."),
    ),
)


@queue(
    "evidence",
    title=gettext_lazy("Documents to judge"),
    text=gettext_lazy("What came of the fair, with the documents that you have to judge."),
    page="ledger",
)
def count_documents(edition: Edition) -> int:
    return OutcomeEvidence.objects.filter(edition=edition, state=OutcomeEvidence.State.WAITING).count()


card(
    "ledger",
    "after",
    title=gettext_lazy("Ledger of outcomes"),
    text=gettext_lazy("What came of the fair, with the documents that you have to judge."),
    order=10,
)


@daily("ask what has become of outcomes")
def _remind() -> None:
    remind()
