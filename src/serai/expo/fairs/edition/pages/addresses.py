"""Addresses of pages that stand both at a fair and, without one, for the whole world."""

from django.urls import reverse

from serai.expo.fairs.edition.models import Edition


def address_of(edition: Edition | None, name: str, *arguments: object) -> str:
    """The address of a page of the fair by its name, or where there is no fair of its twin, ``world-`` and the name."""
    if edition is None:
        return reverse(f"world-{name}", args=arguments)
    return reverse(name, args=(edition.slug, *arguments))
