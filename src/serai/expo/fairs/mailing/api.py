"""Mailing for organisers: segments, templates, and mailings that are drafted, looked at, released and followed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field

from serai.expo.base.rows import row_of
from serai.expo.fairs.edition.models import Edition, Participation, Section
from serai.expo.fairs.interface.domain.answers import (
    Code,
    Country,
    Language,
    Number,
    Slug,
    Texts,
    one_of,
    require_unchanged,
    shown,
)
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import DECIDE, ORGANISE, Room
from serai.expo.fairs.interface.domain.pagination import Listed
from serai.expo.fairs.interface.domain.problems import ProblemError
from serai.expo.fairs.mailing.domain import outbox
from serai.expo.fairs.mailing.domain.segments import (
    participations,
    reach,
    remove_segment,
    save_segment,
    segment_conditions,
)
from serai.expo.fairs.mailing.domain.templates import TemplateFaultError, save_template, write
from serai.expo.fairs.mailing.models import Mail as MailRow
from serai.expo.fairs.mailing.models import Mailing, MailTemplate, Segment
from serai.world.classifications.country_groups import groups

room = Room(_("Mailings"), outbox.OutboxError, TemplateFaultError)

# Segments


class SegmentFilters(Schema):
    """Who is in it. What is left open leaves everyone in."""

    kind: list[Annotated[str, one_of(Participation.Kind.values)]] = Field(default_factory=list, max_length=20)
    state: list[Annotated[str, one_of(Participation.State.values)]] = Field(default_factory=list, max_length=20)
    section: list[Code] = Field(default_factory=list, max_length=100, description="Slugs of sections")
    country: list[Country] = Field(default_factory=list, max_length=250)
    language: list[Annotated[str, one_of([code for code, _name in settings.LANGUAGES])]] = Field(
        default_factory=list, max_length=20, description="Of the person"
    )
    conditions: list[Annotated[str, one_of(list(segment_conditions()))]] = Field(
        default_factory=list, max_length=20, description="What they lack, or are late with"
    )
    group: Annotated[str, one_of([group.key for group in groups()], blank=True)] = ""


class SegmentShown(Schema):
    number: int = Field(description="Its identifier in this interface")
    name: str
    filters: SegmentFilters


class SegmentReached(SegmentShown):
    """With how many it holds now."""

    participations: int
    people: int = Field(description="Who acts for them")
    reached: int = Field(description="Of these, to whom a letter of the organiser may go")


class SegmentGiven(Schema):
    name: Annotated[str, Field(max_length=120, pattern=r"^[^\x00\r\n]*[^\x00-\x20\x85\xa0][^\x00\r\n]*$")]
    filters: SegmentFilters = SegmentFilters()


def segment(row: Segment) -> SegmentShown:
    return shown(SegmentShown, row, number=row.pk, filters=SegmentFilters.model_construct(**_filters(row.filters)))


def _filters(stored: Mapping[str, Any]) -> dict[str, Any]:
    empty = SegmentFilters().model_dump()
    return {name: stored.get(name) or empty[name] for name in empty}


def _segment(edition: Edition, number: int) -> Segment:
    return row_of(Segment.objects.filter(edition=edition), number, _("There is no such segment."))


def _keep_segment(request: Call, row: Segment, given: SegmentGiven) -> SegmentShown:
    edition, name = row.edition, given.name.strip()
    if Segment.objects.filter(edition=edition, name=name).exclude(pk=row.pk).exists():
        raise ProblemError(409, _("There is a segment of this name already."))
    sections = set(Section.objects.filter(edition=edition).values_list("slug", flat=True))
    if set(given.filters.section) - sections:
        raise ProblemError(409, _("This fair has no such section."))
    row.name = name
    row.filters = {name: value for name, value in given.filters.model_dump().items() if value}
    return segment(save_segment(row, user=request.user))


@room.list("/segments", _("Segments"), SegmentShown, segment, scope=ORGANISE)
def segments(_request: Call, edition: Edition) -> Any:
    return Segment.objects.filter(edition=edition)


@room.get("/segments/{number}", _("A segment"), SegmentReached, scope=ORGANISE)
def segment_(_request: Call, edition: Edition, number: int) -> Any:
    """With how many it holds, and would be reached, now."""
    row = _segment(edition, number)
    return SegmentReached.model_construct(**dict(segment(row)), **vars(reach(edition, row.filters)))


@room.post("/segments", _("Make a segment"), SegmentShown, scope=DECIDE, status=201)
def make_segment(request: Call, edition: Edition, given: SegmentGiven) -> Any:
    return _keep_segment(request, Segment(edition=edition), given)


@room.put("/segments/{number}", _("Change a segment"), SegmentShown, scope=DECIDE)
def change_segment(request: Call, edition: Edition, number: int, given: SegmentGiven) -> Any:
    row = _segment(edition, number)
    require_unchanged(request, segment(row))
    return _keep_segment(request, row, given)


@room.delete("/segments/{number}", _("Remove a segment"), scope=DECIDE)
def remove_segment_(request: Call, edition: Edition, number: int) -> Any:
    """Mailings that went to it stay."""
    row = _segment(edition, number)
    require_unchanged(request, segment(row))
    remove_segment(row, user=request.user)


# Templates


Subjects = Annotated[
    dict[Language, Annotated[str, Field(max_length=300, pattern=r"^[^\x00\r\n]*$")]],
    Field(json_schema_extra={"additionalProperties": False}),
]
Bodies = Annotated[
    dict[Language, Annotated[str, Field(max_length=20_000, pattern=r"^[^\x00]*$")]],
    Field(json_schema_extra={"additionalProperties": False}),
]


class TemplateShown(Schema):
    number: int = Field(description="Its identifier in this interface")
    key: str
    purpose: str = Field(description="service, organiser or newsletters")
    subject: Texts
    body: Texts


class TemplateGiven(Schema):
    key: Slug = Field(description="A letter that Serai sends by itself is replaced by a template of its name")
    purpose: Annotated[str, one_of(MailTemplate.Purpose.values)] = MailTemplate.Purpose.ORGANISER.value
    subject: Subjects = Field(description="In each language in which there is a body")
    body: Bodies = Field(description="With places such as {name}, {firm} and {fair}")


class LetterShown(Schema):
    language: str
    subject: str
    body: str


def template(row: MailTemplate) -> TemplateShown:
    return shown(TemplateShown, row, number=row.pk)


def _template(edition: Edition, number: int) -> MailTemplate:
    return row_of(MailTemplate.objects.filter(edition=edition), number, _("There is no such template."))


def _keep_template(request: Call, row: MailTemplate, given: TemplateGiven) -> TemplateShown:
    values = given.model_dump()
    for name in ("subject", "body"):
        values[name] = {language: text for language, text in values[name].items() if text.strip()}
    for name, value in values.items():
        setattr(row, name, value)
    return template(save_template(row, user=request.user))


@room.list("/templates", _("Mail templates"), TemplateShown, template, scope=ORGANISE)
def mail_templates(_request: Call, edition: Edition) -> Any:
    return MailTemplate.objects.filter(edition=edition)


@room.post("/templates", _("Make a template"), TemplateShown, scope=DECIDE, status=201)
def make_template(request: Call, edition: Edition, given: TemplateGiven) -> Any:
    return _keep_template(request, MailTemplate(edition=edition), given)


@room.put("/templates/{number}", _("Change a template"), TemplateShown, scope=DECIDE)
def change_template(request: Call, edition: Edition, number: int, given: TemplateGiven) -> Any:
    row = _template(edition, number)
    require_unchanged(request, template(row))
    return _keep_template(request, row, given)


@room.list("/templates/{number}/preview", _("Preview a template"), LetterShown, scope=ORGANISE)
def preview_template(request: Call, edition: Edition, number: int) -> Any:
    """The letter in each of its languages, as you would get it for an exhibitor of the fair."""
    row = _template(edition, number)
    sample = participations(edition, {"state": "confirmed"}).select_related("firm").order_by("pk").first()

    def letter(language: str) -> LetterShown:
        written = write(
            edition,
            row.subject,
            row.body,
            request.user,
            sample,
            language=language,
            site=_site(request),
            purpose=row.purpose,
        )
        return shown(LetterShown, written)

    return Listed(list(row.body), letter)


def _site(request: Call) -> str:
    return request.build_absolute_uri("/").rstrip("/")


# Mailings


class MailingShown(Schema):
    number: int = Field(description="Its identifier in this interface")
    template: str | None = Field(description="Key of its template; null where that is gone")
    segment: str = Field(description="Name of its segment, as it was")
    purpose: str
    subject: Texts
    without_consent: int = Field(description="People of the segment who get none")
    made_at: datetime
    released_at: datetime | None
    mails: dict[str, int] = Field(description="State of a mail -> how many: draft, queued, sending, sent, failed ...")


class MailingGiven(Schema):
    segment: Number = Field(description="Number of the segment")
    template: Number = Field(description="Number of the template")


class MailShown(Schema):
    number: int = Field(description="Its identifier in this interface")
    to: str
    language: str
    subject: str
    body: str = Field(description="Empty where only its reader may read it")
    state: str
    reason: str
    sent_at: datetime | None


class Counted(Schema):
    mails: int = Field(description="How many are on their way")


def _mailings(edition: Edition) -> Any:
    return outbox.with_counts(Mailing.objects.filter(edition=edition).select_related("template", "edition"))


def mailing(row: Any) -> MailingShown:
    return shown(
        MailingShown,
        row,
        number=row.pk,
        template=row.template.key if row.template else None,
        mails={state: number for state in MailRow.State.values if (number := getattr(row, state))},
    )


def mail(row: MailRow) -> MailShown:
    return shown(MailShown, row, number=row.pk, to=row.address, body="" if row.private else row.body)


def _mailing(edition: Edition, number: int) -> Any:
    return row_of(_mailings(edition), number, _("There is no such mailing."))


@room.list("/mailings", _("Mailings"), MailingShown, mailing, scope=ORGANISE)
def mailings(_request: Call, edition: Edition) -> Any:
    """With how many mails of each are in which state."""
    return _mailings(edition)


@room.get("/mailings/{number}", _("A mailing"), MailingShown, scope=ORGANISE)
def mailing_(_request: Call, edition: Edition, number: int) -> Any:
    return mailing(_mailing(edition, number))


@room.list("/mailings/{number}/mails", _("Mails of a mailing"), MailShown, mail, scope=ORGANISE)
def mails(_request: Call, edition: Edition, number: int) -> Any:
    """Each letter as its reader gets it: to be looked at before it is released."""
    return MailRow.objects.filter(edition=edition, mailing=_mailing(edition, number)).select_related("user")


@room.post("/mailings", _("Draft a mailing"), MailingShown, scope=DECIDE, status=201)
def draft_mailing(request: Call, edition: Edition, given: MailingGiven) -> Any:
    """A letter for each person of the segment who may get it. Nothing is sent until it is released."""
    to, letter = _segment(edition, given.segment), _template(edition, given.template)
    drafted = outbox.draft(edition, letter, to.name, to.filters, _site(request), user=request.user)
    return mailing(_mailing(edition, drafted.pk))


@room.post("/mailings/{number}/release", _("Release a mailing"), Counted, scope=DECIDE)
def release_mailing(request: Call, edition: Edition, number: int) -> Any:
    """Its drafts are sent by the worker."""
    row = _mailing(edition, number)
    require_unchanged(request, mailing(row))
    return Counted(mails=outbox.release(row, user=request.user))


@room.post("/mailings/{number}/retry", _("Send again what failed"), Counted, scope=DECIDE)
def retry_mailing(request: Call, edition: Edition, number: int) -> Any:
    return Counted(mails=outbox.retry(edition, _mailing(edition, number), user=request.user))


@room.delete("/mailings/{number}", _("Delete drafts"), scope=DECIDE)
def discard_mailing(request: Call, edition: Edition, number: int) -> Any:
    """Of a mailing that has not been released."""
    outbox.discard(_mailing(edition, number), user=request.user)
