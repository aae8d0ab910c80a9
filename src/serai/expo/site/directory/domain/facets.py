"""Facets of the directory by fields of the firm, and how many exhibitors have each value.

They use only what everyone may read: otherwise the answer to a filter would reveal a field that a firm hides.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import BooleanField, Case, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast
from django.db.models.lookups import Contains, In
from django.utils import timezone

from serai.expo.base.certificates import canonical
from serai.expo.base.rows import among
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.size_classes import CLASSES, NAMES, computed_size
from serai.expo.firms.record.domain.visibility import public_in
from serai.expo.firms.record.models import Certification, Firm
from serai.expo.firms.verification.models import Verification

SMALL, LARGE = "sme", "large"
SIZES: Mapping[str, tuple[str, ...]] = {SMALL: tuple(size.value for size in CLASSES), LARGE: (Firm.Size.LARGE.value,)}
"""The two sizes of the filter, with the size classes of each."""

type Rows = QuerySet[Participation]


@dataclass(frozen=True)
class Told:
    """The public values of a participation that facets count; the size class is empty if the firm hides it."""

    participation: int
    firm: int
    country: str
    size: str
    languages: frozenset[str]
    """The language in which it writes, and those that it speaks if it shows them to everyone."""


def told(rows: Rows, sized: Case) -> list[Told]:
    """The values that facets count, for each participation, in one query; ``sized`` is the class at the fair."""
    annotated = rows.order_by().annotate(
        class_here=sized,
        shows_size=_is_shown("size"),
        shows_languages=_is_shown("languages"),
        spoken=Cast("firm__languages", TextField()),  # many speak the same: each list is read once
    )
    spoken_in = cache(json.loads)
    return [
        Told(
            participation,
            firm,
            country,
            size if shows_size else "",
            frozenset(code for code in (written, *(spoken_in(spoken) if shows_languages else ())) if code),
        )
        for participation, firm, country, size, shows_size, written, spoken, shows_languages in annotated.values_list(
            *("pk", "firm", "firm__country", "class_here", "shows_size"),
            *("firm__language", "spoken", "shows_languages"),
        )
    ]


def _is_shown(name: str) -> Case:
    return Case(When(public_in(name), then=Value(True)), default=Value(False), output_field=BooleanField())


def of_size(edition: Edition, size: str) -> Q:
    """Firms of a size class at this fair."""
    return public_in("size") & Q(In(computed_size(edition), SIZES[size]))


def count_sizes(rows: Iterable[Told]) -> Counter[str]:
    counted = Counter(row.size for row in rows)
    return Counter({size: sum(counted[row] for row in classes) for size, classes in SIZES.items()})


def size_name(size: str) -> str:
    return " · ".join(str(NAMES[size_class]) for size_class in SIZES[size])


def verified_at_least(level: int) -> Q:
    """Firms with at least this level of verification, valid today."""
    return Q(firm__in=_granted().filter(level__gte=level).values("firm"))


def count_levels(rows: Iterable[Told]) -> Counter[int]:
    """How many firms have at least each level."""
    held = set(_granted().filter(among("firm", {row.firm for row in rows})).order_by().values_list("firm", "level"))
    highest = dict(sorted(held))
    return Counter(level for most in highest.values() for level in Verification.Level.values if level <= most)


def _granted() -> QuerySet[Verification]:
    return Verification.objects.filter(state=Verification.State.GRANTED, valid_until__gte=timezone.localdate())


def certified(edition: Edition, scheme: str) -> Q:
    """Firms with a certificate of the scheme that is valid on the opening day."""
    firms = Participation.objects.filter(edition=edition).order_by().values("firm")
    held = _held(edition).filter(firm__in=firms)
    wanted = canonical(scheme)
    spellings = held.order_by().values_list("scheme", flat=True).distinct()
    written = [spelling for spelling in spellings if canonical(spelling) == wanted]
    return Q(firm__in=held.filter(scheme__in=written).values("firm"))


def count_schemes(edition: Edition, rows: Iterable[Told]) -> Counter[str]:
    """How many firms hold a certificate of each scheme."""
    held = _held(edition).filter(among("firm", {row.firm for row in rows}))
    pairs = held.order_by().values_list("firm", "scheme").distinct()
    return Counter(sorted(scheme for _firm, scheme in {(firm, canonical(scheme)) for firm, scheme in pairs}))


def _held(edition: Edition) -> QuerySet[Certification]:
    valid = Q(valid_until=None) | Q(valid_until__gte=edition.starts_on)
    return Certification.objects.filter(valid, public_in("certifications"))


def says_in(language: str) -> Q:
    """Firms that speak a language or write in it."""
    # A list of codes is JSON text in both databases, with a quote before and after each.
    spoken = Q(Contains(Cast("firm__languages", TextField()), f'"{language}"'))
    return Q(firm__language=language) | (public_in("languages") & spoken)


def count_languages(rows: Iterable[Told]) -> Counter[str]:
    """How many firms speak each language or write in it, each firm once."""
    of_firm = {row.firm: row.languages for row in rows}
    return Counter(sorted(code for codes in of_firm.values() for code in codes))


def count_countries(rows: Iterable[Told]) -> Counter[str]:
    return Counter(sorted(row.country for row in rows))


def led_by_women() -> Q:
    return Q(public_in("women_led"), firm__women_led=True)


def conditions(edition: Edition, wanted: Any) -> dict[str, Callable[[], Q]]:
    """The condition of each field of the filter, by its name."""
    return {
        "verification": lambda: verified_at_least(int(wanted.verification)),
        "certificate": lambda: certified(edition, wanted.certificate),
        "size": lambda: of_size(edition, wanted.size),
        "language": lambda: says_in(wanted.language),
        "women_led": led_by_women,
    }
