"""What of the programme is copied to a new edition: rooms, forums, and the organiser's own sessions as blocks."""

from django.db.models import Q

from serai.expo.editions.cloning import copied
from serai.expo.programme.models import Forum, Room, Session

AS_A_BLOCK = {"title": {}, "summary": {}, "reason": "", "state": Session.State.PROPOSED}

copied(Room, "rooms", whole=True)
copied(Forum, "rooms", only=~Q(kind=Forum.Kind.BOOTH_EVENT))
copied(
    Session,
    "sessions",
    shifted=("starts_at", "ends_at"),
    anew=AS_A_BLOCK,
    only=Q(host__isnull=True) & ~Q(state=Session.State.CANCELLED),
)
