"""By what is known of a firm itself the directory is narrowed, and how many exhibitors have each of it.

All of it is what everyone may read: were a field that a firm hides asked for here, the answer would tell it.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from serai.expo.certificates import canonical
from serai.expo.editions.models import Edition, Participation
from serai.expo.firms.models import Certification, Firm, Verification
from serai.expo.firms.sizing import CLASSES, NAMES, computed_size
from serai.expo.firms.visibility import public_in

SMALL, LARGE = "sme", "large"
SIZES: Mapping[str, tuple[str, ...]] = {
    SMALL: tuple(one.value for one in CLASSES),
    LARGE: (Firm.Size.LARGE.value,),
}
"""The two sizes that are asked for, with the classes that each has (``sizing``)."""

type Rows = QuerySet[Participation]


def of_size(edition: Edition, size: str) -> Q:
    """Of a size class at this fair. Call inside of the scope."""
    return _among(_sized(edition, Participation.objects.filter(edition=edition)).filter(class_here__in=SIZES[size]))


def count_sizes(edition: Edition, rows: Rows) -> Counter[str]:
    counted = _counted(_sized(edition, rows), "class_here")
    return Counter({size: sum(counted[one] for one in classes) for size, classes in SIZES.items()})


def size_name(size: str) -> str:
    return " · ".join(str(NAMES[one]) for one in SIZES[size])


def _sized(edition: Edition, rows: Rows) -> Any:
    return rows.filter(public_in("size")).annotate(class_here=computed_size(edition))


def verified_at_least(level: int) -> Q:
    """With a level of verification, or a higher one, that is valid today."""
    return Q(firm__in=_granted().filter(level__gte=level).values("firm"))


def count_levels(rows: Rows) -> Counter[int]:
    """How many have at least each level."""
    firms = rows.order_by().values("firm")
    held = set(_granted().filter(firm__in=firms).order_by().values_list("firm", "level"))
    highest = dict(sorted(held))
    return Counter(level for most in highest.values() for level in Verification.Level.values if level <= most)


def _granted() -> QuerySet[Verification]:
    return Verification.objects.filter(state=Verification.State.GRANTED, valid_until__gte=timezone.localdate())


def certified(edition: Edition, scheme: str) -> Q:
    """With a certificate of the scheme that is valid on the opening day. Call inside of the scope."""
    held = _held(edition, Participation.objects.filter(edition=edition))
    wanted = canonical(scheme)
    written = [one for one in held.order_by().values_list("scheme", flat=True).distinct() if canonical(one) == wanted]
    return Q(firm__in=held.filter(scheme__in=written).values("firm"))


def count_schemes(edition: Edition, rows: Rows) -> Counter[str]:
    pairs = _held(edition, rows).order_by().values_list("firm", "scheme").distinct()
    return Counter(scheme for _firm, scheme in {(firm, canonical(scheme)) for firm, scheme in pairs})


def _held(edition: Edition, rows: Rows) -> QuerySet[Certification]:
    valid = Q(valid_until=None) | Q(valid_until__gte=edition.starts_on)
    return Certification.objects.filter(valid, public_in("certifications"), firm__in=rows.order_by().values("firm"))


def says_in(edition: Edition, language: str) -> Q:
    """That speaks a language, or writes in it. Call inside of the scope."""
    # A list of codes is JSON text in both databases, with a quote before and after each.
    spoken = (
        Participation.objects.filter(public_in("languages"), edition=edition)
        .annotate(spoken=Cast("firm__languages", TextField()))
        .filter(spoken__contains=f'"{language}"')
    )
    return Q(firm__language=language) | _among(spoken)


def count_languages(rows: Rows) -> Counter[str]:
    firms = Firm.objects.filter(pk__in=rows.order_by().values("firm"))
    written = firms.values_list("pk", "language")
    spoken = firms.filter(public_in("languages", "")).values_list("pk", "languages")
    pairs = {*written, *((firm, code) for firm, codes in spoken for code in codes)}
    return Counter(code for _firm, code in pairs if code)


def led_by_women() -> Q:
    return Q(public_in("women_led"), firm__women_led=True)


def conditions(edition: Edition, wanted: Any) -> dict[str, Callable[[], Q]]:
    """By name of a field of the directory's filter the condition that it sets."""
    return {
        "verification": lambda: verified_at_least(int(wanted.verification)),
        "certificate": lambda: certified(edition, wanted.certificate),
        "size": lambda: of_size(edition, wanted.size),
        "language": lambda: says_in(edition, wanted.language),
        "women_led": led_by_women,
    }


def _among(rows: Rows) -> Q:
    return Q(pk__in=rows.order_by().values("pk"))


def _counted(rows: Rows, field: str) -> Counter[str]:
    return Counter(dict(rows.order_by().values_list(field).annotate(n=Count("pk", distinct=True))))
