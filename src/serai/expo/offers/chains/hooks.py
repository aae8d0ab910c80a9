"""What follows a new edition in this room."""

from serai.expo.fairs.edition.domain.changes import edition_opened
from serai.expo.offers.chains.domain.sections import set_sections_of_all_chains

edition_opened.register(set_sections_of_all_chains)
