"""The schema has one first migration, and from there on migrations only grow."""

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

FIRST = ("expo", "0001_schema")


def test_every_model_is_as_the_migrations_make_it() -> None:
    loader = MigrationLoader(None)
    made, needed = loader.project_state(), ProjectState.from_apps(apps)
    changes = MigrationAutodetector(made, needed)._detect_changes()
    assert {app: [step.operations for step in steps] for app, steps in changes.items()} == {}


def test_migrations_are_one_line_from_the_first_schema() -> None:
    graph = MigrationLoader(None).graph
    assert graph.root_nodes("expo") == [FIRST]
    assert len(graph.leaf_nodes("expo")) == 1


def test_no_migration_stands_for_earlier_ones() -> None:
    """An instance of the tagged schema goes on step by step; nothing that it has applied may disappear."""
    assert not [
        key
        for key, migration in MigrationLoader(None).disk_migrations.items()
        if key[0] == "expo" and migration.replaces
    ]
