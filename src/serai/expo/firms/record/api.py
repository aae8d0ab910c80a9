"""A firm as the interface shows it, with all that the caller may read, and one's own firm to change."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field

from serai.expo.base.files.models import Audience
from serai.expo.fairs.edition.domain.phases import require_open_somewhere
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.fairs.interface.domain.answers import require_unchanged, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.kinds import as_changed, as_shown, nullable, with_fields
from serai.expo.fairs.interface.domain.operations import READ, Room
from serai.expo.fairs.interface.domain.pagination import Listed
from serai.expo.fairs.interface.domain.problems import ProblemError
from serai.expo.firms.identity.domain.merges import leading
from serai.expo.firms.record.domain import record_pages as record
from serai.expo.firms.record.domain.fields import FIRM, ROWS
from serai.expo.firms.record.domain.profile import EDITABLE, ProfileError
from serai.expo.firms.record.domain.visibility import hidden_from, may_read, readers
from serai.expo.firms.record.models import Certification, Firm, FirmAlias, FirmIdentifier, Flow, Plant
from serai.expo.firms.record.rules import duties_in
from serai.expo.firms.verification.domain import levels_of

room = Room(_("Firms"))


@with_fields([field for field in FIRM.values() if field.is_column and field.kind != "file"], as_shown)
class FirmShown(Schema):
    """What the reader may not read is null, and named in ``hidden``."""

    identifier: str
    verification: int = Field(description="Level of verification, 0 to 3")
    hidden: list[str] = Field(description="Fields that the firm does not show you")


class RowShown(Schema):
    row: int = Field(description="Its number in this interface")


@with_fields(ROWS[FirmIdentifier].values(), as_shown)
class IdentifierShown(RowShown):
    status: str
    check_digit: str


@with_fields(ROWS[FirmAlias].values(), as_shown)
class AliasShown(RowShown):
    pass


@with_fields(ROWS[Plant].values(), as_shown)
class PlantShown(RowShown):
    pass


@with_fields(ROWS[Flow].values(), as_shown)
class FlowShown(RowShown):
    pass


@with_fields(ROWS[Certification].values(), as_shown)
class CertificationShown(RowShown):
    verified: bool = Field(description="Whether an organiser has looked at it")


class FirmInFull(FirmShown):
    """With the rows that belong to it; null where they are not shown to you."""

    aliases: list[str] | None
    identifiers: list[IdentifierShown] | None
    plants: list[PlantShown] | None
    flows: list[FlowShown] | None
    certifications: list[CertificationShown] | None


class FirmReader:
    """The caller as a reader of some firms: what of each it may read, and how far each is verified."""

    def __init__(self, request: Call, firms: Iterable[Firm]) -> None:
        records = list(firms)
        self.as_what = readers(request.user, records)
        self.levels = levels_of(records, timezone.localdate()) if records else {}

    def fields(self, firm: Firm) -> dict[str, Any]:
        """The fields of ``FirmShown``."""
        hidden = hidden_from(firm, self.as_what[firm.pk])
        level = self.levels.get(firm.pk)
        derived: dict[str, Any] = {
            "parent": firm.parent.identifier if firm.parent and "parent" not in hidden else None,
            "verification": level.level if level else 0,
            "hidden": sorted(hidden),
        }
        plain = [name for name in FirmShown.model_fields if name not in derived]
        return {name: None if name in hidden else getattr(firm, name) for name in plain} | derived

    def rows(self, firm: Firm) -> dict[str, Any]:
        """The rows of ``FirmInFull``."""
        reader = self.as_what[firm.pk]

        def of(name: str, show: Any, *related: str) -> Any:
            rows = getattr(firm, name).select_related(*related) if related else getattr(firm, name).all()
            return [show(row) for row in rows] if may_read(firm, name, reader) else None

        return {
            "aliases": of("aliases", lambda row: row.name),
            "identifiers": of("identifiers", lambda row: shown(IdentifierShown, row, row=row.pk)),
            "plants": of("plants", lambda row: shown(PlantShown, row, row=row.pk)),
            "flows": of("flows", lambda row: shown(FlowShown, row, row=row.pk)),
            "certifications": of("certifications", partial(certification, files=reads_files(firm, reader)), "file"),
        }

    def in_full(self, firm: Firm) -> FirmInFull:
        return FirmInFull.model_validate(self.fields(firm) | self.rows(firm))


def certification(row: Certification, *, files: bool) -> CertificationShown:
    file = row.file.name if row.file and files else None
    return shown(CertificationShown, row, row=row.pk, verified=row.verified_at is not None, file=file)


def reads_files(firm: Firm, reader: str) -> bool:
    """Whether a reader opens the files of the firm's certificates."""
    return may_read(firm, "certificate_files", reader)


