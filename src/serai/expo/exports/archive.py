"""All of an edition as one archive: a file of JSON lines for each model, with a list of what is in it.

What belongs to an edition is found from the models themselves, so that a new model cannot be forgotten: it is taken,
or it stands in LEFT_OUT with the reason.
"""

import hashlib
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from functools import reduce
from operator import or_
from typing import IO, Any

from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django_scopes import scope

import serai
from serai.expo import models
from serai.expo.audit.domain import state
from serai.expo.editions.models import Edition
from serai.expo.exports.writing import line
from serai.expo.firms.models import Firm
from serai.expo.people.models import Organisation, User
from serai.world.progress import Progress, silent

LEFT_OUT: Mapping[str, str] = {
    "ApiKey": "a secret of a person",
    "CalendarFeed": "a person's own secret address",
    "ClaimCode": "a secret that is sent to a firm",
    "Consent": "a person's own, which the person exports",
    "Lead": "it belongs to the firm that made it, not to the organiser",
    "SearchEntry": "made anew from the rows",
    "StaffRequest": "of the instance, not of a fair",
    "StaffSession": "of the instance, not of a fair",
    "TeamInvitation": "a secret that is sent to a person",
}
"""Models of which nothing is taken, and why."""

WHOLE = {"Chain", "Edge", "GroupMembership", "Node", "Stage"}
"""Models that all fairs of an instance share, taken whole: without them the rest can't be read."""

SECRETS = ("password", "token", "secret", "key_hash", "code_hash", "digest")
PASSED_OVER = (User, Organisation)
"""A row does not belong to an edition because of who made it."""
_AT_A_TIME = 1000


def members(edition: Edition) -> Iterator[tuple[str, QuerySet[Any]]]:
    """Every model that has rows of this edition, with those rows. Call inside of the edition's scope."""
    for name in models.__all__:
        model: type[Model] = getattr(models, name)
        if name not in LEFT_OUT and (found := rows_of(model, edition)) is not None:
            yield name, found


def rows_of(model: type[Model], edition: Edition) -> QuerySet[Any] | None:
    """The rows of a model that belong to an edition, or None where it has none: those that name it, those of its
    firms, of its organisation and of the people who act for them."""
    manager = model._default_manager
    organises = Q(roles__organisation=edition.organisation_id)
    by_name = {
        "Edition": Q(pk=edition.pk),
        "Organisation": Q(pk=edition.organisation_id),
        "Role": Q(firm__participations__edition=edition) | Q(organisation=edition.organisation_id),
        "User": Q(roles__firm__participations__edition=edition) | organises,
    }
    if model.__name__ in by_name:
        return manager.filter(by_name[model.__name__]).distinct()
    if model.__name__ in WHOLE:
        return manager.all()
    if not (ways := ways_to_an_edition(model)):
        return None
    found = manager.filter(reduce(or_, (Q(**{way: edition}) for way in ways)))
    return found if ways == ["edition"] else found.distinct()


def ways_to_an_edition(model: type[Model], most: int = 2) -> list[str]:
    """The look-ups that lead from a model to an edition: its own, or over rows of it to one, or to a firm in one."""
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


def plain(row: Model) -> dict[str, Any]:
    """A row as it is written: its fields as JSON values, secrets masked."""
    return {
        name: "***" if value and any(secret in name for secret in SECRETS) else value
        for name, value in ({"id": row.pk} | state(row)).items()
    }


def archive(edition: Edition, progress: Progress | None = None) -> IO[bytes]:
    """A zip file on disk, open at its beginning and gone when it is closed: ``<Model>.jsonl`` and ``manifest.json``."""
    report = progress or silent
    file = tempfile.TemporaryFile()  # noqa: SIM115  the caller reads and closes it
    listed: list[dict[str, Any]] = []
    with scope(edition=edition), zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as made:
        taken = list(members(edition))
        for number, (name, rows) in enumerate(taken):
            report(name, number / len(taken))
            count, digest = 0, hashlib.sha256()
            with made.open(f"{edition.slug}/{name}.jsonl", "w", force_zip64=True) as target:
                for row in rows.order_by("pk").iterator(_AT_A_TIME):
                    written = line(plain(row))
                    digest.update(written)
                    target.write(written)
                    count += 1
            listed.append({"file": f"{name}.jsonl", "rows": count, "sha256": digest.hexdigest()})
        manifest = {
            "edition": edition.slug,
            "made_at": timezone.now().isoformat(),
            "serai": serai.__version__,
            "files": listed,
            "left_out": dict(LEFT_OUT),
        }
        made.writestr(f"{edition.slug}/manifest.json", line(manifest))
    file.seek(0)
    return file
