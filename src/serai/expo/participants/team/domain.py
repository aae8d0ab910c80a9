"""The team of a firm: joining and leaving it by invitation, roles, and the seats of a package; the people whom a
reader may see, with the details that each agreed to show, also as a vCard 4.0 (RFC 6350).
"""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, record_change, state
from serai.expo.base.text import without_controls
from serai.expo.base.tokens import hash_of
from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.mailing.domain.letters import send_letter
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.firms.record.domain.visibility import RANK, reads_as
from serai.expo.firms.record.models import Firm
from serai.expo.firms.record.rules import may_see_needs
from serai.expo.participants.participation.domain.decisions import have_met
from serai.expo.participants.team.models import TeamInvitation
from serai.expo.people.account.domain.consents import consenting
from serai.expo.people.account.models import Role, User

VALID_DAYS = 14


class TeamRefusedError(ValueError):
    """The reason why a change of the team is refused, in the reader's language."""


def open_invitations(firm: Firm) -> list[TeamInvitation]:
    """Invitations that nobody has accepted yet and that have not run out."""
    return list(_waiting(firm.pk).select_related("sent_by"))


def _waiting(firm: int) -> QuerySet[TeamInvitation]:
    return TeamInvitation.objects.filter(firm=firm, accepted_at__isnull=True, expires_at__gt=timezone.now())


def seats_taken(participation: Participation, *, but: str = "") -> int:
    """Those in the team and those invited take a seat each, but for the mail address ``but``.

    An invitation that has run out takes none.
    """
    firm = participation.firm_id
    return Role.objects.filter(firm=firm).count() + _waiting(firm).exclude(email__iexact=but).count()


def seats_free(participation: Participation, *, but: str = "") -> int:
    """How many more people may join; the seat kept for the mail address ``but`` is free for it."""
    return max(0, participation.seats - seats_taken(participation, but=but))


@transaction.atomic
def invite(participation: Participation, *, email: str, kind: str, user: User) -> tuple[TeamInvitation, str]:
    """Ask somebody to join the firm's team; with the token of the link. One asked before gets a new link.

    Raises TeamRefusedError where the person is in the team or every seat is taken.
    """
    firm, email = participation.firm, email.strip().lower()
    # Held until the end, so that two invitations at once do not both take the last seat: seats are the firm's.
    Firm.objects.select_for_update().get(pk=firm.pk)
    if Role.objects.filter(firm=firm, user__email=email).exists():
        raise TeamRefusedError(_("This person is in the team already."))
    earlier = TeamInvitation.objects.select_for_update().filter(firm=firm, email=email, accepted_at__isnull=True)
    for earlier_invitation in earlier:
        record("team.invitation_replaced", earlier_invitation, before=_without_token(earlier_invitation), user=user)
        earlier_invitation.delete()
    if not seats_free(participation):
        raise TeamRefusedError(
            _("All %d seats of your package are taken. Remove somebody, or ask the organiser for more.")
            % participation.seats
        )
    token = secrets.token_urlsafe(24)
    made = TeamInvitation.objects.create(
        firm=firm,
        email=email,
        kind=kind,
        token_hash=hash_of(token),
        sent_by=user,
        expires_at=timezone.now() + timedelta(days=VALID_DAYS),
    )
    record("team.invited", made, after=_without_token(made), user=user, edition=participation.edition)
    return made, token


def invitation_of(token: str) -> TeamInvitation | None:
    """The invitation whose link has this token, if it can still be accepted."""
    return (
        TeamInvitation.objects.filter(
            token_hash=hash_of(token), accepted_at__isnull=True, expires_at__gt=timezone.now()
        )
        .select_related("firm")
        .first()
    )


@transaction.atomic
def accept(invitation: TeamInvitation, *, user: User) -> Role:
    """Give the user the role of the invitation; who has a role in the firm keeps the one there is.

    Raises TeamRefusedError for a link that somebody else got hold of: the firm invited one mail address.
    """
    own = EmailAddress.objects.filter(user=user, email__iexact=invitation.email, verified=True)
    if user.email.lower() != invitation.email.lower() and not own.exists():
        raise TeamRefusedError(
            _("This invitation is for another mail address. Sign in with it, add it to your account, or ask again.")
        )
    role, made = Role.objects.get_or_create(user=user, firm=invitation.firm, defaults={"kind": invitation.kind})
    if made:
        record("role.given", role, after=state(role), user=user)
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    record("team.joined", invitation, after=_without_token(invitation), user=user)
    return role


