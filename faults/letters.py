"""A mail server that keeps to whom letters came, and can be slow or silent: it takes a connection and says nothing."""

import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

LONGEST_LINE = 100_000


class MailServer(socketserver.ThreadingTCPServer):
    """Takes letters on a free port of loopback."""

    allow_reuse_address = daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.arrived: Counter[str] = Counter()
        self.silent = threading.Event()
        self.ended = threading.Event()
        self.seconds_a_letter = 0.0

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A sender that was killed is what is tried here."""


class _Conversation(socketserver.StreamRequestHandler):
    """One SMTP session (RFC 5321), as far as a sender needs it."""

    server: MailServer
    timeout = 120

    def handle(self) -> None:
        while self.server.silent.is_set():
            if self.server.ended.wait(0.2):
                return
        readers: list[str] = []
        self._say("220 faults")
        while line := self.rfile.readline(LONGEST_LINE).decode(errors="replace").strip():
            word = line.split(" ", 1)[0].upper()
            if word == "RCPT":
                readers.append(line.partition("<")[2].partition(">")[0])
            if word == "DATA":
                self._say("354 go on")
                while (part := self.rfile.readline(LONGEST_LINE)) not in (b".\r\n", b""):
                    pass
                if not part or self.server.ended.wait(self.server.seconds_a_letter):
                    return
                self.server.arrived.update(readers)
                readers = []
            self._say("221 bye" if word == "QUIT" else "250 taken")
            if word == "QUIT":
                return

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A mail server that runs."""
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.ended.set()
            server.shutdown()
