"""All models of the fair, from the rooms that define them. One Django app, one line of migrations."""

from serai.expo.base.audit.models import AuditEntry
from serai.expo.base.files.models import StoredFile
from serai.expo.fairs.edition.models import ApplicationDecision, Edition, Participation, Phase, Section, SizeRule
from serai.expo.fairs.groups.models import GroupMembership
from serai.expo.fairs.interface.models import ApiKey, Delivery, Webhook
from serai.expo.fairs.mailing.models import Mail, Mailing, MailTemplate, Segment
from serai.expo.firms.record.models import (
    Certification,
    Claim,
    ClaimCode,
    Evidence,
    Firm,
    FirmAlias,
    FirmIdentifier,
    FirmMerge,
    FirmPair,
    FirmParting,
    Flow,
    Medium,
    Plant,
    Verification,
)
from serai.expo.meetings.leads.models import Lead
from serai.expo.meetings.outcomes.models import FollowUp, Outcome, OutcomeEvidence, OutcomeParty
from serai.expo.meetings.requests.models import (
    Exposure,
    MatchingChoice,
    Meeting,
    MeetingEvent,
    MeetingNote,
    MeetingRequest,
    MeetingRule,
    RequestLimit,
    Suggestion,
    TimetableRun,
    Wish,
)
from serai.expo.meetings.requests.models.exchanges import MeetingExchange
from serai.expo.meetings.timetable.models.arrangements import (
    InterpreterPool,
    MeetingBlock,
    MeetingTerms,
    TimetableSettings,
)
from serai.expo.offers.chains.models import Chain, ChainPosition, Edge, Node, Placement, Stage
from serai.expo.offers.market.models import Interest, MarketFile, Need, Offer
from serai.expo.offers.quotations.models import Quotation
from serai.expo.offers.search.models import SearchEntry
from serai.expo.participants.buyers.models import Delegation, DelegationMember, HostedTerms, TermsAccepted, Vetting
from serai.expo.participants.exhibitors.models import CoExhibitorInvitation, DeskTask, DeskTaskDone, Presence
from serai.expo.participants.packages.models import Package
from serai.expo.participants.questions.models import RegistrationAnswer, RegistrationQuestion
from serai.expo.participants.team.models import TeamInvitation
from serai.expo.people.account.models import Consent, Organisation, Role, User
from serai.expo.people.acting.models import Impersonation, StaffRequest, StaffSession
from serai.expo.programme.badges.models import Badge, BadgeRule
from serai.expo.programme.sessions.models import (
    Appearance,
    CalendarFeed,
    Forum,
    Proposal,
    ProposalReview,
    ProposedSpeaker,
    Release,
    Room,
    Session,
    SignUp,
    Speaker,
)
from serai.expo.results.assistance.models import AssistanceCase
from serai.expo.results.report.models import NamedReport, ReportIssue, ReportPart
from serai.expo.site.imports.models import Import, ImportRow
from serai.expo.site.retention.models import RetentionChoice
from serai.expo.venue.contracts.models import BoothContract, BoothTerms
from serai.expo.venue.halls.models import Booth, BoothProposal, BoothWish, Hall, Stand, TableArea

__all__ = [
    "ApiKey",
    "Appearance",
    "ApplicationDecision",
    "AssistanceCase",
    "AuditEntry",
    "Badge",
    "BadgeRule",
    "Booth",
    "BoothContract",
    "BoothProposal",
    "BoothTerms",
    "BoothWish",
    "CalendarFeed",
    "Certification",
    "Chain",
    "ChainPosition",
    "Claim",
    "ClaimCode",
    "CoExhibitorInvitation",
    "Consent",
    "Delegation",
    "DelegationMember",
    "Delivery",
    "DeskTask",
    "DeskTaskDone",
    "Edge",
    "Edition",
    "Evidence",
    "Exposure",
    "Firm",
    "FirmAlias",
    "FirmIdentifier",
    "FirmMerge",
    "FirmPair",
    "FirmParting",
    "Flow",
    "FollowUp",
    "Forum",
    "GroupMembership",
    "Hall",
    "HostedTerms",
    "Impersonation",
    "Import",
    "ImportRow",
    "Interest",
    "InterpreterPool",
    "Lead",
    "Mail",
    "MailTemplate",
    "Mailing",
    "MarketFile",
    "MatchingChoice",
    "Medium",
    "Meeting",
    "MeetingBlock",
    "MeetingEvent",
    "MeetingExchange",
    "MeetingNote",
    "MeetingRequest",
    "MeetingRule",
    "MeetingTerms",
    "NamedReport",
    "Need",
    "Node",
    "Offer",
    "Organisation",
    "Outcome",
    "OutcomeEvidence",
    "OutcomeParty",
    "Package",
    "Participation",
    "Phase",
    "Placement",
    "Plant",
    "Presence",
    "Proposal",
    "ProposalReview",
    "ProposedSpeaker",
    "Quotation",
    "RegistrationAnswer",
    "RegistrationQuestion",
    "Release",
    "ReportIssue",
    "ReportPart",
    "RequestLimit",
    "RetentionChoice",
    "Role",
    "Room",
    "SearchEntry",
    "Section",
    "Segment",
    "Session",
    "SignUp",
    "SizeRule",
    "Speaker",
    "StaffRequest",
    "StaffSession",
    "Stage",
    "Stand",
    "StoredFile",
    "Suggestion",
    "TableArea",
    "TeamInvitation",
    "TermsAccepted",
    "TimetableRun",
    "TimetableSettings",
    "User",
    "Verification",
    "Vetting",
    "Webhook",
    "Wish",
]
