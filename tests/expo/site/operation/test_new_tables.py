"""A new database gets its tables at once, and they are those that all migrations make one by one."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.every_database]

MAKE_AND_TELL = """
import json, os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "serai.expo.settings"
django.setup()
from django.core.management import call_command
from django.core.management.commands.migrate import Command
from django.db import connection

call_command(Command() if sys.argv[1] == "each" else "migrate", verbosity=0)
TYPES = {
    "sqlite": "SELECT tables.name, columns.name, columns.type FROM sqlite_master AS tables, "
    "pragma_table_info(tables.name) AS columns WHERE tables.type = 'table' ORDER BY 1, 2",
    "postgresql": "SELECT attrelid::regclass::text, attname, format_type(atttypid, atttypmod), attidentity::text"
    " FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE relkind = 'r' AND attnum > 0"
    " AND NOT attisdropped AND relnamespace = 'public'::regnamespace ORDER BY 1, 2",
}
TRIGGERS = {
    "sqlite": "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY 1, 2",
    "postgresql": "SELECT tgname, tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger"
    " WHERE NOT tgisinternal ORDER BY 1, 2",
}
told = {}
with connection.cursor() as cursor:
    ask = lambda sql: (cursor.execute(sql), cursor.fetchall())[1]
    for table in connection.introspection.get_table_list(cursor):
        columns = connection.introspection.get_table_description(cursor, table.name)
        keys = connection.introspection.get_constraints(cursor, table.name).values()
        told[table.name] = [
            sorted([column.name, *map(repr, column[2:])] for column in columns),
            sorted(repr(sorted(key.items())) for key in keys),
            sorted(map(repr, connection.introspection.get_sequences(cursor, table.name))),
            ask(f"SELECT count(*) FROM {connection.ops.quote_name(table.name)}"),
        ]
    told["types"] = ask(TYPES[connection.vendor])
    told["triggers"] = ask(TRIGGERS[connection.vendor])
    told["migrations"] = ask("SELECT app, name FROM django_migrations ORDER BY 1, 2")
    told["revisions"] = ask("SELECT name, slot, number FROM expo_revision ORDER BY 1, 2")
print(json.dumps(told))
"""


def test_the_tables_of_a_new_database_are_those_of_all_migrations(
    tmp_path: Path, program: Callable[..., str], new_database: Callable[[], str]
) -> None:
    quick, each = (made(tmp_path / way, program, new_database(), way) for way in ("at once", "each"))
    assert quick.keys() == each.keys()
    for name in quick:
        assert quick[name] == each[name], name
    assert len(quick) > 100


def made(home: Path, program: Callable[..., str], url: str, way: str) -> dict[str, Any]:
    """What is in a new database: columns, keys and number of rows of each table, triggers, migrations, revisions."""
    told: dict[str, Any] = json.loads(program(home, "-c", MAKE_AND_TELL, way, url=url))
    return told
