"""Reading the whole database as of one moment while others write."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """All that is read inside is as of one moment, and nobody who writes waits for it. Nothing may be written inside.

    In a transaction that has begun already it is that transaction.
    """
    if connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    wrapper: Any = connection
    mode = getattr(wrapper, "transaction_mode", None)
    wrapper.transaction_mode = "DEFERRED"  # of SQLite: without the lock of a writer
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    finally:
        wrapper.transaction_mode = mode
