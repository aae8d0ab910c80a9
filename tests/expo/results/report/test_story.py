"""The report that tells a whole fair: written with one click, read, worded anew, published, in files."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation, Section
from serai.expo.firms.record.models import Firm
from serai.expo.insight.scorecards.domain import measures
from serai.expo.insight.supply.domain import fair_difference
from serai.expo.insight.supply.models import StoredResult
from serai.expo.offers.chains.domain.placements import load_builtin_chains
from serai.expo.offers.chains.models import Chain, Placement
from serai.expo.results.figures.domain import definitions
from serai.expo.results.report.domain.builder import STORY, new_story, publish
from serai.expo.results.report.domain.files import issue_files
from serai.expo.results.report.domain.story import compute_awaited, is_awaited
from serai.expo.results.report.models import NamedReport, ReportIssue, ReportPart
from serai.expo.results.report.pages import builder_views
from serai.world.readers import read
from serai.world.scorecards import measured

PAGE = re.compile(rb"/Type ?/Page\b")

measured_once = cache(lambda name: measured(read(name), name))
"""The table is measured once for all tests."""

type Make[Thing] = Callable[..., Thing]


@pytest.fixture
def fair(
    edition: Edition, take_part: Make[Participation], a_firm: Make[Firm], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Edition]:
    """A fair of one chain with exhibitors from China, Malawi and Nepal; the themes read the small table alone."""
    monkeypatch.setattr(measures, "tables_at_hand", lambda: ("oecd2023-g20/2019",))
    monkeypatch.setattr(measures, "read", lambda name: name)
    monkeypatch.setattr(measures, "measured", lambda _table, name: measured_once(name))
    load_builtin_chains()
    with scope(edition=edition):
        chain = Chain.objects.get(slug="clean-energy")
        Section.objects.filter(edition=edition).update(chain=chain)
    taking_part = [take_part(edition, a_firm("", country)) for country in ("CN", "CN", "MW", "NP")]
    with scope(edition=edition):
        makes = {"edition": edition, "participation": taking_part[0], "side": "offer", "confidence": 0.9}
        Placement.objects.create(node=chain.nodes.all()[0], **makes)
        yield edition


def computed(edition: Edition, languages: list[str]) -> NamedReport:
    story = new_story(edition, languages=languages, user=None)
    compute_awaited(story, lambda _step, _share: None)
    return story


def test_the_whole_report_is_published_with_files_in_each_language(fair: Edition, anonymous_client: Client) -> None:
    story = computed(fair, ["en", "ar"])
    assert not is_awaited(story)
    issue = publish(story, user=None)
    files = dict(issue_files(issue))
    assert sorted(name.removeprefix(f"{fair.slug}-fair-1-") for name in files) == [
        "data.zip",
        "press-ar.pdf",
        "press-en.pdf",
        "report-ar.html",
        "report-ar.pdf",
        "report-en.html",
        "report-en.pdf",
    ]
    report, press = (files[f"{fair.slug}-fair-1-{kind}-en.pdf"] for kind in ("report", "press"))
    assert len(PAGE.findall(report)) > 3
    assert len(PAGE.findall(press)) == 1
    with zipfile.ZipFile(io.BytesIO(files[f"{fair.slug}-fair-1-data.zip"])) as package:
        assert "findings.csv" in package.namelist()
    shown = anonymous_client.get(f"/en/{fair.slug}/report/{STORY}/")
    assert shown.status_code == 200
    assert shown.text.count("<svg") >= 3
    assert "What the fair did to its chains" not in shown.text  # no link was confirmed: the part tells nothing
    arabic = anonymous_client.get(f"/ar/{fair.slug}/report/{STORY}/").text
    assert "50 %" in arabic
    told = anonymous_client.get(f"/api/v1/editions/{fair.slug}/reports/{STORY}").json()
    assert told["findings"]
    assert all(finding["text"].keys() == {"en", "ar"} for finding in told["findings"])
    assert all(figure["definition"]["en"] and figure["as_of"] for figure in told["figures"])
    sheet = anonymous_client.get(f"/en/{fair.slug}/report/{STORY}/1/press-ar.pdf")
    assert (sheet.status_code, sheet["Content-Type"]) == (200, "application/pdf")
    assert anonymous_client.get(f"/en/{fair.slug}/report/{STORY}/1/press-fr.pdf").status_code == 404
    alone = anonymous_client.get(f"/en/{fair.slug}/report/{STORY}/1/report-ar.html")
    assert alone.content == files[f"{fair.slug}-fair-1-report-ar.html"]
    assert '<html lang="ar" dir="rtl">' in alone.text
    assert not re.search(r"<script|<link|<img|url\(|(?:src|href)=\"(?!#)", alone.text)  # it needs no other file
    assert alone.text.count("<svg") == 7  # a chart for wide and one for narrow screens, a map, four themes
    assert 'aria-label="{' not in alone.text
    listed = anonymous_client.get(f"/api/v1/editions/{fair.slug}/reports").json()["items"]
    assert [file["name"] for file in listed[0]["files"]][:2] == ["report-en.pdf", "report-ar.pdf"]
    assert anonymous_client.get(listed[0]["files"][2]["address"])["Content-Type"] == "text/html; charset=utf-8"


def test_the_figures_of_the_story_are_all_that_the_fair_has(fair: Edition) -> None:
    story = new_story(fair, languages=["en"], user=None)
    part = ReportPart.objects.get(report=story, kind=ReportPart.Kind.FIGURES)
    assert set(part.chosen) == {figure.code for figure in definitions(fair)}
    assert "assistance_firms" in part.chosen


def test_a_chain_on_which_nobody_stands_has_no_map(fair: Edition) -> None:
    story = computed(fair, ["en"])
    assert [part["kind"] for part in publish(story, user=None).content["parts"] if part.get("maps")] == ["maps"]
    Placement.objects.all().delete()
    assert not [part for part in publish(story, user=None).content["parts"] if part.get("maps")]


def test_themes_and_method_are_parts_of_the_report_and_of_its_data(fair: Edition, anonymous_client: Client) -> None:
    content = publish(computed(fair, ["en"]), user=None).content
    (themes,) = (part["themes"] for part in content["parts"] if part["kind"] == "themes")
    assert [theme["theme"] for theme in themes] == ["connectivity", "resilience", "promotion", "innovation"]
    countries = {code for theme in themes for row in theme["indicators"] for code in row["matrix"]["values"]}
    assert countries <= {"CHN", "MWI", "NPL"}  # those of the exhibitors
    page = re.sub(r"\s+", " ", anonymous_client.get(f"/en/{fair.slug}/report/{STORY}/").text)
    assert "World, 2018 = 1: 0.99 in 2024. Over all weights: 0.86 to 1.17." in page  # resilience
    assert "Global Supply Chain Promotion Index of the CCPIT Academy, 2018 = 1: 2.71 in 2024" in page
    assert f"serai report --edition {fair.slug} --json" in page


def test_what_the_fair_did_is_told_with_its_links_and_interval(fair: Edition) -> None:
    story = computed(fair, ["en"])
    row = {"figure": "worst", "before": 0.31, "after": 0.18, "change": -0.13, "low": -0.2, "high": -0.05}
    figures = [row | {"by_chance": -0.02}, {"figure": "green", "before": None}]
    told = {
        "inputs": 9,
        "links": 6,
        "claimed_links": 2,
        "figures": figures,
        "claimed_figures": [row | {"after": 0.3}],
        "from_least_developed": 1,
        "from_small_firms": 2,
        "across_borders": 5,
    }
    StoredResult.objects.filter(edition=fair, kind=fair_difference.KIND).update(data={"whole": told, "chains": {}})
    content = publish(story, user=None).content
    parts = {part["kind"]: part for part in content["parts"]}
    (effect,) = parts["effect"]["effects"]
    assert (effect["links"], effect["claimed_links"], effect["across_borders"]) == (6, 2, 5)
    assert effect["rows"][0]["claimed"] == 0.3
    assert parts["findings"]["findings"][-1]["text"]["en"].endswith("less than the 31 % before the fair.")


def test_an_own_sentence_stands_as_long_as_its_numbers_do(
    fair: Edition, organiser_client: Client, take_part: Make[Participation], a_firm: Make[Firm]
) -> None:
    built = organiser_client.post(reverse("report-builder", args=[fair.slug]), {"story": "1"}, follow=True)
    assert built.status_code == 200
    part = ReportPart.objects.get(report__slug=STORY, kind="findings")
    address = reverse("report-finding", args=[fair.slug, STORY, part.pk, "attendance"])
    assert "4 exhibitors from 3 countries" in organiser_client.get(address).text
    kept = organiser_client.post(address, {"text_en": "Four firms came, from three countries."}, follow=True)
    assert "Four firms came, from three countries." in kept.text

    def sentences() -> str:
        preview = organiser_client.get(reverse("report-preview", args=[fair.slug, STORY])).text
        return re.sub(r"\s+", " ", preview)

    assert "Four firms came, from three countries." in sentences()
    take_part(fair, a_firm("", "DE"))
    assert "Four firms came" not in sentences()
    assert "5 exhibitors from 4 countries" in sentences()
    assert "its numbers have changed since" in organiser_client.get(
        reverse("report-part", args=[fair.slug, STORY, part.pk])
    ).text.replace("\n", " ")
    assert "<del>4</del> → <ins>5</ins>" in organiser_client.get(address).text
    organiser_client.post(address, {"text_en": ""})
    part.refresh_from_db()
    assert part.wordings == {}


def test_the_report_waits_for_what_is_being_computed(
    fair: Edition, organiser_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    organiser_client.post(reverse("report-builder", args=[fair.slug]), {"story": "1"})
    publication = reverse("report-publish", args=[fair.slug, STORY])
    with monkeypatch.context() as patch:
        patch.setattr(builder_views, "is_awaited", lambda _report: True)
        assert "still being computed" in organiser_client.post(publication, follow=True).text
    assert not ReportIssue.objects.exists()
    compute_awaited(NamedReport.objects.get(slug=STORY), lambda _step, _share: None)
    organiser_client.post(publication)
    assert ReportIssue.objects.count() == 1
    again = organiser_client.post(reverse("report-builder", args=[fair.slug]), {"story": "1"}, follow=True)
    assert "stands at this address" in again.text


def test_nobody_but_organisers_words_a_finding(
    fair: Edition, client: Client, other_organiser_client: Client, organiser_client: Client
) -> None:
    organiser_client.post(reverse("report-builder", args=[fair.slug]), {"story": "1"})
    part = ReportPart.objects.get(report__slug=STORY, kind="findings")
    address = reverse("report-finding", args=[fair.slug, STORY, part.pk, "attendance"])
    assert client.get(address).status_code in {302, 403}
    assert other_organiser_client.get(address).status_code in {403, 404}
    gone = reverse("report-finding", args=[fair.slug, STORY, part.pk, "value"])
    assert organiser_client.get(gone).status_code == 404
