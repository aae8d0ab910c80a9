"""Inviting contact persons to the desk of their firm: whom, by which letter, and what became of it."""

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django_scopes import scope, scopes_disabled

from serai.expo.base import filters
from serai.expo.base.audit.domain.entries import entry, record_all, record_change, state
from serai.expo.base.rows import write_in_parts
from serai.expo.base.text import in_language
from serai.expo.base.tokens import hash_of
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.domain.letter_words import known_language
from serai.expo.fairs.mailing.domain.letters import letters_to, site_address
from serai.expo.fairs.mailing.domain.outbox import enqueue
from serai.expo.fairs.mailing.domain.segments import participations
from serai.expo.fairs.mailing.models import Mail
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.participants.contact_persons.domain import may_be_written_to, stop_address
from serai.expo.participants.contact_persons.models import ContactPerson
from serai.expo.participants.invitations.models import DeskInvitation, ReminderPlan
from serai.expo.people.account.models import Role, User

State = DeskInvitation.State
VALID_DAYS = 14
KINDS = (Role.Kind.OWNER, Role.Kind.MANAGER, Role.Kind.SALES, Role.Kind.MEMBER)
"""As what a contact person may be invited."""
LONGEST_PLAN = 5


class InvitationRefusedError(ValueError):
    """Why nobody is invited so, in the reader's language."""


@dataclass(frozen=True)
class Reach:
    """The contact persons of a segment, each in one of these groups."""

    contacts: int
    to_write: int
    joined: int
    asked: int
    """Who has a link that is still good."""
    bounced: int
    refused: int
    without_consent: int
    without_mail: int


@dataclass(frozen=True)
class InvitationFilter:
    """By what the list of invitations can be narrowed."""

    words: str = filters.words("In names, mail addresses and firms", title=gettext_lazy("Person or firm"))
    state: str = filters.code("What became of the invitation", choices=State.choices, title=gettext_lazy("State"))
    kind: str = filters.code(
        "As what its firm takes part", choices=Participation.Kind.choices, title=gettext_lazy("As")
    )


def _contacts(edition: Edition, narrow: Mapping[str, Any]) -> QuerySet[ContactPerson]:
    """The contact persons of a segment's participants that are not over."""
    held = participations(edition, narrow).exclude(state__in=Participation.OVER)
    rows = ContactPerson.objects.filter(participation__in=held.order_by().values("pk"))
    if languages := narrow.get("language"):
        rows = rows.filter(Q(language__in=languages) | Q(language="", participation__firm__language__in=languages))
    return rows


def _to_write() -> Q:
    """Who may be written to and has no link that is still good."""
    open_still = Q(invitation__state__in=(State.QUEUED, State.SENT, State.OPENED))
    good = open_still & Q(invitation__expires_at__gt=timezone.now())
    done = Q(invitation__state__in=(State.JOINED, State.BOUNCED))
    return may_be_written_to() & (Q(invitation__isnull=True) | ~(good | done))


def reach(edition: Edition, narrow: Mapping[str, Any], *, consent: bool = False) -> Reach:
    """How many of a segment's contact persons a letter would reach, and why not the others.

    With ``consent`` those without a source of consent are counted as if they had one.
    """
    groups: Counter[str] = Counter()
    now = timezone.now()
    for contact in _contacts(edition, narrow).select_related("invitation"):
        asked: DeskInvitation | None = getattr(contact, "invitation", None)
        groups[_group(contact, asked, consent=consent, is_good=bool(asked and asked.expires_at > now))] += 1
    return Reach(sum(groups.values()), *(groups[name] for name in list(Reach.__dataclass_fields__)[1:]))


def _group(contact: ContactPerson, asked: DeskInvitation | None, *, consent: bool, is_good: bool) -> str:
    if asked and asked.state == State.JOINED:
        return "joined"
    if not contact.email:
        return "without_mail"
    if contact.refused_at:
        return "refused"
    if asked and asked.state == State.BOUNCED:
        return "bounced"
    if not contact.consent_source and not consent:
        return "without_consent"
    return "asked" if asked and is_good else "to_write"


