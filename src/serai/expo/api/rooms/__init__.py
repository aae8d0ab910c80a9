"""The operations of the interface, a module for each room of the fair."""

from serai.expo.api.rooms import (
    badges,
    chains,
    editions,
    firms,
    halls,
    leads,
    market,
    me,
    participations,
    programme,
    report,
)

ROOMS = tuple(
    module.room
    for module in (
        editions,
        firms,
        participations,
        market,
        chains,
        halls,
        programme,
        report,
        me,
        leads,
        badges,
    )
)
"""Every room, in the order in which the interface is described."""
