"""Write the migration by which a new database is made at one go, from the models as they are.

    python scripts/new_database.py

A database that exists goes on step by step. A new one would take half a minute for all the steps, as Django draws up
every model anew at each. To be run when the steps have become many: it replaces all that there are by then. What a
step does to rows (RunPython, RunSQL) has no place here, since a new database has none.
"""

from pathlib import Path

from django.apps import apps
from django.db.migrations import CreateModel, Migration
from django.db.migrations.state import ModelState
from django.db.migrations.writer import MigrationWriter

MIGRATIONS = Path(__file__).parents[1] / "src" / "serai" / "expo" / "migrations"
NAME = "0001_a_new_database"


def main() -> None:
    from serai.expo.base.migration_tables import CreateTables
    from serai.expo.site.operation.domain.instance import open_instance

    open_instance()
    tables = []
    for model in apps.get_app_config("expo").get_models():
        state = ModelState.from_model(model)
        tables.append(CreateModel(state.name, list(state.fields.items()), state.options, state.bases, state.managers))
    made = Migration(NAME, "expo")
    made.initial = True
    made.replaces = [("expo", path.stem) for path in sorted(MIGRATIONS.glob("0*.py")) if path.stem != NAME]
    made.dependencies = [("auth", "0012_alter_user_first_name_max_length")]
    made.operations = [CreateTables(tables)]
    text = MigrationWriter(made).as_string()
    (MIGRATIONS / f"{NAME}.py").write_text(text, encoding="utf-8")
    print(f"{NAME} makes {len(tables)} tables and replaces {len(made.replaces)} steps.")


if __name__ == "__main__":
    main()