def invite_segment(
    edition: Edition,
    narrow: Mapping[str, Any],
    *,
    kind: str,
    user: User | None,
    consent: str = "",
    progress: Callable[[int], object] = lambda _count: None,
) -> int:
    """Write to all of a segment who may be written to and have no link that is good. Returns to how many.

    ``consent`` is where the consent of those comes from of whom nothing is known; it is kept with each of them. Those
    who were written to before a call that was interrupted are not written to again.
    """
    require_can_invite(edition, user)
    if kind not in KINDS:
        raise InvitationRefusedError(_("Nobody is invited as this."))
    if consent.strip():
        _give_consent(_contacts(edition, narrow), consent.strip(), user=user)
    rows = _contacts(edition, narrow).filter(_to_write()).select_related("participation__firm", "invitation")
    contacts = list(rows.order_by("pk"))
    if not contacts:
        raise InvitationRefusedError(_("Nobody in this segment may get this letter, so none was written."))
    done = 0

    def write(part: Sequence[ContactPerson]) -> None:
        nonlocal done
        _write(edition, part, "desk-invitation", kind=kind, user=user)
        done += len(part)
        progress(done)

    write_in_parts(contacts, write)
    return done


def _give_consent(contacts: QuerySet[ContactPerson], source: str, *, user: User | None) -> None:
    rows = list(contacts.filter(consent_source="", refused_at__isnull=True).exclude(email=""))
    today = timezone.localdate()

    def write(part: Sequence[ContactPerson]) -> None:
        entries = []
        for contact in part:
            before = state(contact)
            contact.consent_source, contact.consent_on = source[:200], today
            after = state(contact)
            action = "contactperson.consent_said"
            entries.append(entry(action, contact, before=before, after=after, user=user, edition=contact.edition))
        ContactPerson.objects.bulk_update(part, ["consent_source", "consent_on"])
        record_all(entries)

    write_in_parts(rows, write)


def send_again(invitation: DeskInvitation, *, user: User | None) -> None:
    """A letter with a new link, after which the old one answers no more. Raises InvitationRefusedError."""
    require_can_invite(invitation.edition, user)
    with scope(edition=invitation.edition), transaction.atomic():
        _write_again(invitation.edition, [invitation.pk], "desk-invitation", user=user)


def remind(edition: Edition, *, user: User | None = None, due: Iterable[int] | None = None) -> int:
    """A reminder with a new link to who was written to, may be, and has not joined. Returns to how many.

    ``due`` are the keys of the invitations meant, all by default.
    """
    require_can_invite(edition, user)
    with scope(edition=edition):
        waiting = _to_remind(edition)
        keys = list((waiting if due is None else waiting.filter(pk__in=list(due))).values_list("pk", flat=True))
        write_in_parts(keys, lambda part: _write_again(edition, part, "desk-reminder", user=user))
    return len(keys)


def _to_remind(edition: Edition) -> QuerySet[DeskInvitation]:
    written = ContactPerson.objects.filter(may_be_written_to()).exclude(participation__state__in=Participation.OVER)
    waiting = DeskInvitation.objects.filter(edition=edition, state__in=(State.SENT, State.OPENED))
    return waiting.filter(contact__in=written.values("pk")).order_by("pk")


def _write_again(edition: Edition, keys: Iterable[int], letter: str, *, user: User | None) -> None:
    rows = ContactPerson.objects.filter(invitation__in=list(keys)).select_related("participation__firm", "invitation")
    contacts = list(rows)
    for contact in contacts:
        if _invitation(contact).state == State.JOINED:
            raise InvitationRefusedError(_("This person has joined already."))
        if contact.refused_at or not contact.email or not contact.consent_source:
            raise InvitationRefusedError(_("This person may not be written to: a mail address or consent is missing."))
    _write(edition, contacts, letter, kind="", user=user)


