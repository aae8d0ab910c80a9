"""What a firm can do: its plants, what goes in and comes out, and what is certified."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from serai.expo.base.certificates import LONGEST_SCHEME
from serai.expo.base.text import LocalizedTextField


class Plant(models.Model):
    """A place where the firm makes something: the process, and how much of it a year."""

    firm = models.ForeignKey("Firm", models.CASCADE, related_name="plants")
    number = models.PositiveSmallIntegerField(default=1)  # order within the firm
    country = models.CharField(max_length=2)
    place = LocalizedTextField()
    process = LocalizedTextField()
    capacity = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    unit = models.CharField(max_length=64, blank=True)  # with its period: 'GWh/a'
    since = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["number", "pk"]

    def __str__(self) -> str:
        return f"plant {self.number} of {self.firm_id}"


class Flow(models.Model):
    """A product that the firm takes in or puts out, by its code."""

    class Direction(models.TextChoices):
        INPUT = "input", _("Input")
        OUTPUT = "output", _("Output")

    class Share(models.TextChoices):
        """Per cent of what it buys, or of what it sells."""

        TO_5 = "0-5", "< 5 %"
        TO_25 = "5-25", "5–25 %"
        TO_50 = "25-50", "25–50 %"
        TO_100 = "50-100", "≥ 50 %"

    class Scheme(models.TextChoices):
        HS = "hs", "HS 2022"
        CPC = "cpc", "CPC 2.1"

    firm = models.ForeignKey("Firm", models.CASCADE, related_name="flows")
    direction = models.CharField(max_length=8, choices=Direction)
    scheme = models.CharField(max_length=8, choices=Scheme, default=Scheme.HS)
    code = models.CharField(max_length=8)
    text = LocalizedTextField()
    share = models.CharField(max_length=8, choices=Share, blank=True)
    since = models.PositiveSmallIntegerField(null=True, blank=True)
    countries = models.JSONField(default=list, blank=True)  # where it comes from or goes to, ISO 3166 alpha-2

    class Meta:
        ordering: ClassVar = ["direction", "code", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "direction", "scheme", "code"], name="flow_once_a_firm")
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.code} of {self.firm_id}"


class Certification(models.Model):
    """A certificate that the firm holds: after which scheme, of which body, for what, and how long.

    ``verified_by`` is the person of an organiser who looked at it; a file alone proves nothing.
    """

    firm = models.ForeignKey("Firm", models.CASCADE, related_name="certifications")
    scheme = models.CharField(max_length=LONGEST_SCHEME)  # 'ISO 9001:2015'
    number = models.CharField(max_length=100, blank=True)
    body = models.CharField(max_length=200, blank=True)
    scope = LocalizedTextField()
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    file = models.ForeignKey("StoredFile", models.SET_NULL, null=True, blank=True, related_name="certifications")
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_how = models.CharField(max_length=300, blank=True)  # 'register of the body', 'seen on paper'

    class Meta:
        ordering: ClassVar = ["scheme", "-valid_until", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="certification_ends_after_it_begins",
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.number}".strip()


class Medium(models.Model):
    """A picture of the firm, or a link to a film, which a reader follows by choice: no page loads it by itself."""

    class Kind(models.TextChoices):
        PICTURE = "picture", _("Picture")
        FILM = "film", _("Film")

    firm = models.ForeignKey("Firm", models.CASCADE, related_name="media")
    number = models.PositiveSmallIntegerField(default=1)  # order within the firm
    kind = models.CharField(max_length=8, choices=Kind)
    file = models.ForeignKey("StoredFile", models.CASCADE, null=True, blank=True, related_name="media")
    link = models.URLField(max_length=500, blank=True)
    caption = LocalizedTextField()  # what is seen, for those who do not see it

    class Meta:
        ordering: ClassVar = ["number", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="medium_is_a_picture_or_a_link",
                condition=models.Q(kind="picture", file__isnull=False, link="")
                | (models.Q(kind="film", file__isnull=True) & ~models.Q(link="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number} of {self.firm_id}"
