"""All models of the fair, from the rooms that define them. One Django app, one line of migrations."""

from serai.expo.acting.models import Impersonation, StaffRequest, StaffSession
from serai.expo.api.models import ApiKey, Delivery, Webhook
from serai.expo.assist.models import AssistanceCase
from serai.expo.audit.models import AuditEntry
from serai.expo.badges.models import Badge, BadgeRule
from serai.expo.buyers.models import Delegation, DelegationMember, HostedTerms, TermsAccepted, Vetting
from serai.expo.chains.models import Chain, ChainPosition, Edge, Node, Placement, Stage
from serai.expo.editions.models import ApplicationDecision, Edition, Participation, Phase, Section, SizeRule
from serai.expo.exhibitors.models import CoExhibitorInvitation, DeskTask, DeskTaskDone, Presence
from serai.expo.files.models import StoredFile
from serai.expo.firms.models import (
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
from serai.expo.groups.models import GroupMembership
from serai.expo.halls.contracts import BoothContract, BoothTerms
from serai.expo.halls.models import Booth, BoothProposal, BoothWish, Hall, Stand, TableArea
from serai.expo.imports.models import Import, ImportRow
from serai.expo.leads.models import Lead
from serai.expo.mailing.models import Mail, Mailing, MailTemplate, Segment
from serai.expo.market.models import Interest, MarketFile, Need, Offer
from serai.expo.market.quotations import Quotation
from serai.expo.meetings.arrangements import InterpreterPool, MeetingBlock, MeetingTerms, TimetableSettings
from serai.expo.meetings.exchanges import MeetingExchange
from serai.expo.meetings.models import (
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
from serai.expo.outcomes.models import FollowUp, Outcome, OutcomeEvidence, OutcomeParty
from serai.expo.packages.models import Package
from serai.expo.people.models import Consent, Organisation, Role, User
from serai.expo.programme.models import (
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
from serai.expo.questions.models import RegistrationAnswer, RegistrationQuestion
from serai.expo.report.models import NamedReport, ReportIssue, ReportPart
from serai.expo.retention.models import RetentionChoice
from serai.expo.search.models import SearchEntry
from serai.expo.team.models import TeamInvitation

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
