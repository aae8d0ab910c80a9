"""What an applicant is told."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.mailing.kinds import Place, letter

PLACES: dict[str, Place] = {
    "firm": (gettext_lazy("the reader's firm"), "Huanghe Cells"),
    "reason": (gettext_lazy("the reason that you gave"), gettext_lazy("The hall is full.")),
}

letter(
    "application-confirmed",
    title=gettext_lazy("An application is accepted"),
    when=gettext_lazy("To everyone who acts for the firm, also for a buyer that is let in."),
    places=PLACES,
    at_the_end=("reason",),
    words=lambda: (
        _("{fair}: you take part"),
        _("Dear {name},\n\n{firm} takes part in {fair}, {first_day} to {last_day}. We are glad of it.\n\n{link}"),
    ),
)
letter(
    "application-waiting",
    title=gettext_lazy("An application is put on the waiting list"),
    when=gettext_lazy("To everyone who acts for the firm."),
    places=PLACES,
    at_the_end=("reason",),
    words=lambda: (
        _("{fair}: you are on the waiting list"),
        _("Dear {name},\n\n{firm} is on the waiting list of {fair}. We write as soon as there is a place.\n\n{link}"),
    ),
)
letter(
    "application-rejected",
    title=gettext_lazy("An application is not accepted"),
    when=gettext_lazy("To everyone who acts for the firm, also for a buyer that is refused."),
    places=PLACES,
    at_the_end=("reason",),
    words=lambda: (
        _("{fair}: your application"),
        _("Dear {name},\n\nthank you for your application. Sadly, {firm} can't take part in {fair}.\n\n{link}"),
    ),
)
