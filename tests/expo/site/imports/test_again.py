"""A list that comes again changes nothing, whatever doubles and contradictions it holds."""

from collections.abc import Callable

import pytest

from serai.expo.firms.record.models import Firm
from serai.expo.site.imports.domain import batches as domain
from serai.expo.site.imports.models import Import

type Make = Callable[..., Import]

HEADER = ("Name", "Country", "City", "Address", "Website")
HARBOUR, CANAL = "77 Harbour Street, Hamburg 20457", "12 Canal Road, Berlin 10115"
LISTS = {
    "doubles": [("Schuler", "DE"), ("SCHULER", "DE"), ("The Schuler", "DE"), ("Schuler", "")],
    "two cities": [("Schuler", "DE"), ("Schuler", "DE", "Berlin"), ("Schuler", "DE", "Hamburg")],
    "two legal forms": [("Schuler", "DE"), ("Schuler GmbH", "DE"), ("Schuler AG", "DE")],
    "two addresses": [("Schuler", "DE", "", CANAL), ("Schuler", "DE", "", HARBOUR), ("Schuler", "DE", "", CANAL)],
    "slips": [("Longwell Separator", "DE"), ("Longwel Separator", "DE"), ("Longwell Separatr", "DE")],
    "slips at one address": [("Longwell Separator", "DE", "", CANAL), ("Longwel Separator", "DE", "", CANAL)],
    "scripts": [("ПАО Северсталь", "RU"), ("Severstal PJSC", "RU"), ("Severstal LLC", "RU")],
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("is_reversed", [False, True])
@pytest.mark.django_db
def test_a_list_that_comes_again_changes_nothing(name: str, is_reversed: bool, imported: Make) -> None:
    rows = [HEADER, *(LISTS[name][::-1] if is_reversed else LISTS[name])]
    first, firms = domain.counts(imported(rows)), Firm.objects.count()
    again = domain.counts(imported(rows))
    assert first["new"] == firms > 0
    assert (again["new"], again["matched"], Firm.objects.count()) == (0, 0, firms)
    assert (again["possible"], again["rejected"]) == (first["possible"], first["rejected"])


@pytest.mark.parametrize("name", ["two cities", "two legal forms"])
@pytest.mark.django_db
def test_two_cities_and_two_legal_forms_are_never_merged(name: str, imported: Make) -> None:
    for_a_person = domain.counts(imported([HEADER, *LISTS[name]]))
    assert (for_a_person["new"], for_a_person["matched"], for_a_person["possible"]) == (1, 1, 1)
