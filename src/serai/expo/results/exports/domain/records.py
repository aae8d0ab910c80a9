"""The exported rows and fields of a fair, model by model, as far as the organiser may read them.

It follows from the models, so that nobody can forget a new model or field: it is exported, or it stands in LEFT_OUT or
FIELDS_LEFT_OUT with the reason. Tables and archive use it.
"""

from collections.abc import Iterator, Mapping
from functools import cache, reduce
from operator import attrgetter, or_
from typing import Any

from django.apps import apps
from django.db.models import Field, Model, Q, QuerySet
from django_scopes import get_scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.base.files.models import Audience, StoredFile
from serai.expo.fairs.edition.models import Edition
from serai.expo.firms.record.domain.fields import SECTIONS
from serai.expo.firms.record.domain.visibility import as_organiser, may_read, readable
from serai.expo.firms.record.models import Firm
from serai.expo.offers.chains.domain.placements import of_edition
from serai.expo.people.account.models import Organisation, User

LEFT_OUT: Mapping[str, str] = {
    "ApiKey": "a secret of a person",
    "AuditSeal": "of the instance, not of a fair",
    "CalendarFeed": "a person's own secret address",
    "ClaimCode": "a secret that is sent to a firm",
    "DeclaredInput": "from where a firm buys is its own affair",
    "Job": "of the work of the instance, not of the fair",
    "Lead": "it belongs to the firm that made it, not to the organiser, who learns how many there are",
    "OrganiserInvitation": "a secret that is sent to a person",
    "PresentSource": "from where a firm buys is its own affair",
    "SearchEntry": "made anew from the rows",
    "SourceValue": "made anew from the rows",
    "LabRun": "computed anew from its scenario",
    "StaffRequest": "of the instance, not of a fair",
    "StaffSession": "of the instance, not of a fair",
    "StoredResult": "computed anew from the rows",
    "TeamInvitation": "a secret that is sent to a person",
}
"""Models that are not exported, and why."""

SEALED = "a secret"
OWN_WORDS = "what a firm keeps for itself"
OF_A_FIRM = "it may hold what a firm keeps for itself"
FIELDS_LEFT_OUT: Mapping[str, Mapping[str, str]] = {
    "AuditEntry": dict.fromkeys(("proof", "seal"), "what 'serai audit verify' reads"),
    "CoExhibitorInvitation": {"token_hash": SEALED},
    "DeskInvitation": {"token_hash": SEALED, "opened_by": "of the machine, not of the fair"},
    "FirmMerge": {"steps": OF_A_FIRM},
    "FirmParting": {"steps": OF_A_FIRM},
    "Interest": dict.fromkeys(("cooperation", "unclear", "about", "answer"), "said between two firms"),
    "Mail": {"body": "it may hold an address with a secret"},
    "MeetingEvent": {"words": "said between two firms"},
    "MeetingExchange": {"message": "said between two firms"},
    "MeetingNote": dict.fromkeys(("note", "next_step", "rating"), OWN_WORDS),
    "MeetingRequest": {"message": "said between two firms"},
    "Need": {"tokens": "made anew from the rows"},
    "Offer": {"tokens": "made anew from the rows"},
    "Participation": {"tokens": "made anew from the rows"},
    "Quotation": dict.fromkeys(
        ("price", "currency", "per", "unit", "incoterm", "place", "quantity", "lead_time_days", "valid_until", "file"),
        "said between two firms",
    ),
    "Signature": {"token_hash": SEALED},
    "StoredFile": {"token": "the name of the file in the store"},
    "User": {"password": SEALED},
    "Webhook": {"secret": SEALED},
}
"""Fields that are not exported, by model, and why."""

WHOLE: Mapping[str, str | None] = {
    "Chain": "",
    "ChainVersion": "chain__",
    "Edge": "supplier__chain__",
    "GroupMembership": None,
    "Node": "chain__",
    "Stage": "chain__",
}
"""Models that fairs share and that are needed to read the rest, with the lookup of their chain: only the chains that
the fair may use are exported."""

