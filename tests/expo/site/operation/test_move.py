"""An instance moves from SQLite to an empty PostgreSQL with every row, or not at all."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from serai.expo.site.operation.domain.move import MoveError, _plain, move_database

type Serai = Callable[..., str]


def test_values_are_compared_as_both_databases_give_them_back() -> None:
    at = datetime(2026, 11, 28, 9, tzinfo=UTC)
    assert _plain(at.astimezone(timezone(timedelta(hours=8)))) == _plain(at)
    assert _plain(memoryview(b"ab")) == _plain(b"ab") == "6162"
    assert json.dumps(_plain({"a": [1e22, 0.5], "b": "x\x0b"})) == '{"a": [10000000000000000000000, 0.5], "b": "x"}'


@pytest.mark.django_db
def test_what_is_no_address_of_postgresql_is_refused() -> None:
    expected = "begins with mysql" if connection.vendor == "sqlite" else "is not on SQLite"
    with pytest.raises(MoveError, match=expected):
        move_database("mysql://serai@127.0.0.1/serai")


@pytest.mark.skipif(
    "postgresql" not in settings.DATABASES["default"]["ENGINE"], reason="run by the tests on PostgreSQL"
)
@pytest.mark.slow
@pytest.mark.django_db
def test_every_row_is_moved_and_new_rows_follow(
    instance: Path, serai: Serai, new_database: Callable[[], str], tmp_path: Path
) -> None:
    url = new_database()
    assert "are the same in both databases" in serai(instance, "move-database", url)
    assert "is not empty; nothing is put over what is there" in serai(instance, "move-database", url, code=1)
    more = tmp_path / "more.csv"
    more.write_text("Name,Country,Offers\nTea Ltd,KE,Black tea\nSpice Co,IN,Pepper\n")
    said = json.loads(serai(instance, "import", more, "--json", url=url))
    assert (said["counts"]["new"], said["counts"]["unchanged"]) == (1, 1)
    assert "No entry was altered, inserted or deleted." in serai(instance, "audit", "verify", url=url)
    # What was moved is backed up and comes back in another database.
    serai(instance, "backup", "--to", tmp_path, url=url)
    (archive,) = tmp_path.glob("serai-*.zip")
    again = new_database()
    assert "are back" in serai(tmp_path / "again", "restore", archive, url=again)
    assert "No entry was altered, inserted or deleted." in serai(tmp_path / "again", "audit", "verify", url=again)
