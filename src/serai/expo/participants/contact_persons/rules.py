"""Who reads and changes the contact persons of a participant: its organiser and the firm's own people."""

import rules

from serai.expo.firms.record.rules import changes_its_edition, is_of_the_firm, organises_its_edition
from serai.expo.participants.exhibitors.rules import may_edit

rules.add_perm("expo.see_contact_persons", is_of_the_firm | organises_its_edition)
rules.add_perm("expo.edit_contact_persons", may_edit | changes_its_edition)
