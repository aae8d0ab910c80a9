"""A connection ends after its time, even to a server that sends a byte now and then."""

import socket
import time
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from django.core.mail import EmailMessage, mailers

from serai.expo.base import connections
from serai.expo.base.connections import MailServer


@pytest.fixture
def dripping() -> Iterator[int]:
    """The port of a server that never ends its first line."""
    server = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        connection, _address = server.accept()
        try:
            for _number in range(400):
                connection.sendall(b"2")
                time.sleep(0.02)
        except OSError:
            connection.close()

    thread = Thread(target=drip, daemon=True)
    thread.start()
    yield server.getsockname()[1]
    thread.join(10)
    server.close()


def test_a_mail_server_that_drips_is_left_after_its_time(
    dripping: int, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "SECONDS", 0.3)
    options = {"host": "127.0.0.1", "port": dripping, "timeout": 20}
    settings.MAILERS = {"default": {"BACKEND": f"{MailServer.__module__}.{MailServer.__name__}", "OPTIONS": options}}
    with pytest.raises(OSError):  # noqa: PT011  whatever the cut leaves of the line
        mailers.default.send_messages([EmailMessage("a", "b", "a@example.org", ["b@example.org"])])
