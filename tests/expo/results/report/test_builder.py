"""A report of an organiser's own: put together, shown, published as an issue that stays as it is, as PDF and data."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.offers.chains.domain.placements import load_builtin_chains
from serai.expo.people.account.models import User
from serai.expo.results.figures.domain import registry
from serai.expo.results.report.domain.builder import (
    ReportError,
    move_part,
    publish,
    remove_report,
    save_part,
    visible_to,
    withdraw,
)
from serai.expo.results.report.domain.content import content
from serai.expo.results.report.domain.files import report_package, report_pdf, value_text
from serai.expo.results.report.models import NamedReport, ReportIssue, ReportPart

type Make[Thing] = Callable[..., Thing]


@pytest.fixture
def report(edition: Edition, organiser: User, take_part: Make[Participation], a_firm: Make[Firm]) -> NamedReport:
    """A report in two languages with a part of each kind, of a fair with exhibitors from China, Malawi and Nepal."""
    load_builtin_chains()
    for country in ("CN", "CN", "MW", "NP"):
        take_part(edition, a_firm("", country))
    take_part(edition, kind="buyer")
    with scope(edition=edition):
        made = NamedReport.objects.create(
            edition=edition,
            slug="results",
            title={"en": "What came of it", "ar": "ما الذي تحقق"},
            summary={"en": "In short."},
            languages=["en", "ar"],
        )
        for kind, chosen in (
            ("words", []),
            ("figures", ["exhibitors", "countries", "foreign_share", "gone"]),
            ("groups", ["LDC", "gone"]),
            ("chains", ["clean-energy", "gone"]),
        ):
            part = ReportPart(edition=edition, report=made, kind=kind, chosen=chosen, text={"en": f"On {kind}."})
            save_part(part, user=organiser)
    return made


def test_the_content_has_each_figure_with_value_definition_version_and_time(report: NamedReport) -> None:
    with scope(edition=report.edition):
        words, figures, groups, chains = content(report)["parts"]
    assert words["text"] == {"en": "On words."}
    values = {one["code"]: one["value"] for one in figures["figures"]}
    assert values == {"exhibitors": 4, "countries": 3, "foreign_share": 50.0}
    first = figures["figures"][0]
    assert (first["title"]["en"], first["version"]) == ("Exhibitors", 1)
    assert set(first["definition"]) == {"en", "ar"}
    assert first["definition"]["ar"] != first["definition"]["en"]
    assert first["as_of"].startswith("20")
    (least,) = groups["groups"]
    assert ("MW", 1) in {(row["country"], row["exhibitors"]) for row in least["rows"]}
    assert "CN" not in {row["country"] for row in least["rows"]}
    assert "opening day" in least["definition"]["en"]
    assert [name["en"] for name in least["not_verified"]] == ["Nepal"], "its graduation of 2026-11-24 is not confirmed"
    (chain,) = chains["chains"]
    assert chain["gaps"] == len(chain["rows"]) > 5, "nobody has an offer yet"


def test_what_is_published_stays_when_a_definition_changes(
    report: NamedReport, organiser: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scope(edition=report.edition):
        before = publish(report, user=organiser)
        changed = replace(registry["exhibitors"], text="Something else.", version=2, count=lambda _edition: 99)
        monkeypatch.setitem(registry._declarations, "exhibitors", changed)
        after = publish(report, user=organiser)
        kept, new = (ReportIssue.objects.get(pk=one.pk).content["parts"][1]["figures"][0] for one in (before, after))
    assert (before.number, after.number) == (1, 2)
    assert (kept["value"], kept["version"]) == (4, 1)
    assert (new["value"], new["version"], new["definition"]["en"]) == (99, 2, "Something else.")


def test_a_pdf_is_made_in_each_language(report: NamedReport) -> None:
    with scope(edition=report.edition):
        said = content(report)
    for language in ("en", "ar"):
        made = report_pdf(said, language, number=1)
        assert made.startswith(b"%PDF")
        assert len(made) > 10_000


def test_a_data_package_says_what_is_in_its_tables(report: NamedReport) -> None:
    with scope(edition=report.edition):
        said = content(report)
    with zipfile.ZipFile(io.BytesIO(report_package(said, name="fair-results", number=3))) as made:
        described = json.loads(made.read("datapackage.json"))
        tables = {
            one["path"]: list(csv.DictReader(io.StringIO(made.read(one["path"]).decode())))
            for one in described["resources"]
        }
        assert json.loads(made.read("report.json")) == said
    assert (described["name"], described["version"]) == ("fair-results-3", "3")
    for one in described["resources"]:
        assert [field["name"] for field in one["schema"]["fields"]] == list(tables[one["path"]][0])
    assert {one["name"] for one in described["resources"]} == {"figures", "groups", "chains"}  # no table without rows
    assert tables["figures.csv"][0]["value"] == "4"
    assert {row["country"] for row in tables["groups.csv"]} >= {"MW"}


def test_a_value_is_written_as_the_reader_writes_numbers() -> None:
    assert value_text(None, share=False) == "not known"
    assert value_text(12345, share=False) == "12,345"
    assert value_text(33.333, share=True) == "33.3 %"


def test_an_organiser_makes_fills_orders_publishes_and_withdraws_a_report(
    edition: Edition, organiser_client: Client, anonymous_client: Client
) -> None:
    load_builtin_chains()

    def post(page: str, data: dict[str, Any], *parameters: Any) -> Any:
        return organiser_client.post(reverse(page, args=[edition.slug, *parameters]), data)

    given = {"title_en": "Results", "slug": "Results", "languages": ["en", "fr"]}
    assert post("report-builder", given | {"title_en": ""}).status_code == 400
    assert post("report-builder", given | {"languages": ["tlh"]}).status_code == 400
    assert post("report-builder", given)["Location"] == reverse("report-build", args=[edition.slug, "results"])
    assert "Another report" in post("report-builder", given).text
    assert post("report-part-new", {}, "results", "words").status_code == 400
    assert post("report-part-new", {"text_en": "Welcome."}, "results", "words").status_code == 302
    assert post("report-part-new", {"chosen": ["nothing"]}, "results", "figures").status_code == 400
    assert post("report-part-new", {"chosen": ["exhibitors", "held"]}, "results", "figures").status_code == 302
    assert post("report-part-new", {"title_en": "Chains", "chosen": ["clean-energy"]}, "results", "chains")
    assert post("report-part-new", {}, "results", "poems").status_code == 404
    with scope(edition=edition):
        words, figures, chains = ReportPart.objects.all()
        post("report-part", {"up": "1"}, "results", figures.pk)
        post("report-part", {"up": "1"}, "results", figures.pk)
        assert list(ReportPart.objects.all()) == [figures, words, chains]
        post("report-part", {"remove": "1"}, "results", chains.pk)
        assert list(ReportPart.objects.all()) == [figures, words]
    assert "Exhibitors" in organiser_client.get(reverse("report-preview", args=[edition.slug, "results"])).text
    preview = reverse("report-preview", args=[edition.slug, "results"])
    made = organiser_client.post(preview, {"pdf": "fr"}, follow=True).context["job"]
    pdf = organiser_client.get(reverse("job-file", args=[edition.slug, made.pk]))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.getvalue().startswith(b"%PDF")

    address = reverse("named-report", args=[edition.slug, "results"])
    assert anonymous_client.get(address).status_code == 404
    assert post("report-publish", {}, "results").status_code == 302
    assert "Welcome." in anonymous_client.get(address).text
    assert "Results" in anonymous_client.get(reverse("report", args=[edition.slug])).text
    for name, kind in (("report-fr.pdf", "application/pdf"), ("data.zip", "application/zip")):
        answer = anonymous_client.get(reverse("report-file", args=[edition.slug, "results", 1, name]))
        assert (answer.status_code, answer["Content-Type"]) == (200, kind)
    wrong = anonymous_client.get(reverse("report-file", args=[edition.slug, "results", 1, "report-ru.pdf"]))
    assert wrong.status_code == 404, "it was not published in Russian"
    assert post("report-withdraw", {}, "results", 1).status_code == 302
    assert anonymous_client.get(address).status_code == 404
    assert "is withdrawn" in organiser_client.get(reverse("report-issue", args=[edition.slug, "results", 1])).text
    actions = set(AuditEntry.objects.filter(edition=edition).values_list("action", flat=True))
    assert actions >= {"report.made", "report.part_kept", "report.part_moved", "report.published", "report.withdrawn"}


def test_an_empty_report_is_not_published_and_a_published_one_not_taken_away(
    report: NamedReport, organiser: User
) -> None:
    with scope(edition=report.edition):
        empty = NamedReport.objects.create(edition=report.edition, slug="empty", languages=["en"])
        with pytest.raises(ReportError, match="empty"):
            publish(empty, user=organiser)
        remove_report(empty, user=organiser)
        publish(report, user=organiser)
        with pytest.raises(ReportError, match="published"):
            remove_report(report, user=organiser)
        first = report.parts.all()[0]
        move_part(first, up=True, user=organiser)
        assert report.parts.all()[0] == first


def test_nobody_but_the_organiser_builds(
    report: NamedReport, other_organiser_client: Client, member_client: Client, anonymous_client: Client
) -> None:
    slug = report.edition.slug
    addresses = [
        reverse("report-builder", args=[slug]),
        reverse("report-build", args=[slug, "results"]),
        reverse("report-publish", args=[slug, "results"]),
    ]
    for address in addresses:
        codes = [
            client.post(address).status_code for client in (other_organiser_client, member_client, anonymous_client)
        ]
        assert codes == [403, 403, 302]
    with scope(edition=report.edition):
        assert not ReportIssue.objects.exists()


def test_a_withdrawn_issue_is_seen_by_the_organisers_of_its_fair_only(
    report: NamedReport, organiser: User, other_organiser: User, member: User
) -> None:
    with scope(edition=report.edition):
        kept, gone = publish(report, user=organiser), publish(report, user=organiser)
        withdraw(gone, user=organiser)
        assert list(visible_to(organiser, report.edition)) == [gone, kept]
        for user in (other_organiser, member, AnonymousUser()):
            assert list(visible_to(user, report.edition)) == [kept]


def test_a_published_issue_gives_its_figures_as_data_until_it_is_withdrawn(
    report: NamedReport, organiser: User, organiser_client: Client, anonymous_client: Client
) -> None:
    slug = report.edition.slug
    with scope(edition=report.edition):
        issue = publish(report, user=organiser)
    page, data = f"/en/{slug}/report/results/1/", f"/en/{slug}/data/report-issue/results/1/data.json"
    for address in (page, f"/en/{slug}/report/results/"):
        shown = anonymous_client.get(address).text
        assert f'href="{data}"' in shown
        assert '"Dataset"' in shown
    assert data in anonymous_client.get(f"/en/{slug}/data/catalog.jsonld").text
    told = anonymous_client.get(data).json()
    figures = {row["code"]: row["value"] for row in told["tables"]["figures"]["rows"]}
    assert figures == {"exhibitors": 4, "countries": 3, "foreign_share": 50.0}
    assert told["created"] == issue.content["as_of"].partition(".")[0] + "+00:00"
    for nothing in ("results/2", "gone/1", "results/x"):
        assert anonymous_client.get(f"/en/{slug}/data/report-issue/{nothing}/data.json").status_code == 404
    with scope(edition=report.edition):
        withdraw(issue, user=organiser)
    assert anonymous_client.get(data).status_code == 404
    assert data not in organiser_client.get(page).text
