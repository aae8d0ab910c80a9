"""A new database is made at one go, and is what an old one becomes step by step."""

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

NEW = ("expo", "0001_a_new_database")


def changes(one: ProjectState, other: ProjectState) -> dict[str, object]:
    return {
        app: [step.operations for step in steps]
        for app, steps in MigrationAutodetector(one, other)._detect_changes().items()
    }


def test_the_steps_lead_to_the_tables_of_a_new_database() -> None:
    loader = MigrationLoader(None, replace_migrations=False)
    replaced = {key for key in loader.disk_migrations[NEW].replaces if key in loader.disk_migrations}
    last = max(replaced)
    at_one_go, by_steps = loader.project_state(NEW), loader.project_state(last)
    assert changes(by_steps, at_one_go) == changes(at_one_go, by_steps) == {}


def test_nothing_of_the_models_is_without_a_migration() -> None:
    loader = MigrationLoader(None)
    assert len(loader.graph.leaf_nodes("expo")) == 1
    assert changes(loader.project_state(), ProjectState.from_apps(apps)) == {}
