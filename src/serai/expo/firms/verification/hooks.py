"""What this room tells the registries: letters, daily."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.base.daily import daily
from serai.expo.fairs.mailing.domain.kinds import letter
from serai.expo.firms.verification.domain import remind_of_verifications

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


@daily("remind of verifications that end")
def _remind() -> None:
    remind_of_verifications()
