"""Halls and booths on a ground plan in metres."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from serai.expo.base.rows import EditionModel
from serai.expo.base.text import LocalizedTextField

if TYPE_CHECKING:
    from serai.expo.fairs.edition.models import Participation


class Hall(EditionModel):
    """A hall: a rectangle of ``width_m`` by ``depth_m`` metres."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="halls")
    code = models.CharField(max_length=64)
    title = LocalizedTextField()
    section = models.ForeignKey("Section", models.SET_NULL, null=True, blank=True, related_name="halls")
    width_m = models.FloatField(null=True, blank=True)
    depth_m = models.FloatField(null=True, blank=True)
    site_x_m = models.FloatField(null=True, blank=True)
    site_y_m = models.FloatField(null=True, blank=True)
    """Where its corner lies on the site, in metres from the corner of the site; None where nobody said."""
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["order", "code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "code"], name="hall_once_an_edition")]

    def __str__(self) -> str:
        return f"{self.edition}/{self.code}"


class Entrance(EditionModel):
    """A door of a hall, in metres from the hall's corner. Ways between halls lead through their entrances."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="entrances")
    hall = models.ForeignKey(Hall, models.CASCADE, related_name="entrances")
    code = models.CharField(max_length=16)
    title = LocalizedTextField()
    x_m = models.FloatField(validators=[MinValueValidator(0.0)])
    y_m = models.FloatField(validators=[MinValueValidator(0.0)])

    class Meta:
        ordering: ClassVar = ["hall", "code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["hall", "code"], name="entrance_once_a_hall")]

    def __str__(self) -> str:
        return f"{self.hall}/{self.code}"


class BoothKind(models.TextChoices):
    """By how many sides are open, as booths are sold."""

    ROW = "row", pgettext_lazy("kind of booth", "Row, one side open")
    CORNER = "corner", pgettext_lazy("kind of booth", "Corner, two sides open")
    HEAD = "head", pgettext_lazy("kind of booth", "Head, three sides open")
    ISLAND = "island", pgettext_lazy("kind of booth", "Island, four sides open")


class BoothBuild(models.TextChoices):
    """What an exhibitor rents: bare ground, or ground with walls."""

    RAW = "raw", pgettext_lazy("a booth", "Raw space")
    SHELL = "shell", pgettext_lazy("a booth", "Shell scheme")


class Equipment(models.TextChoices):
    """What can be laid on at a booth, beside its power."""

    WATER = "water", pgettext_lazy("at a booth", "Water and drain")
    AIR = "air", pgettext_lazy("at a booth", "Compressed air")
    INTERNET = "internet", pgettext_lazy("at a booth", "Internet by wire")
    THREE_PHASE = "three_phase", pgettext_lazy("at a booth", "Three-phase current")
    HANGING = "hanging", pgettext_lazy("at a booth", "Hanging points")


def validate_equipment(value: object) -> None:
    """A list of kinds of equipment, each once. Raises ValidationError."""
    kinds = set(Equipment.values)
    if not isinstance(value, list) or len(set(map(str, value))) < len(value) or not set(map(str, value)) <= kinds:
        raise ValidationError(_("Equipment is any of: %s.") % ", ".join(Equipment.values))


def equipment_names(codes: Iterable[str]) -> list[str]:
    """What kinds of equipment are called in the reader's language, in the order of `Equipment`."""
    there = set(codes)
    return [str(label) for code, label in Equipment.choices if code in there]


class Booth(EditionModel):
    """A booth: a rectangle in its hall, in metres from the hall's corner, where the plan is known."""

    class State(models.TextChoices):
        AVAILABLE = "available", pgettext_lazy("a booth", "Available")
        ON_HOLD = "on_hold", pgettext_lazy("a booth", "On hold")
        RESERVED = "reserved", pgettext_lazy("a booth", "Reserved")
        CONTRACTED = "contracted", pgettext_lazy("a booth", "Contracted")
        BLOCKED = "blocked", pgettext_lazy("a booth", "Blocked")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="booths")
    hall = models.ForeignKey(Hall, models.CASCADE, related_name="booths")
    code = models.CharField(max_length=64)
    x_m = models.FloatField(null=True, blank=True)
    y_m = models.FloatField(null=True, blank=True)
    width_m = models.FloatField(null=True, blank=True)
    depth_m = models.FloatField(null=True, blank=True)
    kind = models.CharField(max_length=16, choices=BoothKind, blank=True)
    build = models.CharField(max_length=8, choices=BoothBuild, blank=True)
    power_kw = models.FloatField(default=0.0, validators=[MinValueValidator(0.0)])
    equipment = models.JSONField(default=list, blank=True, validators=[validate_equipment])
    """What is laid on, from `Equipment`."""
    height_m = models.FloatField(null=True, blank=True, validators=[MinValueValidator(0.0)])
    """Up to which height may be built; None where nothing is said."""
    load_kg_m2 = models.FloatField(null=True, blank=True, validators=[MinValueValidator(0.0)])
    """What the floor bears; None where nothing is said."""
    pavilion = models.CharField(max_length=2, blank=True)
    """Only for members of this country pavilion, ISO 3166 alpha-2."""
    state = models.CharField(max_length=16, choices=State, default=State.AVAILABLE)
    held_until = models.DateField(null=True, blank=True)
    """The last day of a hold."""
    held_for = models.ForeignKey("Participation", models.SET_NULL, null=True, blank=True, related_name="booths_held")
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    participations: "models.ManyToManyField[Participation, Stand]" = models.ManyToManyField(
        "Participation", through="Stand", related_name="booths"
    )

    class Meta:
        ordering: ClassVar = ["hall", "code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["hall", "code"], name="booth_once_a_hall")]

    def __str__(self) -> str:
        return f"{self.hall}/{self.code}"

    @property
    def equipment_named(self) -> list[str]:
        """What is laid on, in the reader's language."""
        return equipment_names(self.equipment)

    @property
    def label(self) -> str:
        """The booth as it is signed: with the code of its hall, which many booths' own codes begin with."""
        return self.code if self.code.startswith(self.hall.code) else f"{self.hall.code} {self.code}"


class Stand(EditionModel):
    """A participant at a booth. Several may share one: a pavilion, or a chain leader with its suppliers."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="stands")
    booth = models.ForeignKey(Booth, models.CASCADE, related_name="stands")
    participation = models.ForeignKey("Participation", models.CASCADE, related_name="stands")

    class Meta:
        ordering: ClassVar = ["booth", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["booth", "participation"], name="participant_once_a_booth")
        ]

    def __str__(self) -> str:
        return f"{self.participation} at {self.booth}"


class TableArea(EditionModel):
    """Meeting tables of the fair that stand together: those of these numbers, in rows on a rectangle of their hall."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="table_areas")
    hall = models.ForeignKey(Hall, models.CASCADE, related_name="table_areas")
    first = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    last = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    x_m = models.FloatField(validators=[MinValueValidator(0.0)])
    y_m = models.FloatField(validators=[MinValueValidator(0.0)])
    width_m = models.FloatField(validators=[MinValueValidator(0.5)])
    depth_m = models.FloatField(validators=[MinValueValidator(0.5)])

    class Meta:
        ordering: ClassVar = ["first", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "first"], name="table_in_one_area"),
            models.CheckConstraint(name="tables_are_counted_upwards", condition=models.Q(first__lte=models.F("last"))),
        ]

    def __str__(self) -> str:
        return f"{self.hall}/{self.label}"

    @property
    def numbers(self) -> range:
        """The numbers of its tables."""
        return range(self.first, self.last + 1)

    @property
    def label(self) -> str:
        """The tables as they are signed."""
        return f"T{self.first}–T{self.last}" if self.last > self.first else f"T{self.first}"


