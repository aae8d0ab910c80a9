"""An operation of a migration that makes many tables at one go."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


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
