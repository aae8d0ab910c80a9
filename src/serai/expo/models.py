"""All models of the fair, from the rooms that define them. One Django app, one line of migrations."""

from serai.expo.audit.models import AuditEntry
from serai.expo.badges.models import Badge
from serai.expo.chains.models import Chain, Edge, Node, Placement, Stage
from serai.expo.editions.models import Edition, Participation, Phase, Section
from serai.expo.exhibitors.models import CoExhibitorInvitation, DeskTask, DeskTaskDone
from serai.expo.firms.models import Firm
from serai.expo.halls.models import Booth, BoothWish, Hall, Stand
from serai.expo.imports.models import Import, ImportRow
from serai.expo.leads.models import Lead
from serai.expo.market.models import MarketFile, Need, Offer
from serai.expo.meetings.models import MatchingChoice, Meeting, TimetableRun, Wish
from serai.expo.outcomes.models import Outcome, OutcomeParty
from serai.expo.people.models import Organisation, Role, User
from serai.expo.programme.models import CalendarFeed, Forum, Session, SignUp
from serai.expo.search.models import SearchEntry
from serai.expo.team.models import TeamInvitation

__all__ = [
    "AuditEntry",
    "Badge",
    "Booth",
    "BoothWish",
    "CalendarFeed",
    "Chain",
    "CoExhibitorInvitation",
    "DeskTask",
    "DeskTaskDone",
    "Edge",
    "Edition",
    "Firm",
    "Forum",
    "Hall",
    "Import",
    "ImportRow",
    "Lead",
    "MarketFile",
    "MatchingChoice",
    "Meeting",
    "Need",
    "Node",
    "Offer",
    "Organisation",
    "Outcome",
    "OutcomeParty",
    "Participation",
    "Phase",
    "Placement",
    "Role",
    "SearchEntry",
    "Section",
    "Session",
    "SignUp",
    "Stage",
    "Stand",
    "TeamInvitation",
    "TimetableRun",
    "User",
    "Wish",
]
