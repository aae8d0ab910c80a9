"""The links to the data of a page."""

from typing import Any
from urllib.parse import urlsplit

from django import template

from serai.expo.base.datasets import datasets
from serai.expo.site.open_data.pages.linked import files_of, linked_dataset

register = template.Library()


@register.inclusion_tag("site/open_data/links.html", takes_context=True)
def open_data(context: template.Context, page: str, *arguments: object, subject: object = "") -> dict[str, Any]:
    """Links to the numbers of the page as files, and the dataset in the words of schema.org."""
    request, edition = context["request"], context.get("edition")
    declared, addresses = datasets()[page], files_of(request, edition, page, arguments)
    return {
        "files": {ending: urlsplit(address).path for ending, address in addresses.items()},
        "linked": linked_dataset(request, edition, declared, arguments, str(subject)),
        "page": page,
    }