ORGANISERS_PURPOSES = ("organiser", "newsletters", "publish_name")
"""Purposes of consents that people gave to the organiser; other consents are private."""

PASSED_OVER = (User, Organisation)
"""A reference to one of these does not make a row part of an edition."""


@cache
def models_by_name() -> Mapping[str, type[Model]]:
    """Every model of the fair, by the name of its class."""
    return {
        model.__name__: model for model in sorted(apps.get_app_config("expo").get_models(), key=attrgetter("__name__"))
    }


def members(edition: Edition) -> Iterator[tuple[str, QuerySet[Any]]]:
    """Every exported model with its rows of this edition."""
    for name, model in models_by_name().items():
        if name not in LEFT_OUT and (rows := rows_of(model, edition)) is not None:
            yield name, rows


def rows_of(model: type[Model], edition: Edition) -> QuerySet[Any] | None:
    """The rows of a model that belong to an edition, its firms, its organisation or the people who act for them.

    None if the model has no connection to an edition.
    """
    manager = model._default_manager
    by_name = {
        "Consent": Q(user__in=people_of(edition).values("pk"), purpose__in=ORGANISERS_PURPOSES)
        & (Q(organisation=None) | Q(organisation=edition.organisation_id)),
        "Edition": Q(pk=edition.pk),
        "Organisation": Q(pk=edition.organisation_id),
        "Role": Q(firm__participations__edition=edition) | Q(organisation=edition.organisation_id),
        "User": Q(pk__in=people_of(edition).values("pk")),
    }
    if model.__name__ in by_name:
        return manager.filter(by_name[model.__name__]).distinct()
    if model.__name__ in WHOLE:
        way = WHOLE[model.__name__]
        return manager.all() if way is None else manager.filter(of_edition(edition, way)).distinct()
    if not (ways := ways_to_an_edition(model)):
        return None
    rows = manager.filter(reduce(or_, (Q(**{way: edition}) for way in ways)))
    if model is StoredFile:
        rows = rows.exclude(audience=Audience.FIRM)
    return rows if ways == ["edition"] else rows.distinct()


def people_of(edition: Edition) -> QuerySet[User]:
    """The people who act for a participant of the edition or for its organisation."""
    theirs = Q(roles__firm__participations__edition=edition) | Q(roles__organisation=edition.organisation_id)
    return User.objects.filter(theirs).distinct()


def ways_to_an_edition(model: type[Model], most: int = 2) -> list[str]:
    """The lookups from a model to an edition: direct, over related rows, or over a firm that takes part."""
    if model is Firm:
        return ["participations__edition"]
    links = {field.name: field.related_model for field in model._meta.concrete_fields if field.is_relation}
    if links.get("edition") is Edition:
        return ["edition"]
    if not most:
        return []
    return [
        f"{name}__{way}"
        for name, linked in links.items()
        if isinstance(linked, type) and linked not in PASSED_OVER
        for way in ways_to_an_edition(linked, most - 1)
    ]


def fields_of(model: type[Model]) -> list[Field[Any, Any]]:
    """The exported fields of a model."""
    without = FIELDS_LEFT_OUT.get(model.__name__, {})
    return [field for field in model._meta.concrete_fields if field.name not in without]


def may_take(row: Model) -> bool:
    """Whether the organiser may read the row; a firm chooses this for its own rows."""
    choice = SECTIONS.get(type(row))
    firm = attrgetter("firm")(row) if choice else None
    return firm is None or may_read(firm, str(choice), as_organiser(get_scope()["edition"], firm))


def value_of(row: Model, field: Field[Any, Any]) -> Any:
    """The value of a field, None where the organiser may not read it."""
    if isinstance(row, Firm) and not may_read(row, field.name, as_organiser(get_scope()["edition"], row)):
        return None
    if isinstance(row, AuditEntry) and field.name in {"before", "after"}:
        if "_readable" not in row.__dict__:  # asked for twice, once for each state
            row.__dict__["_readable"] = readable([row], get_scope()["edition"])[row.pk]
        before, after = row.__dict__["_readable"]
        return before if field.name == "before" else after
    return getattr(row, field.attname)
