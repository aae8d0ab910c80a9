"""What follows from a firm's words: search and place on the chains are written anew after a change."""

from django_scopes import scope, scopes_disabled

from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.record.models import Firm
from serai.expo.offers.chains.domain.placements import place_participation
from serai.expo.offers.search.domain.index import index_later
from serai.expo.offers.search.domain.search_text import refresh_tokens


def refresh_everywhere(firm: Firm) -> None:
    """Refresh search and chains at every fair of the firm that is not over."""
    with scopes_disabled():
        open_ones = Participation.objects.filter(firm=firm).exclude(edition__state="closed").select_related("edition")
        participations = list(open_ones)
    for participation in participations:
        refresh(participation)


def refresh(participation: Participation) -> None:
    """Write search text and placements of a participant anew after a change of its words."""
    edition = participation.edition
    with scope(edition=edition):
        refresh_tokens(Participation.objects.filter(pk=participation.pk))
        place_participation(participation)
    index_later(edition)
