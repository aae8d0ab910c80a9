"""Clients that no browser is: those that drip, and those that send without an end."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

DRIP_SECONDS = 2.0
PIECE = 65_536


@dataclass(frozen=True)
class Sent:
    """What became of a large body: bytes that were taken, seconds until the answer or the end, and its status."""

    taken: int
    seconds: float
    status: int


@contextmanager
def dripping(port: int, connections: int, path: str) -> Iterator[None]:
    """So many connections that send a byte every two seconds: half of them headers, half of them a body."""
    stopped = threading.Event()
    thread = threading.Thread(target=_drip, args=(port, connections, path, stopped), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(10)


def _drip(port: int, connections: int, path: str, stopped: threading.Event) -> None:
    headers = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ".encode()
    body = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n\r\n".encode()
    opened: dict[int, socket.socket] = {}
    while not stopped.wait(DRIP_SECONDS):
        for number in range(connections):
            with suppress(OSError):
                if number in opened:
                    opened[number].send(b"x")
                else:
                    opened[number] = socket.create_connection(("127.0.0.1", port), timeout=0.2)
                    opened[number].send(headers if number % 2 else body)
                continue
            if number in opened:  # it was closed: the client comes again
                opened.pop(number).close()
    for client in opened.values():
        client.close()


def send_body(port: int, path: str, size: int, *, chunked: bool, seconds: float) -> Sent:
    """Post a body of so many bytes, as fast as it is taken, for at most so many seconds."""
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {size}"
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n{length}\r\n\r\n"
    piece = b"x" * PIECE
    if chunked:
        piece = f"{PIECE:x}\r\n".encode() + piece + b"\r\n"
    began, taken, answer = time.monotonic(), 0, b""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        client.sendall(head.encode())
        with suppress(OSError):
            while taken < size and time.monotonic() - began < seconds:
                client.sendall(piece)
                taken += PIECE
                client.setblocking(False)
                with suppress(BlockingIOError):
                    answer = client.recv(PIECE)
                client.settimeout(5)
                if answer:
                    break
        with suppress(OSError):
            answer = answer or client.recv(PIECE)
    status = int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/") else 0
    return Sent(taken, time.monotonic() - began, status)
