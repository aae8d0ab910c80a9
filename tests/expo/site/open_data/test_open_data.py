"""Every public page with numbers gives them as data, and says so to machines."""

import csv
import io
import json
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from serai.expo.base.datasets import Column, Dataset, Numbers, as_csv, as_json, as_package, datasets
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.offers.chains.domain.placements import load_builtin_chains
from serai.expo.venue.halls.models import Hall

EXPO = Path(__file__).parents[2]

OTHERWISE = {
    "edition": "its figures are those of 'report', which it links",
    "named-report": "the dataset 'report-issue' of its latest issue",
    "programme": "schedule.json, schedule.xml and the calendar",
    "stage": "its figures are those of 'report', whose page each slide names by a code",
    "stage-screen": "as 'stage'",
    "world-scorecard": "the dataset 'scorecard', without a fair",
}
"""Pages with numbers whose data have another name than the page."""

WITHOUT = {
    *("branding-sheet", "own-page", "ways-in", "apply-as", "first-start", "lab", "lab-file", "scorecard-country"),
    *("world-scorecard-country", "world-scorecards", "world-scorecard-file", "scorecard-file", "leads-offline"),
    *(
        "offline-worker",
        "web-manifest",
        "app-icon",
        "market-file",
        "market",
        "market-offer",
        "market-need",
        "contacts-offline",
        "initiatives",
    ),
    *("initiative", "programme-calendar", "schedule-xml", "schedule-json", "session", "programme-changes"),
    *("speaker-list", "speaker", "export", "report-file", "api-reference", "firm", "partners", "privacy", "search"),
    *("search-suggestions", "root", "social-card", "home", "accessibility", "robots", "sitemap-index", "sitemap"),
    *("data-catalogue", "dataset-file", "world-dataset-file"),
}
"""Public pages that show no numbers but dates, prices and sizes of one thing, that are files, or that only lead on."""

PEOPLE = "people"
"""The wing of accounts and signing in."""


def public_pages() -> set[str]:
    """The names of all pages that the public sees, as the rooms declare them."""
    names = set()
    for file in EXPO.rglob("rights.toml"):
        if file.relative_to(EXPO).parts[0] == PEOPLE:
            continue
        for name, right in tomllib.loads(file.read_text(encoding="utf-8")).items():
            declared = right if isinstance(right, dict) else {"who": right}
            if declared["who"] == "public" and not declared.get("post"):
                names.add(name)
    return names


@pytest.mark.any_database
def test_every_public_page_gives_its_numbers_or_has_none() -> None:
    undecided = public_pages() - set(datasets()) - set(OTHERWISE) - WITHOUT
    assert not undecided, (
        f"{sorted(undecided)}: declare the numbers of the page as a dataset (serai/expo/base/datasets.py) and put "
        "{% open_data %} on it, or say here that it shows none."
    )
    assert not (set(OTHERWISE) | WITHOUT) & set(datasets())


def linked(page: str) -> list[dict[str, Any]]:
    """What a page tells machines."""
    parts = page.split('<script type="application/ld+json">')[1:]
    told = [json.loads(part.partition("</script>")[0]) for part in parts]
    return [entry for data in told for entry in (data if isinstance(data, list) else [data])]


@pytest.mark.parametrize("page", ["report", "chains", "scorecards", "firms", "halls", "halls/W1", ""])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_page_links_its_data_and_tells_machines_of_them(
    client: Client, edition: Edition, hall: Any, page: str, language: str
) -> None:
    text = client.get(f"/{language}/{edition.slug}/{page}/".replace("//", "/")).text
    (told,) = [entry for entry in linked(text) if entry["@type"] == "Dataset"]
    assert told["inLanguage"] == language
    assert told["name"]
    assert told["description"]
    assert all(variable["name"] for variable in told["variableMeasured"])
    files = {file["encodingFormat"]: file["contentUrl"] for file in told["distribution"]}
    assert files.keys() == {"text/csv", "application/json", "application/zip"}
    for media, address in files.items():
        place = address.removeprefix("http://testserver")
        assert f'href="{place}"' in text
        answer = client.get(place)
        assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (200, media)


@pytest.fixture
def hall(edition: Edition) -> Any:
    return Hall.objects.create(edition=edition, code="W1", title={"en": "Hall W1"})


COLUMNS = (Column("name", "string", "Its name"), Column("size", "number", "Size", "m"))
SMALL = Dataset("small", "Small", "Two rows.", {"rows": COLUMNS}, lambda _edition: None)


@pytest.mark.any_database
def test_the_three_formats_hold_the_same_rows_and_no_formula() -> None:
    numbers = Numbers({"rows": [("=1+1", 2.5), ("b", None)]}, timezone.now(), ("A source",))
    rows = list(csv.reader(io.StringIO(as_csv(SMALL, numbers).decode("utf-8-sig"))))
    assert rows == [["name", "size"], ["'=1+1", "2.5"], ["b", ""]]
    told = json.loads(as_json(SMALL, numbers))
    assert told["tables"]["rows"]["rows"] == [{"name": "=1+1", "size": 2.5}, {"name": "b", "size": None}]
    assert told["sources"] == [{"title": "A source"}]
    with zipfile.ZipFile(io.BytesIO(as_package(SMALL, numbers))) as package:
        described = json.loads(package.read("datapackage.json"))
        (resource,) = described["resources"]
        assert list(csv.reader(io.StringIO(package.read(resource["path"]).decode()))) == rows
    assert [field["name"] for field in resource["schema"]["fields"]] == rows[0]


@pytest.mark.parametrize(
    "place", ["nothing/data.csv", "report/data.exe", "report/x/data.csv", "chain/data.csv", "chain/nothing/data.csv"]
)
def test_what_there_is_not_is_not_found(client: Client, edition: Edition, place: str) -> None:
    assert client.get(f"/en/{edition.slug}/data/{place}").status_code == 404


def test_the_figures_are_those_of_the_report(
    client: Client, edition: Edition, take_part: Callable[..., Participation]
) -> None:
    take_part(edition)
    told = client.get(f"/en/{edition.slug}/data/report/data.json").json()["tables"]["figures"]["rows"]
    (exhibitors,) = [row for row in told if row["code"] == "exhibitors"]
    assert exhibitors["value"] == 1
    counts = client.get(f"/en/{edition.slug}/data/directory/data.json").json()["tables"]["counts"]["rows"]
    assert sum(row["exhibitors"] for row in counts if row["facet"] == "country") == 1


def test_the_catalogue_lists_every_dataset_and_each_chain(client: Client, edition: Edition) -> None:
    load_builtin_chains()
    told = client.get(f"/en/{edition.slug}/data/catalog.jsonld").json()
    addresses = [file["dcat:downloadURL"] for entry in told["dcat:dataset"] for file in entry["dcat:distribution"]]
    assert f"http://testserver/en/{edition.slug}/data/report/data.csv" in addresses
    assert f"http://testserver/en/{edition.slug}/data/chain/clean-energy/data.zip" in addresses
    waiting = client.get(f"/en/{edition.slug}/data/chain/clean-energy/data.csv")
    assert (waiting.status_code, waiting["Retry-After"]) == (503, "3")


def test_a_draft_gives_no_data_to_the_public(client: Client, edition: Edition) -> None:
    Edition.objects.filter(pk=edition.pk).update(state=Edition.State.DRAFT)
    assert client.get(f"/en/{edition.slug}/data/report/data.csv").status_code == 404
