"""What the desk of buyers and delegations tells the registries: its pages."""

from django.utils.translation import gettext_lazy

from serai.expo.fairs.edition.models import Participation
from serai.expo.participants.desk.domain import entry

K = Participation.Kind

entry("buyer-desk", "today", title=gettext_lazy("To do"), kinds=(K.BUYER, K.DELEGATION, K.PRESS), order=10)
entry("delegation", "participation", title=gettext_lazy("Delegation"), duty="meet", order=60)
