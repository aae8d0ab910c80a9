"""What a web process takes from its connections: slow clients, large bodies, busy threads, a stop."""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from serai.expo.site.operation.domain import connections
from serai.expo.site.operation.domain.connections import Server

THREADS = 2
PAGE = b"GET / HTTP/1.1\r\nHost: fair\r\n\r\n"
type Ask = Callable[..., socket.socket]


class Site:
    """An application that tells how long a body was; ``/wait`` is answered once ``go_on`` is set."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.bodies: list[int] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/wait":
            assert self.go_on.wait(10)
        self.bodies.append(len(environ["wsgi.input"].read()))
        answer = b"x" * 3_000_000 if environ["PATH_INFO"] == "/large" else b"a page"
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(answer)))])
        return [answer]


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def server(site: Site) -> Iterator[Server]:
    listener = socket.create_server(("127.0.0.1", 0))

    def is_signed_in(headers: Mapping[str, str]) -> bool:
        if headers["COOKIE"] == "database away":
            raise ConnectionError
        return headers["COOKIE"] == "good"

    server = Server(site, listener, threads=THREADS, is_signed_in=is_signed_in)
    server.adj.asyncore_loop_timeout = 0.05
    server.adj.cleanup_interval = 0.05
    running = threading.Thread(target=server.run)
    running.start()
    yield server
    site.go_on.set()
    server.stop(0.1)
    running.join(10)
    assert not running.is_alive()


@pytest.fixture
def ask(server: Server) -> Iterator[Ask]:
    opened: list[socket.socket] = []

    def ask(sent: bytes = b"") -> socket.socket:
        client = socket.create_connection(server.socket.getsockname(), timeout=10)
        opened.append(client)
        client.sendall(sent)
        return client

    yield ask
    for client in opened:
        client.close()


def post(size: int | str, *headers: str) -> bytes:
    lines = ["POST / HTTP/1.1", "Host: fair", f"Content-Length: {size}", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


def answer(client: socket.socket) -> bytes:
    """All of the next answer, or what came before the connection was closed."""
    said = b""
    while part := client.recv(100_000):
        said += part
        head, _end, body = said.partition(b"\r\n\r\n")
        length = next((int(line[16:]) for line in head.splitlines() if line.startswith(b"Content-Length: ")), None)
        if length is not None and len(body) >= length:
            break
    return said


def status(client: socket.socket) -> int:
    return int((answer(client) or b" 0 ").split()[1])


@pytest.mark.parametrize("begin", [b"GET / HTTP/1.1\r\nX: ", post(60_000)])
def test_more_dripping_connections_than_threads_leave_pages_as_they_were(ask: Ask, begin: bytes) -> None:
    drips = [ask(begin) for _ in range(THREADS * 12)]
    for _ in range(3):
        for client in drips:
            client.sendall(b"a")
        assert answer(ask(PAGE)).endswith(b"a page")


@pytest.mark.parametrize(
    ("limit", "begin"), [("HEADER_SECONDS", b"GET / HTTP/1.1\r\nX: "), ("BODY_SECONDS", post(10_000))]
)
def test_a_request_that_drips_ends_at_its_deadline(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, limit: str, begin: bytes
) -> None:
    monkeypatch.setattr(connections, limit, 0.3)
    monkeypatch.setattr(connections, "SLOWEST", 10_000_000)
    client = ask(begin)
    client.settimeout(0.1)
    said = b""
    for _ in range(40):
        try:
            said = answer(client)
            break
        except TimeoutError:
            client.sendall(b"a")  # so it is never idle
    assert said.startswith(b"HTTP/1.0 408" if limit == "HEADER_SECONDS" else b"HTTP/1.1 408")
    assert b"took too long" in said


def test_a_connection_that_says_nothing_is_closed(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEADER_SECONDS", 0.2)
    monkeypatch.setattr(connections, "KEEP_ALIVE_SECONDS", 0.2)
    assert answer(ask()) == b""
    after_a_page = ask(PAGE)
    assert status(after_a_page) == 200
    assert answer(after_a_page) == b""


@pytest.mark.parametrize(
    ("headers", "size", "expected"),
    [
        ([], 60_000, 200),
        ([], 1_000_000, 200),
        ([], 1_000_001, 413),
        ([], 1_000_000_000, 413),
        (["Cookie: forged"], 1_000_001, 413),
        (["Cookie: good"], 2_000_000, 200),
        (["Cookie: good"], 25_000_001, 413),
        (["Cookie: good"], 10**12, 413),
        (["Cookie: database away"], 2_000_000, 503),
    ],
)
def test_who_is_not_signed_in_sends_a_megabyte_at_most(
    ask: Ask, site: Site, headers: list[str], size: int, expected: int
) -> None:
    client = ask(post(size, *headers))
    if expected == 200:
        client.sendall(b"a" * size)
    assert status(client) == expected
    assert site.bodies == ([size] if expected == 200 else [])


def test_a_refusal_reaches_who_is_still_sending(ask: Ask) -> None:
    client = ask(post(3_000_000))
    client.sendall(b"a" * 3_000_000)
    assert status(client) == 413


def test_a_body_without_a_length_is_a_small_one(ask: Ask, site: Site) -> None:
    begin = b"POST / HTTP/1.1\r\nHost: fair\r\nTransfer-Encoding: chunked\r\n\r\n"
    part = b"%x\r\n%b\r\n" % (50_000, b"a" * 50_000)
    assert status(ask(begin + part + b"0\r\n\r\n")) == 200
    assert status(ask(begin + part * 21)) == 413
    assert site.bodies == [50_000]


def test_larger_bodies_are_received_up_to_a_quota_and_small_ones_always(
    ask: Ask, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "TOGETHER_BYTES", {False: 250_000, True: 3_000_000})
    hoards = [ask(post(100_000)), ask(post(100_000))]
    while server.has_room(100_000, signed_in=False):
        time.sleep(0.01)
    assert status(ask(post(100_000))) == 503
    assert status(ask(post(60_000) + b"a" * 60_000)) == 200
    known = ask(post(2_000_000, "Cookie: good"))
    known.sendall(b"a" * 2_000_000)
    assert status(known) == 200
    hoards[0].sendall(b"a" * 100_000)
    assert status(hoards[0]) == 200
    while not server.has_room(100_000, signed_in=False):
        time.sleep(0.01)
    assert status(ask(post(100_000) + b"a" * 100_000)) == 200


def test_nothing_larger_is_received_where_the_disk_is_full(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "LEAST_SPACE", 2**62)
    assert status(ask(post(100_000))) == 503
    assert status(ask(post(60_000) + b"a" * 60_000)) == 200


def test_a_request_waits_a_bounded_time_for_a_thread(
    ask: Ask, site: Site, monkeypatch: pytest.MonkeyPatch, server: Server
) -> None:
    monkeypatch.setattr(connections, "QUEUE_SECONDS", 0.2)
    held = [ask(b"GET /wait HTTP/1.1\r\nHost: fair\r\n\r\n") for _ in range(THREADS)]
    said = answer(ask(b"GET /api/v1/ HTTP/1.1\r\nHost: fair\r\n\r\n"))
    assert said.startswith(b"HTTP/1.1 503")
    assert b"Retry-After: 5" in said
    assert b"application/problem+json" in said
    assert status(ask(b"GET /health/live HTTP/1.1\r\nHost: fair\r\n\r\n")) == 200
    site.go_on.set()
    assert [status(client) for client in held] == [200] * THREADS


def test_a_client_that_does_not_read_holds_no_thread_and_is_closed(
    ask: Ask, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "KEEP_ALIVE_SECONDS", 0.5)
    monkeypatch.setattr(connections, "SLOWEST", 10_000_000)
    deaf = [ask(b"GET /large HTTP/1.1\r\nHost: fair\r\n\r\n") for _ in range(THREADS * 2)]
    assert status(ask(PAGE)) == 200
    until = time.monotonic() + 5
    while server.active_channels and time.monotonic() < until:
        time.sleep(0.05)
    assert not server.active_channels
    assert len(deaf) == THREADS * 2


def test_at_the_limit_the_connection_that_ends_next_makes_room(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 5)
    drips = [ask(b"GET / HTTP/1.1\r\nX: ") for _ in range(8)]
    assert status(ask(PAGE)) == 200
    assert answer(drips[0]) == b""


def test_a_stop_finishes_what_has_begun(ask: Ask, site: Site, server: Server) -> None:
    idle, waiting = ask(), ask(b"GET /wait HTTP/1.1\r\nHost: fair\r\n\r\n")
    sending = ask(post(1_000) + b"a" * 500)
    while len(server.active_channels) < 3:
        time.sleep(0.01)
    time.sleep(0.1)
    server.stop(10)
    assert answer(idle) == b""
    sending.sendall(b"a" * 500)
    assert status(sending) == 200
    site.go_on.set()
    assert status(waiting) == 200
