"""The people of a firm whom a reader may see, and what of them: as each has agreed."""

from dataclasses import dataclass
from typing import Any

from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.record.domain.visibility import RANK, reads_as
from serai.expo.firms.record.rules import may_see_needs
from serai.expo.participants.participation.domain.signals import have_met
from serai.expo.people.account.domain.consents import consenting
from serai.expo.people.account.models import User


@dataclass(frozen=True)
class Contact:
    """A person as a reader may see it; the mail address only for who may write."""

    person: User
    mail: str
    photo: str = ""  # its token, where the reader may see it


def contacts_of(participation: Participation, reader: Any) -> list[Contact]:
    """The people of a firm whom ``reader`` may see.

    The firm's own people and organisers see all; who has a meeting with the firm sees those who agreed to be contacted
    by partners; everybody sees the names of those who agreed to be named in public.
    """
    people = (
        User.objects.filter(roles__firm=participation.firm, is_active=True)
        .select_related("photo")
        .distinct()
        .order_by("name", "pk")
    )
    rank = RANK[reads_as(reader, participation.firm)]
    if may_see_needs(reader, participation):
        return [Contact(person, person.email, _photo_of(person, rank)) for person in people]
    named = set(people.filter(pk__in=consenting("publish_name").values("pk")).values_list("pk", flat=True))
    met: set[int] = set()
    if reader.is_authenticated and any(have_met.call(participation, reader)):
        met = set(people.filter(pk__in=consenting("matches").values("pk")).values_list("pk", flat=True))
    return [
        Contact(person, person.email if person.pk in met else "", _photo_of(person, rank))
        for person in people
        if person.pk in named | met
    ]


def _photo_of(person: User, rank: int) -> str:
    """The token of the photo, for a reader of the firm who is of this rank."""
    return person.photo.token if person.photo and rank >= RANK[person.photo.audience] else ""
