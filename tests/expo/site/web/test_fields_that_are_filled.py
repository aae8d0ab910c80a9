"""No field of what people describe is one that nobody can fill.

A field counts as filled where a form of one of the model's rooms names it, where a call of the interface takes it, or
where an import has a column for it. What is filled in another way stands below with who does it.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

import serai.expo
from serai.expo.firms.record.domain.fields import FIRM, ROWS
from serai.expo.offers.market.domain.item_fields import FIELDS
from serai.expo.site.api.pages.interface import interface
from serai.expo.site.imports.domain.fields import fields

pytestmark = pytest.mark.any_database

ROOT = Path(serai.expo.__file__).parent

ROOMS: Mapping[str, tuple[str, ...]] = {
    "Firm": ("firms/record", "firms/verification", "site/directory", "participants/exhibitors", "site/exhibitor_desk"),
    "FirmIdentifier": (
        "firms/record",
        "firms/record",
        "firms/verification",
        "site/directory",
        "participants/exhibitors",
        "site/exhibitor_desk",
    ),
    "FirmAlias": (
        "firms/record",
        "firms/record",
        "firms/verification",
        "site/directory",
        "participants/exhibitors",
        "site/exhibitor_desk",
    ),
    "Plant": ("firms/record", "participants/exhibitors", "site/exhibitor_desk"),
    "Flow": ("firms/record", "participants/exhibitors", "site/exhibitor_desk"),
    "Certification": ("firms/record", "participants/exhibitors", "site/exhibitor_desk"),
    "Medium": ("firms/record", "participants/exhibitors", "site/exhibitor_desk"),
    "ChainPosition": ("firms/record", "offers/chains", "participants/exhibitors", "site/exhibitor_desk"),
    "Participation": (
        "fairs/edition",
        "participants/participation",
        "participants/exhibitors",
        "site/exhibitor_desk",
        "participants/packages",
    ),
    "Offer": ("offers/market",),
    "Need": ("offers/market",),
    "Forum": ("programme/sessions", "programme/proposals"),
    "Room": ("programme/sessions", "programme/proposals"),
    "Session": ("programme/sessions", "programme/proposals"),
    "Speaker": ("programme/sessions", "programme/proposals"),
    "Appearance": ("programme/sessions", "programme/proposals"),
    "Proposal": ("programme/sessions", "programme/proposals"),
    "ProposedSpeaker": ("programme/sessions", "programme/proposals"),
    "ProposalReview": ("programme/sessions", "programme/proposals"),
    "Hall": ("venue/halls", "venue/booths", "venue/floor"),
    "Booth": ("venue/halls", "venue/booths", "venue/floor"),
    "Entrance": ("venue/floor",),
    "TableArea": ("venue/floor",),
    "Edition": ("site/setup", "fairs/edition", "programme/sessions"),
    "Section": ("site/setup", "fairs/edition", "participants/participation", "venue/floor"),
    "User": ("people/account", "fairs/interface"),
    "Badge": ("programme/badges",),
    "Delegation": ("participants/buyers", "site/buyer_desk", "participants/delegations"),
    "DelegationMember": ("participants/buyers", "site/buyer_desk", "participants/delegations"),
    "Lead": ("meetings/leads", "participants/buyers", "site/buyer_desk"),
    "AssistanceCase": ("results/assistance",),
    "Package": ("participants/packages",),
    "HostedTerms": ("participants/buyers", "site/buyer_desk"),
    "Outcome": ("meetings/outcomes",),
    "RegistrationQuestion": ("participants/questions",),
}
"""Of each model the rooms whose forms and calls fill it."""

TABLES = {
    "Firm": {name for name, field in FIRM.items() if field.page},
    **{model.__name__: set(table) for model, table in (*ROWS.items(), *FIELDS.items())},
}
"""What the pages of a firm's record, and the forms of offers and needs, are made of."""

BY_THE_SITE = "worked out by the site"
WHERE = "the page on which it is made says whose it is"
BY_A_BUTTON = "a button of a page, or a call of its own"
BY_A_PAGE = "a page that reads it without a form of Django's"

