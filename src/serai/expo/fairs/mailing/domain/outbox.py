"""The outbox: mails wait, are sent once, and tell what became of them."""

import re
import smtplib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope, scopes_disabled

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.rooms import Hook
from serai.expo.base.tasks.domain.queue import claim
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.domain.segments import participations, people, willing
from serai.expo.fairs.mailing.domain.templates import write
from serai.expo.fairs.mailing.models import Mail, Mailing, MailTemplate
from serai.expo.people.account.domain.consents import has_consent
from serai.expo.people.account.models import Role, User

MOST_ATTEMPTS = 3
MOST_UNREACHED = 50
"""Attempts for want of a mail server that answers: about a day."""
WAITS = (timedelta(minutes=5), timedelta(minutes=30))
"""How long a mail waits for the next attempt after the first and after each further one."""
SHORT_WAIT = timedelta(seconds=5)
"""How long a letter waits that soon expires."""
LEASE = timedelta(minutes=1)
"""Longer than one attempt can take (``connections.SECONDS``), and over before a code is void that a worker was sending
when it was killed."""
PERMANENT = 500
"""From this code on a mail server's answer is final."""

mail_ended: Hook[[Mail], None] = Hook("mail sent or failed for good")
"""A private letter of a fair, such as one with a link, has been sent or has failed for good."""

STOP = re.compile(r"https?://\S+/unsubscribe/\S+/")
"""The address in a letter that stops such letters (RFC 8058)."""

State = Mail.State


class OutboxError(Exception):
    """The outbox refuses this: a sentence for the reader."""


@transaction.atomic
def draft(
    edition: Edition,
    template: MailTemplate,
    name: str,
    filters: Mapping[str, Any],
    site: str,
    *,
    user: User | None = None,
) -> Mailing:
    """Write a draft for each person of a segment who may get the letter, in the person's language.

    ``site`` is the beginning of the addresses in the mails. Raises OutboxError if nobody may get it.
    """
    with scope(edition=edition):
        everyone = people(edition, filters)
        readers = list(willing(everyone, template.purpose, edition.organisation))
        if not readers:
            raise OutboxError(_("Nobody in this segment may get this letter, so none was written."))
        acting = _participation_of(edition, filters, readers)
        mailing = Mailing.objects.create(
            edition=edition,
            template=template,
            segment=name,
            filters=dict(filters),
            purpose=template.purpose,
            subject=template.subject,
            without_consent=everyone.count() - len(readers),
            made_by=user,
        )
        mails = []
        for reader in readers:
            letter = write(
                edition,
                template.subject,
                template.body,
                reader,
                acting.get(reader.pk),
                site=site,
                purpose=template.purpose,
            )
            mails.append(
                Mail(
                    edition=edition,
                    mailing=mailing,
                    user=reader,
                    purpose=template.purpose,
                    language=letter.language,
                    subject=letter.subject,
                    body=letter.body,
                )
            )
        Mail.objects.bulk_create(mails, batch_size=500)
        after = state(mailing) | {"mails": len(mails)}
        record("mailing.drafted", mailing, after=after, user=user, edition=edition)
    return mailing


def _participation_of(edition: Edition, filters: Mapping[str, Any], readers: list[User]) -> dict[int, Participation]:
    """Primary key of a reader -> a participation of the segment for which the reader acts. Two queries."""
    rows = participations(edition, filters).select_related("firm").order_by("-pk")
    by_firm = {participation.firm_id: participation for participation in rows}
    roles = Role.objects.filter(user__in=[reader.pk for reader in readers], firm__in=list(by_firm)).order_by("-pk")
    return {role.user_id: by_firm[role.firm_id] for role in roles if role.firm_id in by_firm}


