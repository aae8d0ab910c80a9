"""What this room tells the registries: desk, cloning."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from serai.expo.base.tasks.domain.queue import lane
from serai.expo.fairs.desk.domain import Todo, card, check
from serai.expo.fairs.edition.domain.clone import copied
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.mailing.domain.outbox import enqueue, mail_state, send_next
from serai.expo.fairs.mailing.models import Mail, MailTemplate, Segment
from serai.expo.people.account.domain.profile import account_letter

card(
    "segments",
    "people",
    title=_("Segments"),
    text=_("Those who take part, by what they are and what they lack, with counts."),
    page="segments",
    order=40,
)
card(
    "mail",
    "people",
    title=_("Mail"),
    text=_("Templates in each language, drafts to look at, and the outbox with what became of each mail."),
    page="outbox",
    order=50,
)
card(
    "letters",
    "people",
    title=_("Letters"),
    text=_("What Serai writes by itself at each step: read it, and put your own words in its place."),
    page="letters",
    order=55,
)


@check
def failed_mail(edition: Edition) -> Iterator[Todo]:
    """Mails that could not be sent."""
    if count := Mail.objects.filter(edition=edition, state=Mail.State.FAILED).count():
        yield Todo(
            ngettext_lazy("Look at %d mail that failed", "Look at %d mails that failed", count) % count,
            _("The reason stands beside each; send them again once it is gone."),
            "outbox",
            count,
        )


@check
def mail_is_down(_edition: Edition) -> Iterator[Todo]:
    """Mails that reach no mail server, or no worker."""
    mail = mail_state()
    if mail.is_down or mail.is_late:
        why = _("The mail server does not answer:") if mail.is_down else _("No worker sends them.")
        text = format_lazy("{} {}", why, mail.unanswered if mail.is_down else _("Tell who operates the site."))
        yield Todo(_("Mails do not go out"), text, "outbox", mail.waiting)


@account_letter.register
def queue_account_letter(email: str, language: str, subject: str, body: str, good_for: int | None) -> Mail:
    """Queue a letter about an account; one with a code goes before all others, or not at all once the code is void."""
    letter = Mail(email=email, language=language, subject=subject, body=body, private=True)
    letter.expires_at = timezone.now() + timedelta(seconds=good_for) if good_for else None
    enqueue(None, [letter])
    return letter


lane("letters", slots=2)(send_next)


copied(MailTemplate, "mail")
copied(Segment, "mail")
