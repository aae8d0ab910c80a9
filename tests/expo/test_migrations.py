"""The migrations make every model as it is, in one line from the first schema."""

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState


def test_every_model_is_as_the_migrations_make_it() -> None:
    loader = MigrationLoader(None)
    made, needed = loader.project_state(), ProjectState.from_apps(apps)
    changes = MigrationAutodetector(made, needed)._detect_changes()
    assert {app: [step.operations for step in steps] for app, steps in changes.items()} == {}


def test_migrations_are_one_line_from_the_first_schema() -> None:
    graph = MigrationLoader(None).graph
    assert graph.root_nodes("expo") == [("expo", "0001_initial")]
    assert len(graph.leaf_nodes("expo")) == 1
