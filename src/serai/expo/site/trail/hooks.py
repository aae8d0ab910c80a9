"""The audit trail on the organiser's desk."""

from django.utils.translation import gettext_lazy as _

from serai.expo.fairs.desk.domain import card

card(
    "audit-trail",
    "after",
    title=_("Audit trail"),
    text=_("Who changed what and when, from which state to which."),
    order=40,
)
