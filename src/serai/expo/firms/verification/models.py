"""Who vouches for a firm, and who speaks for it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Verification(models.Model):
    """A step on the ladder of verification that the firm asked for or that an organiser granted, until it expires."""

    class Level(models.IntegerChoices):
        BASIC = 1, _("1 · identity checked")
        CHECKED = 2, _("2 · references checked")
        AUDITED = 3, _("3 · years in business and audited accounts checked")

    class State(models.TextChoices):
        ASKED = "asked", _("Waits for the organiser")
        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    firm = models.ForeignKey("Firm", models.CASCADE, related_name="verifications")
    level = models.PositiveSmallIntegerField(choices=Level)
    state = models.CharField(max_length=16, choices=State, default=State.ASKED)
    organisation = models.ForeignKey("Organisation", models.SET_NULL, null=True, related_name="verifications")
    note = models.TextField(blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-asked_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["firm", "state", "level"])]

    def __str__(self) -> str:
        return f"{self.firm_id} level {self.level} {self.state}"


class Evidence(models.Model):
    """What a verification rests on: a paper, a number, a statement."""

    class Kind(models.TextChoices):
        REGISTRATION = "registration", _("Certificate of registration")
        LICENCE = "licence", _("Licence or register number")
        OWNERS = "owners", _("Owners and agents")
        REFERENCES = "references", _("Three references")
        LETTERS = "letters", _("Letters of reference")
        YEARS = "years", _("Three years in business")
        ACCOUNTS = "accounts", _("Audited accounts")
        AUDIT = "audit", _("Audit of practice")

    verification = models.ForeignKey(Verification, models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=16, choices=Kind)
    text = models.TextField(blank=True)
    file = models.ForeignKey("StoredFile", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} for {self.verification_id}"


class Claim(models.Model):
    """A user says to speak for a firm."""

    class Way(models.TextChoices):
        DOMAIN = "domain", _("Mail address of the firm's domain")
        CODE = "code", _("Code from the organiser")
        REVIEW = "review", _("Review by the organiser")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for the organiser")
        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Refused")

    firm = models.ForeignKey("Firm", models.CASCADE, related_name="claims")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="claims")
    way = models.CharField(max_length=16, choices=Way)
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    note = models.TextField(blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "user"], condition=models.Q(state="waiting"), name="one_waiting_claim_a_user"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} claims {self.firm_id}"


class ClaimCode(models.Model):
    """A code that an organiser gave to a firm, of which only the hash is kept; it is used once."""

    firm = models.ForeignKey("Firm", models.CASCADE, related_name="claim_codes")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"code for {self.firm_id}"
