"""The organiser's own fields: their definitions, and what a participant has in them."""

from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field

from serai.expo.base.rows import row_of
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.interface.domain.answers import GivenTexts, Texts, one_of, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import DECIDE, ORGANISE, Room
from serai.expo.fairs.interface.domain.problems import ProblemError
from serai.expo.participants.own_fields import domain
from serai.expo.participants.own_fields.domain import OwnValueRefusedError
from serai.expo.participants.own_fields.models import OwnField

room = Room(_("Own fields"), OwnValueRefusedError)


class OwnFieldShown(Schema):
    number: int = Field(description="Its identifier in this interface")
    key: str = Field(description="By which a participation holds its value")
    title: Texts
    kind: str = Field(description="text, number, date or choice")
    audience: str = Field(description="organiser, firm or public")
    listed: bool = Field(description="Whether it is a column of the list of participants")


class OwnFieldChange(Schema):
    """What is left out stays as it is."""

    title: GivenTexts | None = None
    kind: Annotated[str, one_of(OwnField.Kind.values)] | None = None
    audience: Annotated[str, one_of(OwnField.Audience.values)] | None = None
    listed: bool | None = None


class OwnValues(Schema):
    values: dict[str, str | int | float] = Field(description="Key of a field -> a text, a number or an ISO date")


class OwnValuesGiven(Schema):
    values: dict[str, Annotated[str, Field(max_length=domain.LONGEST)]] = Field(
        max_length=500, description="Key of a field -> its value as it is written; an empty text takes it away"
    )


def _shown(row: OwnField) -> OwnFieldShown:
    return shown(OwnFieldShown, row, number=row.pk)


@room.list("/own-fields", _("Own fields"), OwnFieldShown, _shown, scope=ORGANISE)
def own_fields(_request: Call, edition: Edition) -> Any:
    """What the organiser's lists say of participants beside what every fair keeps."""
    return domain.fields_of(edition)


@room.patch("/own-fields/{number}", _("Change an own field"), OwnFieldShown, scope=DECIDE)
def change_own_field(request: Call, edition: Edition, number: int, given: OwnFieldChange) -> Any:
    """Its title, what it holds and who reads it."""
    row = row_of(domain.fields_of(edition).select_related("edition"), number, _("There is no such field."))
    for name, value in given.model_dump(exclude_unset=True).items():
        if value is not None:
            setattr(row, name, value)
    domain.keep_field(row, by=request.user)
    return _shown(row)


def _participation(edition: Edition, number: int) -> Participation:
    rows = Participation.objects.filter(edition=edition).select_related("edition")
    return row_of(rows, number, _("There is no such participant."))


def _values(row: Participation) -> OwnValues:
    return OwnValues(values={own.field.key: own.value for own in domain.all_of(row) if own.value is not None})


@room.get("/participations/{number}/own-fields", _("Own fields of a participation"), OwnValues, scope=ORGANISE)
def own_values(_request: Call, edition: Edition, number: int) -> Any:
    """What a participant has in the own fields."""
    return _values(_participation(edition, number))


@room.patch("/participations/{number}/own-fields", _("Change own fields of a participation"), OwnValues, scope=DECIDE)
def change_own_values(request: Call, edition: Edition, number: int, given: OwnValuesGiven) -> Any:
    """Those given are kept, the others stay."""
    row = _participation(edition, number)
    keys = set(domain.fields_of(edition).values_list("key", flat=True))
    if unknown := sorted(given.values.keys() - keys):
        raise ProblemError(409, _("This fair has no own field with the key %s.") % unknown[0][:20])
    domain.keep_values(row, given.values, by=request.user)
    return _values(row)
