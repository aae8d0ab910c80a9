"""Registrations of buyers, and the terms for hosted buyers with who accepted them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serai.expo.base.rows import EditionModel
from serai.expo.base.text import LocalizedTextField


class Vetting(EditionModel):
    """A buyer's registration on its way through the organiser's hands."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for the organiser")
        ASKED = "asked", _("The organiser asks for more")
        APPROVED = "approved", pgettext_lazy("a registration", "Approved")
        REFUSED = "refused", pgettext_lazy("a registration", "Refused")

    class Purpose(models.TextChoices):
        OWN_USE = "own_use", _("for our own production or use")
        RESALE = "resale", _("to sell it on")
        PUBLIC = "public", _("for a public body")
        SOURCING = "sourcing", _("for others, as their agent")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="vettings")
    participation = models.OneToOneField("Participation", models.CASCADE, related_name="vetting")
    applicant = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="vettings")
    position = models.CharField(max_length=120, blank=True)
    purpose = models.CharField(max_length=16, choices=Purpose)
    hosted = models.BooleanField(default=False)
    about = models.TextField(max_length=2000, blank=True)
    known_firm = models.BooleanField(
        default=False, help_text=_("The firm was known before; its role is given on approval.")
    )
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    words = models.TextField(
        max_length=1000, blank=True, help_text=_("What the organiser asks for, or why it refuses.")
    )
    applied_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["applied_at", "pk"]

    def __str__(self) -> str:
        return f"{self.participation}: {self.state}"


class HostedTerms(EditionModel):
    """What the organiser gives to hosted buyers and asks of them, in a version that stays as it was accepted."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="hosted_terms")
    version = models.PositiveSmallIntegerField()
    text = LocalizedTextField()
    meetings_suggested = models.PositiveSmallIntegerField(default=6)
    meetings_maximum = models.PositiveSmallIntegerField(default=24)
    published_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-version"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "version"], name="terms_version_once")]

    def __str__(self) -> str:
        return f"{self.edition} terms {self.version}"


class TermsAccepted(EditionModel):
    """A buyer accepted a version of the terms, through whom and when."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="terms_accepted")
    participation = models.ForeignKey("Participation", models.CASCADE, related_name="terms_accepted")
    terms = models.ForeignKey(HostedTerms, models.RESTRICT, related_name="accepted")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    accepted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-accepted_at"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["participation", "terms"], name="terms_accepted_once")]

    def __str__(self) -> str:
        return f"{self.participation} accepted {self.terms}"


class Visit(EditionModel):
    """What a buyer or a delegation comes for: how much it may spend, on what, and when it comes and goes."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="visits")
    participation = models.OneToOneField("Participation", models.CASCADE, related_name="visit")
    budget = models.DecimalField(_("Budget"), max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("Currency"), max_length=3, blank=True)
    interests = models.JSONField(_("Interests"), default=list, blank=True, help_text=_("What it wants to see."))
    arrives_on = models.DateField(_("Arrives on"), null=True, blank=True)
    leaves_on = models.DateField(_("Leaves on"), null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="visit_ends_after_it_begins",
                condition=models.Q(arrives_on__isnull=True)
                | models.Q(leaves_on__isnull=True)
                | models.Q(leaves_on__gte=models.F("arrives_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"visit of {self.participation}"
