"""Search texts and placements on the chains are written anew after a firm changes its words."""

from django_scopes import scope, scopes_disabled

from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.record.models import Firm
from serai.expo.offers.chains.domain.placements import place_participation
from serai.expo.offers.search.domain.index import index_later
from serai.expo.offers.search.domain.search_text import refresh_tokens


def refresh_everywhere(firm: Firm) -> None:
    """Write the firm's search text anew at all its fairs, and its placements at those that are not over."""
    with scopes_disabled():
        refresh_tokens(Participation.objects.filter(firm=firm))
        open_fairs = Participation.objects.filter(firm=firm).exclude(edition__state="closed").select_related("edition")
        participations = list(open_fairs)
    for participation in participations:
        _place(participation)


def refresh(participation: Participation) -> None:
    """Write search text and placements of a participant anew after a change of its words."""
    with scope(edition=participation.edition):
        refresh_tokens(Participation.objects.filter(pk=participation.pk))
    _place(participation)


def _place(participation: Participation) -> None:
    with scope(edition=participation.edition):
        place_participation(participation)
    index_later(participation.edition)