class BoothWish(EditionModel):
    """What an exhibitor needs of its booth and wishes for. One a participation; the organiser's allocation reads it."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="booth_wishes")
    participation = models.OneToOneField("Participation", models.CASCADE, related_name="booth_wish")
    area_m2 = models.FloatField(null=True, blank=True, validators=[MinValueValidator(0.0)])
    kind = models.CharField(max_length=16, choices=BoothKind, blank=True)
    power_kw = models.FloatField(default=0.0, validators=[MinValueValidator(0.0)])
    equipment = models.JSONField(default=list, blank=True, validators=[validate_equipment])
    height_m = models.FloatField(null=True, blank=True, validators=[MinValueValidator(0.0)])
    load_kg_m2 = models.FloatField(null=True, blank=True, validators=[MinValueValidator(0.0)])
    hall = models.ForeignKey(Hall, models.SET_NULL, null=True, blank=True, related_name="wishes")
    booths = models.JSONField(default=list, blank=True)
    """Primary keys of the booths wished for, the dearest first."""
    near: "models.ManyToManyField[Participation, models.Model]" = models.ManyToManyField(
        "Participation", blank=True, related_name="+"
    )
    """Whom it wishes to stand near."""
    points = models.FloatField(default=0.0, validators=[MinValueValidator(0.0)])
    """Priority, given by the organiser alone."""
    remarks = models.TextField(blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"wish of {self.participation}"

    @property
    def equipment_named(self) -> list[str]:
        """What has to be laid on, in the reader's language."""
        return equipment_names(self.equipment)


class BoothProposal(EditionModel):
    """An allocation of the booths of some halls that has been computed, until the organiser accepts or drops it."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("an allocation of booths", "Proposed")
        ACCEPTED = "accepted", pgettext_lazy("an allocation of booths", "Accepted")
        DROPPED = "dropped", pgettext_lazy("an allocation of booths", "Dropped")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="booth_proposals")
    state = models.CharField(max_length=16, choices=State, default=State.DRAFT)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    halls: "models.ManyToManyField[Hall, models.Model]" = models.ManyToManyField(Hall, related_name="proposals")
    booths = models.JSONField(default=dict)
    """Booth of each participation, both by primary key."""
    deviations = models.JSONField(default=list)
    """Wishes not met: [participation, wished booth, given booth, price or null where it cannot be, what
    stands against it, and the values that its sentence names (`halls.wording.why_said`)]."""
    walking_before = models.FloatField()
    """Metres walked between neighbours, weighted by how much they should be near, as they stand now."""
    walking_after = models.FloatField()
    seconds = models.FloatField()

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.edition} {self.made_at:%Y-%m-%d %H:%M} {self.state}"
