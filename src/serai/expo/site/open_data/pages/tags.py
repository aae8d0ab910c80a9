"""The links to the data of a page."""

from typing import Any

from django import template

from serai.expo.base.datasets import datasets
from serai.expo.site.open_data.pages.linked import files_of, linked_dataset

register = template.Library()


@register.inclusion_tag("site/open_data/links.html", takes_context=True)
def open_data(context: template.Context, page: str, *arguments: object, subject: object = "") -> dict[str, Any]:
    """Links to the numbers of the page as files, and the dataset in the words of schema.org."""
    request, edition = context["request"], context.get("edition")
    files = files_of(edition, page, arguments)
    return {
        "files": files,
        "linked": linked_dataset(request, edition, datasets()[page], files, str(subject)),
        "page": page,
    }
