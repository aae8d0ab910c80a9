"""By what lists of participations are narrowed, on the organiser's pages and in calls."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from serai.expo.base import filters
from serai.expo.fairs.edition.models import Participation
from serai.match.search import terms


@dataclass(frozen=True)
class ParticipationFilter:
    """What is asked of a list of participations. Empty fields do not narrow."""

    words: str = filters.words("In the name of the firm or its identifier, or all that it says", title=_("Words"))
    kind: str = filters.code("As what", choices=Participation.Kind.choices, title=_("Kind"))
    state: str = filters.code(
        "Where the organiser's decision stands", choices=Participation.State.choices, title=_("State")
    )
    section: str = filters.code("Slug of a section")


def narrowed(rows: QuerySet[Participation], wanted: ParticipationFilter) -> QuerySet[Participation]:
    """The participations that the filter asks for."""
    given = {"kind": wanted.kind, "state": wanted.state, "section__slug": wanted.section}
    participations = rows.filter(**{name: value for name, value in given.items() if value})
    for word in wanted.words.split():
        named = Q(firm__legal_name__icontains=word) | Q(firm__identifier__iexact=word)
        in_texts = Q()
        for term in terms(word):
            in_texts &= Q(tokens__contains=f" {term} ")
        participations = participations.filter(named | in_texts if in_texts else named)
    return participations
