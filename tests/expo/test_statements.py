"""The choice of what is run on PostgreSQL too."""

from pathlib import Path

import pytest
from django.db import IntegrityError

from tests.expo.statements import Asked, enough, kind, read, write


def test_a_statement_is_of_one_kind_whatever_its_values_and_however_many_it_lists() -> None:
    few = 'SELECT "a"."x" FROM "a" WHERE "a"."y" IN (%s) LIMIT 1'
    many = 'SELECT "a"."x", "a"."y", "a"."z" FROM "a" WHERE "a"."y" IN (%s, %s, %s) LIMIT 21'
    assert kind(many) == kind(many.replace("21", "9"))
    assert kind(few.replace('"a"."x"', '"a"."x", "a"."y"')) == kind(many)
    assert kind('INSERT INTO "a" ("x", "y") VALUES (%s, %s), (%s, %s)') == kind(
        'INSERT INTO "a" ("x", "y", "z") VALUES (%s, %s, %s)'
    )
    assert kind('UPDATE "a" SET "x" = %s, "y" = %s WHERE "a"."z" = %s') != kind(
        'UPDATE "b" SET "x" = %s, "y" = %s WHERE "b"."z" = %s'
    )
    assert kind('SELECT "a"."x" FROM "a" WHERE "a"."x" LIKE %s') != kind('SELECT "a"."x" FROM "a" WHERE "a"."x" = %s')


def test_the_quickest_tests_that_ask_everything_are_enough() -> None:
    asked = {
        "slow": Asked({"a", "b", "c"}, seconds=9),
        "quick": Asked({"a", "b"}, seconds=1),
        "the third": Asked({"c"}, seconds=1),
        "nothing new": Asked({"a"}, seconds=0.9),
        "nothing": Asked(set()),
    }
    assert enough(asked) == {"quick", "the third"}
    assert enough(asked, always=["slow"]) == {"slow"}
    assert enough(asked, always=["skipped on SQLite"]) == {"quick", "the third", "skipped on SQLite"}


def test_what_meets_an_error_of_the_database_is_always_run() -> None:
    def fail(_sql: str) -> None:
        raise IntegrityError

    asked = Asked(set())
    with pytest.raises(IntegrityError):
        asked.note(fail, "SELECT 1")
    assert enough({"refused": asked, "the same": Asked({kind("SELECT 1")})}) == {"refused"}


def test_notes_are_read_as_they_were_written_by_all_processes(tmp_path: Path) -> None:
    noted = {"first": Asked({"a"}, seconds=1.0), "second": Asked({"b"}, met_error=True)}
    for test, asked in noted.items():
        write(tmp_path, f"process of the {test}", test, asked)
    assert read(tmp_path) == noted
    assert read(tmp_path / "nothing") == {}
