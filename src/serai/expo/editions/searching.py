"""What the search of the directory looks in."""

from collections.abc import Iterable

from serai.expo.editions.domain import texts
from serai.expo.firms.models import Firm
from serai.expo.market.models import MarketItem
from serai.match.text import tokens


def search_tokens(firm: Firm, items: Iterable[MarketItem]) -> str:
    """The tokens of a participant's names, description, offers and needs, each once, between spaces.

    The spaces let the database look for a whole token by ``LIKE '% token %'``.
    """
    said = [firm.legal_name, *texts(firm.name, firm.description, firm.city)]
    said += [text for item in items for text in texts(item.title, item.text)]
    found = dict.fromkeys(token for text in said for token in tokens(text))
    return f" {' '.join(found)} " if found else ""
