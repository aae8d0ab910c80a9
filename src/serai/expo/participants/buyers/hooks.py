"""What this room tells the registries: tables, letters, desk, cloning."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.base.export_tables import Filter, Rows, Wanted, table
from serai.expo.base.retention import kept
from serai.expo.fairs.desk.domain import card, queue
from serai.expo.fairs.edition.domain.clone import copied, latest_version
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.mailing.domain.kinds import letter
from serai.expo.participants.buyers.domain.hosted_buyers import HostedFilter, Standing, hosted_buyers, narrowed
from serai.expo.participants.buyers.domain.registration import forget_all_journeys
from serai.expo.participants.buyers.domain.registration import queue as to_vet
from serai.expo.participants.buyers.models import HostedTerms


@table(
    "hosted-buyers",
    title=gettext_lazy("Hosted buyers"),
    columns=(
        *("firm", "firm_name", "firm_country", "state", "terms_version", "accepted_at", "accepted_by"),
        *("suggested", "own_minimum", "own_maximum", "told", "held", "missed", "came_in_vain", "to_come", "missing"),
        "standing",
    ),
    filters=(Filter("standing", gettext_lazy("Standing"), Standing.choices),),
    personal=True,
)
def hosted(edition: Edition, wanted: Wanted) -> Rows:
    for row in narrowed(hosted_buyers(edition), HostedFilter(standing=wanted.get("standing", ""))):
        own, accepted, met = row.participation, row.accepted, row.met
        yield (
            *(own.firm.identifier, own.firm.legal_name, own.firm.country, own.state),
            *((accepted.terms.version, accepted.accepted_at, accepted.user) if accepted else ("", "", "")),
            *(row.terms.meetings_suggested if row.terms else "", own.meetings_minimum, own.meetings_maximum),
            *(met.told, met.held, met.missed, met.in_vain, met.to_come, row.missing, row.standing.value),
        )


letter(
    "registration-asked",
    title=gettext_lazy("A buyer is asked for more"),
    when=gettext_lazy("To who registered the buyer, before you decide."),
    places={
        "firm": (gettext_lazy("the reader's firm"), "Huanghe Cells"),
        "question": (gettext_lazy("what you want to know"), gettext_lazy("How much of it do you buy a year?")),
    },
    needed=("question",),
    words=lambda: (
        _("{fair}: a question about your registration"),
        _(
            "Dear {name},\n\nbefore {firm} can be let in as a buyer, we want to know:\n\n{question}\n\n"
            "Answer on your buyer's desk: {link}"
        ),
    ),
)


@queue(
    "buyers",
    title=gettext_lazy("Buyers to vet"),
    text=gettext_lazy("Who wants to buy here, what for, and the terms for those you host."),
)
def count_buyers(edition: Edition) -> int:
    return to_vet(edition).count()


card(
    "buyers",
    "people",
    title=gettext_lazy("Buyers to vet"),
    text=gettext_lazy("Who wants to buy here, what for, and the terms for those you host."),
    order=54,
)
card(
    "hosted-buyers",
    "people",
    title=gettext_lazy("Hosted buyers"),
    text=gettext_lazy("Who accepted which terms, and whose meetings have earned the hosting."),
    order=54,
)

copied(HostedTerms, "hosted", anew={"version": 1, "published_at": timezone.now}, only=latest_version(HostedTerms))


@kept(
    "journeys",
    title=gettext_lazy("Journeys"),
    text=gettext_lazy("When buyers and members of delegations arrive and leave, and letters for their visas."),
    days=90,
)
def forget_journeys(edition: Edition) -> int:
    return forget_all_journeys(edition)
