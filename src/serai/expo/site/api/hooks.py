"""Webhooks in the registries: a letter and the organiser's desk."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.base.tasks.domain.queue import lane
from serai.expo.fairs.desk.domain import card
from serai.expo.fairs.mailing.domain.kinds import letter
from serai.expo.site.api.domain import deliver_next

letter(
    "address-switched-off",
    title=gettext_lazy("An address of another system is switched off"),
    when=gettext_lazy("To the organiser who added it, after many messages in a row that did not arrive."),
    places={
        "address": (gettext_lazy("the address"), "https://system.example/"),
        "count": (gettext_lazy("how many messages did not arrive"), "20"),
    },
    needed=("address",),
    words=lambda: (
        _("An address of yours is switched off"),
        "{address}\n\n"
        + _("{count} messages in a row did not arrive there, so that no more are sent.")
        + "\n\n"
        + _("When it answers again, switch it on at the organiser's desk, under 'Other systems'."),
    ),
)


card(
    "webhooks",
    "after",
    title=gettext_lazy("Other systems"),
    text=gettext_lazy("Tell your other systems of events at once, each message signed."),
    order=80,
)

lane("webhooks", slots=4)(deliver_next)
