"""One instance as the command line meets it: opened, brought up to date, and the edition that a command means."""

import os

import django
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation

from serai.expo.base.home import home

SETTINGS = "serai.expo.settings"
# A new database is made by the first of these at one go, one of an earlier version goes on from the second; one that
# stopped within the steps that the second replaces can't be carried on.
FIRST_MIGRATIONS = {("expo", "0001_a_new_database"), ("expo", "0001_the_fair")}


class InstanceError(Exception):
    """An instance that cannot be used as asked: a sentence that says what to do."""


def open_instance() -> None:
    """Load the settings and the models. Raises InstanceError where the environment variables do not allow it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
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

    Raises OperationalError where there is none, InstanceError where a development version left it half-way.
    """
    executor = MigrationExecutor(connection)
    if FIRST_MIGRATIONS.isdisjoint(executor.loader.graph.nodes):
        raise InstanceError(
            "The database was made by a development version from before the first release, and stopped half-way. "
            "Bring it up to date with that version first, or set SERAI_HOME to a new folder."
        )
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def bring_up_to_date() -> bool:
    """Make or change the tables when this version needs it. Returns whether it did."""
    if is_up_to_date():
        return False
    call_command("migrate", verbosity=0, interactive=False)
    return True
