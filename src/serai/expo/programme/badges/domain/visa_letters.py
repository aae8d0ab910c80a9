"""Letters of invitation for visas: who makes them for whom, and the letter as PDF.

The details of a passport are never saved. The trail says that a letter was made, by whom and for which participant.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from serai.expo.base.audit.domain.entries import record
from serai.expo.base.text import in_language
from serai.expo.base.typesetting import typeset
from serai.expo.fairs.edition.domain.phases import today_at
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.domain.kinds import letters
from serai.expo.fairs.mailing.domain.letter_words import known_language, own_template, wording, written
from serai.expo.fairs.mailing.domain.letters import site_address
from serai.expo.fairs.mailing.domain.templates import fair_values
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.participants.delegations.domain import letter_sent
from serai.expo.participants.delegations.models import DelegationMember
from serai.expo.people.account.models import Role, User
from serai.expo.programme.badges.domain.badges import edited_by
from serai.world.classifications import countries

INVITATION = "visa-invitation"
"""The name of the letter."""

CONFIRMED = Participation.State.CONFIRMED


@dataclass(frozen=True)
class Traveller:
    """A traveller with the details of the passport. Never saved."""

    name: str
    born_on: date
    nationality: str  # ISO 3166-1 alpha-2
    passport: str
    valid_until: date
    position: str = ""
    arrives_on: date | None = None
    leaves_on: date | None = None


def participants_of(user: User, edition: Edition) -> QuerySet[Participation]:
    """Confirmed participants for whose people the user makes letters: all for an organiser, else those they edit."""
    if user.has_perm("expo.change_entrance", edition):
        rows = Participation.objects.filter(edition=edition)
    else:
        rows = edited_by(user, edition)
    return rows.filter(state=CONFIRMED).select_related("firm", "edition__organisation").order_by("pk")


def members_of(user: User, edition: Edition) -> QuerySet[DelegationMember]:
    """Members of delegations for whom the user makes letters: all for an organiser. A leader makes them for those of
    confirmed firms that let the leader act, and for all once the own firm is confirmed."""
    rows = DelegationMember.objects.filter(edition=edition)
    if not user.has_perm("expo.change_entrance", edition):
        own = Role.objects.filter(user=user, firm=OuterRef("firm"))
        vetted = Participation.objects.filter(Exists(own), edition=edition, state=CONFIRMED).exists()
        rows = rows.filter(delegation__leader=user)
        if not vetted:
            rows = rows.filter(Q(participation__state=CONFIRMED, proxy_since__isnull=False))
    return rows.select_related("delegation", "participation__firm", "edition__organisation").order_by("pk")


def invitation_pdf(of: Participation | DelegationMember, who: Traveller, language: str, *, by: User) -> bytes:
    """The letter in ``language`` and in English, a page each. Writes an audit entry."""
    made = typeset("serai.expo.programme.badges", "invitation.typ", {"pages": invitation_pages(of, who, language)})
    record("invitation.made", of, user=by, edition=of.edition)
    if isinstance(of, DelegationMember) and of.letter == DelegationMember.Letter.WANTED:
        letter_sent(of, by=by)
    return made


def invitation_pages(of: Participation | DelegationMember, who: Traveller, language: str) -> list[dict[str, Any]]:
    """The content of each page: in ``language``, and in English if that is another."""
    return [_page(of, who, code) for code in dict.fromkeys((known_language(language), "en"))]


def _page(of: Participation | DelegationMember, who: Traveller, language: str) -> dict[str, Any]:
    edition, kind = of.edition, letters()[INVITATION]
    host = countries.name(edition.organisation.country or edition.country, language)
    with override(language):
        firm, comes_as = _comes_with(of, language)
        organiser = in_language(edition.organisation.name, language)
        values = fair_values(edition, language, site_address()) | {"name": who.name, "person": who.name}
        values |= {"firm": firm, "kind": comes_as, "organiser": organiser.text}
        text = written(kind, wording(kind, own_template(edition, INVITATION), language), values)
        return {
            "language": language,
            "organiser": {"text": organiser.text, "language": organiser.language},
            "address": f"{host} · {values['link']}\N{LEFT-TO-RIGHT MARK}",
            "day": date_format(today_at(edition)),
            "subject": text.subject,
            "paragraphs": text.body.split("\n\n"),
            "facts": [list(fact) for fact in _facts(who, firm, language)],
            "sign": _("Signature and seal"),
        }


def _comes_with(of: Participation | DelegationMember, language: str) -> tuple[str, str]:
    """The firm or delegation of the traveller, and its part. Firms that let no leader act are not named."""
    if isinstance(of, Participation):
        return shown_name(of.firm, language), str(of.get_kind_display())
    firm = shown_name(of.participation.firm, language) if of.participation and of.proxy_since else ""
    part = str(of.get_part_display())
    return (firm, f"{of.delegation.name}, {part}") if firm else (of.delegation.name, part)


def _facts(who: Traveller, firm: str, language: str) -> Iterator[tuple[str, str]]:
    """The facts that a consulate compares with the passport, in the current language."""
    yield _("Name as in the passport"), who.name
    yield _("Date of birth"), date_format(who.born_on)
    yield _("Nationality"), countries.name(who.nationality, language)
    yield _("Passport number"), who.passport
    yield _("Passport valid until"), date_format(who.valid_until)
    yield _("Firm"), firm
    if who.position:
        yield _("Position"), who.position
    if who.arrives_on and who.leaves_on:
        yield _("Stay"), f"{date_format(who.arrives_on)} – {date_format(who.leaves_on)}"
