"""Who exhibits at an edition, which participations a reader may see, and the filter of their lists on pages and in
the interface.
"""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from serai.expo.base import filters
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.own_fields.domain import condition
from serai.expo.participants.participation.domain.representation import acted_for
from serai.expo.people.account.models import User
from serai.match.search import terms

EXHIBITING = (Participation.Kind.EXHIBITOR, Participation.Kind.CO_EXHIBITOR, Participation.Kind.SERVICE)


def exhibitors(edition: Edition) -> QuerySet[Participation]:
    """Confirmed exhibitors, co-exhibitors and service providers: the public directory."""
    return Participation.objects.filter(edition=edition, kind__in=EXHIBITING, state=Participation.State.CONFIRMED)


def visible_to(user: User | AnonymousUser, edition: Edition) -> QuerySet[Participation]:
    """Participations that the user may see: all for an organiser; else exhibitors and those it acts for."""
    if user.has_perm("expo.read_people", edition):
        return Participation.objects.filter(edition=edition)
    public = Q(kind__in=EXHIBITING, state=Participation.State.CONFIRMED)
    return Participation.objects.filter(public | Q(pk__in=acted_for(user, edition).values("pk")), edition=edition)


@dataclass(frozen=True)
class ParticipationFilter:
    """What is asked of a list of participations. Empty fields do not narrow."""

    words: str = filters.words("In the name of the firm or its identifier, or all that it says", title=_("Words"))
    kind: str = filters.code("As what", choices=Participation.Kind.choices, title=_("Kind"))
    state: str = filters.code(
        "Where the organiser's decision stands", choices=Participation.State.choices, title=_("State")
    )
    section: str = filters.code("Slug of a section")
    own: str = filters.code("Key of an own field of the organiser", most=16, title=_("Own field"))
    holds: str = filters.code(
        "What the own field holds: words, or of numbers and days also '>= 5' and '5-10'", most=200, title=_("Holds")
    )


def narrowed(rows: QuerySet[Participation], wanted: ParticipationFilter) -> QuerySet[Participation]:
    """The participations of a fair that the filter asks for. For organisers: it looks into their own fields too."""
    given = {"kind": wanted.kind, "state": wanted.state, "section__slug": wanted.section}
    participations = rows.filter(**{name: value for name, value in given.items() if value})
    if wanted.own:
        participations = participations.filter(condition(wanted.own, wanted.holds))
    for word in wanted.words.split():
        named = Q(firm__legal_name__icontains=word) | Q(firm__identifier__iexact=word)
        in_texts, in_own = Q(), Q()
        for term in terms(word):
            in_texts &= Q(tokens__contains=f" {term} ")
            in_own &= Q(own_record__tokens__contains=f" {term} ")
        participations = participations.filter(named | in_texts | in_own if in_texts else named)
    return participations
