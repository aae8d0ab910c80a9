"""Wishes of the participants, who may ask whom, requests to meet, and the meetings that come of them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serai.expo.base.rows import EditionModel


class Wish(EditionModel):
    """How much one participant wants to meet another. 'No thanks' is a veto that nothing overrides."""

    class Strength(models.TextChoices):
        MUST = "must", _("Must meet")
        WOULD = "would", _("Would like to meet")
        NO_THANKS = "no_thanks", _("No thanks")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="wishes")
    wisher = models.ForeignKey("Participation", models.CASCADE, related_name="wishes")
    wished = models.ForeignKey("Participation", models.CASCADE, related_name="wished_by")
    strength = models.CharField(max_length=16, choices=Strength)
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["wisher", "wished"], name="one_wish_a_pair"),
            models.CheckConstraint(name="wish_is_for_another", condition=~models.Q(wisher=models.F("wished"))),
        ]

    def __str__(self) -> str:
        return f"{self.wisher} {self.strength} {self.wished}"


class MeetingRule(EditionModel):
    """Whether participants of one sort may ask those of another to meet. The first rule that fits decides.

    An empty field fits everyone. Without a rule that fits, everyone may ask.
    """

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="meeting_rules")
    order = models.PositiveSmallIntegerField(default=0, help_text=_("The lowest is looked at first."))
    allowed = models.BooleanField(default=False)
    asker_kind = models.CharField(max_length=16, blank=True)
    asker_section = models.ForeignKey("Section", models.CASCADE, null=True, blank=True, related_name="+")
    asker_group = models.CharField(max_length=32, blank=True, help_text=_("Group of countries, as of the opening day."))
    asked_kind = models.CharField(max_length=16, blank=True)
    asked_section = models.ForeignKey("Section", models.CASCADE, null=True, blank=True, related_name="+")
    asked_group = models.CharField(max_length=32, blank=True, help_text=_("Group of countries, as of the opening day."))

    class Meta:
        ordering: ClassVar = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.edition}: {self.asker_kind or '*'} > {self.asked_kind or '*'}: {self.allowed}"


class RequestLimit(EditionModel):
    """How many requests a participant of this kind may have waiting for an answer."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="request_limits")
    kind = models.CharField(max_length=16)
    most_open = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["kind"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "kind"], name="one_limit_of_requests_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.edition}: {self.kind} {self.most_open}"


