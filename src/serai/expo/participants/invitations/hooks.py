"""What this room tells the registries: letters, the card, jobs, the daily reminders, and what follows a mail."""

from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.base.daily import daily
from serai.expo.fairs.desk.domain import card
from serai.expo.fairs.edition.domain.clone import copied
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.jobs.domain import job
from serai.expo.fairs.mailing.domain.kinds import Place, letter
from serai.expo.fairs.mailing.domain.outbox import mail_ended
from serai.expo.fairs.mailing.models import Mail
from serai.expo.participants.contact_persons.domain import forgetting_contacts, letters_refused
from serai.expo.participants.contact_persons.models import ContactPerson
from serai.expo.participants.invitations.domain.invitations import (
    InvitationRefusedError,
    follow_mail,
    remind_as_planned,
)
from serai.expo.participants.invitations.domain.jobs import invite, remind_all
from serai.expo.participants.invitations.models import ReminderPlan

PLACES: dict[str, Place] = {
    "firm": (gettext_lazy("the reader's firm"), "Huanghe Cells"),
    "organisation": (gettext_lazy("the organisation that holds the fair"), "Trade Body"),
    "role": (gettext_lazy("the role in the team"), gettext_lazy("Owner")),
    "days": (gettext_lazy("for how many days the link is good"), "14"),
    "address": (gettext_lazy("the link, which opens once"), "https://fair.example/…"),
    "stop": (gettext_lazy("the address that stops letters to the reader"), "https://fair.example/…"),
}

_to_contact = partial(letter, places=PLACES, needed=("address", "stop"))

_to_contact(
    "desk-invitation",
    title=gettext_lazy("A contact person is invited to the desk of its firm"),
    when=gettext_lazy("To each contact person of a segment that you invite, with a link that is secret."),
    words=lambda: (
        _("{fair}: the desk of {firm}"),
        _(
            "Dear {name},\n\n{firm} takes part in {fair}, {first_day} to {last_day} in {city}. Its desk is ready: there"
            " you complete what others read of your firm, say whom you want to meet, and see your timetable."
            " Your role there: {role}."
            "\n\nOpen it here, within {days} days:\n\n{address}\n\nThe link is for you alone and opens once. You need"
            " no password.\n\n{organisation}\n\n-- \nTo get no more letters of organisers: {stop}"
        ),
    ),
)
_to_contact(
    "desk-reminder",
    title=gettext_lazy("A contact person is reminded of its invitation"),
    when=gettext_lazy("To who was invited and has not joined, when you ask for it or after the days that you chose."),
    words=lambda: (
        _("{fair}: the desk of {firm} waits for you"),
        _(
            "Dear {name},\n\nyou have not opened the desk of {firm} for {fair} yet (your role there: {role}). This is a"
            " new link; the one before answers no more. It is good for {days} days:\n\n{address}\n\n{organisation}"
            "\n\n-- \nTo get no more letters of organisers: {stop}"
        ),
    ),
)

card(
    "desk-invitations",
    "people",
    title=gettext_lazy("Invitations"),
    text=gettext_lazy("Invite contact persons to the desks of their firms, and see who has joined."),
    order=42,
)

job("desk-invitations", title=gettext_lazy("Sending invitations"), refusals=(InvitationRefusedError,))(invite)
job("desk-reminders", title=gettext_lazy("Sending reminders"), refusals=(InvitationRefusedError,))(remind_all)

mail_ended.register(follow_mail)


@daily("remind who was invited to a desk")
def remind() -> int:
    return remind_as_planned()


@forgetting_contacts.register
def forget_letters(_edition: Edition | None, contacts: list[ContactPerson]) -> None:
    """Take the address of forgotten contact persons out of letters to them; those not yet sent are not sent."""
    numbers = [contact.pk for contact in contacts]
    mails = Mail.objects.filter(desk_invitations__contact__in=numbers)
    keys = list(mails.values_list("pk", flat=True))
    waiting = Mail.objects.filter(pk__in=keys, state__in=(Mail.State.QUEUED, Mail.State.SENDING))
    waiting.update(state=Mail.State.CANCELLED)
    Mail.objects.filter(pk__in=keys).update(email="", body="", reason="")


@letters_refused.register
def stop_letters(email: str) -> None:
    """Letters that wait are not sent."""
    waiting = Mail.objects.filter(email__iexact=email, desk_invitations__isnull=False, state=Mail.State.QUEUED)
    waiting.update(state=Mail.State.CANCELLED, reason=_("The reader no longer agrees to such letters."))


copied(ReminderPlan, "mail")
