"""The connections of a web process: what is taken from them, and how long it may take.

waitress reads requests in one loop and gives a request to a thread only when all of it is there, so a slow client holds
a socket and no thread. Here it gets what it lacks: one deadline for a whole request and one for a whole answer, a limit
of what people may send who are not signed in, a limit of what is received at the same time, an answer when all threads
are busy, and a stop that lets requests finish.
"""

import logging
import shutil
import tempfile
import time
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import Task

from serai.expo.base.plain_answers import plain_answer
from serai.expo.site.operation.domain.processes import note_request

HEADER_SECONDS = 10  # from the first byte of a request, or from the connection, to the end of its headers
BODY_SECONDS = 30  # and the time that its size takes at the slowest pace
SLOWEST = 16_384  # bytes a second, of bodies and of answers
KEEP_ALIVE_SECONDS = 15  # from an answer to the next request
QUEUE_SECONDS = 10  # a whole request waits no longer for a thread
STALLED_SECONDS = 30  # a client that takes nothing of an answer for so long is gone
LINGER_SECONDS = 5  # to read on after a refusal: a browser shows an answer only once it has sent all

HEADER_BYTES = 32_768
SMALL_BYTES = 65_536  # a body that is read at once; larger ones count
ANONYMOUS_BYTES = 1_000_000
UPLOAD_BYTES = 25_000_000  # for people who are signed in and programs with a key
TOGETHER_BYTES = {False: 64_000_000, True: 256_000_000}  # of larger bodies at the same time: anonymous, signed in
LEAST_SPACE = 200 * 1024**2  # bytes of the disk that uploads leave free
MOST_CONNECTIONS = 1_000

LIVE = "/health/live"

log = logging.getLogger(__name__)


class Refusal:
    """An answer that the server gives by itself."""

    def __init__(self, status: HTTPStatus) -> None:
        self.status = status


class Request(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """A request on its way in."""

    error: Any = None
    path = ""
    judged = False  # whether it was decided if the body is taken
    admitted = False  # a body that counts
    signed_in = False

    def received(self, data: bytes) -> int:
        taken: int = super().received(data)
        if self.error is not None:
            self.expect_continue = False  # or waitress would ask for the body that it refuses
            if not isinstance(self.error, Refusal) and self.error.code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                self.error = Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        elif self.chunked and self.body_bytes_received > ANONYMOUS_BYTES:
            self.error, self.completed = Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE), True
        return taken

    @property
    def size(self) -> int:
        """Bytes of the body, at most; known once the headers are there."""
        return ANONYMOUS_BYTES if self.chunked else int(self.content_length)

    @property
    def names_somebody(self) -> bool:
        """Whether it comes with a cookie or a key, which remain to be looked at."""
        return "COOKIE" in self.headers or "AUTHORIZATION" in self.headers