class Meeting(EditionModel):
    """Two participants who are to meet. A meeting never vanishes: it changes its state."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        WISHED = "wished", _("Wished")
        SCHEDULED = "scheduled", _("Scheduled")
        CONFIRMED = "confirmed", _("Confirmed by both")
        HELD = "held", _("Held")
        MISSED = "missed", _("Missed")
        DECLINED = "declined", _("Declined")
        CANCELLED = "cancelled", _("Cancelled")

    class Source(models.TextChoices):
        WISH = "wish", _("Wish of a side")
        MATCH = "match", _("Match along the chain")
        ORGANISER = "organiser", _("Organiser")
        WALK_IN = "walk_in", _("Walk-in")
        REQUEST = "request", _("Request of a side")
        ADVISER = "adviser", _("Adviser")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="meetings")
    host = models.ForeignKey("Participation", models.CASCADE, related_name="meetings_hosted")
    guest = models.ForeignKey("Participation", models.CASCADE, related_name="meetings_visited")
    state = models.CharField(max_length=16, choices=State, default=State.WISHED)
    source = models.CharField(max_length=16, choices=Source, default=Source.WISH)
    value = models.FloatField(default=1.0, help_text=_("What the meeting is worth to the timetable, above 0."))
    reasons = models.JSONField(default=list, blank=True)
    run = models.ForeignKey("TimetableRun", models.SET_NULL, null=True, blank=True, related_name="meetings")
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    place = models.CharField(max_length=64, blank=True, help_text=_("Booth or table."))
    why_not = models.CharField(max_length=32, blank=True, help_text=_("Why the timetable has not placed it."))
    why_not_told = models.CharField(max_length=32, blank=True)
    """Why the last published timetable has not placed it, as its sides may read it."""
    written_starts_at = models.DateTimeField(null=True, blank=True)
    """The time that its sides know, by letter or by agreement. Another time still has to be told."""
    written_place = models.CharField(max_length=64, blank=True)
    """The place that its sides know, in the same way."""
    locked = models.BooleanField(default=False)
    """Neither a new timetable nor a change on the day moves it."""
    block = models.ForeignKey("MeetingBlock", models.SET_NULL, null=True, blank=True, related_name="meetings")
    """The session in which it has to be held; any session if empty."""
    comes_after = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="followed_by")
    """The meeting that has to be held before this one."""
    host_people = models.PositiveSmallIntegerField(default=1)
    """People of the host who share the meeting."""
    guest_people = models.PositiveSmallIntegerField(default=1)
    host_arrived_at = models.DateTimeField(null=True, blank=True)
    guest_arrived_at = models.DateTimeField(null=True, blank=True)
    host_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="meetings_hosted"
    )
    guest_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="meetings_visited"
    )

    TOLD: ClassVar = (State.SCHEDULED, State.CONFIRMED, State.HELD, State.MISSED)
    """States in which both sides know of a time, and keep it."""

    class Meta:
        ordering: ClassVar = ["starts_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["host", "guest"], name="one_meeting_a_pair"),
            models.CheckConstraint(name="meeting_is_of_two", condition=~models.Q(host=models.F("guest"))),
        ]
        indexes: ClassVar = [models.Index(fields=["edition", "state"])]

    def __str__(self) -> str:
        return f"{self.host} with {self.guest}"

    @property
    def is_told(self) -> bool:
        """Whether its time and place were told to its sides. Until then they belong to a draft."""
        return self.state in self.TOLD


class MeetingRequest(EditionModel):
    """One participant asks another to meet, or to meet at another time. While it is open it blocks no slot.

    A counter-offer changes the time proposed and whose answer is awaited; what was said before stands in the events.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("a request", "Open")
        ACCEPTED = "accepted", pgettext_lazy("a request", "Accepted")
        DECLINED = "declined", pgettext_lazy("a request", "Declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("a request", "Withdrawn")
        EXPIRED = "expired", pgettext_lazy("a request", "Expired")

    class Reason(models.TextChoices):
        NO_FIT = "no_fit", _("What we do and what you do does not fit")
        NO_TIME = "no_time", _("We have no time left")
        ABSENT = "absent", _("We are not there on that day")
        SUPPLIED = "supplied", _("We have what we need")
        OTHER = "other", _("Another reason")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="meeting_requests")
    asker = models.ForeignKey("Participation", models.CASCADE, related_name="requests_sent")
    asked = models.ForeignKey("Participation", models.CASCADE, related_name="requests_received")
    awaiting = models.ForeignKey("Participation", models.CASCADE, related_name="requests_to_answer")
    meeting = models.ForeignKey(Meeting, models.SET_NULL, null=True, blank=True, related_name="requests")
    state = models.CharField(max_length=16, choices=State, default=State.OPEN)
    message = models.TextField(max_length=1000, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True, help_text=_("The time proposed; empty for any time."))
    reason = models.CharField(max_length=16, choices=Reason, blank=True)
    said_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-said_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["asker", "asked"], condition=models.Q(state="open"), name="one_open_request_a_pair"
            ),
            models.CheckConstraint(name="request_is_to_another", condition=~models.Q(asker=models.F("asked"))),
        ]
        indexes: ClassVar = [models.Index(fields=["edition", "state", "expires_at"])]

    def __str__(self) -> str:
        return f"{self.asker} asks {self.asked}: {self.state}"


class MeetingEvent(EditionModel):
    """A step in the life of a meeting or a request. Events are added and never changed."""

    class Kind(models.TextChoices):
        ASKED = "asked", _("Asked to meet")
        COUNTERED = "countered", _("Proposed another time")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrew the request")
        EXPIRED = "expired", _("Ran out without an answer")
        ARRANGED = "arranged", _("Arranged by an adviser")
        WALKED_IN = "walked_in", _("Walked in")
        MOVED = "moved", _("Moved to another time")
        RELOCATED = "relocated", _("Has another place")
        UNSEATED = "unseated", _("Has no time any more")
        CANCELLED = "cancelled", _("Cancelled")
        ASSIGNED = "assigned", _("Assigned to a person")
        ARRIVED = "arrived", _("Confirmed that it takes place")
        HELD = "held", _("Held")
        MISSED = "missed", _("One side did not come")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="meeting_events")
    meeting = models.ForeignKey(Meeting, models.CASCADE, null=True, blank=True, related_name="events")
    request = models.ForeignKey(MeetingRequest, models.CASCADE, null=True, blank=True, related_name="events")
    side = models.ForeignKey("Participation", models.SET_NULL, null=True, blank=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=16, choices=Kind)
    starts_at = models.DateTimeField(null=True, blank=True)
    words = models.TextField(max_length=1000, blank=True)

    class Meta:
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"


class MeetingNote(EditionModel):
    """What one side keeps of a meeting for itself: how good it was, and what comes next, when and by whom."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="meeting_notes")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="notes")
    side = models.ForeignKey("Participation", models.CASCADE, related_name="meeting_notes")
    rating = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("1 to 5."))
    note = models.TextField(max_length=2000, blank=True)
    next_step = models.CharField(max_length=300, blank=True)
    next_step_on = models.DateField(null=True, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["next_step_on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "side"], name="one_note_a_side"),
            models.CheckConstraint(
                name="rating_is_one_to_five",
                condition=models.Q(rating__isnull=True) | models.Q(rating__gte=1, rating__lte=5),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} on {self.meeting}"
