"""Search: words decide where they are names, codes and rare words, meaning where they are not.

Words and meaning stay two signals until the end. Any store that can find texts by their terms will do.
"""

from serai.match.search.index import Index
from serai.match.search.plan import Group, Plan, plan, rarest
from serai.match.search.ranking import LEAST_MEANING, Candidate, Hit, order
from serai.match.search.terms import terms
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
]
