"""What of this room is copied to the next fair, and its data."""

from serai.expo.fairs.edition.domain.clone import copied
from serai.expo.venue.halls.domain import site
from serai.expo.venue.halls.models import Booth, Entrance, Hall, TableArea

__all__ = ["site"]

copied(Hall, "halls")
copied(Booth, "halls", anew={"state": Booth.State.AVAILABLE, "held_until": None, "held_for": None})
copied(TableArea, "halls")
copied(Entrance, "halls")
