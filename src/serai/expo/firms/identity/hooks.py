"""What this room tells the registries: the rows of a firm that can go to another record when it is split."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.identity.domain.splits import splittable
from serai.expo.firms.record.domain.fields import FIRM
from serai.expo.firms.record.models import Certification, FirmAlias, FirmIdentifier, Flow, Medium, Plant
from serai.expo.people.account.models import Role
from serai.world.classifications import countries


def _plant(row: Plant) -> str:
    place = next(iter(row.place.values()), "")
    return " · ".join(part for part in (countries.name(row.country, "en"), place) if part)


_of_firm: tuple[tuple[str, type[Model], Callable[[Any], str]], ...] = (
    ("identifiers", FirmIdentifier, str),
    ("aliases", FirmAlias, str),
    ("plants", Plant, _plant),
    ("certifications", Certification, str),
    ("flows", Flow, lambda row: f"{row.get_direction_display()} {row.code}"),
)
for _order, (_name, _model, _words) in enumerate(_of_firm):
    splittable(_name, _model, title=FIRM[_name].words, words=_words, order=_order)
splittable(
    "media",
    Medium,
    title=_("Pictures and films"),
    words=lambda row: f"{row.get_kind_display()} {row.number}",
    order=70,
)
splittable(
    "participations",
    Participation,
    title=_("Participations"),
    words=lambda row: f"{row.edition.slug} · {row.get_kind_display()} · {row.get_state_display()}",
    related=("edition",),
    by=("edition__starts_on", "pk"),
    order=80,
)
splittable(
    "roles",
    Role,
    title=_("People"),
    words=lambda row: f"{row.user} · {row.get_kind_display()}",
    related=("user",),
    order=90,
)
