"""What an exhibitor is told about the contract of its booth."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.mailing.kinds import letter

letter(
    "booth-contract",
    title=gettext_lazy("The contract of a booth is offered"),
    when=gettext_lazy("To those who may sign for the exhibitor."),
    places={"booth": (gettext_lazy("the hall and the number of the booth"), "W1 A01")},
    needed=("booth",),
    words=lambda: (
        _("The contract of your booth %s") % "{booth}",
        _("Print it from your desk, sign it and hand in the signed page."),
    ),
)
