"""The edition of a command: found by its slug, or opened for a first import."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.fairs.edition.models import Edition
from serai.expo.offers.chains.domain.placements import load_builtin_chains
from serai.expo.people.account.models import Organisation
from serai.world.classifications.countries import find

DAYS = 3


class EditionUnknownError(LookupError):
    """The edition is not known or not unique; the message names the existing ones."""


class HostUnknownError(LookupError):
    """The country of a new edition is not known; the message says how to name it."""


def edition_named(slug: str | None) -> Edition:
    """The edition called ``slug``, or the only one there is. Raises EditionUnknownError."""
    editions = {edition.slug: edition for edition in Edition.objects.select_related("organisation")}
    slugs = ", ".join(editions)
    if not editions:
        raise EditionUnknownError("There is no edition yet; make one by 'serai demo' or 'serai import FILE --create'.")
    if slug is None and len(editions) > 1:
        raise EditionUnknownError(f"There is more than one edition; name one by --edition: {slugs}.")
    if slug is not None and slug not in editions:
        raise EditionUnknownError(f"There is no edition called '{slug}'; there are: {slugs}.")
    return editions[slug] if slug else next(iter(editions.values()))


def edition_opened(slug: str, host: str | None = None) -> Edition:
    """The edition called ``slug``, opened where there is none. Raises as `open_edition` does."""
    return Edition.objects.filter(slug=slug).first() or open_edition(slug, host)


@transaction.atomic
def open_edition(slug: str, host: str | None = None) -> Edition:
    """A draft edition of three days from today, held by the only organisation there is, else by a new one of its name.

    ``host`` is the country in which it is held, by code or name; without it, that of the organisation. What the
    organiser knows better (name, place, days) is changed later. Raises HostUnknownError, and ValidationError for a name
    that cannot stand in an address.
    """
    organisations = Organisation.objects.all()[:2]
    only = organisations[0] if len(organisations) == 1 else None
    country = _country(host) if host or only is None else only.country
    today = timezone.localdate()
    edition = Edition(
        organisation=only or Organisation.objects.create(slug=slug, name={"en": slug}, country=country),
        slug=slug,
        name={"en": slug},
        country=country,
        starts_on=today,
        ends_on=today + timedelta(days=DAYS - 1),
    )
    edition.full_clean()
    edition.save()
    load_builtin_chains()  # an edition without sections stands for these
    record("edition.opened", edition, after=state(edition), edition=edition)
    return edition


def _country(host: str | None) -> str:
    if host is None:
        raise HostUnknownError("Say in which country the fair is held, as in --country CN; its figures rest on it.")
    if (country := find(host)) is None:
        raise HostUnknownError(f"'{host}' is no country that is known; give its ISO 3166 code, such as CN.")
    return country.alpha2
