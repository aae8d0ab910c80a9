"""The tables of a new database, made at once as the last migration leaves them.

One by one, each migration would draw all models of its own time first, which takes several times as long. What
migrations do to rows is nothing to a database without rows. A test compares both ways.
"""

from collections.abc import Sequence
from typing import Any

from django.db import router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import CreateModel, RunSQL
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


def make(database: BaseDatabaseWrapper) -> None:
    """Make the tables of all models, and those of migrations that are written in SQL; say that all migrations ran."""
    executor = MigrationExecutor(database)
    migrations = [migration for migration, _back in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    models = executor.loader.project_state().apps.get_models()
    with database.schema_editor(atomic=True) as editor:
        for model in models:
            if model._meta.can_migrate(database) and router.allow_migrate_model(database.alias, model):
                editor.create_model(model)
        for migration in migrations:
            for operation in migration.operations:
                if isinstance(operation, RunSQL):
                    operation.database_forwards(migration.app_label, editor, None, None)  # type: ignore[arg-type]
        executor.recorder.ensure_schema()
        for migration in migrations:
            executor.recorder.record_applied(migration.app_label, migration.name)


class CreateTables(Operation):
    """Make the tables of models that may refer to one another in circles.

    Django renders the state of all models again after each ``CreateModel``. This operation does it once.
    """

    def __init__(self, models: Sequence[CreateModel]) -> None:
        self.models = models

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)
        for model in self.models:
            model.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, _from: ProjectState, to: ProjectState
    ) -> None:
        for model in self.models:
            table: Any = to.apps.get_model(app_label, model.name)
            if self.allow_migrate_model(schema_editor.connection.alias, table):
                schema_editor.create_model(table)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_: ProjectState, _to: ProjectState
    ) -> None:
        for model in reversed(self.models):
            table: Any = from_.apps.get_model(app_label, model.name)
            if self.allow_migrate_model(schema_editor.connection.alias, table):
                schema_editor.delete_model(table)

    def describe(self) -> str:
        return f"Create {len(self.models)} tables"
