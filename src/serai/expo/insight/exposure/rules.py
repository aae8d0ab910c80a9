"""Who may see and change what a firm says of its sources: its owners and managers, and nobody for them."""

from typing import Any

import rules

from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.record.rules import duties_in


@rules.predicate
def keeps_the_sources(user: Any, participation: Participation) -> bool:
    """The user has the duty in the firm itself. No proxy, no organiser and nobody who acts for a person has it."""
    return "sources" in duties_in(user, participation.firm_id)


rules.add_perm("expo.use_sources", keeps_the_sources)
