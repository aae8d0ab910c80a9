"""What this room tells the registries: the page of a participant's desk."""

from django.utils.translation import gettext_lazy

from serai.expo.participants.desk.domain import entry

entry("my-contacts", "meetings", title=gettext_lazy("Contacts"), duty="meet", order=45)