OTHERWISE: Mapping[str, str] = {
    **dict.fromkeys(("Appearance.session", "Appearance.speaker", "Appearance.role"), "places of the form of a session"),
    **dict.fromkeys(("Badge.participation", "Badge.speaker", "Badge.member", "Badge.user"), WHERE),
    **dict.fromkeys(("Badge.state", "Badge.serial"), BY_A_BUTTON),
    **dict.fromkeys(("Certification.verified_how", "ChainPosition.checked_how"), "the organiser's check"),
    **dict.fromkeys(("ChainPosition.node", "ChainPosition.role"), BY_A_PAGE),
    **dict.fromkeys(("ChainPosition.organisation", "ChainPosition.state"), "whose check it is, and how it ended"),
    "Delegation.leader": "who opens it",
    **dict.fromkeys(("DelegationMember.delegation", "DelegationMember.participation"), WHERE),
    "DelegationMember.proxy_since": BY_A_BUTTON,
    "Edition.fictional": "the demonstration alone",
    "Edition.state": BY_A_BUTTON,
    **dict.fromkeys(("Edition.branding", "Edition.welcome", "Edition.country_groups"), BY_A_PAGE),
    **dict.fromkeys(("Firm.identifier", "Firm.name_key", "Firm.sort_name", "Firm.provenance"), BY_THE_SITE),
    **dict.fromkeys(("Firm.visibility", "Firm.logo", "Medium.caption"), BY_A_PAGE),
    "Firm.merged_into": "merging two records",
    **dict.fromkeys(("FirmAlias.key", "FirmAlias.source", "ChainPosition.source"), BY_THE_SITE),
    **dict.fromkeys(("FirmIdentifier.checked_on", "FirmIdentifier.check_digit", "FirmIdentifier.status"), BY_THE_SITE),
    **dict.fromkeys(("HostedTerms.meetings_suggested", "HostedTerms.meetings_maximum"), "the form of the terms"),
    **dict.fromkeys(("Lead.participation", "Lead.other"), "who keeps it, and whose badge or page it came from"),
    **dict.fromkeys(("Offer.participation", "Need.participation"), WHERE),
    **dict.fromkeys(("Offer.review", "Offer.review_note", "Need.review", "Need.review_note"), BY_A_BUTTON),
    **dict.fromkeys(("Offer.renewed_on", "Need.renewed_on"), BY_A_BUTTON),
    **dict.fromkeys(("Offer.reminded_on", "Need.reminded_on"), BY_THE_SITE),
    "Outcome.lead": "the page of a lead from which it is claimed",
    "Outcome.state": BY_A_BUTTON,
    "Participation.tokens": BY_THE_SITE,
    **dict.fromkeys(("Plant.number", "Medium.number"), BY_THE_SITE),
    **dict.fromkeys(("Proposal.state", "ProposalReview.reviewer"), BY_A_BUTTON),
    **dict.fromkeys(("Proposal.session", "ProposedSpeaker.speaker"), "what it becomes when it is accepted"),
    **dict.fromkeys(("ProposedSpeaker.proposal", "ProposalReview.proposal"), WHERE),
    **dict.fromkeys(("Room.booth", "Session.host"), "an event at a booth, by its exhibitor"),
    "Section.chain": "the chains chosen when a fair is set up",
    "Session.identifier": "a file of another program, when it is read",
    "Session.state": BY_A_BUTTON,
    "Speaker.absences": "pairs of moments in the form of a speaker",
    "Speaker.sort_name": BY_THE_SITE,
    "Speaker.user": "the mail address in the form of a speaker",
    **dict.fromkeys(("Entrance.hall", "TableArea.hall"), WHERE),
    **dict.fromkeys(("User.is_staff", "User.is_superuser"), "the command line of who runs the site"),
    "User.is_active": "nobody yet: an account is erased, not closed",
    "User.last_login": BY_THE_SITE,
    "User.photo": BY_A_PAGE,
}
"""Fields that no form names, and how they come to be filled."""


def test_every_field_of_what_people_describe_can_be_filled_by_somebody() -> None:
    assert _nobody_fills() - set(OTHERWISE) == set()


def test_the_table_of_other_ways_holds_no_field_that_a_form_names() -> None:
    assert set(OTHERWISE) - _nobody_fills() == set()


def test_a_field_that_no_form_names_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it was with the account and the firm of a speaker."""
    monkeypatch.setattr(f"{__name__}._named_in", lambda room: set() if room.startswith("programme") else set("ab"))
    assert {"Speaker.user", "Speaker.participation"} <= _nobody_fills()


def _nobody_fills() -> set[str]:
    columns = set(fields())
    found = set()
    for name, rooms in ROOMS.items():
        filled = set().union(*map(_named_in, rooms), *map(_taken_by, rooms)) | {"edition"}
        filled |= TABLES.get(name, set())
        filled |= columns if name in {"Firm", "Participation", "Offer", "Need"} else set()
        for field in apps.get_model("expo", name)._meta.concrete_fields:
            noted = field.name.endswith(("_at", "_by"))  # when and by whom: the site notes it
            if field.editable and not field.primary_key and not noted and field.name not in filled:
                found.add(f"{name}.{field.name}")
    return found


@cache
def _named_in(room: str) -> set[str]:
    """What the forms of a room name: attributes of their classes, and words in quotes."""
    found: set[str] = set()
    for path in (*ROOT.joinpath(room).rglob("*form*.py"), *ROOT.joinpath(room).glob("pages.py")):
        for statement in ast.parse(path.read_text(encoding="utf-8")).body:
            if path.name == "pages.py" and not isinstance(statement, ast.ClassDef | ast.Assign | ast.AnnAssign):
                continue  # a view names much that no form fills
            if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "urlpatterns":
                continue
            for node in ast.walk(statement):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.add(node.value)
                elif isinstance(node, ast.ClassDef):
                    found |= {target.id for one in node.body for target in _targets(one)}
    return found


def _targets(statement: ast.stmt) -> Iterator[ast.Name]:
    named = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return (one for one in named if isinstance(one, ast.Name))


@cache
def _taken_by(room: str) -> set[str]:
    """What the calls of a room of the interface take."""
    files = [ROOT / room / "api.py", *ROOT.joinpath(room, "api").glob("*.py")]
    classes = {
        node.name
        for file in files
        if file.exists()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    }
    return {name for one in classes & _given() for name in _schemas()[one].get("properties", {})}


@cache
def _schemas() -> dict[str, Any]:
    found: dict[str, Any] = interface.get_openapi_schema(path_prefix="/api/v1")["components"]["schemas"]
    return found


@cache
def _given() -> set[str]:
    """The names of the schemas that calls take, with those within them."""
    paths = interface.get_openapi_schema(path_prefix="/api/v1")["paths"]
    open_ones = [said["requestBody"] for one in paths.values() for said in one.values() if "requestBody" in said]
    found: set[str] = set()
    while open_ones:
        one = open_ones.pop()
        if isinstance(one, list):
            open_ones += one
        elif isinstance(one, dict):
            name = str(one.get("$ref", "")).rpartition("/")[2]
            if name and name not in found:
                found.add(name)
                open_ones.append(_schemas()[name])
            open_ones += one.values()
    return found
