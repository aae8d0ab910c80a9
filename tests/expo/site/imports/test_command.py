"""What the command line is told of an import."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django_scopes import scope

from serai.expo.base.workbooks.domain.grid import FileRefusedError
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.jobs.models import Job
from serai.expo.firms.record.models import Firm
from serai.expo.site.imports.domain.command import import_file
from serai.expo.site.imports.models import Import

type Write = Callable[..., Path]
type Rows = list[tuple[str, ...]]


@pytest.fixture
def path(book: Write, firms: Rows) -> Path:
    return book([*firms, ("Salt Ltd", "Atlantis"), ("Corn Ltd", "Kenya", "", "", "", "ask us")])


def test_the_summary_accounts_for_every_row(path: Path, edition: Edition) -> None:
    summary = import_file(path, edition)
    assert summary.counts == {"new": 4, "matched": 0, "possible": 0, "unchanged": 0, "rejected": 1}
    assert (summary.rows, summary.needs_attention, summary.state) == (5, 1, "applied")
    assert [(column.title, column.field) for column in summary.columns[:2]] == [
        ("Name", "name"),
        ("Country", "country"),
    ]
    assert [(report.number, report.state) for report in summary.reports] == [(5, "rejected"), (6, "new")]
    row, cell = summary.reports[0].sentences
    assert row == "A cell that decides what becomes of the row cannot be read."
    assert cell.startswith("Column B (Country), “Atlantis”: no country or region has this name. Write its name")


def test_a_dry_run_says_the_same_and_keeps_nothing(path: Path, edition: Edition, home: Path) -> None:
    tried = import_file(path, edition, dry_run=True)
    assert tried.state == "previewed"
    with scope(edition=edition):
        assert not Import.objects.exists()
    assert not Firm.objects.exists()
    assert list((home / "imports").iterdir()) == []
    done = import_file(path, edition)
    assert (done.counts, done.reports) == (tried.counts, tried.reports)


def test_rows_that_may_be_of_a_known_firm_are_told_with_that_firm(
    book: Write, edition: Edition, a_firm: Callable[..., Firm]
) -> None:
    known = a_firm("Longwell Separator", country="CN")
    summary = import_file(book([("Name", "Country"), ("Longwel Separator", "China")]), edition)
    (report,) = summary.reports
    assert report.sentences[-1] == f"Longwell Separator ({known.identifier})"
    assert summary.needs_attention == 1


def test_a_file_without_a_column_for_the_country_is_refused_with_its_columns(book: Write, edition: Edition) -> None:
    path = book([("Firm", "Ort"), ("Tea", "Kenya")])
    with pytest.raises(FileRefusedError, match=r"No column holds the country .* The columns are: Firm, Ort\."):
        import_file(path, edition)
    with scope(edition=edition):
        assert not Import.objects.exists()
    assert import_file(path, edition, mapping={"Ort": "country"}).counts["new"] == 1


def test_a_path_without_a_file_is_refused(tmp_path: Path, edition: Edition) -> None:
    for path in (tmp_path / "gone.xlsx", tmp_path):
        with pytest.raises(FileRefusedError, match="There is no file"):
            import_file(path, edition)


def test_what_came_is_placed_on_the_chains_by_a_job(path: Path, edition: Edition) -> None:
    assert import_file(path, edition, dry_run=True).is_placed_later is False
    with scope(edition=edition):
        assert not Job.objects.exists()
    assert import_file(path, edition).is_placed_later
    with scope(edition=edition):
        assert Job.objects.get().kind == "placing"
