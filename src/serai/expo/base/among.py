"""The condition that a key is one of many, in one parameter: a query with thousands of parameters is slow."""

import json
from collections.abc import Iterable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Lookup
from django.db.models.sql.compiler import SQLCompiler


class Among(Lookup[Any]):
    """Whether the number on the left is in the list on the right."""

    lookup_name = "among"

    def get_prep_lookup(self) -> list[int]:
        return list(map(int, self.rhs))

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        sql, parameters = self.process_lhs(compiler, connection)
        return f"{sql} = ANY(%s)", [*parameters, self.rhs]

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        sql, parameters = self.process_lhs(compiler, connection)
        return f"{sql} IN (SELECT value FROM json_each(%s))", [*parameters, json.dumps(self.rhs)]  # noqa: S608


def among(path: str, keys: Iterable[int]) -> Among:
    """The condition that the field at this path is one of these primary keys, however many they are."""
    return Among(F(path), keys)