def _write(edition: Edition, contacts: Sequence[ContactPerson], letter: str, *, kind: str, user: User | None) -> None:
    """Queue the letters, each with a link of its own, and keep what was sent."""
    now = timezone.now()
    tokens = {contact.pk: secrets.token_urlsafe(24) for contact in contacts}
    mails = _letters(edition, contacts, letter, tokens, kind)
    enqueue(edition, [mails[contact.pk] for contact in contacts])
    made: list[tuple[DeskInvitation, dict[str, Any] | None]] = []
    changed: list[tuple[DeskInvitation, dict[str, Any] | None]] = []
    for contact in contacts:
        invitation: DeskInvitation | None = getattr(contact, "invitation", None)
        before = state(invitation) if invitation else None
        if invitation is None:
            invitation = DeskInvitation(edition=edition, contact=contact, kind=kind, invited_at=now, invited_by=user)
        elif letter == "desk-invitation" and kind:
            invitation.kind, invitation.invited_at, invitation.invited_by, invitation.reminders = kind, now, user, 0
        invitation.reminders += letter == "desk-reminder"
        invitation.state, invitation.token_hash, invitation.reason = State.QUEUED, hash_of(tokens[contact.pk]), ""
        invitation.mail, invitation.sent_at = mails[contact.pk], now
        invitation.opened_at, invitation.opened_by = None, ""
        invitation.expires_at = now + timedelta(days=invitation.days)
        (changed if invitation.pk else made).append((invitation, before))
    DeskInvitation.objects.bulk_create([invitation for invitation, _before in made])
    fields = ["kind", "state", "token_hash", "reason", "mail", "sent_at", "opened_at", "opened_by", "expires_at"]
    more = ["invited_at", "invited_by", "reminders"]
    DeskInvitation.objects.bulk_update([invitation for invitation, _before in changed], [*fields, *more])
    action = "deskinvitation.reminded" if letter == "desk-reminder" else "deskinvitation.sent"
    entries = [
        entry(action, invitation, before=before, after=state(invitation), user=user, edition=edition)
        for invitation, before in (*made, *changed)
    ]
    record_all(entries)


def _invitation(contact: ContactPerson) -> DeskInvitation:
    invitation: DeskInvitation = getattr(contact, "invitation")  # noqa: B009 - the other end of a relation
    return invitation


def _letters(
    edition: Edition, contacts: Sequence[ContactPerson], letter: str, tokens: Mapping[int, str], kind: str
) -> dict[int, Mail]:
    """The letter to each contact person, by its key, in the language of the person or else of its firm."""
    by_language: dict[str, list[ContactPerson]] = {}
    for contact in contacts:
        spoken = contact.language or contact.participation.firm.language
        by_language.setdefault(known_language(spoken), []).append(contact)
    mails: dict[int, Mail] = {}
    organisation = edition.organisation
    for language, readers in by_language.items():
        with override(language):
            waiting = iter(readers)  # two persons may share an address, so a letter is not found by it

            def values(_address: str, waiting: Any = waiting) -> dict[str, object]:
                contact: ContactPerson = next(waiting)
                as_what = kind or _invitation(contact).kind
                link = reverse("desk-invitation", args=[edition.slug, tokens[contact.pk]])
                return {
                    "name": " ".join(filter(None, (contact.salutation, contact.name))) or contact.email,
                    "firm": shown_name(contact.participation.firm),
                    "organisation": in_language(organisation.name).text or organisation.slug,
                    "role": Role.Kind(as_what).label,
                    "days": VALID_DAYS,
                    "address": site_address() + link,
                    "stop": site_address() + stop_address(contact.email),
                }

            written = letters_to(edition, [contact.email for contact in readers], letter, values)
        for contact, mail in zip(readers, written, strict=True):
            mail.private = True
            mails[contact.pk] = mail
    return mails


