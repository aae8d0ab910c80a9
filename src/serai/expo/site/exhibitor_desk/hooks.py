"""The exhibitor's desk in the registries: the task of filling in the profile."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from serai.expo.participants.desk.domain import entry
from serai.expo.participants.exhibitors.domain.tasks import done_by_itself
from serai.expo.participants.exhibitors.models import DeskTask
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.site.exhibitor_desk.domain import is_complete

done_by_itself(DeskTask.Page.PROFILE, lambda exhibitor: is_complete(exhibitor.firm))


def page(key: str, group: str, title: Promise, order: int, duty: str = "edit") -> None:
    """Declare a page of the exhibitor's desk."""
    entry(key, group, title=title, duty=duty, of_firm=True, kinds=EXHIBITING, order=order)


page("desk", "today", gettext_lazy("To do"), 10, duty="see")
page("desk-availability", "meetings", gettext_lazy("Availability"), 30)
page("desk-results", "meetings", gettext_lazy("In figures"), 60, duty="leads")
page("desk-booth", "participation", gettext_lazy("Booth"), 10)
page("desk-co-exhibitors", "participation", gettext_lazy("Co-exhibitors"), 40)
page("desk-profile", "firm", gettext_lazy("Profile"), 10)
page("desk-record", "firm", gettext_lazy("Record of the firm"), 20)
