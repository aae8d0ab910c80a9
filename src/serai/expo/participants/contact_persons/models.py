"""Contact persons of a participant: people with whom the organiser writes and speaks, with or without an account."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serai.expo.base.rows import EditionModel


class ContactPerson(EditionModel):
    """A person of a firm at a fair. Its organiser and the firm's own people read it, and nobody else."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="contact_persons")
    participation = models.ForeignKey("Participation", models.CASCADE, related_name="contact_persons")
    salutation = models.CharField(
        _("Title"), max_length=60, blank=True, help_text=_("How the person is addressed, such as Ms or Dr.")
    )
    name = models.CharField(pgettext_lazy("of a person", "Name"), max_length=200, blank=True)
    position = models.CharField(_("Position"), max_length=200, blank=True)
    email = models.EmailField(_("Mail address"), blank=True)
    phone = models.CharField(
        _("Phone"), max_length=60, blank=True, help_text=_("With the prefix of its country, such as +49 30 123456.")
    )
    mobile = models.CharField(_("Mobile phone"), max_length=60, blank=True)
    language = models.CharField(_("Language"), max_length=16, blank=True, help_text=_("In which to write."))
    address = models.CharField(_("Address"), max_length=300, blank=True)
    postcode = models.CharField(_("Postcode"), max_length=20, blank=True)
    consent_source = models.CharField(
        _("Source of consent"),
        max_length=200,
        blank=True,
        help_text=_("Why you may write to this person, such as a contract or a registration. Empty: you may not."),
    )
    consent_on = models.DateField(_("Consent given on"), null=True, blank=True)
    refused_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When the person asked not to be written to any more.")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="contact_persons"
    )
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["name", "email", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["participation", "email"], condition=~Q(email=""), name="contact_person_once_a_participation"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["email"])]

    def __str__(self) -> str:
        return self.name or self.email or self.phone


def column(name: str) -> models.Field[Any, Any]:
    """A column of contact persons by its name."""
    field = ContactPerson._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field


def longest(name: str) -> int:
    """The most characters of a text column."""
    return column(name).max_length or 0
