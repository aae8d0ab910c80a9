"""Django's PostgreSQL, whose connections notice that the server has stopped to answer.

A server that is frozen, or a machine that is gone, closes no connection: the kernel of the other side may even confirm
what is sent. So whoever has waited for some seconds asks for a new connection, which a living server answers at once
however busy it is. If it does not, this connection is given up.
"""

import socket
import struct
import time
from types import SimpleNamespace
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.abc import PQGen

from serai.expo.base.databases.domain.patience import patience

SILENT_SECONDS = 5.0
"""After which the server is asked whether it lives, and for which its answer is waited for."""

_SSL_REQUEST = struct.pack("!ii", 8, 80877103)
"""The shortest thing that may be asked: whether the server speaks TLS. It answers with one byte."""


class Connection(psycopg.Connection[Any]):
    def wait(self, gen: PQGen[Any], *given: Any, **named: Any) -> Any:
        return super().wait(self._until_silent(gen), *given, **named)

    def _until_silent(self, steps: PQGen[Any]) -> PQGen[Any]:
        """The same steps. Raises OperationalError, and closes the connection, if the server answers nobody."""
        began = heard = time.monotonic()
        try:
            wanted = next(steps)
            while True:
                ready = yield wanted
                now = time.monotonic()
                if ready:
                    heard = now
                elif now - heard > SILENT_SECONDS:
                    self._give_up_if_dead(now - began)
                    heard = time.monotonic()
                wanted = steps.send(ready)
        except StopIteration as end:
            return end.value

    def _give_up_if_dead(self, waited: float) -> None:
        most = patience().statement
        # A living server ends a statement by itself after that time (init_connection_state).
        if (most is not None and waited > most + SILENT_SECONDS) or not lives(self.info):
            self.pgconn.finish()
            raise psycopg.OperationalError("the database server does not answer any more")


def lives(server: psycopg.ConnectionInfo) -> bool:
    """Whether the server of a connection answers who asks for another one."""
    host = server.host
    is_local = host.startswith("/")
    try:
        with socket.socket(socket.AF_UNIX) if is_local else socket.socket(_family(server.hostaddr)) as probe:
            probe.settimeout(SILENT_SECONDS)
            probe.connect(f"{host}/.s.PGSQL.{server.port}" if is_local else (server.hostaddr or host, server.port))
            probe.sendall(_SSL_REQUEST)
            return bool(probe.recv(1))
    except OSError:
        return False


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


class DatabaseWrapper(base.DatabaseWrapper):
    Database = SimpleNamespace(**vars(psycopg) | {"connect": Connection.connect})  # type: ignore[assignment]

    def _configure_connection(self, connection: Connection) -> bool:
        """Let the server itself end what takes a page too long."""
        changed: bool = super()._configure_connection(connection)  # type: ignore[misc]
        limits = patience()
        if limits.statement is None:
            return changed
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('lock_timeout', %s, false), set_config('statement_timeout', %s, false)",
                [f"{limits.lock:.0f}s", f"{limits.statement:.0f}s"],
            )
        return True
