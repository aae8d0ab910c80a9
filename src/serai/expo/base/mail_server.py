"""The mail server, which holds no worker for longer than SECONDS, however slowly it answers."""

import smtplib
import socket
from contextlib import suppress
from typing import Any

from django.core.mail.backends import smtp

from serai.expo.base.connections import CutOff

TIMEOUT = 20
"""Seconds of silence after which a server is taken for dead."""
SECONDS = 40
"""For one letter, from the first byte to the last."""


class _Connection(smtplib.SMTP):
    cut_off: CutOff | None = None

    def _get_socket(self, *given: Any) -> socket.socket:
        connected: socket.socket = super()._get_socket(*given)  # type: ignore[misc]
        self.cut_off = CutOff(connected, SECONDS)
        return connected

    def close(self) -> None:
        if self.cut_off is not None:
            self.cut_off.release()
        super().close()


class _SecureConnection(smtplib.SMTP_SSL, _Connection):
    """TLS from the first byte, put on the connection that _Connection made."""


class MailServer(smtp.EmailBackend):
    """Django's own backend, with an end to each connection."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _SecureConnection if self.use_ssl else _Connection

    def _close_connection(self, connection: smtplib.SMTP) -> None:
        """Part from a server that has taken the letter, or has not; that it does not say goodbye changes neither."""
        with suppress(OSError):
            super()._close_connection(connection)  # type: ignore[misc]
        connection.close()
