"""Forums and the sessions they consist of."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serai.expo.scopes import EditionManager
from serai.expo.text import LocalizedTextField


class Forum(models.Model):
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

    objects: ClassVar[EditionManager[Self]] = EditionManager()

    class Meta:
        ordering: ClassVar = ["order", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "slug"], name="forum_once_an_edition")]

    def __str__(self) -> str:
        return f"{self.edition}/{self.slug}"


class Session(models.Model):
    """Part of a forum at one time in one room."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="sessions")
    forum = models.ForeignKey(Forum, models.CASCADE, related_name="sessions")
    title = LocalizedTextField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    room = LocalizedTextField()
    capacity = models.PositiveIntegerField(null=True, blank=True)
    languages = models.JSONField(default=list, blank=True, help_text=_("Spoken or interpreted."))

    objects: ClassVar[EditionManager[Self]] = EditionManager()

    class Meta:
        ordering: ClassVar = ["starts_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="session_ends_after_it_starts", condition=models.Q(ends_at__gt=models.F("starts_at"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.forum} {self.starts_at:%d %H:%M}"


class SignUp(models.Model):
    """A seat of a session taken by a user, or a place in the line for one."""

    class State(models.TextChoices):
        CONFIRMED = "confirmed", pgettext_lazy("a seat", "Confirmed")
        WAITING = "waiting", _("On the waiting list")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="sign_ups")
    session = models.ForeignKey(Session, models.CASCADE, related_name="sign_ups")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sign_ups")
    state = models.CharField(max_length=16, choices=State)
    signed_up_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[EditionManager[Self]] = EditionManager()

    class Meta:
        ordering: ClassVar = ["signed_up_at", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["session", "user"], name="one_sign_up_a_session")]

    def __str__(self) -> str:
        return f"{self.user} {self.state} {self.session}"


class CalendarFeed(models.Model):
    """The secret address at which a user's own calendar subscribes to the user's agenda; a new one ends the old."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed")
    token = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.user} since {self.made_at:%Y-%m-%d}"