# One's own firm


GIVEN = tuple(field for name, field in FIRM.items() if name in EDITABLE - {"legal_name", "parent", "logo"})
"""What a firm changes of itself by a call. Its parent is one of a fair, and its logo a file."""


@with_fields(GIVEN, as_changed)
class FirmChange(Schema):
    """The fields to change; those left out stay."""

    shown_to: dict[str, Audience] | None = Field(
        None, description="Who reads a field, for those of which the firm chooses it", json_schema_extra={}
    )


def own_firm(request: Call, identifier: str, duty: str) -> Firm:
    """A firm for which the caller has a duty. Raises Http404 where it has no role in it, and a problem 403 without the
    duty."""
    firm = Firm.objects.filter(identifier=leading(identifier)).select_related("parent").first()
    duties = duties_in(request.user, firm.pk) if firm else frozenset()
    if firm is None or not duties:
        raise Http404(_("You have no firm with this identifier."))
    if duty not in duties:
        raise ProblemError(403, _("You may not do this for this firm."))
    return firm


@room.list("/my/firms", _("My firms"), FirmShown, scope=READ)
def my_firms(request: Call) -> Any:
    """The firms in which you have a role."""
    rows = list(Firm.objects.filter(roles__user=request.user).select_related("parent").order_by("pk"))
    reader = FirmReader(request, rows)
    return Listed(rows, lambda row: FirmShown.model_validate(reader.fields(row)))


@room.get("/my/firms/{identifier}", _("My firm"), FirmInFull, scope=READ)
def my_firm(request: Call, identifier: str) -> Any:
    """All that your firm has said of itself."""
    firm = own_firm(request, identifier, "see")
    return FirmReader(request, [firm]).in_full(firm)


@room.patch("/my/firms/{identifier}", _("Change my firm"), FirmInFull)
def change_firm(request: Call, identifier: str, given: FirmChange) -> Any:
    """Change what your firm says of itself and who reads it; search and place on the chains follow.

    The legal name, the country and the identifiers are the organiser's to correct. Refused while profiles are closed at
    every fair at which it takes part.
    """
    firm = own_firm(request, identifier, "edit")
    taking_part = Participation._base_manager.filter(firm=firm).exclude(state__in=Participation.OVER)
    require_open_somewhere(Edition.objects.filter(pk__in=taking_part.values("edition")), Phase.Kind.PROFILE)
    require_unchanged(request, FirmReader(request, [firm]).in_full(firm))
    values, audiences = given_fields(given)
    try:
        record.keep_fields(firm, values, audiences, user=request.user)
    except ProfileError as fault:
        raise field_problem(fault) from None
    firm = own_firm(request, identifier, "edit")
    return FirmReader(request, [firm]).in_full(firm)


def given_fields(given: FirmChange) -> tuple[dict[str, Any], dict[str, str]]:
    """The fields that a call changes, and those of which it chooses who reads them."""
    values = given.model_dump(exclude_unset=True)
    audiences = values.pop("shown_to", None) or {}
    kept = {name: value for name, value in values.items() if value is not None or nullable(FIRM[name])}
    return kept, audiences


def field_problem(fault: ProfileError) -> ProblemError:
    """What is wrong with a field, as a problem that names it."""
    return ProblemError(
        422,
        _("This cannot be kept; see 'errors'. Nothing was changed."),
        errors=[{"at": f"body/given/{fault.field}", "fault": str(fault)}],
    )
