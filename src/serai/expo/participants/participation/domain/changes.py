"""The organiser adds a participant by hand and changes a participation: as what, where, with whom, on how much
ground, and with how many meetings.

Known firms are found first; a new one is entered with its numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.rows import made_once
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.identity.domain.duplicates import like, record_of
from serai.expo.firms.identity.domain.known_firms import Known
from serai.expo.firms.identity.domain.likeness import Likeness
from serai.expo.firms.record.domain.names import new_firm
from serai.expo.firms.record.domain.profile import ProfileError, compact, mark, put
from serai.expo.firms.record.models import Firm, FirmIdentifier
from serai.expo.participants.exhibitors.domain.co_exhibitors import kind_alone, tell_parted
from serai.expo.participants.participation.domain.decisions import kind_changed, participation_changed
from serai.expo.participants.participation.domain.withdrawal import can_be_restored, restore
from serai.expo.people.account.models import User
from serai.world.classifications.countries import countries

Kind, State = Participation.Kind, Participation.State

EDITED = (*("kind", "section", "pavilion", "area_m2", "lead", "seats", "meetings_minimum", "meetings_maximum"),)
"""The fields that the organiser changes one by one. What is decided, sold or granted has functions of its own."""

ALIKE: tuple[frozenset[str], ...] = (
    frozenset({Kind.EXHIBITOR, Kind.CO_EXHIBITOR, Kind.SERVICE}),
    frozenset({Kind.BUYER, Kind.DELEGATION}),
)
"""Kinds between which a participation may change: what it has entered means the same in both."""

MOST = 32_767
"""The largest number of seats or meetings that can be kept."""

MOST_M2 = 100_000


class EditRefusedError(ValueError):
    """Why a participation can't be so, in the reader's language, and the field at fault."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


def kinds_for(participation: Participation) -> list[str]:
    """As what it may take part instead, its own kind among them."""
    group = next((kinds for kinds in ALIKE if participation.kind in kinds), frozenset({participation.kind}))
    return [kind for kind in Kind.values if kind in group]


def leaders_for(participation: Participation) -> QuerySet[Participation]:
    """With whom it may stand: confirmed exhibitors who stand with nobody."""
    exhibitors = Participation.objects.filter(edition=participation.edition, lead__isnull=True).filter(
        kind__in=(Kind.EXHIBITOR, Kind.SERVICE), state=State.CONFIRMED
    )
    others = exhibitors.exclude(pk=participation.pk).exclude(firm=participation.firm_id)
    return others.select_related("firm").order_by("firm__sort_name", "pk")


@transaction.atomic
def edit(participation: Participation, changes: Mapping[str, Any], *, by: User) -> Participation:
    """Write the fields of EDITED that are named; the others stay as they are.

    Who gets a leader becomes a co-exhibitor, who has none any more an exhibitor. The badges follow the kind, and who
    stands together no more is told. Raises EditRefusedError, and then nothing has changed.
    """
    edition: Edition = participation.edition
    with scope(edition=edition):
        rows = Participation.objects.select_for_update(of=("self",)).select_related("firm", "lead__firm", "edition")
        held = rows.get(pk=participation.pk)
        before, leader, kind = state(held), held.lead, held.kind
        for name, value in changes.items():
            if name not in EDITED:
                raise EditRefusedError(name, _("This is not changed here: %s.") % name)
            setattr(held, name, value)
        _settle_kind(held, leader, kind)
        _check(held, leader, kind)
        if state(held) == before:
            return held
        held.save(update_fields=EDITED)
        record("participation.changed", held, before=before, after=state(held), user=by, edition=edition)
        kind_changed.call(held, by)
        participation_changed.call(held)
        if leader is not None and held.lead_id != leader.pk:
            tell_parted(held, leader)
    return held


def _settle_kind(held: Participation, leader: Participation | None, kind: str) -> None:
    """A kind that was not chosen follows the leader."""
    if held.kind != kind or held.lead == leader:
        return
    if held.lead is None:
        held.kind = kind_alone(held)
    elif kind in ALIKE[0]:
        held.kind = Kind.CO_EXHIBITOR


def _check(held: Participation, leader: Participation | None, kind: str) -> None:
    _check_kind(held, kind)
    _check_leader(held, leader, kind)
    _check_place(held)
    _check_numbers(held)


def _check_kind(held: Participation, kind: str) -> None:
    if held.kind not in kinds_for(Participation(kind=kind)):
        raise EditRefusedError("kind", _("A participation of this kind can't become one of that."))
    same = Participation.objects.filter(edition=held.edition, firm=held.firm, kind=held.kind).exclude(pk=held.pk)
    if held.kind != kind and same.exists():
        raise EditRefusedError("kind", _("This firm takes part as that already, or has applied to."))


def _check_leader(held: Participation, leader: Participation | None, kind: str) -> None:
    if (held.lead, held.kind) == (leader, kind):
        return
    if held.lead is None:
        if held.kind == Kind.CO_EXHIBITOR != kind:
            raise EditRefusedError("lead", _("Say with whom the co-exhibitor stands."))
        return
    if held.kind != Kind.CO_EXHIBITOR:
        raise EditRefusedError("kind", _("Who stands with a leader is a co-exhibitor; take the leader away too."))
    if held.lead == leader:
        return
    if not leaders_for(held).filter(pk=held.lead.pk).exists():
        raise EditRefusedError("lead", _("It can stand with a confirmed exhibitor who stands with nobody."))
    if held.co_exhibitors.exists():
        raise EditRefusedError("lead", _("It leads co-exhibitors itself and cannot stand with another."))


def _check_place(held: Participation) -> None:
    if held.section is not None and held.section.edition_id != held.edition_id:
        raise EditRefusedError("section", _("This fair has no such section."))
    if held.pavilion and held.pavilion not in countries():
        raise EditRefusedError("pavilion", _("Choose a country or region of the list."))


def _check_numbers(held: Participation) -> None:
    if held.area_m2 is not None and not 0 < held.area_m2 <= MOST_M2:
        raise EditRefusedError("area_m2", _("Give an area from 1 to %d m².") % MOST_M2)
    for name in ("seats", "meetings_minimum", "meetings_maximum"):
        if not 0 <= getattr(held, name) <= MOST:
            raise EditRefusedError(name, _("Give a number from 0 to %d.") % MOST)
    if held.meetings_minimum > held.meetings_maximum:
        raise EditRefusedError("meetings_minimum", _("Give a least number that is not above the most."))


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
