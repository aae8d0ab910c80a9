"""Contracts of booths: the organiser's terms, a contract offered, read, signed by handing the page in, withdrawn."""

from datetime import date, datetime
from typing import Annotated, Any

from django.conf import settings
from django.http import FileResponse, Http404
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field, StringConstraints

from serai.expo.base.files.domain import KINDS
from serai.expo.base.files.pages import handed_out
from serai.expo.base.rows import row_of
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.answers import (
    Key,
    Language,
    Line,
    Number,
    Of,
    Texts,
    Words,
    one_of,
    require_unchanged,
    shown,
)
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.files import FileGiven, Sent
from serai.expo.fairs.interface.domain.operations import DECIDE, ORGANISE, READ, Room
from serai.expo.fairs.interface.domain.pagination import Cut
from serai.expo.fairs.interface.domain.problems import ProblemError
from serai.expo.venue.contracts.domain import contracts
from serai.expo.venue.contracts.models import BoothContract, BoothTerms

room = Room(_("Contracts of booths"), contracts.ContractRefusedError)


class BoothTermsShown(Schema):
    version: int
    text: Texts
    party: str = Field(description="The organiser as a party: legal name, address, number in a register")
    language: str = Field(description="The language of the fair, in which a contract holds beside that of its reader")
    currency: str = Field(description="Of the prices of booths")
    published_at: datetime


class ContractShown(Schema):
    number: Key
    reference: str = Field(description="How it is called on paper")
    firm: Annotated[str, Of("participation.firm.identifier")] = Field(description="Identifier of the exhibitor")
    booth: str
    version: Annotated[int, Of("terms.version")] = Field(description="Version of the terms that it stands under")
    state: str = Field(description="offered, signed or withdrawn")
    offered_at: datetime
    signed_on: date | None
    signed_by: str
    signed_as: str
    handed_in_at: datetime | None
    file: Annotated[str | None, Of("file.name")] = Field(
        description="Name of the signed page, which has an address of its own"
    )


class ContractInFull(ContractShown):
    content: dict[str, Any] = Field(
        description="What it says, as it was offered: the fair, both parties, the booth, the package"
    )
    terms: BoothTermsShown
    outdated: bool = Field(description="The exhibitor does not stand at this booth any more")


class StandWaiting(Schema):
    stand: Annotated[int, Of("pk")] = Field(description="What to send to offer a contract of it")
    firm: Annotated[str, Of("participation.firm.identifier")] = Field(description="Identifier of the exhibitor")
    booth: Annotated[str, Of("booth.label")]


class ContractsWanted(Cut):
    state: Annotated[str, one_of(BoothContract.State.values, blank=True)] = ""


LongWords = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=40_000)]


class TermsNew(Schema):
    """A new version, which holds for contracts that are offered from now on."""

    text: dict[Language, LongWords] = Field(min_length=1, json_schema_extra={"additionalProperties": False})
    party: Annotated[Words, Field(min_length=1, max_length=1000)]
    language: Annotated[str, one_of([code for code, _name in settings.LANGUAGES])]
    currency: str = Field("", pattern="^([A-Z]{3})?$", description="ISO 4217, of the prices of booths")


class Offering(Schema):
    stand: Number = Field(description="Of the booths without a contract")


class Offered(Schema):
    offered: int = Field(description="How many contracts were offered")


class Signing(Schema):
    """The signed page, who signed it and when."""

    file: FileGiven = Field(description="PDF or picture")
    signed_by: Annotated[Line, Field(min_length=1, max_length=160)]
    signed_as: Annotated[Line, Field(max_length=160)] = Field("", description="Position of who has signed")
    signed_on: date


def contract(row: BoothContract) -> ContractShown:
    return shown(ContractShown, row, booth=row.content["booth"]["label"])


def in_full(row: BoothContract) -> ContractInFull:
    terms = shown(BoothTermsShown, row.terms)
    booth, outdated = row.content["booth"]["label"], contracts.is_outdated(row)
    return shown(ContractInFull, row, booth=booth, terms=terms, outdated=outdated)


