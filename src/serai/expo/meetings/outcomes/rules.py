"""Who may read and change an outcome: its parties, and the organiser of the fair."""

from typing import Any

import rules

from serai.expo.fairs.edition.rules import rights_in
from serai.expo.meetings.outcomes.models import Outcome


@rules.predicate
def organises_its_fair(user: Any, outcome: Outcome) -> bool:
    """The user organises the fair of the outcome, and reads its meetings."""
    return rights_in(user, outcome.edition).may("meetings")


@rules.predicate
def judges_for_its_fair(user: Any, outcome: Outcome) -> bool:
    """The user organises the fair of the outcome, and decides on its meetings."""
    return rights_in(user, outcome.edition).may("meetings", change=True)


@rules.predicate
def is_of_a_party(user: Any, outcome: Outcome) -> bool:
    """The user acts for one of the parties."""
    parties = outcome.parties.select_related("participation__edition")
    return any(user.has_perm("expo.act_for_participation", party.participation) for party in parties)


rules.add_perm("expo.see_outcome", is_of_a_party | organises_its_fair)
rules.add_perm("expo.judge_evidence", judges_for_its_fair)
