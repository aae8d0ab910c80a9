"""What this room tells the registries: the table, how long contacts are kept, and what is known of a person."""

from django.utils.translation import gettext_lazy as _

from serai.expo.base.export_tables import Filter, Rows, Wanted, table
from serai.expo.base.retention import kept
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.contact_persons.domain import FIELDS, forget, forget_person, rows_about
from serai.expo.participants.contact_persons.models import ContactPerson
from serai.expo.people.account.domain import privacy

privacy.rows_about.register(rows_about)
privacy.erasing.register(forget_person)


@table(
    "contact-persons",
    title=_("Contact persons of participants"),
    columns=("firm", "firm_name", "firm_country", "kind", "state", *FIELDS, "refused_at"),
    filters=(Filter("kind", _("Kind"), Participation.Kind.choices),),
    personal=True,
)
def contact_persons(edition: Edition, wanted: Wanted) -> Rows:
    rows = ContactPerson.objects.filter(edition=edition).select_related("participation__firm")
    if kind := wanted.get("kind"):
        rows = rows.filter(participation__kind=kind)
    for contact in rows.order_by("participation__firm__sort_name", "pk"):
        own = contact.participation
        yield (
            *(own.firm.identifier, own.firm.legal_name, own.firm.country, own.kind, own.state),
            *(getattr(contact, name) for name in FIELDS),
            contact.refused_at,
        )


@kept(
    "contact-persons",
    title=_("Contact persons of participants"),
    text=_("Names, addresses and telephone numbers of people to whom you write. What a list says of them goes too."),
    days=365,
)
def forget_contact_persons(edition: Edition) -> int:
    return forget(ContactPerson.objects.filter(edition=edition), edition)
