"""Hosted buyers as a table: which terms each accepted, when and through whom, and how its meetings went."""

from django.utils.translation import gettext_lazy as _

from serai.expo.buyers.hosted import HostedFilter, Standing, hosted_buyers, narrowed
from serai.expo.editions.models import Edition
from serai.expo.exports.registry import Filter, Rows, Wanted, table


@table(
    "hosted-buyers",
    title=_("Hosted buyers"),
    columns=(
        *("firm", "firm_name", "firm_country", "state", "terms_version", "accepted_at", "accepted_by"),
        *("suggested", "own_minimum", "own_maximum", "told", "held", "missed", "came_in_vain", "to_come", "missing"),
        "standing",
    ),
    filters=(Filter("standing", _("Standing"), Standing.choices),),
    personal=True,
)
def hosted(edition: Edition, wanted: Wanted) -> Rows:
    for one in narrowed(hosted_buyers(edition), HostedFilter(standing=wanted.get("standing", ""))):
        own, accepted, met = one.participation, one.accepted, one.met
        yield (
            *(own.firm.identifier, own.firm.legal_name, own.firm.country, own.state),
            *((accepted.terms.version, accepted.accepted_at, accepted.user) if accepted else ("", "", "")),
            *(one.terms.meetings_suggested if one.terms else "", own.meetings_minimum, own.meetings_maximum),
            *(met.told, met.held, met.missed, met.in_vain, met.to_come, one.missing, one.standing.value),
        )
