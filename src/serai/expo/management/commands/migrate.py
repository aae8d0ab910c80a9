"""Django's ``migrate``, which makes all tables of an empty database at once."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from serai.expo.base.databases.domain import new_tables


class Command(migrate.Command):
    """Where only part of the migrations is asked for, all of them run one by one."""

    def handle(self, *args: Any, **options: Any) -> None:
        in_part = ("app_label", "migration_name", "fake", "fake_initial", "plan", "check_unapplied", "prune")
        connection = connections[options["database"]]
        if not any(options[name] for name in in_part) and not connection.introspection.table_names():
            new_tables.make(connection)
        super().handle(*args, **options)
