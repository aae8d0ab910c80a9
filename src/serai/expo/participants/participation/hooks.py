"""What this room tells the registries: letters to applicants, desk."""

from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.fairs.desk.domain import card
from serai.expo.fairs.mailing.domain.kinds import Place, letter

PLACES: dict[str, Place] = {
    "firm": (gettext_lazy("the reader's firm"), "Huanghe Cells"),
    "reason": (gettext_lazy("the reason that you gave"), gettext_lazy("The hall is full.")),
}

_to_firm = partial(letter, places=PLACES, at_the_end=("reason",))

_to_firm(
    "application-confirmed",
    title=gettext_lazy("An application is accepted"),
    when=gettext_lazy("To everyone who acts for the firm, also for a buyer that is let in."),
    words=lambda: (
        _("{fair}: you take part"),
        _("Dear {name},\n\n{firm} takes part in {fair}, {first_day} to {last_day}. We are glad of it.\n\n{link}"),
    ),
)
_to_firm(
    "application-waiting",
    title=gettext_lazy("An application is put on the waiting list"),
    when=gettext_lazy("To everyone who acts for the firm."),
    words=lambda: (
        _("{fair}: you are on the waiting list"),
        _("Dear {name},\n\n{firm} is on the waiting list of {fair}. We write as soon as there is a place.\n\n{link}"),
    ),
)
_to_firm(
    "application-rejected",
    title=gettext_lazy("An application is not accepted"),
    when=gettext_lazy("To everyone who acts for the firm, also for a buyer that is refused."),
    words=lambda: (
        _("{fair}: your application"),
        _("Dear {name},\n\nthank you for your application. Sadly, {firm} can't take part in {fair}.\n\n{link}"),
    ),
)
_to_firm(
    "application-cancelled",
    title=gettext_lazy("A confirmed participation is cancelled"),
    when=gettext_lazy("To everyone who acts for the firm, whether the organiser ends it or the firm itself."),
    words=lambda: (
        _("{fair}: {firm} takes part no more"),
        _(
            "Dear {name},\n\nthe participation of {firm} in {fair} is cancelled. Its meetings to come are called off,"
            " its booth is free for others, and its badges let in no more.\n\n{link}"
        ),
    ),
)
letter(
    "participant-withdrew",
    title=gettext_lazy("A confirmed participant withdraws"),
    when=gettext_lazy("To the owners of the organisation that holds the fair."),
    places=PLACES | {"kind": (gettext_lazy("as what it took part"), gettext_lazy("Exhibitor"))},
    at_the_end=("reason",),
    words=lambda: (
        _("{fair}: {firm} withdraws"),
        _("Dear {name},\n\n{firm} ({kind}) does not take part in {fair} any more, by its own word.\n\n{link}"),
    ),
)

card(
    "participant-add",
    "people",
    title=gettext_lazy("Add a participant"),
    text=gettext_lazy("By hand; firms that are known are found first."),
    order=53,
)
