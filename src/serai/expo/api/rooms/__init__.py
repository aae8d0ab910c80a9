"""The operations of the interface, a module for each room of the fair."""

from serai.expo.api.rooms import (
    badges,
    buyers,
    chains,
    editions,
    finding,
    firms,
    halls,
    interests,
    leads,
    market,
    me,
    meetings,
    outcomes,
    packages,
    participations,
    programme,
    record,
    report,
    tasks,
    team,
    timetable,
    webhooks,
    world,
)

ROOMS = tuple(
    module.room
    for module in (
        editions,
        firms,
        record,
        team,
        tasks,
        packages,
        participations,
        market,
        interests,
        chains,
        halls,
        programme,
        timetable,
        meetings,
        outcomes,
        leads,
        badges,
        buyers,
        report,
        finding,
        world,
        webhooks,
        me,
    )
)
"""Every room, in the order in which the interface is described."""
