"""The edition that a command means, and one opened by name alone, so that a list can be imported before all else."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from serai.expo.audit.domain import record, state
from serai.expo.editions.models import Edition
from serai.expo.people.models import Organisation

UNKNOWN_COUNTRY = "ZZ"  # CLDR's code for a region that is not known
DAYS = 3


class EditionUnknownError(LookupError):
    """No edition, or more than one, is meant: a sentence that names those there are."""


def edition_named(slug: str | None) -> Edition:
    """The edition called ``slug``, or the only one there is. Raises EditionUnknownError."""
    editions = {edition.slug: edition for edition in Edition.objects.select_related("organisation")}
    known = ", ".join(editions)
    if not editions:
        raise EditionUnknownError(
            "There is no edition yet; make one by 'serai demo' or by 'serai import FILE --create'."
        )
    if slug is None and len(editions) > 1:
        raise EditionUnknownError(f"There is more than one edition; name one by --edition: {known}.")
    if slug is not None and slug not in editions:
        raise EditionUnknownError(f"There is no edition called '{slug}'; there are: {known}.")
    return editions[slug] if slug else next(iter(editions.values()))


@transaction.atomic
def open_edition(slug: str, country: str = UNKNOWN_COUNTRY) -> Edition:
    """A draft edition of three days from today, held by the only organisation there is, else by a new one of its name.

    What the organiser knows better (name, place, days) is changed later. Raises ValidationError for a name that cannot
    stand in an address.
    """
    organisations = Organisation.objects.all()[:2]
    organisation = organisations[0] if len(organisations) == 1 else _organisation(slug, country)
    today = timezone.localdate()
    edition = Edition(
        organisation=organisation,
        slug=slug,
        name={"en": slug},
        country=country,
        starts_on=today,
        ends_on=today + timedelta(days=DAYS - 1),
    )
    edition.full_clean()
    edition.save()
    record("edition.opened", edition, after=state(edition), edition=edition)
    return edition


def _organisation(slug: str, country: str) -> Organisation:
    organisation = Organisation(slug=slug, name={"en": slug}, country=country)
    try:
        organisation.full_clean()
    except ValidationError as error:
        raise ValidationError({"slug": error.messages}) from None
    organisation.save()
    return organisation
