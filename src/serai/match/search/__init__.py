"""Search by words and by meaning: words decide for names, codes and rare words, meaning for all others.

Words and meaning stay two signals until the ranking. Any store that finds texts by their terms can be used.
"""

from serai.match.search.index import Index
from serai.match.search.plan import Group, Plan, plan, rarest
from serai.match.search.ranking import LEAST_MEANING, Candidate, Hit, order
from serai.match.search.terms import terms
from serai.match.search.trade_words import titles_of
from serai.match.search.vocabulary import Vocabulary

__all__ = [
    "LEAST_MEANING",
    "Candidate",
    "Group",
    "Hit",
    "Index",
    "Plan",
    "Vocabulary",
    "order",
    "plan",
    "rarest",
    "terms",
    "titles_of",
]