class RefusalTask(Task):  # type: ignore[misc]
    """Answers a request that no page is asked for."""

    complete = True

    def execute(self) -> None:
        refusal = self.request.error
        if isinstance(refusal, Refusal):
            headers, body = plain_answer(refusal.status, self.request.path)
            self.status = f"{refusal.status} {refusal.status.phrase}"
            if refusal.status is not HTTPStatus.OK:
                note_request(method=getattr(self.request, "command", None), page=None, status=refusal.status)
        else:
            self.status, headers, body = refusal.to_response(self.channel.server.adj.ident)
        self.response_headers.extend(headers)
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Connection(HTTPChannel):  # type: ignore[misc]
    """One connection. Unless one of its requests is being answered, it ends at its ``deadline``."""

    parser_class = Request
    error_task_class = RefusalTask
    server: "Server"
    request: Request | None  # on its way in
    requests: list[Request]  # whole ones, the first of which is being answered or waits for a thread
    connected: bool
    last_activity: float
    total_outbufs_len: int

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.deadline = time.monotonic() + HEADER_SECONDS
        self.queued_at = 0.0
        self.asking = False  # whether the sender of a large body is signed in
        self.unread = False  # whether more may come of what was refused
        self.lingering = False
        super().__init__(*arguments, **options)

    def readable(self) -> bool:
        return self.lingering or (not self.asking and super().readable())

    def handle_read(self) -> None:
        if self.lingering:
            self.recv(self.adj.recv_bytes)  # and when nothing more comes, it calls handle_close
        else:
            super().handle_read()

    def received(self, data: bytes) -> bool:
        before = self.request
        taken: bool = super().received(data)
        if (request := self.request) is None:
            return taken
        if request is not before:
            self.deadline = time.monotonic() + HEADER_SECONDS
        if request.headers_finished and not request.judged:
            self._judge(request)
        return taken

    def _judge(self, request: Request) -> None:
        """Decide, once the headers are there, whether the body is taken."""
        request.judged = True
        self.deadline = time.monotonic() + BODY_SECONDS + request.size / SLOWEST
        if request.size <= SMALL_BYTES:
            return
        if request.names_somebody:
            self.asking = True
            self.server.task_dispatcher.add_task(Inquiry(self, request))
        else:
            self.admit(request, signed_in=False)

    def admit(self, request: Request, *, signed_in: bool | None) -> None:
        """Read on, or refuse what is too large or too much at this time. ``None``: nobody knows who sends it."""
        self.asking = False
        if request is not self.request:
            return  # it has ended meanwhile
        if signed_in is not None and request.size > (UPLOAD_BYTES if signed_in else ANONYMOUS_BYTES):
            self.refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        elif signed_in is None or not self.server.has_room(request.size, signed_in=signed_in):
            self.refuse(HTTPStatus.SERVICE_UNAVAILABLE)
        else:
            request.signed_in, request.admitted = signed_in, True

    def refuse(self, status: HTTPStatus) -> None:
        """Answer the request that is on its way in, and read no more of it."""
        request, self.request = self.request, None
        assert request is not None
        request.error, request.completed = Refusal(status), True
        self.unread = True
        with self.requests_lock:
            self.requests.append(request)
        self.server.add_task(self)

    def service(self) -> None:
        """Answer the first request. Called by a thread, or by the loop if no page is asked for."""
        request = self.requests[0]
        if request.error is None and time.monotonic() - self.queued_at > QUEUE_SECONDS:
            request.error = Refusal(HTTPStatus.SERVICE_UNAVAILABLE)
        self.unread = self.unread or request.error is not None
        self.deadline = float("inf")
        super().service()
        if not self.requests:
            self.deadline = time.monotonic() + KEEP_ALIVE_SECONDS + self.total_outbufs_len / SLOWEST

    def has_stalled(self) -> bool:
        """Whether a thread waits with an answer that the client does not take."""
        waits: bool = self.total_outbufs_len > self.adj.outbuf_high_watermark
        return waits and time.time() - self.last_activity > STALLED_SECONDS

    def expire(self) -> None:
        """The deadline is over."""
        if self.request is not None and (self.request.header_plus or self.request.headers_finished):
            self.deadline = time.monotonic() + LINGER_SECONDS
            self.refuse(HTTPStatus.REQUEST_TIMEOUT)
        else:
            self.end()

    def handle_close(self) -> None:
        if self.unread and self.connected and not self.lingering:
            self.lingering, self.will_close = True, False
            self.deadline = time.monotonic() + LINGER_SECONDS
            try:
                self.socket.shutdown(1)  # for writing
            except OSError:
                self.end()
        else:
            self.end()

    def end(self) -> None:
        """Close the socket, and forget what has not been sent."""
        if self.request is not None:
            self.request.close()
        super().handle_close()


class Inquiry:
    """Asks in a thread whether a large body comes from somebody who is signed in."""

    def __init__(self, connection: Connection, request: Request) -> None:
        self.connection = connection
        self.request = request

    def service(self) -> None:
        server = self.connection.server
        signed_in: bool | None = None
        try:
            signed_in = server.is_signed_in(self.request.headers)
        except Exception:  # it has no answer of its own
            log.warning("Nobody can tell whether the sender of a large body is signed in.", exc_info=True)
        server.soon(partial(self.connection.admit, self.request, signed_in=signed_in))

    def cancel(self) -> None:
        """The server stops."""


