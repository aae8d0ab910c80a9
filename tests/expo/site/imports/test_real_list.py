"""The list of a real fair is imported whole, has no effect the second time, and is taken back whole."""

from collections.abc import Callable
from pathlib import Path

import polars
import pytest
from django.db import connection
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.offers.market.models import Offer
from serai.expo.site.imports.domain import batches as domain
from serai.expo.site.imports.domain.command import import_file
from serai.expo.venue.halls.models import Booth, Hall, Stand

ROWS = 4_177


@pytest.mark.data
@pytest.mark.slow
def test_the_real_list_is_imported_whole_and_taken_back(
    real_data: Path, edition: Edition, text: Callable[..., Path]
) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("it takes long and PostgreSQL, which is stricter, takes it in")
    table = polars.read_parquet(real_data / "firms" / "ces2026_exhibitors.parquet")
    rows = [table.columns, *table.fill_null("").iter_rows()]
    path = text(rows)

    summary = import_file(path, edition)
    with connection.cursor() as cursor:
        # Else PostgreSQL plans for the empty tables of before: its own ANALYZE does not see an open transaction.
        cursor.execute("ANALYZE")

    assert summary.rows == ROWS == sum(summary.counts.values())
    assert summary.counts["rejected"] == 0
    assert {column.field for column in summary.columns} == {
        "name", "country", "hall_name", "booth", "offers", "hall", "website", "description",
    }  # fmt: skip
    distinct = table.select(polars.struct("name", "country").n_unique()).item()
    with scope(edition=edition):
        assert summary.counts["new"] == Firm.objects.count() == Participation.objects.count() <= distinct
        # Of 4,159 names a few dozen are so like another that a person is asked.
        assert 0 < summary.counts["possible"] < 30
        assert summary.counts["new"] + summary.counts["matched"] + summary.counts["possible"] == ROWS
        assert Booth.objects.filter(participations__isnull=True).count() == 0
        assert Offer.objects.count() > 3 * ROWS
        searched = Participation.objects.filter(tokens__contains=" robotic ")
        assert searched.count() > 500

    again = import_file(path, edition)
    held = summary.counts["possible"]
    assert again.counts == {**dict.fromkeys(again.counts, 0), "unchanged": ROWS - held, "possible": held}

    with scope(edition=edition):
        domain.undo(edition.imports.get(pk=summary.import_id))
        for model in (Firm, Participation, Hall, Booth, Stand, Offer):
            assert not model._base_manager.exists()
