"""Initiatives and statements, their signatures, and the commitments in them with what became of each."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serai.expo.base.rows import EditionModel
from serai.expo.base.text import LocalizedTextField
from serai.expo.programme.sessions.models import Session


class Initiative(EditionModel):
    """A text that institutions launch together at the fair, which the public reads once it is published."""

    class Kind(models.TextChoices):
        INITIATIVE = "initiative", _("Initiative")
        STATEMENT = "statement", _("Statement")
        DECLARATION = "declaration", _("Declaration")
        ACTION_PLAN = "action_plan", _("Action plan")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("an initiative", "Draft")
        PUBLISHED = "published", pgettext_lazy("an initiative", "Published")
        TAKEN_BACK = "taken_back", pgettext_lazy("an initiative", "Taken back")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="initiatives")
    kind = models.CharField(_("Kind"), max_length=16, choices=Kind, default=Kind.INITIATIVE)
    state = models.CharField(_("State"), max_length=16, choices=State, default=State.DRAFT)
    title = LocalizedTextField(verbose_name=_("Title"))
    summary = LocalizedTextField(verbose_name=_("Summary"))
    text = LocalizedTextField(verbose_name=_("Text"))
    session = models.ForeignKey(
        Session,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="initiatives",
        verbose_name=_("Launched in the session"),
    )
    launched_on = models.DateField(_("Launched on"), null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True, help_text=_("Why it was taken back."))

    class Meta:
        ordering: ClassVar = ["launched_on", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} of {self.edition}"


class Signature(EditionModel):
    """The signature of an institution by one person. It is public once an organiser has confirmed it, and stays told
    when it is withdrawn. Of the token of its link only a hash is kept."""

    class State(models.TextChoices):
        NAMED = "named", pgettext_lazy("a signature", "Not asked yet")
        INVITED = "invited", pgettext_lazy("a signature", "Asked to sign")
        SIGNED = "signed", pgettext_lazy("a signature", "Signed, to be confirmed")
        CONFIRMED = "confirmed", pgettext_lazy("a signature", "Confirmed")
        DECLINED = "declined", pgettext_lazy("a signature", "Declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("a signature", "Withdrawn")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="signatures")
    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="signatures")
    state = models.CharField(_("State"), max_length=16, choices=State, default=State.NAMED)
    name = LocalizedTextField(verbose_name=_("Who signs"))
    office = LocalizedTextField(verbose_name=_("In what office"))
    institution = LocalizedTextField(verbose_name=_("For which institution"))
    country = models.CharField(_("Country or region"), max_length=2, blank=True)
    participation = models.ForeignKey(
        "Participation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="signatures",
        verbose_name=_("Participant"),
    )
    mail = models.EmailField(_("Mail address"), blank=True)
    language = models.CharField(_("Language of letters"), max_length=12, default="en")
    token_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    signed_on = models.DateField(_("Signed on"), null=True, blank=True)
    paper = models.ForeignKey("StoredFile", models.SET_NULL, null=True, blank=True, related_name="+")
    """The scan of a signature on paper, which organisers alone read."""
    proof = models.CharField(
        _("How you know that the institution signed"),
        max_length=500,
        blank=True,
        help_text=_("Such as a letter of the institution, or a call to its office. Organisers alone read it."),
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="signatures_confirmed"
    )
    withdrawn_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True, help_text=_("Why it was declined or withdrawn."))
    order = models.PositiveSmallIntegerField(_("Order"), default=0)

    class Meta:
        ordering: ClassVar = ["order", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="signature_is_signed_before_it_is_confirmed",
                condition=models.Q(confirmed_at__isnull=True) | models.Q(signed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="confirmed_signature_says_when",
                condition=~models.Q(state="confirmed") | models.Q(confirmed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"signature {self.pk} of {self.initiative}"


class Commitment(EditionModel):
    """What a signatory, or all of them, promise to do, and until when. Its state is that of its latest shown note."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("a commitment", "Not begun")
        UNDER_WAY = "under_way", pgettext_lazy("a commitment", "Under way")
        DELAYED = "delayed", pgettext_lazy("a commitment", "Delayed")
        DONE = "done", pgettext_lazy("a commitment", "Done")
        GIVEN_UP = "given_up", pgettext_lazy("a commitment", "Given up")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="commitments")
    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="commitments")
    signature = models.ForeignKey(
        Signature,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name=_("Whose commitment"),
    )
    """Who is committed; empty for all signatories."""
    text = LocalizedTextField(verbose_name=_("What is promised"))
    due_on = models.DateField(_("Until"), null=True, blank=True)
    state = models.CharField(_("State"), max_length=16, choices=State, default=State.OPEN)
    reminded_on = models.DateField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("Order"), default=0)

    class Meta:
        ordering: ClassVar = ["order", "due_on", "pk"]

    def __str__(self) -> str:
        return f"commitment {self.pk} of {self.initiative}"


class CommitmentNote(EditionModel):
    """What became of a commitment on a day. A note that a signatory sends is public once an organiser shows it."""

    class Decision(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("a note", "Waiting for the organiser")
        SHOWN = "shown", pgettext_lazy("a note", "Shown")
        REFUSED = "refused", pgettext_lazy("a note", "Not shown")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="commitment_notes")
    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="notes")
    state = models.CharField(_("State"), max_length=16, choices=Commitment.State)
    words = LocalizedTextField(verbose_name=_("In a few words"))
    noted_on = models.DateField(_("As of"), default=timezone.localdate)
    link = models.URLField(_("Evidence on the web"), max_length=500, blank=True)
    document = models.ForeignKey("StoredFile", models.SET_NULL, null=True, blank=True, related_name="+")
    """A document that proves it, which organisers alone read; the public is told that there is one."""
    signature = models.ForeignKey(Signature, models.RESTRICT, null=True, blank=True, related_name="notes")
    """The signatory who sent it; empty for a note of an organiser."""
    decision = models.CharField(max_length=16, choices=Decision, default=Decision.WAITING)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["noted_on", "pk"]

    def __str__(self) -> str:
        return f"note {self.pk} on {self.commitment}"
