"""What this room tells the registries: letters, desk, daily."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.base.daily import daily
from serai.expo.base.text import in_language, isolated
from serai.expo.fairs.desk.domain import card, queue
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.domain.kinds import letter
from serai.expo.meetings.outcomes.domain.follow_ups import due_follow_ups, remind
from serai.expo.meetings.outcomes.domain.ledger import of_participation, waits_for
from serai.expo.meetings.outcomes.models import OutcomeEvidence
from serai.expo.participants.desk.domain import Answer, Due, dues, entry

letter(
    "follow-up",
    title=gettext_lazy("Progress of an outcome"),
    when=gettext_lazy("To the people of both sides, three, six and twelve months after."),
    places={"kind": (gettext_lazy("the kind of outcome"), gettext_lazy("Contract"))},
    needed=("kind",),
    words=lambda: (
        _("Progress: %s") % "{kind}",
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


entry("my-outcomes", "meetings", title=gettext_lazy("Outcomes"), duty="meet", order=50)


@dues
def unconfirmed_outcomes(participation: Participation, _now: datetime) -> Iterator[Due]:
    """Outcomes that another party has claimed, and follow-ups that are due."""
    slug = participation.edition.slug
    outcomes = list(of_participation(participation))
    for outcome in outcomes:
        if not waits_for(outcome, participation):
            continue
        title = isolated(in_language(outcome.title).text)
        kind = outcome.get_kind_display()
        yield Due(
            "my-outcomes",
            _("Confirm what was agreed: %(what)s") % {"what": f"{kind}: {title}" if title else kind},
            lost=_("Until you confirm it, the fair does not count it."),
            address=reverse("outcome", args=[slug, outcome.pk]),
            answers=(Answer(_("Confirm"), reverse("act-on-outcome", args=[slug, outcome.pk]), "confirm"),),
            duty="meet",
        )
    for follow_up in due_follow_ups(outcomes):
        yield Due(
            "my-outcomes",
            _("Progress: %s") % follow_up.outcome.get_kind_display(),
            lost=_("Without your answer nobody can say whether the fair had a lasting effect."),
            address=reverse("outcome", args=[slug, follow_up.outcome_id]),
            duty="meet",
        )
