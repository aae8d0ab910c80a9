"""What this room tells the registries: the card of the organisers, and the letter that invites one."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.fairs.desk.domain import card
from serai.expo.fairs.mailing.domain.kinds import letter

card(
    "organisers",
    "build",
    title=gettext_lazy("Organisers"),
    text=gettext_lazy("Who organises with you, in which role, and who is invited."),
    order=90,
)

letter(
    "organiser-invitation",
    title=gettext_lazy("An invitation to organise"),
    when=gettext_lazy("To the address that an owner gives, with a link that is secret."),
    places={
        "organisation": (gettext_lazy("the organisation that invites"), "Fair Company"),
        "person": (gettext_lazy("who invites"), "Lin Xiaolan"),
        "role": (gettext_lazy("the role"), gettext_lazy("Programme")),
        "days": (gettext_lazy("for how many days the link is good"), "7"),
        "address": (gettext_lazy("the link"), "https://fair.example/…"),
    },
    needed=("address",),
    words=lambda: (
        _("Organise with %(organisation)s: %(fair)s") % {"organisation": "{organisation}", "fair": "{fair}"},
        _("%(person)s asks you to organise the fairs of %(organisation)s, in the role: %(role)s.")
        % {"person": "{person}", "organisation": "{organisation}", "role": "{role}"}
        + "\n\n"
        + _("Accept here, within {days} days:")
        + "\n\n{address}",
    ),
)
