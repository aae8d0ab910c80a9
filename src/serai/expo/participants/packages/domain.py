"""Packages that the organiser sells to exhibitors, and their limits."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.rooms import load_hooks
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.identity.domain.merges import leading
from serai.expo.participants.packages.models import Package
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.people.account.models import User
from serai.registry import Registry

HANDED_ON = ("meetings_minimum", "meetings_maximum", "seats")
"""What a package sets of a participation, where the organiser can still change it for one."""


class PackageRefusedError(ValueError):
    """Why a package cannot be kept, or gives no more, in the reader's language."""


@dataclass(frozen=True)
class Share:
    """How much of a limit is used; ``most`` is None if the package does not limit it."""

    name: str
    what: Promise
    used: int
    most: int | None

    @property
    def is_full(self) -> bool:
        return self.most is not None and self.used >= self.most


@dataclass(frozen=True)
class Limit:
    """Something of which a package gives a number: its name for people, and how many an exhibitor uses."""

    what: Promise
    used: Callable[[Participation], int]
    order: int


_limits: Registry[Limit] = Registry("limit of a package")


def limit(name: str, what: Promise, used: Callable[[Participation], int], *, order: int) -> None:
    """Declare what a field of the package limits; ``order`` is its place in the list that an exhibitor reads."""
    _limits.add(name, Limit(what, used, order))


def limits() -> dict[str, Limit]:
    """Everything that packages limit, by the field of the package, in the order of the list."""
    load_hooks()
    return dict(sorted(_limits.items(), key=lambda item: item[1].order))


def shares_of(participation: Participation) -> list[Share]:
    """The limits of the exhibitor's package and what is used of each; empty without a package."""
    package = participation.package
    if package is None:
        return []
    most = {name: getattr(package, name) for name in limits()} | {"seats": participation.seats}
    return [Share(name, row.what, row.used(participation), most[name]) for name, row in limits().items()]


def require_room(participation: Participation, name: str) -> None:
    """Raise PackageRefusedError if the exhibitor's package has no room for one more of this.

    The participation is held until the transaction ends, so that two at once do not both take the last.
    """
    held = Participation.objects.select_for_update(of=("self",)).select_related("package").get(pk=participation.pk)
    most = getattr(held.package, name) if held.package else None
    if most is None:
        return
    limited = limits()[name]
    if limited.used(held) >= most:
        assert held.package is not None
        raise PackageRefusedError(
            gettext(
                "Your package %(package)s has %(most)d of these: %(what)s. Remove one, or ask the organiser for more."
            )
            % {"package": in_language(held.package.title).text or held.package.code, "most": most, "what": limited.what}
        )


@transaction.atomic
def keep_package(package: Package, *, user: User) -> Package:
    """Write a package. Exhibitors that have it without changes of their own get the new values.

    Raises PackageRefusedError on a taken code and on meetings out of their order.
    """
    if Package.objects.filter(edition=package.edition, code=package.code).exclude(pk=package.pk).exists():
        raise PackageRefusedError(gettext("Another package of this fair has this code."))
    if package.meetings_minimum > package.meetings_maximum:
        raise PackageRefusedError(gettext("Give a least number that is not above the most."))
    before = Package.objects.get(pk=package.pk) if package.pk else None
    package.save()
    if before is not None:
        for name in HANDED_ON:
            as_given = Participation.objects.filter(package=package, **{name: getattr(before, name)})
            as_given.update(**{name: getattr(package, name)})
    record(
        "package.kept",
        package,
        before=state(before) if before else None,
        after=state(package),
        user=user,
        edition=package.edition,
    )
    return package


@transaction.atomic
def remove_package(package: Package, *, user: User) -> None:
    """Delete a package; its exhibitors keep their seats and meetings."""
    record("package.removed", package, before=state(package), user=user, edition=package.edition)
    package.delete()


@transaction.atomic
def give(package: Package, participations: Iterable[Participation], *, user: User) -> int:
    """Give exhibitors the package, with its seats and meetings. Returns to how many."""
    given = 0
    for participation in participations:
        before = state(participation)
        participation.package = package
        for name in HANDED_ON:
            setattr(participation, name, getattr(package, name))
        if state(participation) != before:
            participation.save(update_fields=["package", *HANDED_ON])
            record(
                "participation.package_given",
                participation,
                before=before,
                after=state(participation),
                user=user,
                edition=participation.edition,
            )
            given += 1
    return given


def exhibitors_named(edition: Edition, identifiers: Iterable[str]) -> list[Participation]:
    """The exhibitors with these identifiers of firms. Raises PackageRefusedError for one that there is not."""
    wanted = list(dict.fromkeys(leading(text) for text in identifiers if text.strip()))
    rows = Participation.objects.filter(edition=edition, kind__in=EXHIBITING, firm__identifier__in=wanted)
    exhibitors = {exhibitor.firm.identifier: exhibitor for exhibitor in rows.select_related("firm", "edition")}
    if missing := [text for text in wanted if text not in exhibitors]:
        raise PackageRefusedError(gettext("No exhibitor of this fair has the identifier %s.") % missing[0])
    return [exhibitors[text] for text in wanted]


def without_package(edition: Edition, kind: str) -> list[Participation]:
    """The exhibitors of a kind that have no package yet."""
    rows = Participation.objects.filter(edition=edition, kind=kind, package=None).exclude(state="cancelled")
    return list(rows.select_related("firm", "edition"))


def packages_with_counts(edition: Edition) -> list[Package]:
    """The packages of an edition, each with ``exhibitors``: how many have it."""
    return list(Package.objects.filter(edition=edition).annotate(exhibitors=Count("participations")))
