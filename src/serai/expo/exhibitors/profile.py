"""What follows from a firm's words: search and place on the chains are written anew after a change."""

from django_scopes import scope, scopes_disabled

from serai.expo.chains.domain import place_participation
from serai.expo.editions.models import Participation
from serai.expo.editions.searching import refresh_tokens
from serai.expo.firms.models import Firm
from serai.expo.search.indexing import index_later


def refresh_everywhere(firm: Firm) -> None:
    """Refresh search and chains at every fair of the firm that is not over."""
    with scopes_disabled():
        open_ones = Participation.objects.filter(firm=firm).exclude(edition__state="closed").select_related("edition")
        participations = list(open_ones)
    for one in participations:
        refresh(one)


def refresh(participation: Participation) -> None:
    """Write search text and placements of a participant anew after a change of its words."""
    edition = participation.edition
    with scope(edition=edition):
        refresh_tokens(Participation.objects.filter(pk=participation.pk))
        place_participation(participation)
    index_later(edition)
