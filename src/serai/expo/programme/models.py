"""Forums and the sessions they consist of."""

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

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
