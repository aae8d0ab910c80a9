"""Claims: a worker takes one row that is due, and no other worker takes the same."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import Any

from django.db import connections, transaction
from django.db.models import Model, QuerySet


def claim[Row: Model](due: QuerySet[Row], taken: Callable[[Row], Mapping[str, Any]]) -> Row | None:
    """The first row of ``due``, claimed for the caller; None if nothing is due.

    ``taken`` gives the fields that a claim changes, after which the row is not ``due`` any more: usually the time until
    which it is leased. So a row whose worker was killed is due again once its lease has run out. PostgreSQL passes over
    rows that others are just claiming; everywhere the row is written only if it is still due.
    """
    database = connections[due.db]
    locks = database.features.has_select_for_update_skip_locked
    while True:
        with transaction.atomic(using=due.db) if locks else nullcontext():
            row = (due.select_for_update(skip_locked=True, of=("self",)) if locks else due).first()
            if row is None:
                return None
            changes = taken(row)
            if due.filter(pk=row.pk).order_by().update(**changes):
                for name, value in changes.items():
                    setattr(row, name, value)
                return row
