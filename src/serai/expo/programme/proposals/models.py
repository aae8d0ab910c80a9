"""Proposals of sessions for the programme, the speakers they name, and their reviews."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.expo.base.rows import EditionModel
from serai.expo.base.text import LocalizedTextField
from serai.expo.programme.sessions.models import Forum, Session, Speaker


class Proposal(EditionModel):
    """A proposal of a session, on which the organiser decides after reviews."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="proposals")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="proposals")
    participation = models.ForeignKey(
        "Participation", models.SET_NULL, null=True, blank=True, related_name="proposals", verbose_name=_("Participant")
    )
    forum = models.ForeignKey(
        Forum, models.SET_NULL, null=True, blank=True, related_name="proposals", verbose_name=_("Forum")
    )
    title = LocalizedTextField(verbose_name=_("Title"))
    summary = LocalizedTextField(verbose_name=_("Summary"))
    languages = models.JSONField(_("Languages spoken"), default=list, blank=True)
    minutes = models.PositiveSmallIntegerField(_("Minutes"))
    notes = models.TextField(_("Notes to the organiser"), max_length=2000, blank=True)
    state = models.CharField(_("State"), max_length=16, choices=State, default=State.SUBMITTED)
    answer = models.CharField(_("Answer"), max_length=1000, blank=True)
    session = models.OneToOneField(Session, models.SET_NULL, null=True, blank=True, related_name="proposal")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.edition} proposal {self.pk}"


class ProposedSpeaker(EditionModel):
    """A speaker named in a proposal; ``speaker`` is the one of the programme after its acceptance."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="proposed_speakers")
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="speakers")
    order = models.PositiveSmallIntegerField(default=0)
    name = LocalizedTextField(verbose_name=_("Name"))
    position = LocalizedTextField(verbose_name=_("Position"))
    affiliation = LocalizedTextField(verbose_name=_("Organisation"))
    country = models.CharField(_("Country or region"), max_length=2, blank=True)
    biography = LocalizedTextField(verbose_name=_("About"))
    mail = models.EmailField(_("Mail address"), blank=True)
    speaker = models.ForeignKey(Speaker, models.SET_NULL, null=True, blank=True, related_name="proposed")

    class Meta:
        ordering: ClassVar = ["order", "pk"]

    def __str__(self) -> str:
        return f"speaker {self.order} of {self.proposal}"


class ProposalReview(EditionModel):
    """An organiser's review of a proposal: a score, 5 the best, and a note that only organisers read."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="proposal_reviews")
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="proposal_reviews"
    )
    score = models.PositiveSmallIntegerField(_("Score"))
    note = models.TextField(_("Note"), max_length=2000, blank=True)
    reviewed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["reviewed_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["proposal", "reviewer"], name="one_review_a_reviewer"),
            models.CheckConstraint(name="score_from_1_to_5", condition=models.Q(score__gte=1, score__lte=5)),
        ]

    def __str__(self) -> str:
        return f"{self.score} for {self.proposal}"
