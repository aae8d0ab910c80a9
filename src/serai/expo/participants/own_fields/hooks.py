"""What this room tells the registries: a table, a card on the desk, the copy to the next fair, and how it forgets."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from serai.expo.base.audit.domain.erasure import ERASED
from serai.expo.base.export_tables import Filter, Rows, Wanted, table
from serai.expo.base.text import in_language
from serai.expo.fairs.desk.domain import card
from serai.expo.fairs.edition.domain.clone import copied
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.own_fields.domain import tokens_of
from serai.expo.participants.own_fields.models import OwnField, OwnRecord
from serai.expo.people.account.domain import privacy
from serai.expo.people.account.models import User
from serai.match.search import terms

AT_A_TIME = 500


def columns(edition: Edition) -> tuple[str, ...]:
    """A name for each field: its key, which stays, and its title in English where it has one."""
    fields = OwnField.objects.filter(edition=edition).order_by("pk")
    return tuple(f"{field.key} {in_language(field.title, 'en').text or field.column}" for field in fields)


@table(
    "own-fields",
    title=_("Own fields of participants"),
    columns=("firm", "firm_name", "firm_country", "kind", "state"),
    more=columns,
    filters=(
        Filter("kind", _("Kind"), Participation.Kind.choices),
        Filter("state", _("State"), Participation.State.choices),
    ),
    personal=True,
)
def own_values(edition: Edition, wanted: Wanted) -> Rows:
    keys = list(OwnField.objects.filter(edition=edition).order_by("pk").values_list("key", flat=True))
    rows = Participation.objects.filter(edition=edition, **wanted).select_related("firm", "own_record")
    for participation in rows.order_by("firm__sort_name", "pk").iterator(AT_A_TIME):
        own = getattr(participation, "own_record", None)
        values = own.values if own else {}
        firm = participation.firm
        yield (
            *(firm.identifier, firm.legal_name, firm.country, participation.kind, participation.state),
            *(values.get(key) for key in keys),
        )


card(
    "own-fields",
    "build",
    title=_("Own fields"),
    text=_("What your lists say of participants beside what every fair keeps: who reads it, and whether it is listed."),
    order=31,
)

copied(OwnField, "questions")


@privacy.erasing.register
def _forget_person(user: User) -> None:
    """Mask the values in which the person is named by the mail address or the name in full."""
    for text in filter(None, (user.email, user.name, user.native_name)):
        holding = Q()
        for term in terms(text):
            holding &= Q(tokens__contains=f" {term} ")
        rows = list(OwnRecord._base_manager.filter(holding)) if holding else []
        for row in rows:
            named = {key for key, value in row.values.items() if text.casefold() in str(value).casefold()}
            row.values |= dict.fromkeys(named, ERASED)
            row.tokens = tokens_of(row.values)
        OwnRecord._base_manager.bulk_update(rows, ["values", "tokens"], batch_size=AT_A_TIME)
