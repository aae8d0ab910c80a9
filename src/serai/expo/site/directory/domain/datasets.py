"""The counts beside the directory as data."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.expo.base.datasets import Column, Numbers, dataset
from serai.expo.fairs.edition.models import Edition
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.site.directory.domain.directory import Filter, facets

COUNTS = (
    Column("facet", "string", "By what exhibitors are counted"),
    Column("value", "string", "Its value, as addresses and the interface name it"),
    Column("title", "string", "The value in words"),
    Column("exhibitors", "integer", "How many exhibitors have it"),
)


@dataset(
    "directory",
    title=_("Exhibitors by facet"),
    text=_("How many exhibitors there are by chain, country, group of countries, size, certificate and more."),
    tables={"counts": COUNTS},
)
def exhibitors_by_facet(edition: Edition | None) -> Numbers:
    if edition is None:
        raise LookupError
    counted = facets(edition, Filter(), chains_of_edition(edition))
    rows = [(facet.name, choice.value, choice.label, choice.count) for facet in counted for choice in facet.choices]
    return Numbers({"counts": rows}, timezone.now())
