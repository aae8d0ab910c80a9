"""Segments, templates, mailings, and the outbox with a row for each mail."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serai.expo.base.rows import EditionModel
from serai.expo.base.text import LocalizedTextField


class Segment(EditionModel):
    """A filter over participations, with a name. It is evaluated each time it is used."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="segments")
    name = models.CharField(pgettext_lazy("of a thing", "Name"), max_length=120)
    filters = models.JSONField(default=dict, blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "name"], name="segment_once_an_edition")]

    def __str__(self) -> str:
        return f"{self.edition}: {self.name}"


class MailTemplate(EditionModel):
    """A letter in each language, with places for values that differ from reader to reader."""

    class Purpose(models.TextChoices):
        SERVICE = "service", _("Needed to take part: goes to everyone")
        ORGANISER = "organiser", _("Letter of the organiser: to those who agreed to it")
        NEWSLETTERS = "newsletters", _("News all year: to those who agreed to it")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="mail_templates")
    key = models.SlugField(_("Short name"))
    purpose = models.CharField(_("Purpose"), max_length=16, choices=Purpose, default=Purpose.ORGANISER)
    subject = LocalizedTextField(verbose_name=_("Subject"))
    body = LocalizedTextField(verbose_name=_("Text"))

    class Meta:
        ordering: ClassVar = ["key"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "key"], name="template_once_an_edition")]

    def __str__(self) -> str:
        return f"{self.edition}: {self.key}"


class Mailing(EditionModel):
    """One template sent to one segment, as both were then."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="mailings")
    template = models.ForeignKey(MailTemplate, models.SET_NULL, null=True, related_name="mailings")
    segment = models.CharField(max_length=120)
    filters = models.JSONField(default=dict)
    purpose = models.CharField(max_length=16, choices=MailTemplate.Purpose)
    subject = LocalizedTextField()
    without_consent = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.edition}: {self.segment} {self.made_at:%Y-%m-%d %H:%M}"


class Mail(EditionModel):
    """A mail to one person or address, in the reader's language, and its state."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("a mail", "Draft")
        QUEUED = "queued", pgettext_lazy("a mail", "Queued")
        SENDING = "sending", pgettext_lazy("a mail", "Being sent")
        SENT = "sent", pgettext_lazy("a mail", "Sent")
        FAILED = "failed", pgettext_lazy("a mail", "Failed")
        CANCELLED = "cancelled", pgettext_lazy("a mail", "Not sent")

    edition = models.ForeignKey(
        "Edition", models.CASCADE, null=True, blank=True, related_name="mails", help_text=_("None: about an account.")
    )
    mailing = models.ForeignKey(Mailing, models.CASCADE, null=True, blank=True, related_name="mails")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="mails")
    email = models.EmailField(blank=True, help_text=_("Where it goes to somebody who has no account."))
    private = models.BooleanField(default=False, help_text=_("Read by its reader only, and forgotten once it is sent."))
    purpose = models.CharField(max_length=16, choices=MailTemplate.Purpose)
    language = models.CharField(max_length=16)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    state = models.CharField(max_length=16, choices=State, default=State.DRAFT)
    reason = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Not before; while it is being sent, until when it is leased to a worker.")
    )
    expires_at = models.DateTimeField(
        null=True, blank=True, help_text=_("It goes before all others, and not after this time.")
    )
    tried_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mailing", "user"], condition=models.Q(mailing__isnull=False), name="one_mail_a_mailing"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["edition", "state"]), models.Index(fields=["state", "due_at"])]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @property
    def address(self) -> str:
        return self.user.email if self.user else self.email
