"""What happens to a participation and concerns higher rooms, and what they are asked of it."""

from serai.expo.base.signals import Hook
from serai.expo.fairs.edition.models import Participation
from serai.expo.people.account.models import User

participation_changed: Hook[[Participation], None] = Hook("participation changed")
"""A participation is new, or has another kind, section, place or leader."""

kind_changed: Hook[[Participation, User], None] = Hook("kind of a participation changed")
"""A participation may have another kind, by the choice of this user."""

withdrawal_begins: Hook[[Participation], None] = Hook("withdrawal begins")
"""A participation is about to end: whoever ends rows of others with it locks these first, in an order of its own."""

have_met: Hook[[Participation, User], bool] = Hook("have agreed to meet")
"""Whether the participant and a firm of this user have agreed to meet, or have met."""