def _one(request: Call, edition: Edition, number: int) -> BoothContract:
    return row_of(contracts.visible_to(request.user, edition), number, _("There is no such contract."))


def _again(request: Call, edition: Edition, row: BoothContract) -> ContractInFull:
    return in_full(_one(request, edition, row.pk))


@room.list("/booth-terms", _("Terms of exhibiting"), BoothTermsShown, scope=ORGANISE)
def booth_terms(_request: Call, edition: Edition) -> Any:
    """Every version, the newest first."""
    return list(BoothTerms.objects.filter(edition=edition))


@room.post("/booth-terms", _("Publish terms of exhibiting"), BoothTermsShown, scope=DECIDE, status=201)
def publish_booth_terms(request: Call, edition: Edition, given: TermsNew) -> Any:
    """Contracts of an earlier version stay as they were."""
    return shown(BoothTermsShown, contracts.publish_terms(edition, by=request.user, **given.model_dump()))


@room.list("/booths-without-contract", _("Booths without a contract"), StandWaiting, scope=ORGANISE)
def booths_without_contract(_request: Call, edition: Edition) -> Any:
    """Of confirmed exhibitors; who stands with a chain leader is in the leader's contract."""
    return contracts.without_contract(edition)


@room.post("/booths-without-contract/offer", _("Offer all contracts"), Offered, scope=DECIDE)
def offer_contracts(request: Call, edition: Edition) -> Any:
    """To every booth without one; each exhibitor is told."""
    return Offered(offered=contracts.offer_all(edition, by=request.user))


@room.list("/contracts", _("Contracts of booths"), ContractShown, contract, scope=READ)
def contracts_(request: Call, edition: Edition, wanted: Query[ContractsWanted]) -> Any:
    """Those offered to your firm; all for an organiser."""
    rows = contracts.visible_to(request.user, edition)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    return rows


@room.post("/contracts", _("Offer a contract"), ContractInFull, scope=DECIDE, status=201)
def offer_contract(request: Call, edition: Edition, given: Offering) -> Any:
    """Of one booth. Its signing is put on the exhibitor's desk, and the exhibitor is told."""
    stand = contracts.confirmed_stands(edition).filter(pk=given.stand).first()
    if stand is None:
        raise ProblemError(409, _("Only a confirmed exhibitor with a booth of its own can be offered a contract."))
    return _again(request, edition, contracts.offer(stand, by=request.user))


@room.get("/contracts/{number}", _("A contract"), ContractInFull, scope=READ)
def contract_(request: Call, edition: Edition, number: int) -> Any:
    """With all that it says, and the terms in every language that they were written in."""
    return in_full(_one(request, edition, number))


@room.post("/contracts/{number}/sign", _("Hand a signed page in"), ContractInFull)
def sign_contract(request: Call, edition: Edition, number: int, given: Annotated[Signing, Sent(...)]) -> Any:
    """By the exhibitor, or by the organiser for it: the contract is signed, and the booth contracted."""
    row = _one(request, edition, number)
    user = request.user
    if not (user.has_perm("expo.edit_desk", row.participation) or user.has_perm("expo.change_floor", edition)):
        raise ProblemError(403, _("You may not do this for this firm."))
    require_unchanged(request, in_full(row))
    signature = {name: getattr(given, name) for name in ("signed_by", "signed_as", "signed_on")}
    contracts.hand_in(row, given.file.upload, user=request.user, **signature)
    return _again(request, edition, row)


@room.post("/contracts/{number}/withdraw", _("Withdraw a contract"), ContractInFull, scope=DECIDE)
def withdraw_contract(request: Call, edition: Edition, number: int) -> Any:
    """Signed or not; the signed page goes with it."""
    row = _one(request, edition, number)
    require_unchanged(request, in_full(row))
    contracts.withdraw(row, by=request.user)
    return _again(request, edition, row)


@room.get("/contracts/{number}/file", _("The signed page of a contract"), None, scope=READ, media=tuple(KINDS))
def contract_file(request: Call, edition: Edition, number: int) -> FileResponse:
    row = _one(request, edition, number)
    if row.file is None:
        raise Http404(_("There is no such file."))
    return handed_out(row.file)
