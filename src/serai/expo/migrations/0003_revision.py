"""A table without a model: how often each table of the fair was written to (base/revisions.py)."""

from typing import ClassVar

from django.db import migrations

TABLE = """
CREATE TABLE expo_revision (
    name varchar(63) NOT NULL, slot integer NOT NULL, number bigint NOT NULL, PRIMARY KEY (name, slot)
)
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("expo", "0002_leases")]

    operations: ClassVar = [migrations.RunSQL(TABLE, "DROP TABLE expo_revision")]
