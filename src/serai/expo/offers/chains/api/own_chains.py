"""The chains of the organiser's organisation: read as files, written as new versions, compared and taken back."""

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.answers import Of, require_unchanged, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import DECIDE, ORGANISE, Room
from serai.expo.fairs.interface.domain.pagination import Listed
from serai.expo.fairs.interface.domain.values import Code, Number, Slug, Texts
from serai.expo.offers.chains.domain import own_chains as domain
from serai.expo.offers.chains.domain.chain_copies import copy_builtin
from serai.expo.offers.chains.domain.chain_edits import Change, differences
from serai.expo.offers.chains.models import Chain, ChainVersion
from serai.world.chains import BUILTIN, ChainError

room = Room(_("Own chains"), domain.ChainRefusedError, ChainError)


class OwnChainShown(Schema):
    slug: str
    title: Texts
    copied_from: str = Field(description="Slug of the built-in chain of which it is a copy, or empty")
    version: int = Field(description="Number of its newest version")
    in_use: bool = Field(description="Whether that version is finished; else fairs go on with the last that was")


class OwnChainInFull(OwnChainShown):
    content: str = Field(description="The chain as its file, in TOML")
    unfinished: list[str] = Field(description="What it still needs before fairs can use it")
    hints: list[str] = Field(description="What would make it better")


class VersionShown(Schema):
    number: int
    kind: str = Field(description="new, copy, edit, file, call or return")
    source: str = Field(description="The file, the chain or the version that it came from")
    in_use: bool
    made_at: datetime
    made_by: Annotated[str | None, Of("made_by.name")]


class ChangeShown(Schema):
    of: str = Field(description="chain, stage, node or edge")
    code: str
    how: str = Field(description="added, removed or changed")
    fields: list[list[str]] = Field(description="Name of a field, its text before, its text after")


class VersionsCompared(Schema):
    old: Number = Field(1, description="Number of the earlier version")
    new: Number | None = Field(None, description="Number of the later version; by default the newest")


class Copy(Schema):
    chain: Slug = Field(description="Slug of a built-in chain")


class ChainGiven(Schema):
    content: str = Field(max_length=domain.MOST_BYTES, description="The whole chain as a file in TOML")
    moves: dict[Code, Code] = Field(
        default_factory=dict,
        description="Code of a removed link -> of the one to which its firms go; others are placed by their texts",
        json_schema_extra={"additionalProperties": False},
    )


class VersionWanted(Schema):
    number: Number


def _own(edition: Edition, slug: str) -> Chain:
    row = domain.own_chains(edition).filter(slug=slug).first()
    if row is None:
        raise Http404(_("The organisation has no such chain."))
    return row


def _fields(version: ChainVersion) -> dict[str, Any]:
    return {"version": version.number, "in_use": version.in_use}


def _in_full(row: Chain) -> OwnChainInFull:
    standing = domain.standing(row)
    hints = {"unfinished": list(standing.unfinished), "hints": list(standing.missing)}
    return shown(OwnChainInFull, row, content=standing.version.content, **hints, **_fields(standing.version))


@room.list("/own-chains", _("Own chains"), OwnChainShown, scope=ORGANISE)
def own_chains(_request: Call, edition: Edition) -> Any:
    """The chains that the organisation of the fair writes itself."""
    rows = domain.own_chains(edition).filter(versions__isnull=False).distinct().prefetch_related("versions")
    return Listed(rows, lambda row: shown(OwnChainShown, row, **_fields(row.versions.all()[0])))


@room.post("/own-chains", _("Copy a built-in chain"), OwnChainInFull, scope=DECIDE)
def copy_chain(request: Call, edition: Edition, given: Copy) -> Any:
    """The copy takes the place of the built-in chain at the fair, and every firm stays where it stands."""
    if given.chain not in BUILTIN:
        raise domain.ChainRefusedError(_("There is no built-in chain “%s”.") % given.chain)
    return _in_full(copy_builtin(edition, given.chain, user=request.user))


@room.get("/own-chains/{own_chain}", _("An own chain"), OwnChainInFull, scope=ORGANISE)
def own_chain(_request: Call, edition: Edition, own_chain: str) -> Any:
    return _in_full(_own(edition, own_chain))


@room.put("/own-chains/{own_chain}", _("Write an own chain"), OwnChainInFull, scope=DECIDE)
def write_own_chain(request: Call, edition: Edition, own_chain: Slug, given: ChainGiven) -> Any:
    """A new chain, or a new version of one; the same content again changes nothing. Firms are placed anew by a job."""
    document = domain.read_file(given.content.encode(), own_chain, name=f"{own_chain}.toml")
    row = domain.own_chains(edition).filter(slug=own_chain).first()
    if row is None:
        return _in_full(domain.begin(edition, document, ChainVersion.Kind.CALL, user=request.user))
    require_unchanged(request, _in_full(row))
    kind, user = ChainVersion.Kind.CALL, request.user
    domain.save_version(row, document, kind, user=user, edition=edition, moves=given.moves)
    return _in_full(row)


@room.list("/own-chains/{own_chain}/versions", _("Versions of an own chain"), VersionShown, scope=ORGANISE)
def own_chain_versions(_request: Call, edition: Edition, own_chain: str) -> Any:
    return _own(edition, own_chain).versions.select_related("made_by")


@room.get(
    "/own-chains/{own_chain}/differences", _("What differs between two versions"), list[ChangeShown], scope=ORGANISE
)
def own_chain_differences(_request: Call, edition: Edition, own_chain: str, wanted: Query[VersionsCompared]) -> Any:
    row = _own(edition, own_chain)
    old, new = (
        domain.document_of(_version(row, number)) for number in (wanted.old, wanted.new or domain.newest(row).number)
    )
    return [_change(change) for change in differences(old, new)]


def _change(change: Change) -> ChangeShown:
    return shown(ChangeShown, change, fields=[list(field) for field in change.fields])


def _version(row: Chain, number: int) -> ChainVersion:
    version = row.versions.select_related("chain").filter(number=number).first()
    if version is None:
        raise Http404(_("This chain has no such version."))
    return version


@room.post("/own-chains/{own_chain}/return", _("Take an earlier version back into use"), OwnChainInFull, scope=DECIDE)
def return_own_chain(request: Call, edition: Edition, own_chain: str, given: VersionWanted) -> Any:
    row = _own(edition, own_chain)
    _version(row, given.number)
    domain.take_back(row, given.number, user=request.user, edition=edition)
    return _in_full(row)
