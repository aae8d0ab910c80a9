"""A table of every model with all its fields, and the titles of both."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.db.models import CharField, Field, FileField, ForeignKey, JSONField, Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serai.expo.base.export_tables import Filter, Rows, Table, Wanted
from serai.expo.base.text import LocalizedTextField
from serai.expo.fairs.edition.models import Edition, Participation, Section
from serai.expo.fairs.mailing.models import MailTemplate
from serai.expo.firms.record.domain.fields import SECTIONS
from serai.expo.firms.record.models import Firm
from serai.expo.offers.chains.models import Chain, Node, Stage
from serai.expo.participants.exhibitors.models import DeskTask
from serai.expo.people.account.models import Organisation, User
from serai.expo.programme.sessions.models import Forum, Speaker
from serai.expo.results.exports.domain import records
from serai.expo.venue.halls.models import Booth, Hall

RECORDS: Mapping[str, str | Promise] = {
    "Appearance": _("Appearances of speakers"),
    "ApplicationDecision": _("Decisions on applications"),
    "AssistanceCase": _("Cases of assistance"),
    "AuditEntry": _("Audit trail"),
    "Badge": _("Badges"),
    "BadgeRule": _("Rules of badges"),
    "Booth": _("Booths"),
    "BoothContract": _("Contracts of booths"),
    "BoothProposal": _("Proposals of booths"),
    "BoothTerms": _("Terms of exhibiting"),
    "BoothWish": _("Wishes for booths"),
    "Certification": _("Certificates"),
    "Chain": _("Chains"),
    "ChainPosition": _("Positions of firms on chains"),
    "ChainVersion": _("Versions of chains"),
    "Claim": _("Claims of firms"),
    "CoExhibitorInvitation": _("Invitations of co-exhibitors"),
    "Consent": _("Consents"),
    "Commitment": _("Commitments of signatories"),
    "CommitmentNote": _("Notes on commitments"),
    "ContactPerson": _("Contact persons"),
    "Delegation": _("Delegations"),
    "DelegationMember": _("Members of delegations"),
    "Delivery": _("Deliveries to other systems"),
    "DeskInvitation": _("Invitations to desks"),
    "DeskTask": _("Tasks of exhibitors"),
    "DeskTaskDone": _("Tasks done"),
    "Edge": _("Links between the stages of chains"),
    "Edition": pgettext_lazy("the record", "Fair"),
    "Entrance": _("Entrances of the halls"),
    "Evidence": _("Evidence of verifications"),
    "Firm": _("Firms"),
    "FirmAlias": _("Other names of firms"),
    "FirmIdentifier": _("Numbers of firms"),
    "FirmMerge": _("Merges of firms"),
    "FirmParting": _("Partings of firms"),
    "FirmPair": _("Pairs of firms that may be one"),
    "Flow": _("Inputs and outputs of firms"),
    "FollowUp": _("Follow-ups"),
    "Forum": _("Forums"),
    "GroupMembership": _("Corrections of country groups"),
    "Exposure": _("Exposure in lists of suggestions"),
    "Hall": _("Halls"),
    "HostedTerms": _("Terms of hosted buyers"),
    "Impersonation": _("Times of acting for others"),
    "Import": _("Imports"),
    "ImportRow": _("Rows of imports"),
    "Initiative": _("Initiatives and statements"),
    "Interest": _("Expressions of interest"),
    "InterpreterPool": _("Interpreters"),
    "LabSettings": _("Settings of the lab"),
    "Lead": _("Leads"),
    "Mail": _("Outbox"),
    "MailTemplate": _("Mail templates"),
    "Mailing": _("Mailings"),
    "MarketFile": _("Files of offers and needs"),
    "MatchingChoice": _("Choices of matching"),
    "Medium": _("Pictures and films of firms"),
    "Meeting": _("Meetings"),
    "MeetingBlock": _("Session blocks of meetings"),
    "MeetingEvent": _("History of meetings"),
    "MeetingExchange": _("Exchanges of times between meetings"),
    "MeetingNote": _("Notes on meetings"),
    "MeetingRequest": _("Requests for meetings"),
    "MeetingRule": _("Rules of who may meet whom"),
    "MeetingTerms": _("Terms of participants for meetings"),
    "NamedReport": _("Reports of your own"),
    "Need": _("Needs"),
    "Node": _("Nodes of chains"),
    "Offer": _("Offers"),
    "Organisation": _("Organisation"),
    "Outcome": _("Outcomes"),
    "OutcomeEvidence": _("Evidence of outcomes"),
    "OutcomeParty": _("Parties of outcomes"),
    "OwnField": _("Own fields"),
    "OwnRecord": _("Own fields of participants"),
    "OwnPage": _("Pages of your own"),
    "Package": _("Packages"),
    "Participation": _("Participations"),
    "Phase": _("Phases"),
    "Placement": _("Placements on chains"),
    "PlacementDecision": _("Decisions about placements"),
    "Plant": _("Plants of firms"),
    "Presence": _("Availability of people"),
    "Proposal": _("Proposals of sessions"),
    "ProposalReview": _("Reviews of proposals"),
    "ProposedSpeaker": _("Speakers of proposals"),
    "RegistrationAnswer": _("Answers at registration"),
    "RegistrationQuestion": _("Questions at registration"),
    "Release": _("Releases of the programme"),
    "ReminderPlan": _("Reminders of invitations"),
    "ReportIssue": _("Published reports"),
    "ReportPart": _("Parts of reports"),
    "RequestLimit": _("Limits of requests"),
    "Quotation": _("Quotations"),
    "RetentionChoice": _("Times chosen for data of persons"),
    "Role": _("Roles"),
    "Room": _("Rooms"),
    "Screen": _("Screens of the stage"),
    "Section": _("Sections"),
    "Segment": _("Segments"),
    "Session": _("Sessions of the programme"),
    "SignUp": _("Sign-ups for the programme"),
    "Signature": _("Signatures of initiatives"),
    "SizeRule": _("Rules of what is a small firm"),
    "Speaker": _("Speakers"),
    "Stage": _("Stages of chains"),
    "Stand": _("Stands"),
    "StoredFile": _("Files"),
    "Suggestion": _("Suggestions of whom to meet"),
    "TableArea": _("Places of meeting tables"),
    "TermsAccepted": _("Terms accepted"),
    "TimetableRun": _("Timetables of meetings"),
    "TimetableSettings": _("Settings of the timetable"),
    "User": _("People"),
    "Verification": _("Verifications of firms"),
    "Vetting": _("Registrations of buyers"),
    "Visit": _("Visits of buyers and delegations"),
    "Webhook": _("Webhooks"),
    "Wish": _("Wishes to meet"),
}
"""The title of each model's records, by the model's name."""

NOT_EXPORTED: Mapping[str, str | Promise] = {
    "ApiKey": _("Keys of programs"),
    "CalendarFeed": _("Calendar feeds"),
    "ClaimCode": _("Codes of claims"),
    "DeclaredInput": _("Declared inputs"),
    "OrganiserInvitation": _("Invitations of organisers"),
    "PresentSource": _("Declared sources"),
    "StaffSession": _("Visits of those who operate the site"),
    "TeamInvitation": _("Invitations to a team"),
}
"""Titles of the records of models that only the audit trail tells of."""


def record_title(model_name: str) -> str | Promise:
    """The title of the records of a model by its name in small letters, as the audit trail has it."""
    return _BY_SMALL_NAME.get(model_name, model_name)


_BY_SMALL_NAME = {name.lower(): title for name, title in {**RECORDS, **NOT_EXPORTED}.items()}


def title_of(model: str) -> str | Promise:
    """The title of a model's records, else the name of the model."""
    return RECORDS.get(model, model)


