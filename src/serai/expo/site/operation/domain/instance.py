"""The instance for the command line: opened and brought up to date."""

import gc
import os

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation

from serai.expo.base.home import home

SETTINGS = "serai.expo.settings"
AT_ONCE = 20_000
"""New objects after which Python looks for garbage. With its own 2,000 a quarter of the start of each process would go
into looking through what is being loaded, of which nothing is garbage."""


class InstanceError(Exception):
    """The instance cannot be used; the message says what to do."""


def open_instance() -> None:
    """Load the settings and the models. Raises InstanceError if the environment variables are wrong."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    gc.set_threshold(AT_ONCE, 20, 20)
    try:
        home()
        django.setup()
    except OSError as error:
        raise InstanceError(
            f"The folder of the instance cannot be used ({error}); set SERAI_HOME to one you may write in."
        ) from None
    except ValueError as error:
        raise InstanceError(str(error)) from None
    translation.activate("en")


def is_up_to_date() -> bool:
    """Whether the database has every table that this version needs.

    Raises OperationalError if there is no database, InstanceError if a version before the first release made it.
    """
    executor = MigrationExecutor(connection)
    applied = {key for key in executor.loader.applied_migrations if key[0] == "expo"}
    if applied - set(executor.loader.disk_migrations):
        raise InstanceError(
            "A version from before the first release made this database: set SERAI_HOME to a new folder (or "
            "DATABASE_URL to a new database), and import your list there."
        )
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def is_empty(alias: str = "default") -> bool:
    """Whether nothing of a fair, of an account or of another program is in the database."""
    database = connections[alias]
    ours = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    there = set(database.introspection.table_names())
    if {name for name in there - set(ours) if not name.startswith(("django_", "expo_", "sqlite_"))}:
        return False
    made = [model for name, model in ours.items() if name in there and name.startswith("expo_")]
    return not any(model._base_manager.using(alias).exists() for model in made)


def bring_up_to_date() -> bool:
    """Make or change the tables when this version needs it. Returns whether it did."""
    if is_up_to_date():
        return False
    call_command("migrate", verbosity=0, interactive=False)
    return True
