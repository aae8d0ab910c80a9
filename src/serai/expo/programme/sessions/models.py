"""Forums, their sessions, rooms and speakers, the releases of the programme, and seats at sessions."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serai.expo.base.rows import EditionModel
from serai.expo.base.text import LocalizedTextField


class Forum(EditionModel):
    """A ceremony, a forum or a side event: one or more sessions under one title."""

    class Kind(models.TextChoices):
        CEREMONY = "ceremony", _("Ceremony")
        MAIN_FORUM = "main_forum", _("Main forum")
        THEMED_FORUM = "themed_forum", _("Themed forum")
        SIDE_EVENT = "side_event", _("Side event")
        BOOTH_EVENT = "booth_event", _("Event at a booth")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="forums")
    slug = models.SlugField()
    kind = models.CharField(max_length=16, choices=Kind)
    title = LocalizedTextField()
    summary = LocalizedTextField()
    chain = models.ForeignKey("Chain", models.SET_NULL, null=True, blank=True, related_name="forums")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["order", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "slug"], name="forum_once_an_edition")]

    def __str__(self) -> str:
        return f"{self.edition}/{self.slug}"


class Room(EditionModel):
    """A place where sessions are held: a room of the congress centre, a stage in a hall, or a booth."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="rooms")
    title = LocalizedTextField(verbose_name=pgettext_lazy("of a thing", "Name"))
    seats = models.PositiveIntegerField(_("Seats"), null=True, blank=True, help_text=_("Empty where nobody counts."))
    order = models.PositiveSmallIntegerField(_("Order"), default=0)
    booth = models.OneToOneField("Booth", models.CASCADE, null=True, blank=True, related_name="room")

    class Meta:
        ordering: ClassVar = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.edition} room {self.pk}"


class Session(EditionModel):
    """A part of a forum, at one time in one room."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        CONFIRMED = "confirmed", pgettext_lazy("a session", "Confirmed")
        CANCELLED = "cancelled", pgettext_lazy("a session", "Cancelled")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="sessions")
    forum = models.ForeignKey(Forum, models.CASCADE, related_name="sessions", verbose_name=_("Forum"))
    title = LocalizedTextField(verbose_name=_("Title"))
    summary = LocalizedTextField(verbose_name=_("Summary"))
    state = models.CharField(_("State"), max_length=16, choices=State, default=State.CONFIRMED)
    starts_at = models.DateTimeField(_("Begins"))
    ends_at = models.DateTimeField(_("Ends"))
    room = models.ForeignKey(
        Room, models.SET_NULL, null=True, blank=True, related_name="sessions", verbose_name=_("Room")
    )
    capacity = models.PositiveIntegerField(
        _("Seats to sign up for"), null=True, blank=True, help_text=_("Empty: as many as come.")
    )
    languages = models.JSONField(_("Languages spoken"), default=list, blank=True)
    interpreted = models.JSONField(_("Languages interpreted into"), default=list, blank=True)
    themes = models.JSONField(
        _("Themes"), default=list, blank=True, help_text=_("Two sessions that share a theme are not held at once.")
    )
    host = models.ForeignKey(
        "Participation",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="sessions_hosted",
        help_text=_("The exhibitor at whose booth it is held."),
    )
    reason = models.CharField(_("Reason"), max_length=500, blank=True, help_text=_("Why it was refused or cancelled."))
    identifier = models.CharField(max_length=255, blank=True)
    """By which another program knows it, from which it was imported: a guid or a uid."""

    class Meta:
        ordering: ClassVar = ["starts_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="session_ends_after_it_starts", condition=models.Q(ends_at__gt=models.F("starts_at"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.forum} {self.starts_at:%d %H:%M}"

    @property
    def place(self) -> dict[str, str]:
        """The name of its room in each language; empty without a room."""
        return self.room.title if self.room else {}


class Speaker(EditionModel):
    """A speaker, with the name in each language."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="speakers")
    name = LocalizedTextField(verbose_name=_("Name"))
    sort_name = models.CharField(max_length=300, help_text=_("Romanised name, for ordering."))
    position = LocalizedTextField(verbose_name=_("Position"), help_text=_("As in 'Director of purchasing'."))
    affiliation = LocalizedTextField(verbose_name=_("Organisation"))
    country = models.CharField(_("Country or region"), max_length=2, blank=True)
    biography = LocalizedTextField(verbose_name=_("About"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="speakers")
    participation = models.ForeignKey(
        "Participation", models.SET_NULL, null=True, blank=True, related_name="speakers", verbose_name=_("Participant")
    )
    absences = models.JSONField(
        default=list, blank=True, help_text=_("Pairs of the moments from and until which they cannot speak.")
    )

    class Meta:
        ordering: ClassVar = ["sort_name", "pk"]

    def __str__(self) -> str:
        return f"{self.sort_name} at {self.edition}"

    @property
    def away(self) -> list[tuple[datetime, datetime]]:
        """The spans of the speaker's absences, in order."""
        return sorted((datetime.fromisoformat(begins), datetime.fromisoformat(ends)) for begins, ends in self.absences)


class Appearance(EditionModel):
    """A speaker in a session, with a role."""

    class Role(models.TextChoices):
        MODERATOR = "moderator", _("Moderator")
        SPEAKER = "speaker", _("Speaker")
        PANELLIST = "panellist", _("Panellist")
        HOST = "host", pgettext_lazy("a session", "Host")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="appearances")
    session = models.ForeignKey(Session, models.CASCADE, related_name="appearances")
    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="appearances")
    role = models.CharField(max_length=16, choices=Role, default=Role.SPEAKER)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["order", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["session", "speaker"], name="speaker_once_a_session")]

    def __str__(self) -> str:
        return f"{self.speaker} {self.role} in {self.session}"


class Release(EditionModel):
    """A release of the programme, numbered from 1, which the public sees until the next one.

    ``sessions`` maps the primary key of each session to the values that may change between releases.
    """

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="releases")
    number = models.PositiveIntegerField()
    note = LocalizedTextField(verbose_name=_("What is new, in a sentence"))
    released_at = models.DateTimeField(default=timezone.now)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="releases"
    )
    sessions = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "number"], name="release_once_a_number")]

    def __str__(self) -> str:
        return f"{self.edition} release {self.number}"


class SignUp(EditionModel):
    """A user's seat at a session, or place in the line for one."""

    class State(models.TextChoices):
        CONFIRMED = "confirmed", pgettext_lazy("a seat", "Confirmed")
        WAITING = "waiting", _("On the waiting list")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="sign_ups")
    session = models.ForeignKey(Session, models.CASCADE, related_name="sign_ups")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sign_ups")
    state = models.CharField(max_length=16, choices=State)
    signed_up_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["signed_up_at", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["session", "user"], name="one_sign_up_a_session")]

    def __str__(self) -> str:
        return f"{self.user} {self.state} {self.session}"


class CalendarFeed(models.Model):
    """The secret address at which a user's calendar subscribes to the agenda; a new one ends the old one."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed")
    token = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.user} since {self.made_at:%Y-%m-%d}"
