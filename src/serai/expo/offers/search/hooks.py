"""What this room tells the registries: the search text follows changes of firms, participations and fairs."""

from collections.abc import Collection

from django_scopes import scopes_disabled

from serai.expo.fairs.edition.domain.clone import edition_cloned
from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.identity.domain.merges import identity_changed
from serai.expo.firms.record.domain.profile import searched_words_changed
from serai.expo.firms.record.models import Firm
from serai.expo.offers.search.domain.index import index_later, refresh_tokens
from serai.expo.participants.participation.domain.decisions import participation_changed
from serai.expo.people.account.models import User


@identity_changed.register
def _firms(firms: Collection[Firm], _by: User | None) -> None:
    refresh_tokens(Participation.objects.filter(firm__in=firms))


@searched_words_changed.register
def _firm(firm: Firm) -> None:
    with scopes_disabled():
        refresh_tokens(Participation.objects.filter(firm=firm))


@participation_changed.register
def _participation(participation: Participation) -> None:
    refresh_tokens(Participation.objects.filter(pk=participation.pk))


edition_cloned.register(index_later)
