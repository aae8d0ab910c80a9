"""Badges of people at a fair, and the organiser's rules for each kind of badge."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serai.expo.base.rows import EditionModel
from serai.expo.base.text import validate_language


class Kind(models.TextChoices):
    """The kind of a badge: that of the person's participant, speaker, or staff."""

    EXHIBITOR = "exhibitor", _("Exhibitor")
    CO_EXHIBITOR = "co_exhibitor", _("Co-exhibitor")
    BUYER = "buyer", _("Buyer")
    DELEGATION = "delegation", _("Delegation")
    PRESS = "press", _("Press")
    SPEAKER = "speaker", _("Speaker")
    SERVICE = "service", _("Service provider")
    STAFF = "staff", _("Staff of the fair")


class Badge(EditionModel):
    """The badge of a person. A lost badge gets a new serial, which makes its old code void.

    The badge of a person without a participant (a speaker, an interpreter, a member of a delegation) has the
    organisation and the country written on it.
    """

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("a badge", "Waits for the organiser")
        GRANTED = "granted", pgettext_lazy("a badge", "Granted")
        REFUSED = "refused", pgettext_lazy("a badge", "Refused")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="badges")
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.EXHIBITOR)
    participation = models.ForeignKey("Participation", models.CASCADE, null=True, blank=True, related_name="badges")
    speaker = models.OneToOneField("Speaker", models.CASCADE, null=True, blank=True, related_name="badge")
    member = models.OneToOneField("DelegationMember", models.CASCADE, null=True, blank=True, related_name="badge")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="badges")
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=16, default="en", validators=[validate_language])
    name_latin = models.CharField(max_length=120, blank=True)
    position = models.CharField(max_length=120, blank=True)
    affiliation = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text=_("ISO 3166 alpha-2."))
    email = models.EmailField(blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.GRANTED)
    reason = models.CharField(max_length=500, blank=True, help_text=_("Why it was refused."))
    serial = models.PositiveSmallIntegerField(default=1)
    made_at = models.DateTimeField(default=timezone.now)
    printed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["participation", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["edition", "participation"]),
            models.Index(fields=["edition", "kind", "state"]),
            models.Index(fields=["edition", "-made_at", "-id"]),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="badge_of_a_participant_or_a_kind_without",
                condition=Q(participation__isnull=False)
                | Q(kind__in=[Kind.SPEAKER, Kind.STAFF, Kind.DELEGATION, Kind.PRESS]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.participation or self.affiliation}"


class BadgeRule(EditionModel):
    """The organiser's rule for a kind of badges: whether each is decided on, and the limit for a participant."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="badge_rules")
    kind = models.CharField(max_length=16, choices=Kind)
    decided = models.BooleanField(default=False)
    most = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["kind"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "kind"], name="badge_rule_once_a_kind")]

    def __str__(self) -> str:
        return f"{self.edition}: {self.kind}"
