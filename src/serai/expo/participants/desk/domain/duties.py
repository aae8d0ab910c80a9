"""What a reader may do at a participant's desk."""

from collections.abc import Set as AbstractSet

from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.record.rules import duties_in, organisers_duties
from serai.expo.people.account.models import User

PROXY: AbstractSet[str] = frozenset({"see", "meet"})
"""What the leader of a delegation may do for a firm that gave it a proxy."""


def duties_of(user: User, participation: Participation) -> AbstractSet[str]:
    """The duties that the user has here: by a role in the firm, as an organiser of the fair, or by a proxy."""
    if duties := duties_in(user, participation.firm_id):
        return duties
    return organisers_duties(user, participation.edition) or PROXY


def told_duties(user: User, participation: Participation) -> AbstractSet[str]:
    """The duties of whom the desk tells what waits: who acts for a person is told of none of its meetings, since the
    words of others are in them."""
    duties = duties_of(user, participation)
    return duties if user.helping_organisation is None else duties - {"meet"}