@transaction.atomic
def cancel(invitation: TeamInvitation, *, user: User) -> None:
    """Take an invitation back; its link answers no more."""
    record("team.invitation_cancelled", invitation, before=_without_token(invitation), user=user)
    invitation.delete()


@transaction.atomic
def change_role(role: Role, kind: str, *, user: User) -> None:
    """Give a member of the team another role. Raises TeamRefusedError where the firm would have no owner."""
    _require_owner_left(role, kind)
    record_change("role.changed", role, user=user, kind=kind)


@transaction.atomic
def remove(role: Role, *, user: User) -> None:
    """Take a person out of the team. Raises TeamRefusedError where the firm would have no owner."""
    _require_owner_left(role, "")
    record("role.taken", role, before=state(role), user=user)
    role.delete()


def _require_owner_left(role: Role, kind: str) -> None:
    if role.kind != Role.Kind.OWNER or kind == Role.Kind.OWNER:
        return
    others = Role.objects.select_for_update().filter(firm=role.firm, kind=Role.Kind.OWNER).exclude(pk=role.pk)
    if not others:
        raise TeamRefusedError(_("A firm needs an owner. Make somebody else an owner first."))


def _without_token(invitation: TeamInvitation) -> dict[str, object]:
    return {name: value for name, value in state(invitation).items() if name != "token_hash"}


@transaction.atomic
def invite_by_mail(
    participation: Participation, *, email: str, kind: str, user: User, absolute: Callable[[str], str]
) -> TeamInvitation:
    """Ask somebody to join the firm's team; ``absolute`` makes an address of a path of this site.

    Raises TeamRefusedError where the person is in the team or every seat is taken.
    """
    made, token = invite(participation, email=email, kind=kind, user=user)
    send_letter(
        participation.edition,
        made.email,
        "team-invitation",
        {
            "firm": shown_name(made.firm),
            "person": user,
            "role": made.get_kind_display(),
            "days": VALID_DAYS,
            "address": absolute(reverse("team-join", args=[participation.edition.slug, token])),
        },
        private=True,
    )
    return made


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
    """The token of the person's photo; empty if the reader's audience may not see it."""
    return person.photo.token if person.photo and rank >= RANK[person.photo.audience] else ""


def vcard(contact: Contact, *, firm: str, country: str, url: str) -> str:
    """One contact, ready for a telephone."""
    person = contact.person
    lines = [
        "KIND:individual",
        f"FN:{vcard_text(str(person.name or firm))}",
        f"N:{';'.join(vcard_text(part) for part in (person.family_name, person.given_name, '', '', ''))}",
        f"ORG:{vcard_text(firm)}",
        f"ADR:;;;;;;{vcard_text(country)}",
        f"URL:{url}",
    ]
    if person.native_name and person.native_name != person.name:
        lines.append(f"FN:{vcard_text(person.native_name)}")
    if person.position:
        lines.append(f"TITLE:{vcard_text(person.position)}")
    if contact.mail:
        lines.append(f"EMAIL:{vcard_text(contact.mail)}")
    lines += [f"LANG;PREF={number}:{code}" for number, code in enumerate(person.languages, 1)]
    return vcard_of(lines)


VCARD_TYPE = "text/vcard; charset=utf-8"
VCARD_LINE = 75  # octets, after which a line is folded


def vcard_text(text: str) -> str:
    """A text as a value of a vCard."""
    plain: str = without_controls(text)
    plain = plain.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    return plain.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def vcard_of(lines: Iterable[str]) -> str:
    """A vCard of these lines, each folded between characters and never within one."""
    return "".join(f"{part}\r\n" for part in _folded(["BEGIN:VCARD", "VERSION:4.0", *lines, "END:VCARD"]))


def _folded(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        room, part = VCARD_LINE, ""
        for character in line:
            size = len(character.encode())
            if size > room:
                yield part
                room, part = VCARD_LINE - 1, " "
            part += character
            room -= size
        yield part