AT_A_TIME = 500

READ_AS: Mapping[type[Model], tuple[tuple[str, str], ...]] = {
    Booth: (("_code", "code"), ("_hall", "hall.code")),
    Chain: (("", "slug"),),
    DeskTask: (("_code", "code"),),
    Edition: (("", "slug"),),
    Firm: (("", "identifier"), ("_legal_name", "legal_name")),
    Forum: (("_slug", "slug"),),
    Hall: (("_code", "code"),),
    MailTemplate: (("_key", "key"),),
    Node: (("_code", "code"),),
    Organisation: (("", "slug"),),
    Participation: (("_firm", "firm.identifier"), ("_name", "firm.legal_name"), ("_kind", "kind")),
    Section: (("_slug", "slug"),),
    Speaker: (("_name", "sort_name"),),
    Stage: (("_code", "code"),),
    User: (("", "email"),),
}
"""The columns of a reference to each model: what follows the name of the field, and the path of the value.

A column that adds nothing to the name replaces the primary key of the row.
"""

PERSONAL = {"Badge", "CoExhibitorInvitation", "ContactPerson", "DelegationMember", "Speaker", "User"}
"""Models with data of persons though they refer to no account."""

FILTERS: Mapping[str, str | Promise] = {
    "kind": _("Kind"),
    "state": _("State"),
    "strength": _("Strength"),
    "purpose": _("Purpose"),
}
"""Fields with choices by which a table can be narrowed."""