@transaction.atomic
def release(mailing: Mailing, *, user: User | None = None) -> int:
    """Queue the drafts of a mailing for sending. Returns how many. Raises OutboxError if it has none."""
    with scope(edition=mailing.edition):
        count = Mail.objects.filter(mailing=mailing, state=State.DRAFT).update(state=State.QUEUED)
        if not count:
            raise OutboxError(_("No draft of this mailing is left to send."))
        mailing.released_at = timezone.now()
        mailing.save(update_fields=["released_at"])
    record("mailing.released", mailing, after={"mails": count}, user=user, edition=mailing.edition)
    return count


@transaction.atomic
def discard(mailing: Mailing, *, user: User | None = None) -> None:
    """Delete a mailing with its drafts. Raises OutboxError if it has been released."""
    with scope(edition=mailing.edition):
        if mailing.released_at:
            raise OutboxError(_("This mailing has been released and stays as a record."))
        record("mailing.discarded", mailing, before=state(mailing), user=user, edition=mailing.edition)
        mailing.delete()


@transaction.atomic
def retry(edition: Edition, mailing: Mailing | None = None, *, user: User | None = None) -> int:
    """Queue failed mails again. Returns how many."""
    with scope(edition=edition):
        failed = Mail.objects.filter(edition=edition, state=State.FAILED)
        failed = failed.filter(mailing=mailing) if mailing else failed
        count = failed.update(state=State.QUEUED, attempts=0, reason="", due_at=None)
    if count:
        record("mail.retried", mailing or edition, after={"mails": count}, user=user, edition=edition)
    return count


def visible_to(user: User, edition: Edition) -> QuerySet[Mail]:
    """The mails of a fair that a user may see: organisers see all, others those to themselves."""
    mails = Mail.objects.filter(edition=edition)
    return mails if user.has_perm("expo.read_letters", edition) else mails.filter(user=user)


def with_counts(mailings: QuerySet[Mailing]) -> QuerySet[Mailing]:
    """The mailings with an attribute for each state of a mail: the number of its mails in that state."""
    return mailings.annotate(**{state: Count("mails", Q(mails__state=state)) for state in Mail.State.values})


def counts(mails: QuerySet[Mail]) -> Mapping[str, int]:
    """State -> how many of these mails are in it."""
    return Counter(mails.order_by().values_list("state", flat=True))


def enqueue(edition: Edition | None, mails: Sequence[Mail]) -> int:
    """Save and queue service letters, each with its reader, language and words. Returns how many."""
    for mail in mails:
        mail.edition, mail.purpose, mail.state = edition, MailTemplate.Purpose.SERVICE, State.QUEUED
    if mails:
        with scopes_disabled():
            Mail.objects.bulk_create(mails, batch_size=500)
    return len(mails)


def send_next() -> bool:
    """Send the letter that is due first. Returns whether there was one."""
    with scopes_disabled():
        mail = claim(_due(), lambda _mail: {"state": State.SENDING, "due_at": timezone.now() + LEASE})
        if mail is not None:
            send(mail)
    return mail is not None


def _due() -> QuerySet[Mail]:
    """Letters to be sent: queued ones, and those whose worker has let its lease run out. Those that expire go first."""
    now = timezone.now()
    due = Mail.objects.filter(Q(due_at=None) | Q(due_at__lte=now), state__in=(State.QUEUED, State.SENDING))
    return due.order_by(F("expires_at").asc(nulls_last=True), "pk")