class Server(TcpWSGIServer):  # type: ignore[misc]
    """Answers the requests that arrive at a listening socket, until it is told to stop."""

    channel_class = Connection
    active_channels: dict[int, Connection]
    accepting: bool

    def __init__(
        self,
        application: Any,
        listener: Any,
        *,
        threads: int,
        is_signed_in: Callable[[Mapping[str, str]], bool],
        beat: Callable[[], None] = lambda: None,
    ) -> None:
        """``is_signed_in`` is asked with the headers of a large request, ``beat`` called each second by the loop."""
        adjustments = Adjustments(
            threads=threads,
            ident=None,
            recv_bytes=SMALL_BYTES,
            inbuf_overflow=SMALL_BYTES,  # what is larger is received into a file
            outbuf_high_watermark=UPLOAD_BYTES * 10,  # an answer waits in a file, not in a thread
            max_request_header_size=HEADER_BYTES,
            max_request_body_size=UPLOAD_BYTES + 1,
            connection_limit=MOST_CONNECTIONS * 2,  # never met: see handle_accept
            cleanup_interval=1,
            log_socket_errors=False,
            clear_untrusted_proxy_headers=False,  # the settings say which of them are believed
            asyncore_use_poll=True,
        )
        self.is_signed_in = is_signed_in
        self.beat = beat
        self.stops_at: float | None = None
        self._soon: deque[Callable[[], None]] = deque()
        kind = (listener.family, listener.type, listener.proto, listener.getsockname())
        super().__init__(application, {}, True, listener, adj=adjustments, sockinfo=kind, bind_socket=False)

    def soon(self, job: Callable[[], None]) -> None:
        """Let the loop call ``job``."""
        self._soon.append(job)
        self.pull_trigger()

    def add_task(self, connection: Connection) -> None:
        request = connection.requests[0]
        if request.path == LIVE and request.error is None:
            request.error = Refusal(HTTPStatus.OK)
        connection.deadline, connection.queued_at = float("inf"), time.monotonic()
        if request.error is not None:
            self.soon(connection.service)
        else:
            self.task_dispatcher.add_task(connection)

    def has_room(self, size: int, *, signed_in: bool) -> bool:
        """Whether a body of so many bytes can be received now."""
        on_their_way = sum(
            request.size
            for connection in self.active_channels.values()
            for request in (connection.request, *connection.requests)
            if request is not None and request.admitted and request.signed_in is signed_in
        )
        space = shutil.disk_usage(tempfile.gettempdir()).free
        return on_their_way + size <= TOGETHER_BYTES[signed_in] and space - size > LEAST_SPACE

    def handle_accept(self) -> None:
        super().handle_accept()
        if len(self.active_channels) > MOST_CONNECTIONS:
            waiting = [connection for connection in self.active_channels.values() if not connection.requests]
            min(waiting, key=lambda connection: connection.deadline).end()

    def maintenance(self, _now: float) -> None:
        now = time.monotonic()
        for connection in list(self.active_channels.values()):
            if not connection.requests:
                if connection.deadline < now:
                    connection.expire()
            elif connection.has_stalled():
                connection.end()
        self._relieve(now)

    def _relieve(self, now: float) -> None:
        """Answer what has waited too long for a thread: all threads may wait for a database that says nothing."""
        dispatcher = self.task_dispatcher
        with dispatcher.lock:
            overdue = [
                task
                for task in dispatcher.queue
                if isinstance(task, Connection) and now - task.queued_at > QUEUE_SECONDS
            ]
            for connection in overdue:
                dispatcher.queue.remove(connection)
        for connection in overdue:
            self.soon(connection.service)

    def stop(self, grace: float) -> None:
        """Take no more connections, and end once all requests are answered, after ``grace`` seconds at the latest."""
        if self.stops_at is None:
            self.accepting = False
            self.stops_at = time.monotonic() + grace
            self.pull_trigger()

    def run(self) -> None:
        """Answer requests until ``stop`` is called."""
        while not self._has_ended():
            self.beat()
            while self._soon:
                self._soon.popleft()()
            wasyncore.poll2(self.adj.asyncore_loop_timeout, self._map)
        self.task_dispatcher.shutdown(timeout=1)
        for connection in list(self.active_channels.values()):
            connection.end()
        self.close()

    def _has_ended(self) -> bool:
        if self.stops_at is None:
            return False
        for connection in list(self.active_channels.values()):
            if connection.request is None and not connection.requests and not connection.total_outbufs_len:
                connection.end()
        return not self.active_channels or time.monotonic() > self.stops_at
