"""What is told of a badge that the organiser has decided on, and the letter that a traveller takes to a consulate."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.fairs.mailing.domain.kinds import Place, letter

INVITATION = "visa-invitation"

PERSON: dict[str, Place] = {"person": (gettext_lazy("the names on the badges"), "Li Wei")}
REASON: dict[str, Place] = {
    "reason": (gettext_lazy("the reason that you gave"), gettext_lazy("No press card was handed in."))
}
TO = gettext_lazy("To the person whose badge it is, and to those who ask for the badges of the firm or delegation.")

letter(
    "badge-granted",
    title=gettext_lazy("A badge is granted"),
    when=TO,
    places=PERSON,
    needed=("person",),
    words=lambda: (
        _("{fair}: granted, the badge of %s") % "{person}",
        _("Dear {name},\n\ngranted and ready to be printed, the badge of: {person}\n\n{link}"),
    ),
)
letter(
    "badge-refused",
    title=gettext_lazy("A badge is refused"),
    when=TO,
    places=PERSON | REASON,
    needed=("person", "reason"),
    words=lambda: (
        _("{fair}: refused, the badge of %s") % "{person}",
        _(
            "Dear {name},\n\nrefused, the badge of: {person}\n\n{reason}\n\n"
            "Where what is printed on it is changed, the badge is asked for anew.\n\n{link}"
        ),
    ),
)
letter(
    INVITATION,
    title=gettext_lazy("A letter of invitation for a visa"),
    when=gettext_lazy("Printed by who comes to the fair, with the details of the passport below it; it is not mailed."),
    places={
        "person": (gettext_lazy("the traveller's name"), "Amina Odhiambo"),
        "firm": (gettext_lazy("the firm or delegation with which the traveller comes"), "Huanghe Cells"),
        "kind": (gettext_lazy("as what it takes part"), gettext_lazy("Exhibitor")),
        "organiser": (gettext_lazy("the organisation that holds the fair"), "Chamber of Trade"),
    },
    needed=("person",),
    words=lambda: (
        _("Invitation to {fair}"),
        _(
            "To the consular section in charge\n\n"
            "We invite {person} of {firm} ({kind}) to {fair}, which is held in {city} from {first_day} to {last_day}, "
            "and ask you to issue in time the visa that is needed for it.\n\n"
            "The cost of travel, stay and insurance is borne by the traveller or the firm, unless it has been agreed "
            "otherwise in writing. The details below are as in the passport.\n\n"
            "Yours faithfully,\n{organiser}"
        ),
    ),
)