def send(mail: Mail) -> str:
    """Send one claimed mail, and save its state. Returns the state."""
    if mail.purpose != MailTemplate.Purpose.SERVICE and not _is_agreed_to(mail):
        return _ended(mail, State.CANCELLED, _("The reader no longer agrees to such letters."))
    if mail.expires_at and mail.expires_at < timezone.now():
        return _ended(mail, State.FAILED, mail.reason or _("It could not be sent in time."))
    message = EmailMessage(mail.subject, mail.body, settings.DEFAULT_FROM_EMAIL, [mail.address])
    message.extra_headers["Content-Language"] = mail.language
    if stop := STOP.search(mail.body):
        message.extra_headers["List-Unsubscribe"] = f"<{stop[0]}>"
        message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.attempts, mail.tried_at = mail.attempts + 1, timezone.now()
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        return _failed(mail, code, words)
    except smtplib.SMTPResponseException as error:
        return _failed(mail, error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return _failed(mail, PERMANENT if isinstance(error, ValueError) else 0, str(error) or type(error).__name__)
    return _ended(mail, State.SENT, "")


def _is_agreed_to(mail: Mail) -> bool:
    """Whether its reader still agrees to letters of this purpose by who writes it."""
    writer = mail.edition.organisation if mail.edition else None
    return mail.user is not None and has_consent(mail.user, mail.purpose, writer)


def _failed(mail: Mail, code: int, words: bytes | str) -> str:
    """Queue the mail again if the fault may pass and attempts are left, else fail it with the server's words.

    ``code`` is 0 where no server answered: that says nothing of the letter, which then waits for longer.
    """
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    reason = f"{code} {text}".strip() if code else text
    if code >= PERMANENT or mail.attempts >= (MOST_ATTEMPTS if code else MOST_UNREACHED):
        return _ended(mail, State.FAILED, reason)
    wait = SHORT_WAIT if mail.expires_at else WAITS[min(mail.attempts, len(WAITS)) - 1]
    return _save(mail, State.QUEUED, reason, timezone.now() + wait)


def _ended(mail: Mail, to: str, reason: str) -> str:
    mail.sent_at = timezone.now() if to == State.SENT else None
    if mail.private and (to == State.SENT or mail.edition_id is None):  # nobody sends those about accounts again
        mail.body = ""
    ended = _save(mail, to, reason, None)
    if mail.edition_id is not None and mail.private:
        mail_ended.call(mail)
    return ended


def _save(mail: Mail, to: str, reason: str, due_at: datetime | None) -> str:
    mail.state, mail.reason, mail.due_at = to, reason[:500], due_at
    mail.save(update_fields=["state", "reason", "attempts", "due_at", "tried_at", "sent_at", "body"])
    return to


LATE = timedelta(minutes=1)
"""A letter that waits for so long without one attempt has no worker."""


@dataclass(frozen=True)
class MailState:
    """The letters of all fairs, and those about accounts."""

    waiting: int
    """Letters that are to go out: they were not tried yet, or are tried again."""
    oldest: datetime | None
    """Since when the oldest of them waits."""
    untried: datetime | None
    """Since when the oldest of them waits that nobody has tried to send."""
    failed: int
    """Letters that are not tried again by themselves."""
    sent_at: datetime | None
    """When the last one was sent."""
    unanswered_at: datetime | None
    """When a mail server last failed to answer."""
    unanswered: str
    """What happened then; it names no reader."""

    @property
    def is_down(self) -> bool:
        """Whether the last attempt met no mail server."""
        return self.unanswered_at is not None and (self.sent_at is None or self.unanswered_at > self.sent_at)

    @property
    def is_late(self) -> bool:
        """Whether letters wait for a worker."""
        return self.untried is not None and timezone.now() - self.untried > LATE


def mail_state() -> MailState:
    """How mail stands now, in three queries."""
    state, now = Mail.State, timezone.now()
    waiting = Q(state__in=(state.QUEUED, state.SENDING))
    new = waiting & Q(attempts=0) & (Q(due_at=None) | Q(due_at__lte=now))
    with scopes_disabled():
        counted = Mail.objects.aggregate(
            waiting=Count("pk", waiting),
            oldest=Min("made_at", filter=waiting),
            untried=Min("made_at", filter=new),
            failed=Count("pk", Q(state=state.FAILED)),
            sent_at=Max("sent_at"),
        )
        # A server that answers begins with a code of three digits.
        unanswered = Mail.objects.exclude(state=state.SENT).exclude(reason="").exclude(reason__regex=r"^\d{3}\b")
        last = unanswered.filter(tried_at__isnull=False).order_by("-tried_at").values("tried_at", "reason").first()
    return MailState(**counted, unanswered_at=last and last["tried_at"], unanswered=last["reason"] if last else "")
