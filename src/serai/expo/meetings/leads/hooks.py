"""What this room knows of a person, and the pages of a participant's desk."""

from django.utils.translation import gettext_lazy

from serai.expo.meetings.leads.domain import forget_person, rows_about
from serai.expo.participants.desk.domain import entry
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.people.account.domain import privacy

privacy.rows_about.register(rows_about)
privacy.erasing.register(forget_person)

entry("desk-leads", "meetings", title=gettext_lazy("Leads"), duty="leads", of_firm=True, kinds=EXHIBITING, order=40)
entry("my-contacts", "meetings", title=gettext_lazy("Contacts"), duty="meet", order=45)
