"""The operations of the interface, a module for each room of the fair."""

from serai.expo.fairs.edition import api as editions
from serai.expo.fairs.interface import api as me
from serai.expo.fairs.mailing import api as mailing
from serai.expo.insight.world import api as world
from serai.expo.meetings.leads import api as leads
from serai.expo.meetings.outcomes import api as outcomes
from serai.expo.meetings.requests.api import exchanges, meetings
from serai.expo.meetings.timetable import api as timetable
from serai.expo.offers.chains import api as chains
from serai.expo.offers.interests import api as interests
from serai.expo.offers.market import api as market
from serai.expo.offers.quotations import api as quotations
from serai.expo.offers.search import api as finding
from serai.expo.participants.buyers import api as buyers
from serai.expo.participants.exhibitors.api import record, tasks
from serai.expo.participants.packages import api as packages
from serai.expo.participants.participation import api as participations
from serai.expo.participants.questions import api as questions
from serai.expo.participants.team import api as team
from serai.expo.programme.badges import api as badges
from serai.expo.programme.sessions import api as programme
from serai.expo.results.assistance import api as assistance
from serai.expo.results.exports import api as exports
from serai.expo.results.report import api as report
from serai.expo.site.api import api as webhooks
from serai.expo.site.directory import api as firms
from serai.expo.site.imports import api as imports
from serai.expo.venue.contracts import api as contracts
from serai.expo.venue.halls import api as halls

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
        questions,
        market,
        interests,
        quotations,
        chains,
        halls,
        contracts,
        programme,
        timetable,
        meetings,
        exchanges,
        outcomes,
        leads,
        badges,
        buyers,
        assistance,
        mailing,
        imports,
        exports,
        report,
        finding,
        world,
        webhooks,
        me,
    )
)
"""Every room, in the order in which the interface is described."""
