"""Open data: the numbers of a page as a file and as schema.org, and the catalogue of all of a fair in the words of
DCAT.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import template
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from serai.expo.base.datasets import FORMATS, Dataset, datasets
from serai.expo.base.exporters import attached, being_computed
from serai.expo.base.structured_data import CONTEXT, JSONObject, text_of, without_empty
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.edition.pages.guards import EditionRequest
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.results.report.domain.builder import public_issues


def files_of(edition: Edition | None, page: str, arguments: Sequence[object]) -> dict[str, str]:
    """The path of each file of a dataset on this site, by its ending."""
    name, *rest = ("dataset-file", edition.slug, page) if edition else ("world-dataset-file", page)
    return {
        ending: reverse(name, args=[*rest, "/".join([*map(str, arguments), f"data.{ending}"])]) for ending in FORMATS
    }


def linked_dataset(
    request: HttpRequest, edition: Edition | None, declared: Dataset, files: Mapping[str, str], subject: str
) -> JSONObject:
    """A dataset in the words of schema.org: its files, what it measures, of which time and place."""
    columns = next(iter(declared.tables.values()))
    return without_empty(
        CONTEXT
        | {
            "@type": "Dataset",
            "name": _title(declared, subject),
            "description": str(declared.text),
            "url": request.build_absolute_uri(request.path),
            "license": settings.DATA_LICENSE,
            "inLanguage": get_language(),
            "isAccessibleForFree": True,
            "creator": {"@type": "Organization", "name": text_of(edition.organisation.name) if edition else "Serai"},
            "temporalCoverage": f"{edition.starts_on.isoformat()}/{edition.ends_on.isoformat()}" if edition else "",
            "spatialCoverage": {"@type": "Place", "name": _place(edition)},
            "variableMeasured": [
                without_empty(
                    {
                        "@type": "PropertyValue",
                        "name": column.name,
                        "description": column.text,
                        "unitText": column.unit,
                    }
                )
                for column in columns
            ],
            "distribution": [
                {
                    "@type": "DataDownload",
                    "encodingFormat": _media_type(ending),
                    "contentUrl": request.build_absolute_uri(path),
                }
                for ending, path in files.items()
            ],
        }
    )


def _title(declared: Dataset, subject: str) -> str:
    return f"{declared.title}: {subject}" if subject else str(declared.title)


def _media_type(ending: str) -> str:
    return FORMATS[ending][0].partition(";")[0]


def _place(edition: Edition | None) -> str:
    return (text_of(edition.city) or edition.country) if edition else "World"


def catalogue_of(request: HttpRequest, edition: Edition) -> JSONObject:
    """The catalogue of a fair's datasets in the words of DCAT 3."""
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
        },
        "@type": "dcat:Catalog",
        "@id": request.build_absolute_uri(request.path),
        "dct:title": text_of(edition.name),
        "dct:publisher": {"@type": "foaf:Organization", "foaf:name": text_of(edition.organisation.name)},
        "dcat:dataset": [_entry(request, edition, *named) for named in _named(edition)],
    }


def _named(edition: Edition) -> Iterator[tuple[Dataset, tuple[str, ...], str]]:
    """Each dataset with the names that its page has, and its subject."""
    for declared in datasets().values():
        if not declared.names:
            yield declared, (), ""
        elif declared.page == "chain":
            yield from ((declared, (row.slug,), text_of(row.title)) for row in chains_of_edition(edition))
        elif declared.page == "report-issue":
            for issue in public_issues(edition).select_related("report"):
                yield declared, (issue.report.slug, str(issue.number)), text_of(issue.content["title"])


def _entry(
    request: HttpRequest, edition: Edition, declared: Dataset, arguments: tuple[str, ...], subject: str
) -> JSONObject:
    return without_empty(
        {
            "@type": "dcat:Dataset",
            "dct:title": _title(declared, subject),
            "dct:description": str(declared.text),
            "dct:license": settings.DATA_LICENSE,
            "dcat:distribution": [
                {
                    "@type": "dcat:Distribution",
                    "dcat:mediaType": _media_type(ending),
                    "dcat:downloadURL": request.build_absolute_uri(path),
                }
                for ending, path in files_of(edition, declared.page, arguments).items()
            ],
        }
    )


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


def dataset_file(request: HttpRequest, page: str, place: str) -> HttpResponse:
    """The numbers of a page: ``place`` is what its address has, and ``data`` with the ending of the format.

    While they are being computed the answer is 503, to be asked again.
    """
    *arguments, name = place.split("/")
    declared, ending = datasets().get(page), name.removeprefix("data.")
    is_file = ending in FORMATS and name == f"data.{ending}"
    if declared is None or not is_file or len(arguments) != len(declared.names):
        raise Http404(_("There are no such data."))
    try:
        numbers = declared.read(getattr(request, "edition", None), *arguments)
    except LookupError:
        raise Http404(_("There are no such data.")) from None
    if numbers is None:
        return being_computed()
    media, make = FORMATS[ending]
    return attached(make(declared, numbers), "-".join([page, *arguments]) + f".{ending}", media)


def catalogue(request: EditionRequest) -> HttpResponse:
    """Every dataset of the fair that needs no choice, and that of each of its chains."""
    content = json.dumps(catalogue_of(request, request.edition), ensure_ascii=False, indent=1)
    return HttpResponse(content, content_type="application/ld+json")


urlpatterns = [
    path("data/catalog.jsonld", catalogue, name="data-catalogue"),
    path("data/<slug:page>/<path:place>", dataset_file, name="dataset-file"),
]
outside_of_editions = [path("world/data/<slug:page>/<path:place>", dataset_file, name="world-dataset-file")]
