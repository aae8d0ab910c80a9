"""Who may ask for the badges of a participant: who edits for it, the leader who acts for it, and the organiser."""

import rules

from serai.expo.buyers.rules import is_its_proxy
from serai.expo.exhibitors.rules import may_edit, organises_its_edition

rules.add_perm("expo.ask_badges", may_edit | is_its_proxy | organises_its_edition)
