"""Connections to others: none is held for longer than it may be, however slowly the other side answers."""

import smtplib
import socket
from contextlib import suppress
from threading import Timer
from typing import Any

from django.core.mail.backends import smtp


class CutOff:
    """Shuts a connection down after so many seconds, whatever is waited for then: the waiting side gets an OSError.

    A timeout of a socket counts anew with each byte. This one does not, and it holds through a change to TLS.
    """

    def __init__(self, connected: socket.socket, seconds: float) -> None:
        self._same = connected.dup()
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()
        self.has_cut = False

    def _cut(self) -> None:
        self.has_cut = True
        with suppress(OSError):
            self._same.shutdown(socket.SHUT_RDWR)

    def release(self) -> None:
        """The connection is done with."""
        self._timer.cancel()
        self._same.close()


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
