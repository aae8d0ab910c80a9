"""An organiser adds a participant by hand: known firms are found first, a new one is entered with its numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.collisions import made_once
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.identity.domain.duplicates import like, record_of
from serai.expo.firms.identity.domain.known_firms import Known
from serai.expo.firms.identity.domain.likeness import Likeness
from serai.expo.firms.record.domain.firms import new_firm
from serai.expo.firms.record.domain.profile import ProfileError, put
from serai.expo.firms.record.domain.provenance import mark
from serai.expo.firms.record.domain.register_numbers import compact
from serai.expo.firms.record.models import Firm, FirmIdentifier
from serai.expo.participants.participation.domain.signals import participation_changed
from serai.expo.participants.participation.domain.withdrawal import can_be_restored, restore
from serai.expo.people.account.models import User


class AddingRefusedError(ValueError):
    """Why a participant cannot be added, in the reader's language."""


@dataclass(frozen=True)
class Entered:
    """A firm as an organiser writes it down: ``numbers`` by scheme."""

    legal_name: str
    country: str
    language: str
    address: str = ""
    website: str = ""
    numbers: Mapping[str, str] = field(default_factory=dict)


def alike(entered: Entered) -> list[tuple[Known, Likeness]]:
    """The known firms that it may be, the likeliest first."""
    numbers = [(scheme, compact(value)) for scheme, value in entered.numbers.items()]
    written = record_of(entered.country, [entered.legal_name], entered.address, numbers, entered.website)
    return like(written)


@made_once
def add(edition: Edition, firm: Firm | Entered, kind: str, *, on: date, user: User) -> Participation:
    """Let a firm take part, one that is known or a new one.

    One that took part and was cancelled is taken back as by undoing that: its people are told, and its history says so.
    Raises AddingRefusedError, and then nothing has changed.
    """
    firm_here = firm if isinstance(firm, Firm) else _enter(edition, firm, on=on, user=user)
    participation = Participation.objects.select_for_update().filter(edition=edition, firm=firm_here, kind=kind).first()
    if participation is not None and participation.state not in Participation.OVER:
        raise AddingRefusedError(_("This firm has applied already, or takes part."))
    if participation is not None and can_be_restored(participation):
        restore(participation, Participation.State.CONFIRMED, by=user)
        participation_changed.call(participation)
        return participation
    before = state(participation) if participation else None
    participation = participation or Participation(edition=edition, firm=firm_here, kind=kind)
    participation.state = Participation.State.CONFIRMED
    participation.save()
    record("participation.added", participation, before=before, after=state(participation), user=user, edition=edition)
    participation_changed.call(participation)
    return participation


def _enter(edition: Edition, entered: Entered, *, on: date, user: User) -> Firm:
    texts = {entered.language: entered.address} if entered.address else {}
    firm = new_firm(
        legal_name=entered.legal_name,
        country=entered.country,
        on=on,
        name={entered.language: entered.legal_name},
        language=entered.language,
        address=texts,
        website=entered.website,
    )
    fields_given = [
        "legal_name",
        "name",
        "country",
        *(["address"] if texts else []),
        *(["website"] if entered.website else []),
    ]
    firm.provenance = mark(firm, fields_given, "organiser", user=user)
    firm.save()
    record("firm.entered", firm, after=state(firm), user=user, edition=edition)
    for scheme, value in entered.numbers.items():
        number = FirmIdentifier(firm=firm, scheme=scheme, value=value, source="organiser")
        try:
            put(number, user=user, source="organiser", edition=edition)
        except ProfileError as error:
            raise AddingRefusedError(f"{scheme}: {error}") from error
    return firm
