"""The people of an organisation, and organisations that are named by the command."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.changes import record_change
from serai.expo.base.audit.domain.entries import record, state
from serai.expo.people.account.models import Organisation, Role, User
from serai.world.classifications.countries import find


class LastOwnerError(ValueError):
    """The organisation would have no owner: a sentence for the reader."""


class CountryUnknownError(LookupError):
    """The country of a new organisation is not known; the message says how to name it."""


def organisers() -> QuerySet[Role]:
    """Who has a role in an organisation, by organisation and mail address."""
    rows = Role.objects.filter(organisation__isnull=False).select_related("organisation", "user")
    return rows.order_by("organisation__slug", "user__email")


def organisers_of(organisation: Organisation) -> QuerySet[Role]:
    """The roles in an organisation, by the name of the person."""
    return Role.objects.filter(organisation=organisation).select_related("user").order_by("user__name", "pk")


def is_organised() -> bool:
    """Whether somebody organises here: an account that is open, with a role in an organisation."""
    return organisers().filter(user__is_active=True).exists()


def organisation_called(name: str) -> Organisation | None:
    """The organisation with this name, in whatever language, or with this short name of addresses."""
    sought = name.strip().casefold()
    for organisation in Organisation.objects.order_by("pk"):
        if sought in {organisation.slug, *(text.casefold() for text in organisation.name.values())}:
            return organisation
    return None


@transaction.atomic
def make_organisation(name: str, country: str = "", *, by: User | None = None) -> Organisation:
    """A new organisation; ``country`` by its code or name, where it is known. Raises CountryUnknownError."""
    alpha2 = ""
    if country:
        if (listed := find(country)) is None:
            raise CountryUnknownError(f"'{country}' is no country that is known; give its ISO 3166 code, such as CN.")
        alpha2 = listed.alpha2
    organisation = Organisation(slug=_free_slug(name), name={get_language() or "en": name.strip()}, country=alpha2)
    organisation.full_clean(exclude=["country"])
    organisation.save()
    record("organisation.made", organisation, after=state(organisation), user=by)
    return organisation


def _free_slug(name: str) -> str:
    stem = slugify(name)[:40].strip("-") or "organisation"
    taken = set(Organisation.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(
        slug for slug in (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))) if slug not in taken
    )


@transaction.atomic
def appoint(user: User, organisation: Organisation, kind: str, *, by: User | None = None) -> Role:
    """Give a user this role in an organisation, in place of the one that it had there. Raises LastOwnerError."""
    role = Role.objects.select_for_update().filter(user=user, organisation=organisation).first()
    if role is None:
        role = Role.objects.create(user=user, organisation=organisation, kind=kind)
        record("role.given", role, after=state(role), user=by)
    elif role.kind != kind:
        change_role(role, kind, by=by)
    return role


@transaction.atomic
def change_role(role: Role, kind: str, *, by: User | None = None) -> None:
    """Give an organiser another role. Raises LastOwnerError."""
    if kind != Role.Kind.OWNER:
        _require_owner_left(role)
    record_change("role.changed", role, user=by, kind=kind)


@transaction.atomic
def remove(role: Role, *, by: User | None = None) -> None:
    """Take an organiser's role away. Raises LastOwnerError."""
    _require_owner_left(role)
    record("role.taken", role, before=state(role), user=by)
    role.delete()


def _require_owner_left(role: Role) -> None:
    # The organisation is held until the end, so that two owners do not take each other's role at once.
    organisation = Organisation.objects.select_for_update().get(roles=role)
    owners = Role.objects.filter(organisation=organisation, kind=Role.Kind.OWNER, user__is_active=True)
    if role.kind == Role.Kind.OWNER and not owners.exclude(pk=role.pk).exists():
        raise LastOwnerError(_("An organisation needs an owner. Make somebody else an owner first."))
