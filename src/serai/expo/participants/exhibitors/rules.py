"""Who may do what at the desk of an exhibitor, and with the contact persons of a participant."""

from typing import Any

import rules

from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.record.rules import changes_its_edition, duties_in, is_of_the_firm, organises_its_edition


def _duty(name: str) -> Any:
    @rules.predicate(name=f"may_{name}_for_the_firm")
    def may(user: Any, participation: Participation) -> bool:
        return name in duties_in(user, participation.firm_id)

    return may


may_edit = _duty("edit")

rules.add_perm("expo.see_desk", _duty("see") | organises_its_edition)
rules.add_perm("expo.edit_market", _duty("market") | changes_its_edition)
rules.add_perm("expo.edit_desk", may_edit | changes_its_edition)
rules.add_perm("expo.use_leads", _duty("leads"))
rules.add_perm("expo.manage_team", _duty("team"))
rules.add_perm("expo.see_contact_persons", is_of_the_firm | organises_its_edition)
rules.add_perm("expo.edit_contact_persons", may_edit | changes_its_edition)
