"""A backup of PostgreSQL comes back whole in another database: as many rows in every table."""

import os
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from psycopg import connect, sql

from serai.expo.fairs.edition.models import Edition
from serai.expo.firms.record.models import Firm
from serai.expo.site.operation.domain.backup import make_backup

pytestmark = pytest.mark.skipif(
    "postgresql" not in settings.DATABASES["default"]["ENGINE"], reason="run by the tests on PostgreSQL"
)


def rows_of(cursor: Any) -> dict[str, int]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    tables = sorted(row[0] for row in cursor.fetchall())
    found = {}
    for table in tables:
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
        found[table] = cursor.fetchone()[0]
    return found


@pytest.mark.django_db(transaction=True)
def test_a_backup_of_postgresql_comes_back_whole(edition: Edition, firm: Firm, tmp_path: Path) -> None:
    known: dict[str, Any] = connection.settings_dict
    server = {"host": known["HOST"], "port": known["PORT"], "user": known["USER"], "password": known["PASSWORD"]}
    server = {name: value for name, value in server.items() if value}
    with connection.cursor() as cursor:
        before = rows_of(cursor)
    archive = make_backup(tmp_path, database=known)
    with zipfile.ZipFile(archive) as opened:
        assert "database.dump" in opened.namelist()
        opened.extract("database.dump", tmp_path)
    name = f"{known['NAME']}_restored"
    restore = shutil.which("pg_restore")
    assert restore is not None
    with connect(dbname="postgres", autocommit=True, **server) as keeper:
        keeper.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        keeper.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            options = [
                f"--{option}={server[key]}" for option, key in (("host", "host"), ("port", "port")) if key in server
            ]
            subprocess.run(
                [
                    restore,
                    "--no-owner",
                    "--exit-on-error",
                    *options,
                    f"--username={server['user']}",
                    f"--dbname={name}",
                    str(tmp_path / "database.dump"),
                ],
                env=os.environ | {"PGPASSWORD": str(server.get("password", ""))},
                check=True,
            )
            with connect(dbname=name, **server) as restored, restored.cursor() as cursor:
                assert rows_of(cursor) == before
                cursor.execute("SELECT slug FROM expo_edition")
                assert cursor.fetchall() == [(edition.slug,)]
        finally:
            keeper.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
    assert before["expo_firm"] == 1
    assert before["expo_edition"] == 1
    assert len(before) > 100
