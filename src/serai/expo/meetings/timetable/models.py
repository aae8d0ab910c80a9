"""The timetable of an edition: settings, sessions, presence, interpreters, and its runs."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serai.expo.base.rows import EditionModel
from serai.expo.base.text import LocalizedTextField


class TimetableSettings(EditionModel):
    """The organiser's settings of the timetable."""

    edition = models.OneToOneField("Edition", models.CASCADE, related_name="timetable_settings")
    musts_first = models.BooleanField(
        _("Every must comes before any would"),
        default=True,
        help_text=_("Otherwise a must counts as three woulds."),
    )
    protected_floor = models.PositiveSmallIntegerField(
        _("Meetings promised to small firms and exhibitors from least developed countries"),
        default=0,
        validators=[MaxValueValidator(100)],
        help_text=_("As far as they are wished for. 0 promises nothing beyond what each participant was promised."),
    )
    gap_cost = models.FloatField(
        _("What an idle gap in a day costs, in would-meetings"),
        default=0.0,
        validators=[MinValueValidator(0.0), MaxValueValidator(10.0)],
        help_text=_("At 0 gaps are closed as far as it costs no meeting; above, a meeting may be left out for them."),
    )
    booth_minutes = models.PositiveSmallIntegerField(
        _("Minutes of a meeting at a booth"),
        null=True,
        blank=True,
        validators=[MinValueValidator(5), MaxValueValidator(240)],
        help_text=_("Empty: as long as at a table."),
    )
    turnaround_minutes = models.PositiveSmallIntegerField(
        _("Minutes to get from one meeting to the next"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(240)],
        help_text=_("Where a walk takes longer, a time is left free for it. Empty: walks are not looked at."),
    )
    metres_a_minute = models.PositiveSmallIntegerField(
        _("Metres that one walks in a minute"),
        default=60,
        validators=[MinValueValidator(10), MaxValueValidator(200)],
        help_text=_("From booth to booth of a hall along its aisles; 60 is the pace of a crowd."),
    )
    minutes_between_halls = models.PositiveSmallIntegerField(
        _("Minutes on foot from hall to hall"), default=10, validators=[MaxValueValidator(240)]
    )
    tables_hall = models.ForeignKey(
        "Hall",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Hall of the meeting tables"),
    )

    def __str__(self) -> str:
        return f"timetable of {self.edition}"


class MeetingBlock(EditionModel):
    """A session of each day, such as the morning: meetings and presence may be limited to it."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="meeting_blocks")
    title = LocalizedTextField(verbose_name=pgettext_lazy("of a thing", "Name"))
    from_time = models.TimeField(_("From"))
    until_time = models.TimeField(_("Until"))

    class Meta:
        ordering: ClassVar = ["from_time", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="block_ends_after_it_begins", condition=models.Q(until_time__gt=models.F("from_time"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition} {self.from_time:%H:%M}"


class MeetingTerms(EditionModel):
    """When a participant is there for meetings, with how many people, and when its booth receives."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="meeting_terms")
    participation = models.OneToOneField("Participation", models.CASCADE, related_name="meeting_terms")
    away = models.JSONField(default=list, blank=True)
    """Spans in which it is away, as [begins, ends] in ISO 8601."""
    people = models.PositiveSmallIntegerField(
        _("People who hold meetings side by side"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
    )
    at_table = models.BooleanField(_("Hosts at a table of the fair, not at its booth"), default=False)
    booth_from = models.TimeField(_("Its booth receives from"), null=True, blank=True)
    booth_until = models.TimeField(_("Its booth receives until"), null=True, blank=True)
    booth_desks = models.PositiveSmallIntegerField(
        _("Meetings that its booth holds at once"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text=_("Of all who share the booth. Empty: no limit."),
    )
    booth_minutes = models.PositiveSmallIntegerField(
        _("Minutes of a meeting at its booth"),
        null=True,
        blank=True,
        validators=[MinValueValidator(5), MaxValueValidator(240)],
        help_text=_("Empty: as at the booths of the fair."),
    )

    def __str__(self) -> str:
        return f"terms of {self.participation}"


class InterpreterPool(EditionModel):
    """Interpreters between two languages, and how many can work at once."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="interpreter_pools")
    one = models.CharField(_("Language"), max_length=16)
    other = models.CharField(_("Other language"), max_length=16)
    number = models.PositiveSmallIntegerField(
        _("Interpreters at once"), validators=[MinValueValidator(1), MaxValueValidator(500)]
    )

    class Meta:
        ordering: ClassVar = ["one", "other"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "one", "other"], name="interpreters_once_a_pair"),
            models.CheckConstraint(name="interpreters_of_two_languages", condition=~models.Q(one=models.F("other"))),
        ]

    def __str__(self) -> str:
        return f"{self.one}-{self.other} {self.number}"


class TimetableRun(EditionModel):
    """One solution of the timetable, as a draft or published, with its proof."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        REPLACED = "replaced", _("Replaced")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="timetable_runs")
    state = models.CharField(max_length=16, choices=State, default=State.DRAFT)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    status = models.CharField(max_length=16)
    objective = models.FloatField()
    bound = models.FloatField()
    seconds = models.FloatField()
    wished = models.PositiveIntegerField()
    placed = models.PositiveIntegerField()
    why_not = models.JSONField(default=dict, help_text=_("Number of meetings not placed, by reason."))
    live = models.BooleanField(default=False)
    """Whether it is a change made on the day."""
    happened = models.JSONField(default=dict, blank=True)
    """For a change on the day: who is absent, late or walks in, and the first slot that may change."""
    changes = models.JSONField(default=dict, blank=True)
    """Told meetings that it moves or drops, by primary key: [begins, ends, place, why not], without times if dropped.
    """
    proof = models.JSONField(default=dict, blank=True)
    """Number of musts and floors missing, how many are proved to be missing in every timetable, and idle gaps."""

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.edition} {self.made_at:%Y-%m-%d %H:%M} {self.state}"


class Presence(EditionModel):
    """Somebody of an exhibitor's team who takes meetings, and when that person is away."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="presences")
    participation = models.ForeignKey("Participation", models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="presences")
    away = models.JSONField(default=list, blank=True)
    """Spans as [begins, ends] in ISO 8601."""

    class Meta:
        ordering: ClassVar = ["participation", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["participation", "user"], name="presence_once_a_person_and_participation")
        ]

    def __str__(self) -> str:
        return f"{self.user} for {self.participation}"
