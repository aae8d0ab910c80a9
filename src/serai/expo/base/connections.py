"""Connections to others: none is held for longer than it may be, however slowly the other side answers."""

import socket
from contextlib import suppress
from threading import Timer


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