def require_can_invite(edition: Edition, user: User | None) -> None:
    """Who acts for somebody invites nobody, as whom a firm lets in is its own affair; a draft has no desks to open.

    Raises InvitationRefusedError.
    """
    if edition.state == Edition.State.DRAFT:
        raise InvitationRefusedError(_("This fair is a draft, so nobody could open the link. Publish it first."))
    if user is not None and user.helping_organisation is not None:
        raise InvitationRefusedError(_("While you act for somebody you can't invite anybody."))


def invitations(edition: Edition, wanted: InvitationFilter | None = None) -> QuerySet[DeskInvitation]:
    """The invitations of a fair, narrowed."""
    rows = DeskInvitation.objects.filter(edition=edition).select_related("contact__participation__firm")
    if wanted is None:
        return rows
    for word in wanted.words.split()[:5]:
        rows = rows.filter(
            Q(contact__name__icontains=word)
            | Q(contact__email__icontains=word)
            | Q(contact__participation__firm__legal_name__icontains=word)
        )
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    return rows.filter(contact__participation__kind=wanted.kind) if wanted.kind else rows


def counts(edition: Edition) -> dict[str, int]:
    """How many invitations are in each state."""
    rows = DeskInvitation.objects.filter(edition=edition).order_by().values_list("state")
    return dict.fromkeys(State.values, 0) | dict(rows.annotate(Count("pk")))


def bounced(edition: Edition, email: str, reason: str, *, user: User | None) -> int:
    """The letter to an address came back. Returns how many invitations are marked so."""
    rows = DeskInvitation.objects.filter(edition=edition, contact__email__iexact=email.strip())
    open_rows = list(rows.exclude(state__in=(State.JOINED, State.BOUNCED)))
    for row in open_rows:
        record_change("deskinvitation.bounced", row, user=user, state=State.BOUNCED, reason=reason[:500])
    return len(open_rows)


def follow_mail(mail: Mail) -> None:
    """The letter of an invitation was sent, or has failed for good."""
    rows = DeskInvitation.objects.filter(mail=mail)
    if mail.state == Mail.State.SENT:
        rows.filter(state__in=(State.QUEUED, State.BOUNCED)).update(state=State.SENT, reason="")
    elif mail.state == Mail.State.FAILED:
        rows.filter(state__in=(State.QUEUED, State.SENT)).update(state=State.BOUNCED, reason=mail.reason)


def set_plan(edition: Edition, days: Sequence[int], *, user: User) -> ReminderPlan:
    """After how many days who has not joined is reminded; none: never. Raises InvitationRefusedError."""
    chosen = sorted(set(days))
    if len(chosen) > LONGEST_PLAN or any(not 1 <= day <= 365 for day in chosen):
        raise InvitationRefusedError(_("Give at most five numbers of days, each from 1 to 365."))
    plan = ReminderPlan.objects.filter(edition=edition).first() or ReminderPlan.objects.create(edition=edition)
    record_change("reminderplan.set", plan, user=user, days=chosen)
    return plan


def remind_as_planned() -> int:
    """The daily job: remind who is due by the plan of its fair. Returns how many."""
    count = 0
    with scopes_disabled():
        plans = list(ReminderPlan.objects.exclude(days=[]).select_related("edition"))
    for plan in plans:
        with scope(edition=plan.edition):
            if plan.edition.ends_on < timezone.localdate() or plan.edition.state == Edition.State.DRAFT:
                continue
            due = [row.pk for row in _to_remind(plan.edition) if _is_due(row, plan.days)]
            count += remind(plan.edition, due=due) if due else 0
    return count


def _is_due(row: DeskInvitation, days: Sequence[int]) -> bool:
    if row.reminders >= len(days):
        return False
    return timezone.now() >= row.invited_at + timedelta(days=days[row.reminders])
