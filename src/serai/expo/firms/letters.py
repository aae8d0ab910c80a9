"""What the owners of a firm are told about its verification."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.mailing.kinds import letter

letter(
    "verification-ends",
    title=gettext_lazy("A verification ends soon"),
    when=gettext_lazy("To the owners of the firm, some days before."),
    places={
        "firm": (gettext_lazy("the reader's firm"), "Huanghe Cells"),
        "level": (gettext_lazy("the level of the verification"), "2"),
        "until": (gettext_lazy("the last day of the verification"), "2026-11-30"),
    },
    needed=("firm",),
    words=lambda: (
        _("The verification of %s ends soon") % "{firm}",
        "{level}\n\n" + _("It holds until %s. Ask for it anew with evidence, on the page of your firm.") % "{until}",
    ),
)