@dataclass(frozen=True)
class Column:
    """The name of a column, and the function that reads it from a row."""

    name: str
    read: Callable[[Any], object]


def key_of(model: type[Model]) -> str:
    """'BoothWish' is found at 'record-booth-wish'."""
    return "record-" + re.sub(r"(?<=[a-z])(?=[A-Z])", "-", model.__name__).lower()


def record_tables() -> Iterator[Table]:
    """The table of each exported model."""
    for name, model in records.models_by_name().items():
        if name not in records.LEFT_OUT:
            yield record_table(model)


def record_table(model: type[Model]) -> Table:
    """All rows of an edition with all exported fields."""
    columns = [column for field in records.fields_of(model) for column in columns_of(model, field)]
    links = _links(model)

    def rows(edition: Edition, wanted: Wanted) -> Rows:
        of_edition = records.rows_of(model, edition)
        assert of_edition is not None, f"{model.__name__} has no way to an edition: it belongs into LEFT_OUT."
        narrowed = of_edition.filter(**wanted).order_by("pk")
        for row in (narrowed.select_related(*links) if links else narrowed).iterator(AT_A_TIME):
            if records.may_take(row):
                yield tuple(column.read(row) for column in columns)

    names = tuple(column.name for column in columns)
    return Table(
        key_of(model), title_of(model.__name__), names, filters_of(model), is_personal(model), rows, record=True
    )


def is_personal(model: type[Model]) -> bool:
    """Whether rows of the model hold data of persons."""
    return model.__name__ in PERSONAL or any(field.related_model is User for field in model._meta.concrete_fields)


def filters_of(model: type[Model]) -> tuple[Filter, ...]:
    fields = {field.name: field for field in records.fields_of(model) if isinstance(field, CharField) and field.choices}
    return tuple(
        Filter(name, label, list(fields[name].flatchoices)) for name, label in FILTERS.items() if name in fields
    )


def columns_of(model: type[Model], field: Field[Any, Any]) -> list[Column]:
    """The columns of a field."""
    name = field.name
    if field.is_relation and field.related_model is Edition and model.__name__ not in records.WHOLE:
        return []  # all rows are of one
    if isinstance(field, ForeignKey):
        ways = READ_AS.get(field.related_model, ())
        own = (
            [] if any(not behind for behind, _way in ways) else [Column(name, lambda row: records.value_of(row, field))]
        )
        return own + [Column(name + behind, _over(field, way)) for behind, way in ways]
    if isinstance(field, LocalizedTextField):
        return [
            Column(f"{name}_en", lambda row: (records.value_of(row, field) or {}).get("en")),
            Column(f"{name}_zh", lambda row: (records.value_of(row, field) or {}).get("zh-hans")),
            Column(f"{name}_all", lambda row: as_json(records.value_of(row, field) or None)),
        ]
    if isinstance(field, JSONField):
        return [Column(name, lambda row: as_cell(records.value_of(row, field)))]
    if isinstance(field, FileField):
        return [Column(name, lambda row: str(records.value_of(row, field) or ""))]
    return [Column(name, lambda row: records.value_of(row, field))]


def _over(field: Field[Any, Any], path: str) -> Callable[[Any], object]:
    return lambda row: value_at(getattr(row, field.name), path) if records.value_of(row, field) is not None else None


def value_at(row: Any, path: str) -> object:
    """The value at the end of a path such as ``lead.firm.identifier``; None where a part of it is None."""
    return reduce(lambda value, step: None if value is None else getattr(value, step), path.split("."), row)


def _links(model: type[Model]) -> list[str]:
    """The relations that are fetched with a row, so that a table takes one query for any number of rows."""
    links = {"firm"} if model in SECTIONS else set[str]()
    for field in records.fields_of(model):
        for _behind, way in READ_AS.get(field.related_model, ()):  # type: ignore[arg-type]
            links.add("__".join((field.name, *way.split(".")[:-1])))
    return sorted(links)


def as_json(value: object) -> str:
    """A value as JSON; None is an empty text."""
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def as_cell(value: object) -> object:
    """A list of plain values stays a list; other nested values become JSON."""
    if isinstance(value, list) and not any(isinstance(item, list | dict) for item in value):
        return value
    return as_json(value) if isinstance(value, list | dict) else value
