"""The cases of assistance as a table."""

from django.utils.translation import gettext_lazy as _

from serai.expo.assist.models import AssistanceCase
from serai.expo.editions.models import Edition
from serai.expo.exports.registry import Filter, Rows, Wanted, table


@table(
    "assistance",
    title=_("Assistance"),
    columns=(
        *("firm", "firm_name", "firm_country", "kind", "state", "note", "answer", "budget_line", "budget", "spent"),
        *("currency", "responsible", "due_on", "opened_at", "closed_at"),
    ),
    filters=(
        Filter("kind", _("Kind"), AssistanceCase.Kind.choices),
        Filter("state", _("State"), AssistanceCase.State.choices),
    ),
)
def assistance(edition: Edition, wanted: Wanted) -> Rows:
    found = AssistanceCase.objects.filter(edition=edition, **wanted).select_related(
        "participation__firm", "responsible"
    )
    for one in found.iterator(500):
        firm = one.participation.firm
        yield (
            *(firm.identifier, firm.legal_name, firm.country, one.kind, one.state, one.note, one.answer),
            *(one.budget_line, one.budget, one.spent, one.currency, one.responsible, one.due_on),
            *(one.opened_at, one.closed_at),
        )
