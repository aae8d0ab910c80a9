"""What this room adds to the organiser's desk, and its letter."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.fairs.desk.domain import card
from serai.expo.fairs.mailing.domain.kinds import letter

card(
    "act-for",
    "people",
    title=gettext_lazy("Act for somebody"),
    text=gettext_lazy("See and do what a person of a firm does, when asked for help; it is recorded."),
    page="act-for",
    order=90,
)
letter(
    "acted-for",
    title=gettext_lazy("An organiser acts for a person"),
    when=gettext_lazy("To the person, each time an organiser begins to act in its name."),
    places={
        "organiser": (gettext_lazy("who acts"), "Lin Xiaolan"),
        "begins": (gettext_lazy("the day and the time at the fair"), "2026-11-28 10:00"),
        "ends": (gettext_lazy("when it ends at the latest"), "10:30"),
        "reason": (gettext_lazy("the reason that was written"), gettext_lazy("Asked for help by telephone")),
        "address": (gettext_lazy("the address of the reader's account"), "https://fair.example/en/account/"),
    },
    needed=("organiser", "begins", "reason"),
    words=lambda: (
        _("Somebody acts for you: %(fair)s") % {"fair": "{fair}"},
        _("%(organiser)s, an organiser of %(fair)s, acts in your name from %(begins)s until %(ends)s at the latest.")
        % {"organiser": "{organiser}", "fair": "{fair}", "begins": "{begins}", "ends": "{ends}"}
        + "\n\n"
        + _("The reason: %s") % "{reason}"
        + "\n\n"
        + _("Your leads, contacts, messages and account stay closed meanwhile. Every change carries both names.")
        + "\n\n{address}",
    ),
)
