"""What follows a cloned edition in this room."""

from serai.expo.fairs.edition.domain.cloning import edition_cloned
from serai.expo.offers.search.domain.index import index_later

edition_cloned.register(index_later)
