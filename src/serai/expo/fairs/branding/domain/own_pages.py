"""Writing the own pages of a fair. The edition keeps the titles of published ones, for the navigation of every page."""

from django.db import transaction
from django_scopes import scope

from serai.expo.base.audit.domain.changes import save_and_record
from serai.expo.base.audit.domain.entries import record, state
from serai.expo.fairs.branding.models import OwnPage
from serai.expo.fairs.edition.models import Edition
from serai.expo.people.account.models import User


@transaction.atomic
def keep_page(page: OwnPage, *, user: User) -> None:
    """Save a new or changed page."""
    before = state(OwnPage.objects.get(pk=page.pk)) if page.pk else None
    save_and_record(page, before, added="own_page.made", changed="own_page.changed", user=user)
    keep_titles(page.edition)


@transaction.atomic
def remove_page(page: OwnPage, *, user: User) -> None:
    """Delete a page."""
    record("own_page.removed", page, before=state(page), user=user, edition=page.edition)
    page.delete()
    keep_titles(page.edition)


def keep_titles(edition: Edition) -> None:
    """Keep with the edition which own pages stand in its navigation."""
    with scope(edition=edition):
        shown = OwnPage.objects.filter(edition=edition, published=True)
        titles = [{"slug": page.slug, "title": page.title} for page in shown]
    now = Edition.objects.get(pk=edition.pk)
    now.branding = {key: value for key, value in now.branding.items() if key != "pages"}
    if titles:
        now.branding["pages"] = titles
    now.save(update_fields=["branding"])
    edition.branding = now.branding
