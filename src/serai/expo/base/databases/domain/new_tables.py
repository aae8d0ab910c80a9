"""The tables of a new database, made at once as the last migration leaves them.

One by one, each migration would draw all models of its own time first, which takes several times as long. What
migrations do to rows is nothing to a database without rows. A test compares both ways.
"""

from django.db import router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import RunSQL


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
