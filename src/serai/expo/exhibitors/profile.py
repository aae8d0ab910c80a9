"""Changing what a firm says of itself; what follows from its words, search and place on the chains, follows at once."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django_scopes import scope, scopes_disabled

from serai.expo.audit.domain import record, state
from serai.expo.chains.domain import place_participation
from serai.expo.editions.models import Participation
from serai.expo.editions.searching import refresh_tokens
from serai.expo.firms.models import Firm
from serai.expo.firms.names import sort_name
from serai.expo.people.models import User
from serai.expo.search.indexing import index_later
from serai.expo.text import in_language

FIELDS = ("name", "description", "city", "website", "founded", "size", "women_led", "isic", "languages")
"""What the desk changes. The legal name, the country and the identifiers are the organiser's to correct."""


@transaction.atomic
def save_profile(firm: Firm, values: Mapping[str, Any], *, user: User) -> bool:
    """Write those of FIELDS that are in ``values``, and refresh search and chains at every fair of the firm that is not
    over. Returns whether anything changed."""
    held = Firm.objects.select_for_update().get(pk=firm.pk)
    before = state(held)
    for name in FIELDS:
        if name in values:
            setattr(held, name, values[name])
    held.sort_name = sort_name(str(in_language(held.name, "en")) or held.legal_name)
    if state(held) == before:
        return False
    held.save()
    record("firm.profile_changed", held, before=before, after=state(held), user=user)
    refresh_everywhere(held)
    return True


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
