"""What is told of a badge that the organiser has decided on."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.mailing.kinds import Place, letter

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
