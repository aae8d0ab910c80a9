"""What the directory tells the registries: the pages of a firm, and whom it should meet."""

from django.utils.translation import gettext_lazy

from serai.expo.participants.desk.domain import entry
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.site.directory.domain import directory

__all__ = ["directory"]

entry(
    "firm", "firm", title=gettext_lazy("As visitors see it"), of_firm=True, kinds=EXHIBITING, order=60, leads_out=True
)
entry(
    "partners",
    "meetings",
    title=gettext_lazy("Suggested meetings"),
    duty="meet",
    of_firm=True,
    order=12,
    leads_out=True,
)
