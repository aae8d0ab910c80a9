"""Initiatives and statements with their signatures and commitments; an organiser publishes and confirms."""

from datetime import date, datetime
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.base.rows import row_of
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.answers import Of, Texts, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import DECIDE, Room
from serai.expo.fairs.interface.domain.pagination import Cut, Page, asked_by, filter_of, page_of
from serai.expo.programme.initiatives.domain import initiatives as domain
from serai.expo.programme.initiatives.domain import signatures as signing
from serai.expo.programme.initiatives.domain.presentation import Shown, record_of, shown_initiatives
from serai.expo.programme.initiatives.models import Initiative, Signature

room = Room(_("Initiatives and statements"), domain.InitiativeRefusedError)

Words = Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")]


class SignatureShown(Schema):
    """A confirmed signature of an institution."""

    institution: Texts
    office: Texts
    name: Texts
    country: str
    signed_on: date | None
    withdrawn_on: date | None = Field(description="Where it was withdrawn; it then counts no more")


class CommitmentNoteShown(Schema):
    noted_on: date
    state: str
    words: Texts
    link: str
    has_document: bool = Field(description="Whether the organiser has a document that proves it")


class CommitmentShown(Schema):
    text: Texts
    by: Texts | None = Field(description="The institution; null for all that signed")
    due_on: date | None
    state: str = Field(description="open, under_way, delayed, done or given_up")
    notes: list[CommitmentNoteShown]


class InitiativeShown(Schema):
    number: int
    kind: str = Field(description="initiative, statement, declaration or action_plan")
    state: str = Field(description="draft, published or taken_back")
    title: Texts
    summary: Texts
    text: Texts
    session: int | None = Field(description="In which it was launched")
    launched_on: date | None
    published_at: datetime | None
    signatures: list[SignatureShown]
    commitments: list[CommitmentShown]


class SignatoryShown(Schema):
    """A signatory as organisers see it."""

    number: Annotated[int, Of("pk")]
    initiative: Annotated[int, Of("initiative_id")]
    institution: Texts
    office: Texts
    name: Texts
    country: str
    state: str = Field(description="named, invited, signed, confirmed, declined or withdrawn")
    signed_on: date | None


class TakenBack(Schema):
    reason: Words = Field(min_length=1)


class Proof(Schema):
    proof: Words = Field(min_length=1, description="How you know that the institution signed")


@asked_by(domain.InitiativeFilter)
class InitiativesWanted(Cut):
    """What narrows the list."""


def _show(content: Shown) -> InitiativeShown:
    return InitiativeShown(**record_of(content), state=content.initiative.state)


def _row(request: Call, edition: Edition, number: int) -> Initiative:
    return row_of(domain.visible_to(request.user, edition), number, _("There is no such initiative."))


def _again(row: Initiative) -> InitiativeShown:
    (content,) = shown_initiatives(Initiative.objects.filter(pk=row.pk))
    return _show(content)


@room.get("/initiatives", _("Initiatives and statements"), Page[InitiativeShown])
def initiatives(request: Call, edition: Edition, wanted: Query[InitiativesWanted]) -> Any:
    """Published ones; an organiser also reads drafts and those that were taken back."""
    asked = filter_of(domain.InitiativeFilter, wanted)
    rows = domain.narrowed(domain.visible_to(request.user, edition), asked)
    page = page_of(rows, lambda row: row.pk, wanted)
    loaded = shown_initiatives(rows.filter(pk__in=page["items"]).order_by("pk"))
    return page | {"items": [_show(content) for content in loaded]}


@room.get("/initiatives/{number}", _("An initiative"), InitiativeShown)
def initiative(request: Call, edition: Edition, number: int) -> Any:
    """With its confirmed signatures, withdrawn ones among them, and its commitments."""
    return _again(_row(request, edition, number))


@room.post("/initiatives/{number}/publish", _("Publish an initiative"), InitiativeShown, scope=DECIDE)
def publish_initiative(request: Call, edition: Edition, number: int) -> Any:
    row = _row(request, edition, number)
    domain.publish(row, by=request.user)
    return _again(row)


@room.post("/initiatives/{number}/take-back", _("Take an initiative back"), InitiativeShown, scope=DECIDE)
def take_initiative_back(request: Call, edition: Edition, number: int, given: TakenBack) -> Any:
    """The public does not see it any more."""
    row = _row(request, edition, number)
    domain.take_back(row, given.reason, by=request.user)
    return _again(row)


@room.list("/signatories", _("Signatories"), SignatoryShown, scope=DECIDE[:1])
def signatories(_request: Call, edition: Edition) -> Any:
    """All who are named for the initiatives of the fair, whether they have signed or not."""
    return Signature.objects.filter(edition=edition)


@room.post("/signatories/{number}/confirm", _("Confirm a signature"), SignatoryShown, scope=DECIDE)
def confirm_signature(request: Call, edition: Edition, number: int, given: Proof) -> Any:
    """From then on the public sees it."""
    signature = row_of(Signature.objects.filter(edition=edition), number, _("There is no such signatory."))
    signing.confirm(signature, given.proof, by=request.user)
    return shown(SignatoryShown, Signature.objects.get(pk=signature.pk))
